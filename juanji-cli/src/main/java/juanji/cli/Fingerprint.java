package juanji.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import juanji.tensor.Shape;

/// A picture in 64 bits and 64 bytes, that are nearly the same for pictures that people take for the same: scaled,
/// saved again, a little lighter.
///
/// Each bit says whether a cell of a grid of 8 × 9 is lighter than the one to its right (difference hash, Krawetz,
/// 2013); the bytes are the cells of a grid of 8 × 8. Two pictures are near if at most 5 bits differ and the cells by
/// less than 4 % on average. The second condition tells simple drawings apart, whose bits are often the same.
///
/// @param bits the signs
/// @param cells the grid, 0 to 255
record Fingerprint(long bits, int[] cells) {
  private static final int SIDE = 8;
  private static final int MOST_BITS = 5;
  private static final double MOST_DIFFERENCE = 0.04 * 255;
  private static final int BANDS = 6;
  /// Buckets larger than this hold pictures that the bits do not tell apart at all.
  private static final int LARGEST_BUCKET = 300;

  static Fingerprint of(float[] values, Shape shape) {
    double[] wide = grid(values, shape, SIDE, SIDE + 1);
    long bits = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        bits = bits << 1 | (wide[y * (SIDE + 1) + x] > wide[y * (SIDE + 1) + x + 1] + 1e-3 ? 1 : 0);
      }
    }
    double[] square = grid(values, shape, SIDE, SIDE);
    int[] cells = new int[square.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = (int) Math.round(255 * square[i]);
    }
    return new Fingerprint(bits, cells);
  }

  /// The means of cells over all channels.
  private static double[] grid(float[] values, Shape shape, int rows, int columns) {
    double[] sums = new double[rows * columns];
    double[] counts = new double[sums.length];
    int plane = shape.dim(1) * shape.dim(2);
    for (int i = 0; i < shape.length(); i++) {
      int y = i % plane / shape.dim(2) * rows / shape.dim(1);
      int x = i % shape.dim(2) * columns / shape.dim(2);
      sums[y * columns + x] += values[i];
      counts[y * columns + x]++;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = counts[i] == 0 ? 0 : sums[i] / counts[i];
    }
    return sums;
  }

  /// The pairs of near pictures: two numbers and the distance of each. Any two with at most 5 different bits agree in
  /// one of 6 bands of the bits, so that only those in the same bucket of a band are compared.
  static List<int[]> near(List<Fingerprint> all) {
    List<int[]> pairs = new ArrayList<>();
    for (int band = 0; band < BANDS; band++) {
      Map<Long, List<Integer>> buckets = new HashMap<>();
      for (int i = 0; i < all.size(); i++) {
        buckets.computeIfAbsent(all.get(i).band(band), _ -> new ArrayList<>()).add(i);
      }
      for (List<Integer> bucket : buckets.values()) {
        for (int i = 0; i < bucket.size() && bucket.size() <= LARGEST_BUCKET; i++) {
          for (int j = i + 1; j < bucket.size(); j++) {
            Fingerprint a = all.get(bucket.get(i));
            Fingerprint b = all.get(bucket.get(j));
            int distance = Long.bitCount(a.bits ^ b.bits);
            if (distance <= MOST_BITS && first(a, b) == band && a.difference(b) < MOST_DIFFERENCE) {
              pairs.add(new int[] {bucket.get(i), bucket.get(j), distance});
            }
          }
        }
      }
    }
    pairs.sort((a, b) -> a[0] != b[0] ? Integer.compare(a[0], b[0]) : Integer.compare(a[1], b[1]));
    return pairs;
  }

  private long band(int band) {
    int from = 64 * band / BANDS;
    int to = 64 * (band + 1) / BANDS;
    return bits >>> from & (1L << to - from) - 1;
  }

  /// The first band in which two agree, so that a pair is found once.
  private static int first(Fingerprint a, Fingerprint b) {
    int band = 0;
    while (band < BANDS && a.band(band) != b.band(band)) {
      band++;
    }
    return band;
  }

  private double difference(Fingerprint other) {
    double sum = 0;
    for (int i = 0; i < cells.length; i++) {
      sum += Math.abs(cells[i] - other.cells[i]);
    }
    return sum / cells.length;
  }
}
