package juanji.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Numbers on a grid as colours.
///
/// ```java
/// Drawing map = HeatMap.of(2, 3, new float[] {0, 1, 2, 3, 4, 5}).cell(20).drawing();
/// ```
///
/// @param height rows
/// @param width columns
/// @param values row by row
/// @param low the number that has the first colour
/// @param high the number that has the last colour
/// @param scale the colours
/// @param cell the side of a cell in pixels
public record HeatMap(int height, int width, float[] values, double low, double high, ColourScale scale, double cell) {
  private static final double USUAL_SIDE = 160;

  /// A map whose colours span its numbers, about 160 pixels large.
  public static HeatMap of(int height, int width, float[] values) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (float v : values) {
      if (Float.isFinite(v)) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    }
    return new HeatMap(height, width, values, low > high ? 0 : low, low > high ? 1 : high, ColourScale.SEQUENTIAL,
        USUAL_SIDE / Math.max(height, width));
  }

  /// A map on which 0 is nearly white.
  public static HeatMap signed(int height, int width, float[] values) {
    HeatMap map = of(height, width, values);
    double most = Math.max(Math.abs(map.low), Math.abs(map.high));
    return new HeatMap(height, width, values, -most, most, ColourScale.DIVERGING, map.cell);
  }

  /// With colours that span other numbers.
  public HeatMap range(double from, double to) {
    return new HeatMap(height, width, values, from, to, scale, cell);
  }

  /// With other colours.
  public HeatMap scale(ColourScale other) {
    return new HeatMap(height, width, values, low, high, other, cell);
  }

  /// With cells of another side.
  public HeatMap cell(double pixels) {
    return new HeatMap(height, width, values, low, high, scale, pixels);
  }

  /// With cells such that the longer side is so many pixels.
  public HeatMap side(double pixels) {
    return cell(pixels / Math.max(height, width));
  }

  private double share(float value) {
    return high > low ? (value - low) / (high - low) : 0.5;
  }

  /// The colours, a pixel for each number.
  public Png png() {
    byte[] planes = new byte[3 * height * width];
    for (int i = 0; i < height * width; i++) {
      int colour = scale.at(share(values[i]));
      for (int c = 0; c < 3; c++) {
        planes[c * height * width + i] = (byte) (colour >> 16 - 8 * c);
      }
    }
    return Png.of(3, height, width, planes);
  }

  /// The map as a picture.
  public Drawing drawing() {
    return Drawing.of(width * cell, height * cell, new Mark.Image(0, 0, width * cell, height * cell, false, png()));
  }

  /// The map as rectangles: blue by how far a number is above 0, vermillion below. For small maps; it follows the
  /// ground, and its text is the same on every machine.
  public Drawing cells() {
    double most = Math.max(1e-30, Math.max(Math.abs(low), Math.abs(high)));
    List<Mark> marks = new ArrayList<>();
    marks.add(Mark.rectangle(0, 0, width * cell, height * cell, Paint.fill(Colour.RAISED)));
    for (int i = 0; i < height * width; i++) {
      double share = Math.clamp(values[i] / most, -1, 1);
      if (Math.abs(share) > 0.004) {
        marks.add(Mark.rectangle(i % width * cell, i / width * cell, cell, cell,
            Paint.fill(share > 0 ? Colour.BLUE : Colour.VERMILLION).opacity(Math.abs(share))));
      }
    }
    return new Drawing(width * cell, height * cell, marks);
  }

  /// The colours with the numbers that they stand for, as a bar of a width.
  public Drawing legend(double pixels) {
    byte[] ramp = new byte[3 * 64];
    for (int i = 0; i < 64; i++) {
      int colour = scale.at(i / 63.0);
      for (int c = 0; c < 3; c++) {
        ramp[c * 64 + i] = (byte) (colour >> 16 - 8 * c);
      }
    }
    return Drawing.of(pixels, 26, new Mark.Image(0, 0, pixels, 8, true, Png.of(3, 1, 64, ramp)),
        Mark.text(0, 22, three(low), 11).in(Colour.SOFT), Mark.ending(pixels, 22, three(high), 11).in(Colour.SOFT));
  }

  private static String three(double value) {
    return String.format(Locale.ROOT, "%.3g", value).replace('-', '−');
  }
}
