package juanji.data;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Writes one digit with a round pen: outline → trembling points → spline → slant, rotation, size, place → elastic
/// warp → coverage by distance to the line → grain and specks.
///
/// Trigonometry goes through [StrictMath], so that every machine draws the same bytes. Not thread-safe: it reuses its
/// canvas.
final class DigitPen {
  private static final List<List<List<double[]>>> OUTLINES = DigitOutlines.parse();

  private final int side;
  private final float[] canvas;

  DigitPen(int side) {
    this.side = side;
    this.canvas = new float[side * side];
  }

  /// One picture, `side` × `side` bytes.
  byte[] draw(int digit, long seed, int index) {
    SplittableRandom random = new SplittableRandom(mix(mix(seed) ^ (index + 1) * 0x9e3779b97f4a7c15L));
    Arrays.fill(canvas, 0);
    List<List<double[]>> ways = OUTLINES.get(digit);
    List<double[]> way = ways.get(random.nextInt(ways.size()));
    double tremble = 0.015 + 0.045 * random.nextDouble();
    double[][] lines = new double[way.size()][];
    for (int s = 0; s < lines.length; s++) {
      lines[s] = DigitOutlines.flatten(trembled(way.get(s), tremble, random));
    }
    place(lines, random);
    write(lines, random);
    return develop(random);
  }

  private static double[] trembled(double[] points, double size, SplittableRandom random) {
    double[] result = new double[points.length];
    for (int i = 0; i < points.length; i += 2) {
      // A repeated point is a corner and must stay one.
      boolean corner = i > 0 && points[i] == points[i - 2] && points[i + 1] == points[i - 1];
      result[i] = corner ? result[i - 2] : points[i] + size * around(random);
      result[i + 1] = corner ? result[i - 1] : points[i + 1] + size * around(random);
    }
    return result;
  }

  /// From outline units to pixels: affine around the middle of the drawing, then a slow wave in both directions.
  private void place(double[][] lines, SplittableRandom random) {
    double left = 9;
    double right = -9;
    double top = 9;
    double bottom = -9;
    for (double[] line : lines) {
      for (int i = 0; i < line.length; i += 2) {
        left = Math.min(left, line[i]);
        right = Math.max(right, line[i]);
        top = Math.min(top, line[i + 1]);
        bottom = Math.max(bottom, line[i + 1]);
      }
    }
    double height = side * (0.64 + 0.16 * around(random));
    double width = height * (1 + 0.32 * around(random));
    double slant = 0.08 + 0.42 * around(random);
    double angle = 0.33 * around(random);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double middleX = side / 2.0 + 3.1 * around(random);
    double middleY = side / 2.0 + 2.6 * around(random);
    double wave = 1.7 * random.nextDouble();
    double turn = 2 * StrictMath.PI / side * (0.6 + 0.6 * random.nextDouble());
    double phaseX = 2 * StrictMath.PI * random.nextDouble();
    double phaseY = 2 * StrictMath.PI * random.nextDouble();
    for (double[] line : lines) {
      for (int i = 0; i < line.length; i += 2) {
        double v = (line[i + 1] - (top + bottom) / 2) * height;
        double u = (line[i] - (left + right) / 2) * width - slant * v;
        double x = middleX + cos * u - sin * v;
        double y = middleY + sin * u + cos * v;
        line[i] = x + wave * StrictMath.sin(turn * y + phaseX);
        line[i + 1] = y + wave * StrictMath.sin(turn * x + phaseY);
      }
    }
  }

  private void write(double[][] lines, SplittableRandom random) {
    double radius = 0.7 + 1.0 * random.nextDouble();
    double swell = 0.3 * random.nextDouble();
    double fade = 0.3 * random.nextDouble();
    double rate = 0.05 + 0.15 * random.nextDouble();
    double phase = 2 * StrictMath.PI * random.nextDouble();
    double ink = 0.75 + 0.25 * random.nextDouble();
    for (double[] line : lines) {
      for (int i = 0; i + 3 < line.length; i += 2) {
        double pressure = StrictMath.sin(rate * i + phase);
        dab(line[i], line[i + 1], line[i + 2], line[i + 3], radius * (1 + swell * pressure),
            ink * (1 - fade * (0.5 - 0.5 * pressure)));
      }
    }
  }

  /// Inks one straight piece: full within `radius`, none from half a pixel further out.
  private void dab(double ax, double ay, double bx, double by, double radius, double ink) {
    double reach = radius + 1;
    int x0 = (int) Math.max(0, Math.floor(Math.min(ax, bx) - reach));
    int x1 = (int) Math.min(side - 1, Math.ceil(Math.max(ax, bx) + reach));
    int y0 = (int) Math.max(0, Math.floor(Math.min(ay, by) - reach));
    int y1 = (int) Math.min(side - 1, Math.ceil(Math.max(ay, by) + reach));
    double dx = bx - ax;
    double dy = by - ay;
    double square = dx * dx + dy * dy;
    // A little more than what inks, since a root is not worth taking of what is clearly too far away.
    double most = (radius + 0.5) * (radius + 0.5) * 1.0001;
    for (int y = y0; y <= y1; y++) {
      for (int x = x0; x <= x1; x++) {
        double px = x + 0.5 - ax;
        double py = y + 0.5 - ay;
        double along = px * dx + py * dy;
        double t = along <= 0 ? 0 : along >= square ? 1 : along / square;
        double ex = px - t * dx;
        double ey = py - t * dy;
        double away = ex * ex + ey * ey;
        double cover = away > most ? 0 : radius + 0.5 - Math.sqrt(away);
        if (cover > 0) {
          float value = (float) (ink * Math.min(1, cover));
          canvas[y * side + x] = Math.max(canvas[y * side + x], value);
        }
      }
    }
  }

  private byte[] develop(SplittableRandom random) {
    int specks = random.nextInt(7);
    for (int s = 0; s < specks; s++) {
      int at = random.nextInt(canvas.length);
      canvas[at] = Math.max(canvas[at], 0.25f + 0.6f * (float) random.nextDouble());
    }
    double grain = 0.24 * random.nextDouble();
    byte[] pixels = new byte[canvas.length];
    for (int i = 0; i < pixels.length; i++) {
      double value = canvas[i] + grain * around(random);
      pixels[i] = (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
    }
    return pixels;
  }

  /// A random number from −1 to 1, more often near 0.
  private static double around(SplittableRandom random) {
    return random.nextDouble() + random.nextDouble() - 1;
  }

  /// Spreads neighbouring seeds and indices over all 64 bits (the finaliser of SplitMix64).
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
