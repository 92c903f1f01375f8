package juanji.vector;

import java.util.Arrays;
import juanji.kernel.Operands;

/// Transforms strips of tiles, one row of tiles of one block of channels at a time, zeros around the map included.
///
/// All columns of a few tiles are transformed along the height first, so that tiles that overlap share that half of the
/// work; then each tile's rows are transformed along the width. So few tiles are taken at a time that what lies between
/// both halves stays in the first-level cache.
///
/// @param algorithm the division of a tile's cells into results and taps
/// @param taps whether the maps are the algorithm's filters (G), as dy is in a filter gradient, rather than its cells
/// @param step the distance between neighbouring tiles
/// @param height rows of a map
/// @param width columns of a map
/// @param matrix the transform of taps
record WinogradStrip(Winograd algorithm, boolean taps, int step, int height, int width, float[][] matrix) {
  private static final int L = Machine.LANES;
  /// The most tiles whose halves stay in the first-level cache.
  private static final int PIECE = 112 / L;

  /// Strips of overlapping tiles of cells.
  static WinogradStrip ofCells(Winograd algorithm, int step, int height, int width) {
    return new WinogradStrip(algorithm, false, step, height, width, algorithm.filterMatrix());
  }

  /// Strips of neighbouring tiles of taps.
  static WinogradStrip ofTaps(Winograd algorithm, int height, int width) {
    return new WinogradStrip(algorithm, true, algorithm.taps(), height, width, algorithm.filterMatrix());
  }

  /// Rows and columns that a tile reads.
  int span() {
    return taps ? algorithm.taps() : algorithm.cells();
  }

  private int columns(int tiles) {
    return (tiles - 1) * step + span();
  }

  /// Floats of scratch for a strip of so many tiles.
  int scratch(int tiles) {
    return (span() + algorithm.cells()) * columns(Math.min(tiles, PIECE)) * L;
  }

  /// How many pieces of about equal length a strip of so many tiles is transformed in.
  static int pieces(int tiles) {
    return Math.ceilDiv(tiles, PIECE);
  }

  /// The first tile of a piece.
  static int first(int piece, int pieces, int tiles) {
    return (int) ((long) tiles * piece / pieces);
  }

  /// Transforms one strip of a task's first input.
  ///
  /// @param source how the task sees that input
  /// @param plane the number of the map among those of the input
  /// @param at scratch memory, [#scratch] floats and then those that `source` needs for a tile's rows
  void run(Operands o, Through source, int plane, int firstRow, int firstColumn, int tiles, float[] scratch, int at,
      float[] v, int to, int frequencyStride, int tileStride) {
    int row = width * L;
    int begin = plane * height * row;
    if (source.none()) {
      run(o.array(1), o.offset(1) + begin, firstRow, firstColumn, tiles, scratch, at, v, to, frequencyStride,
          tileStride);
      return;
    }
    int first = Math.clamp(firstRow, 0, height);
    int last = Math.clamp(firstRow + span(), first, height);
    int rows = at + scratch(tiles);
    source.run(o, begin + first * row, begin + last * row, scratch, rows);
    run(scratch, rows - first * row, firstRow, firstColumn, tiles, scratch, at, v, to, frequencyStride, tileStride);
  }

  /// Transforms one strip.
  ///
  /// @param plane where the map begins in `x`
  /// @param firstRow the first tile's first row, perhaps outside
  /// @param firstColumn the first tile's first column, perhaps outside
  /// @param to where frequency 0 of the first tile goes
  /// @param frequencyStride the distance between a tile's frequencies
  /// @param tileStride the distance between tiles
  void run(float[] x, int plane, int firstRow, int firstColumn, int tiles, float[] scratch, int at, float[] v, int to,
      int frequencyStride, int tileStride) {
    int pieces = pieces(tiles);
    for (int i = 0; i < pieces; i++) {
      int first = first(i, pieces, tiles);
      piece(x, plane, firstRow, firstColumn + first * step, first(i + 1, pieces, tiles) - first, scratch, at, v,
          to + first * tileStride, frequencyStride, tileStride);
    }
  }

  private void piece(float[] x, int plane, int firstRow, int firstColumn, int tiles, float[] scratch, int at, float[] v,
      int to, int frequencyStride, int tileStride) {
    int columns = columns(tiles);
    int begin = Math.clamp(-(long) firstColumn, 0, columns);
    int end = Math.clamp((long) width - firstColumn, begin, columns);
    int n = algorithm.cells();
    int half = at + span() * columns * L;
    // Around most maps lies one row of zeros.
    int edge = !taps && n == 6 ? 1 : 0;
    if (firstRow >= -edge && firstRow + span() <= height + edge) {
      int from = plane + (firstRow * width + firstColumn + begin) * L;
      int last = from + (span() - 1) * width * L;
      boolean firstIn = firstRow >= 0;
      boolean lastIn = firstRow + span() <= height;
      if (!firstIn || !lastIn) {
        Arrays.fill(scratch, at, at + (end - begin) * L, 0);
      }
      down(x, from, width * L, firstIn ? x : scratch, firstIn ? from : at, lastIn ? x : scratch, lastIn ? last : at,
          end - begin, scratch, half + begin * L, columns * L);
    } else {
      for (int r = 0; r < span(); r++) {
        int row = firstRow + r;
        int out = at + (r * columns + begin) * L;
        if (row < 0 || row >= height) {
          Arrays.fill(scratch, out, out + (end - begin) * L, 0);
        } else {
          System.arraycopy(x, plane + (row * width + firstColumn + begin) * L, scratch, out, (end - begin) * L);
        }
      }
      int from = at + begin * L;
      down(scratch, from, columns * L, scratch, from, scratch, from + (span() - 1) * columns * L, end - begin, scratch,
          half + begin * L, columns * L);
    }
    for (int i = 0; i < n; i++) {
      int row = half + i * columns * L;
      Arrays.fill(scratch, row, row + begin * L, 0);
      Arrays.fill(scratch, row + end * L, row + columns * L, 0);
    }
    for (int i = 0; i < n; i++) {
      across(scratch, half + i * columns * L, tiles, v, to + i * n * frequencyStride, frequencyStride, tileStride);
    }
  }

  /// Transforms columns along the height.
  ///
  /// @param first where the first row is, at `firstFrom`, for six cells
  /// @param last where the last row is, at `lastFrom`, for six cells
  private void down(float[] x, int from, int rowStride, float[] first, int firstFrom, float[] last, int lastFrom,
      int columns, float[] y, int to, int toStride) {
    if (taps) {
      for (int c = 0; c < columns; c++) {
        WinogradTransform.taps(matrix, x, from + c * L, rowStride, y, to + c * L, toStride);
      }
    } else if (algorithm.cells() == 6) {
      for (int c = 0; c < columns; c++) {
        WinogradTransform.sixCells(x, from + c * L, rowStride, first, firstFrom + c * L, last, lastFrom + c * L, y,
            to + c * L, toStride);
      }
    } else {
      for (int c = 0; c < columns; c++) {
        WinogradTransform.fourCells(x, from + c * L, rowStride, y, to + c * L, toStride);
      }
    }
  }

  private void across(float[] x, int from, int tiles, float[] v, int to, int frequencyStride, int tileStride) {
    if (taps) {
      for (int t = 0; t < tiles; t++) {
        WinogradTransform.taps(matrix, x, from + t * step * L, L, v, to + t * tileStride, frequencyStride);
      }
    } else if (algorithm.cells() == 6) {
      for (int t = 0; t < tiles; t++) {
        int cell = from + t * step * L;
        WinogradTransform.sixCells(x, cell, L, x, cell, x, cell + 5 * L, v, to + t * tileStride, frequencyStride);
      }
    } else {
      for (int t = 0; t < tiles; t++) {
        WinogradTransform.fourCells(x, from + t * step * L, L, v, to + t * tileStride, frequencyStride);
      }
    }
  }
}
