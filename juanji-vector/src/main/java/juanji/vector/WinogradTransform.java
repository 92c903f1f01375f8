package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Winograd's transforms along one axis, a vector of channels at a time: n or m vectors lie `step` floats apart and the
/// results `toStep` floats apart. A transform along two axes is one along each.
///
/// No method passes vectors to another: the compiler stops inlining in the middle of the large loops around these, and
/// a vector that goes to a method that is not inlined is allocated.
final class WinogradTransform {
  private static final VectorSpecies<Float> V = Machine.SPECIES;
  private static final float ONE_THIRD = 1f / 3;
  private static final float ONE_SIXTH = 1f / 6;
  private static final float ONE_12TH = 1f / 12;
  private static final float ONE_24TH = 1f / 24;

  private WinogradTransform() {
  }

  /// Bᵀ · d for n = 4, the values of four cells at the points.
  static void fourCells(float[] x, int at, int step, float[] y, int to, int toStep) {
    FloatVector d1 = FloatVector.fromArray(V, x, at + step);
    FloatVector d2 = FloatVector.fromArray(V, x, at + 2 * step);
    FloatVector.fromArray(V, x, at).sub(d2).intoArray(y, to);
    d2.add(d1).intoArray(y, to + toStep);
    d2.sub(d1).intoArray(y, to + 2 * toStep);
    FloatVector.fromArray(V, x, at + 3 * step).sub(d1).intoArray(y, to + 3 * toStep);
  }

  /// Bᵀ · d for n = 6, where the first and the last cell may be elsewhere.
  ///
  /// @param at where the first of the six is, or would be
  /// @param first where the first cell is, at `firstAt`
  /// @param last where the last cell is, at `lastAt`
  static void sixCells(float[] x, int at, int step, float[] first, int firstAt, float[] last, int lastAt, float[] y,
      int to, int toStep) {
    FloatVector d1 = FloatVector.fromArray(V, x, at + step);
    FloatVector d2 = FloatVector.fromArray(V, x, at + 2 * step);
    FloatVector d3 = FloatVector.fromArray(V, x, at + 3 * step);
    FloatVector d4 = FloatVector.fromArray(V, x, at + 4 * step);
    FloatVector four = FloatVector.broadcast(V, 4);
    FloatVector five = FloatVector.broadcast(V, -5);
    FloatVector even = d2.mul(-4).add(d4);
    FloatVector odd = d1.mul(-4).add(d3);
    even.add(odd).intoArray(y, to + toStep);
    even.sub(odd).intoArray(y, to + 2 * toStep);
    FloatVector difference = d4.sub(d2);
    FloatVector twice = d3.sub(d1).mul(2);
    difference.add(twice).intoArray(y, to + 3 * toStep);
    difference.sub(twice).intoArray(y, to + 4 * toStep);
    FloatVector.fromArray(V, first, firstAt).fma(four, d2.fma(five, d4)).intoArray(y, to);
    d1.fma(four, d3.fma(five, FloatVector.fromArray(V, last, lastAt))).intoArray(y, to + 5 * toStep);
  }

  /// Aᵀ · p, m results from the products at n points.
  static void results(int n, int m, float[] x, int at, int step, float[] y, int to, int toStep) {
    if (n == 4) {
      fromFour(m, x, at, step, y, to, toStep);
    } else if (m == 4) {
      fourFromSix(x, at, step, y, to, toStep);
    } else {
      othersFromSix(m, x, at, step, y, to, toStep);
    }
  }

  private static void fromFour(int m, float[] x, int at, int step, float[] y, int to, int toStep) {
    FloatVector p1 = FloatVector.fromArray(V, x, at + step);
    FloatVector p2 = FloatVector.fromArray(V, x, at + 2 * step);
    FloatVector last = FloatVector.fromArray(V, x, at + 3 * step);
    FloatVector sum = p1.add(p2);
    FloatVector.fromArray(V, x, at).add(sum).intoArray(y, to);
    if (m == 2) {
      p1.sub(p2).add(last).intoArray(y, to + toStep);
    } else {
      p1.sub(p2).intoArray(y, to + toStep);
      sum.add(last).intoArray(y, to + 2 * toStep);
    }
  }

  private static void fourFromSix(float[] x, int at, int step, float[] y, int to, int toStep) {
    FloatVector p1 = FloatVector.fromArray(V, x, at + step);
    FloatVector p2 = FloatVector.fromArray(V, x, at + 2 * step);
    FloatVector p3 = FloatVector.fromArray(V, x, at + 3 * step);
    FloatVector p4 = FloatVector.fromArray(V, x, at + 4 * step);
    FloatVector near = p1.add(p2);
    FloatVector nearOdd = p1.sub(p2);
    FloatVector far = p3.add(p4);
    FloatVector farOdd = p3.sub(p4);
    FloatVector.fromArray(V, x, at).add(near).add(far).intoArray(y, to);
    farOdd.fma(FloatVector.broadcast(V, 2), nearOdd).intoArray(y, to + toStep);
    far.fma(FloatVector.broadcast(V, 4), near).intoArray(y, to + 2 * toStep);
    farOdd.fma(FloatVector.broadcast(V, 8), nearOdd).add(FloatVector.fromArray(V, x, at + 5 * step))
        .intoArray(y, to + 3 * toStep);
  }

  private static void othersFromSix(int m, float[] x, int at, int step, float[] y, int to, int toStep) {
    FloatVector p1 = FloatVector.fromArray(V, x, at + step);
    FloatVector p2 = FloatVector.fromArray(V, x, at + 2 * step);
    FloatVector p3 = FloatVector.fromArray(V, x, at + 3 * step);
    FloatVector p4 = FloatVector.fromArray(V, x, at + 4 * step);
    FloatVector last = FloatVector.fromArray(V, x, at + 5 * step);
    FloatVector near = p1.add(p2);
    FloatVector far = p3.add(p4);
    FloatVector.fromArray(V, x, at).add(near).add(far).intoArray(y, to);
    FloatVector odd = p3.sub(p4).fma(FloatVector.broadcast(V, 2), p1.sub(p2));
    if (m == 2) {
      odd.add(last).intoArray(y, to + toStep);
      return;
    }
    odd.intoArray(y, to + toStep);
    FloatVector square = far.fma(FloatVector.broadcast(V, 4), near);
    if (m == 3) {
      square.add(last).intoArray(y, to + 2 * toStep);
      return;
    }
    square.intoArray(y, to + 2 * toStep);
    p3.sub(p4).fma(FloatVector.broadcast(V, 8), p1.sub(p2)).intoArray(y, to + 3 * toStep);
    far.fma(FloatVector.broadcast(V, 16), near).add(last).intoArray(y, to + 4 * toStep);
  }

  /// G · g, the values of a few taps at the points.
  static void taps(float[][] matrix, float[] x, int at, int step, float[] y, int to, int toStep) {
    if (matrix.length == 6 && matrix[0].length == 3) {
      threeTaps(x, at, step, y, to, toStep);
    } else if (matrix.length == 6 && matrix[0].length == 4) {
      fourTaps(x, at, step, y, to, toStep);
    } else {
      anyTaps(matrix, x, at, step, y, to, toStep);
    }
  }

  private static void threeTaps(float[] x, int at, int step, float[] y, int to, int toStep) {
    FloatVector g0 = FloatVector.fromArray(V, x, at);
    FloatVector g1 = FloatVector.fromArray(V, x, at + step);
    FloatVector g2 = FloatVector.fromArray(V, x, at + 2 * step);
    g0.mul(0.25f).intoArray(y, to);
    g2.intoArray(y, to + 5 * toStep);
    FloatVector even = g0.add(g2);
    even.add(g1).mul(-ONE_SIXTH).intoArray(y, to + toStep);
    g1.sub(even).mul(ONE_SIXTH).intoArray(y, to + 2 * toStep);
    FloatVector even2 = g0.mul(ONE_24TH).add(g2.mul(ONE_SIXTH));
    FloatVector odd2 = g1.mul(ONE_12TH);
    even2.add(odd2).intoArray(y, to + 3 * toStep);
    even2.sub(odd2).intoArray(y, to + 4 * toStep);
  }

  /// G · g for n = 6 and four taps.
  static void fourTaps(float[] x, int at, int step, float[] y, int to, int toStep) {
    FloatVector g0 = FloatVector.fromArray(V, x, at);
    FloatVector g1 = FloatVector.fromArray(V, x, at + step);
    FloatVector g2 = FloatVector.fromArray(V, x, at + 2 * step);
    FloatVector g3 = FloatVector.fromArray(V, x, at + 3 * step);
    g0.mul(0.25f).intoArray(y, to);
    g3.intoArray(y, to + 5 * toStep);
    FloatVector even = g0.add(g2);
    FloatVector odd = g1.add(g3);
    even.add(odd).mul(-ONE_SIXTH).intoArray(y, to + toStep);
    odd.sub(even).mul(ONE_SIXTH).intoArray(y, to + 2 * toStep);
    FloatVector even2 = g0.mul(ONE_24TH).add(g2.mul(ONE_SIXTH));
    FloatVector odd2 = g1.mul(ONE_12TH).add(g3.mul(ONE_THIRD));
    even2.add(odd2).intoArray(y, to + 3 * toStep);
    even2.sub(odd2).intoArray(y, to + 4 * toStep);
  }

  private static void anyTaps(float[][] matrix, float[] x, int at, int step, float[] y, int to, int toStep) {
    for (int i = 0; i < matrix.length; i++) {
      float[] row = matrix[i];
      FloatVector sum = FloatVector.fromArray(V, x, at).mul(row[0]);
      for (int j = 1; j < row.length; j++) {
        sum = FloatVector.fromArray(V, x, at + j * step).fma(FloatVector.broadcast(V, row[j]), sum);
      }
      sum.intoArray(y, to + i * toStep);
    }
  }
}
