package juanji.draw;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/// A grid of numbers with some cells brought out: an input with a window on it, a kernel, a result.
///
/// ```java
/// Drawing window = NumberGrid.of(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}})
///     .highlight(0, 0, 2, 2, Colour.BLUE).drawing();
/// ```
///
/// @param values row by row; NaN leaves a cell without a number
/// @param cell the side of a cell in pixels
/// @param format how numbers are written
/// @param regions what is brought out, the last on top
/// @param shades whether a cell is the fuller the larger its number is, blue above and vermillion below 0
public record NumberGrid(double[][] values, double cell, DoubleFunction<String> format, List<Region> regions,
    boolean shades) {
  private static final double SIDE = 30;

  /// Cells that are brought out.
  ///
  /// @param row the first row
  /// @param column the first column
  /// @param rows how many
  /// @param columns how many
  /// @param colour in which colour
  /// @param filled whether the cells are tinted; otherwise there is only a frame around them
  public record Region(int row, int column, int rows, int columns, Colour colour, boolean filled) {
  }

  /// Takes a copy of the list.
  public NumberGrid {
    regions = List.copyOf(regions);
  }

  /// A grid with nothing brought out; whole numbers without a fraction, others with up to two decimals.
  public static NumberGrid of(double[][] values) {
    return new NumberGrid(values, SIDE, NumberGrid::shortly, List.of(), false);
  }

  /// A grid of row-major numbers.
  public static NumberGrid of(int rows, int columns, float[] values) {
    double[][] grid = new double[rows][columns];
    for (int i = 0; i < rows * columns; i++) {
      grid[i / columns][i % columns] = values[i];
    }
    return of(grid);
  }

  /// A number as people write it: without a fraction if it is whole, with the true minus sign.
  public static String shortly(double value) {
    String text = Math.abs(value) < 0.005 ? "0" : value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%.1f", value).replaceAll("0+$", "");
    return text.replaceFirst("\\.$", "").replace('-', '−');
  }

  /// With cells of another side.
  public NumberGrid cell(double pixels) {
    return new NumberGrid(values, pixels, format, regions, shades);
  }

  /// With numbers written otherwise.
  public NumberGrid format(DoubleFunction<String> other) {
    return new NumberGrid(values, cell, other, regions, shades);
  }

  /// With cells tinted and framed.
  public NumberGrid highlight(int row, int column, int rows, int columns, Colour colour) {
    return plus(new Region(row, column, rows, columns, colour, true));
  }

  /// With a frame around cells.
  public NumberGrid frame(int row, int column, int rows, int columns, Colour colour) {
    return plus(new Region(row, column, rows, columns, colour, false));
  }

  private NumberGrid plus(Region region) {
    List<Region> all = new ArrayList<>(regions);
    all.add(region);
    return new NumberGrid(values, cell, format, all, shades);
  }

  /// With cells shaded by their numbers.
  public NumberGrid shaded() {
    return new NumberGrid(values, cell, format, regions, true);
  }

  /// The grid.
  public Drawing drawing() {
    int rows = values.length;
    int columns = rows == 0 ? 0 : values[0].length;
    double largest = 1e-30;
    for (double[] row : values) {
      for (double v : row) {
        largest = Double.isFinite(v) ? Math.max(largest, Math.abs(v)) : largest;
      }
    }
    List<Mark> marks = new ArrayList<>();
    marks.add(Mark.rectangle(1, 1, columns * cell, rows * cell, Paint.fill(Colour.RAISED)));
    if (shades) {
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          double share = values[r][c] / largest;
          if (Double.isFinite(share) && share != 0) {
            marks.add(Mark.rectangle(1 + c * cell, 1 + r * cell, cell, cell,
                Paint.fill(share > 0 ? Colour.BLUE : Colour.VERMILLION).opacity(0.75 * Math.abs(share))));
          }
        }
      }
    }
    for (Region g : regions) {
      if (g.filled()) {
        marks.add(Mark.rectangle(1 + g.column() * cell, 1 + g.row() * cell, g.columns() * cell, g.rows() * cell,
            Paint.fill(g.colour()).opacity(0.28)));
      }
    }
    Paint thin = Paint.line(Colour.LINE);
    for (int r = 0; r <= rows; r++) {
      marks.add(Mark.line(thin, 1, 1 + r * cell, 1 + columns * cell, 1 + r * cell));
    }
    for (int c = 0; c <= columns; c++) {
      marks.add(Mark.line(thin, 1 + c * cell, 1, 1 + c * cell, 1 + rows * cell));
    }
    for (Region g : regions) {
      marks.add(Mark.rectangle(1 + g.column() * cell, 1 + g.row() * cell, g.columns() * cell, g.rows() * cell,
          Paint.line(g.colour()).width(2)));
    }
    numbers(marks, rows, columns);
    return new Drawing(columns * cell + 2, rows * cell + 2, marks);
  }

  private void numbers(List<Mark> marks, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        String text = Double.isNaN(values[r][c]) ? "" : format.apply(values[r][c]);
        if (!text.isEmpty()) {
          double size = Math.min(0.45 * cell, 0.86 * cell / Math.max(1e-9, Markup.width(text, 1)));
          marks.add(Mark.centred(1 + (c + 0.5) * cell, 1 + (r + 0.5) * cell + 0.36 * size, text, size));
        }
      }
    }
  }
}
