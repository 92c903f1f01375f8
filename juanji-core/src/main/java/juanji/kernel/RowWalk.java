package juanji.kernel;

import java.util.Arrays;

/// Where the rows of an operand begin, for rows counted along some outer axes: neighbouring axes along which the
/// operand moves evenly count as one, so that few divisions are left.
final class RowWalk {
  private final int[] dims;
  private final int[] steps;

  private RowWalk(int[] dims, int[] steps) {
    this.dims = dims;
    this.steps = steps;
  }

  /// @param dims the extents of the outer axes, the last one running fastest
  /// @param steps how far the operand moves for one step along each of them
  static RowWalk of(int[] dims, int[] steps) {
    int[] merged = new int[dims.length];
    int[] moves = new int[dims.length];
    int n = 0;
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 1) {
        continue;
      }
      if (n > 0 && moves[n - 1] == steps[i] * dims[i]) {
        merged[n - 1] *= dims[i];
        moves[n - 1] = steps[i];
      } else {
        merged[n] = dims[i];
        moves[n] = steps[i];
        n++;
      }
    }
    return new RowWalk(Arrays.copyOf(merged, n), Arrays.copyOf(moves, n));
  }

  /// The place of a row's first element.
  int at(int row) {
    int offset = 0;
    int rest = row;
    for (int i = dims.length - 1; i > 0; i--) {
      int outer = rest / dims[i];
      offset += (rest - outer * dims[i]) * steps[i];
      rest = outer;
    }
    return dims.length == 0 ? 0 : offset + rest * steps[0];
  }
}
