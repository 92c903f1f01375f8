package juanji.vector;

/// Transforms the products of a strip of tiles back, one row of tiles of one block of channels at a time: each tile's
/// rows along the width first, then all columns along the height. As in [WinogradStrip], so few tiles are taken at a
/// time that what lies between both halves stays in the first-level cache.
///
/// @param algorithm the division of a tile's cells into results and taps
/// @param row floats of a row of the target
record WinogradBack(Winograd algorithm, int row) {
  private static final int L = Machine.LANES;

  /// Floats of scratch for a strip of so many tiles.
  int scratch(int tiles) {
    int most = tiles == 0 ? 0 : Math.ceilDiv(tiles, WinogradStrip.pieces(tiles));
    return (algorithm.cells() + algorithm.results()) * most * algorithm.results() * L;
  }

  /// Transforms one strip.
  ///
  /// @param from where the first tile's product at frequency 0 is
  /// @param frequencyStep the distance between a tile's products
  /// @param tileStep the distance between tiles
  /// @param columns columns of the target under the strip
  /// @param rows its rows
  /// @param yo where its first result goes
  void run(float[] products, int from, int frequencyStep, int tileStep, int tiles, int columns, int rows, float[] y,
      int yo, float[] scratch, int at) {
    int m = algorithm.results();
    int pieces = WinogradStrip.pieces(tiles);
    for (int i = 0; i < pieces; i++) {
      int first = WinogradStrip.first(i, pieces, tiles);
      int count = WinogradStrip.first(i + 1, pieces, tiles) - first;
      piece(products, from + first * tileStep, frequencyStep, tileStep, count, Math.min(count * m, columns - first * m),
          rows, y, yo + first * m * L, scratch, at);
    }
  }

  private void piece(float[] products, int from, int frequencyStep, int tileStep, int tiles, int columns, int rows,
      float[] y, int yo, float[] scratch, int at) {
    int n = algorithm.cells();
    int m = algorithm.results();
    int wide = tiles * m * L;
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < tiles; t++) {
        WinogradTransform.results(n, m, products, from + i * n * frequencyStep + t * tileStep, frequencyStep, scratch,
            at + i * wide + t * m * L, L);
      }
    }
    if (rows == m) {
      for (int c = 0; c < columns; c++) {
        WinogradTransform.results(n, m, scratch, at + c * L, wide, y, yo + c * L, row);
      }
      return;
    }
    int whole = at + n * wide;
    for (int c = 0; c < columns; c++) {
      WinogradTransform.results(n, m, scratch, at + c * L, wide, scratch, whole + c * L, wide);
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(scratch, whole + r * wide, y, yo + r * row, columns * L);
    }
  }
}
