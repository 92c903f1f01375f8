package juanji.vector;

/// Transposition of small matrices while packing.
final class Transpose {
  private Transpose() {
  }

  /// to[c · toStep + r] = from[r · fromStep + c] for `rows` rows of `columns` numbers.
  static void rows(float[] from, int at, int fromStep, int rows, int columns, float[] to, int out, int toStep) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      four(from, at + r * fromStep, fromStep, columns, to, out + r, toStep);
    }
    for (; r < rows; r++) {
      int row = at + r * fromStep;
      for (int c = 0; c < columns; c++) {
        to[out + r + c * toStep] = from[row + c];
      }
    }
  }

  private static void four(float[] from, int at, int fromStep, int columns, float[] to, int out, int toStep) {
    int second = at + fromStep;
    int third = second + fromStep;
    int fourth = third + fromStep;
    for (int c = 0; c < columns; c++) {
      int place = out + c * toStep;
      to[place] = from[at + c];
      to[place + 1] = from[second + c];
      to[place + 2] = from[third + c];
      to[place + 3] = from[fourth + c];
    }
  }
}
