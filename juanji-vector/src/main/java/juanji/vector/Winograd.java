package juanji.vector;

/// The minimal filtering algorithm F(m × m, r × r): m × m results of a filter of r × r taps from n × n cells, n = m +
/// r − 1, with n² multiplications in place of m² · r².
///
/// Per axis, y = Aᵀ((G · g) ⊙ (Bᵀ · d)), the product of polynomials by their values at n points: 0, ±1, infinity and,
/// for n = 6, ±2. Bᵀ depends on n alone, so the transform of the cells is the same for every division of n into
/// results and taps. Source: Lavin and Gray, *Fast algorithms for convolutional neural networks*, 2016.
///
/// @param results m, the results per axis
/// @param taps r, the taps per axis
record Winograd(int results, int taps) {
  /// The finite points and the factors that make up for Bᵀ's scale.
  private static final double[][] FOUR = {{0, 1}, {1, 0.5}, {-1, 0.5}};
  private static final double[][] SIX = {{0, 0.25}, {1, -1.0 / 6}, {-1, -1.0 / 6}, {2, 1.0 / 24}, {-2, 1.0 / 24}};

  Winograd {
    if (results < 2 || taps < 2 || results + taps - 1 != 4 && results + taps - 1 != 6) {
      throw new IllegalArgumentException("F(" + results + ", " + taps + ")");
    }
  }

  /// The cells under a tile per axis, n.
  int cells() {
    return results + taps - 1;
  }

  /// The products per pair of channels, n².
  int frequencies() {
    return cells() * cells();
  }

  /// The matrix G, n × r: the values of the polynomial with `taps` coefficients at the points.
  float[][] filterMatrix() {
    double[][] points = cells() == 4 ? FOUR : SIX;
    float[][] g = new float[cells()][taps];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < taps; j++) {
        g[i][j] = (float) (points[i][1] * Math.pow(points[i][0], j));
      }
    }
    g[points.length][taps - 1] = 1;
    return g;
  }

  @Override public String toString() {
    return "F" + results;
  }

  /// The number of tiles that cover `results` places of an axis.
  int tiles(int places) {
    return Math.ceilDiv(places, results);
  }
}
