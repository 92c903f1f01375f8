package juanji.retrieve;

import java.util.Arrays;
import java.util.List;

/// Descriptors along their principal components, each divided by its standard deviation, and brought to length 1 again:
/// shorter, and without directions that all have in common.
///
/// The components are eigenvectors of the covariance, found by Jacobi's rotations; a component that varies by less than
/// 10⁻⁶ of the first is left out. Of fewer descriptors than each has numbers, they are found by the products of
/// descriptors with each other, XXᵀ, which has the same eigenvalues as XᵀX and is smaller. Constraint: C1 there are two
/// descriptors or more, all of one length, and 1,024 at most or of at most 1,024 numbers.
///
/// Source: Jégou and Chum, *Negative evidences and co-occurrences in image retrieval*, 2012.
///
/// @param mean what is taken off
/// @param rows the components, divided by their standard deviations
public record Whitening(float[] mean, float[][] rows) {
  private static final int MOST = 1024;
  private static final int SWEEPS = 30;
  private static final double NOTHING = 1e-6;

  /// The whitening of descriptors.
  ///
  /// @param dimensions how many components at most
  /// @throws IllegalArgumentException if the constraint is broken
  public static Whitening measure(List<float[]> descriptors, int dimensions) {
    int n = descriptors.isEmpty() ? 0 : descriptors.getFirst().length;
    if (descriptors.size() < 2 || n < 1 || Math.min(n, descriptors.size()) > MOST || dimensions < 1) {
      throw new IllegalArgumentException("these descriptors cannot be whitened.\n"
          + "  C1: there are two or more, " + MOST + " at most or of at most " + MOST + " numbers, and at least one "
          + "dimension is kept; received " + descriptors.size() + " of " + n + " and " + dimensions + ".\n  Use more "
          + "samples, or a layer with fewer channels.");
    }
    double[] mean = new double[n];
    for (float[] d : descriptors) {
      for (int i = 0; i < n; i++) {
        mean[i] += d[i] / descriptors.size();
      }
    }
    int m = descriptors.size();
    double[][] centred = new double[m][n];
    for (int k = 0; k < m; k++) {
      for (int i = 0; i < n; i++) {
        centred[k][i] = descriptors.get(k)[i] - mean[i];
      }
    }
    boolean few = m < n;
    double[][] products = few ? products(centred, m) : products(transposed(centred), m);
    double[][] vectors = eigenvectors(products);
    Integer[] order = new Integer[products.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Arrays.sort(order, (a, b) -> Double.compare(products[b][b], products[a][a]));
    int kept = 0;
    while (kept < Math.min(dimensions, order.length) && products[order[kept]][order[kept]]
        > NOTHING * products[order[0]][order[0]]) {
      kept++;
    }
    float[][] rows = new float[Math.max(1, kept)][n];
    for (int r = 0; r < kept; r++) {
      double variance = products[order[r]][order[r]];
      for (int i = 0; i < n; i++) {
        double component = few ? along(centred, vectors, order[r], i) / Math.sqrt(m * variance) : vectors[i][order[r]];
        rows[r][i] = (float) (component / Math.sqrt(variance));
      }
    }
    float[] taken = new float[n];
    for (int i = 0; i < n; i++) {
      taken[i] = (float) mean[i];
    }
    return new Whitening(taken, rows);
  }

  /// All products of rows with each other, over the number of descriptors.
  private static double[][] products(double[][] rows, int descriptors) {
    double[][] products = new double[rows.length][rows.length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0;
        for (int k = 0; k < rows[i].length; k++) {
          sum += rows[i][k] * rows[j][k];
        }
        products[i][j] = sum / descriptors;
        products[j][i] = products[i][j];
      }
    }
    return products;
  }

  private static double[][] transposed(double[][] rows) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int k = 0; k < rows.length; k++) {
      for (int i = 0; i < columns.length; i++) {
        columns[i][k] = rows[k][i];
      }
    }
    return columns;
  }

  /// Number i of the descriptors' sum that an eigenvector of their products weighs.
  private static double along(double[][] centred, double[][] vectors, int which, int i) {
    double sum = 0;
    for (int k = 0; k < centred.length; k++) {
      sum += vectors[k][which] * centred[k][i];
    }
    return sum;
  }

  /// Jacobi's rotations: the matrix becomes diagonal, and the columns of the result are the eigenvectors.
  private static double[][] eigenvectors(double[][] a) {
    int n = a.length;
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      v[i][i] = 1;
    }
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      double off = 0;
      double whole = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          whole += a[i][j] * a[i][j];
          off += i == j ? 0 : a[i][j] * a[i][j];
        }
      }
      if (off <= 1e-22 * whole) {
        break;
      }
      for (int p = 0; p < n - 1; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            rotate(a, v, p, q);
          }
        }
      }
    }
    return v;
  }

  private static void rotate(double[][] a, double[][] v, int p, int q) {
    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
    double t = Math.signum(theta == 0 ? 1 : theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
    double c = 1 / Math.sqrt(t * t + 1);
    double s = t * c;
    for (int k = 0; k < a.length; k++) {
      double kp = a[k][p];
      double kq = a[k][q];
      a[k][p] = c * kp - s * kq;
      a[k][q] = s * kp + c * kq;
    }
    for (int k = 0; k < a.length; k++) {
      double pk = a[p][k];
      double qk = a[q][k];
      a[p][k] = c * pk - s * qk;
      a[q][k] = s * pk + c * qk;
      double vp = v[k][p];
      double vq = v[k][q];
      v[k][p] = c * vp - s * vq;
      v[k][q] = s * vp + c * vq;
    }
  }

  /// A whitened descriptor.
  public float[] apply(float[] descriptor) {
    float[] result = new float[rows.length];
    for (int r = 0; r < rows.length; r++) {
      double sum = 0;
      for (int i = 0; i < mean.length; i++) {
        sum += rows[r][i] * (descriptor[i] - mean[i]);
      }
      result[r] = (float) sum;
    }
    return Describer.unit(result);
  }
}
