package juanji.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.MatMul;
import juanji.tensor.Shape;

/// The product of few rows with a matrix, which is read where it lies.
///
/// It wins where packing the matrix would cost more than the product: for a batch of few samples. A unit is a range of
/// columns. Memory traffic: the matrix once, if its rows are the columns (transposed) or they fit into the cache.
final class RowMatMul implements Kernel {
  /// The most rows for which this pays, and if the matrix is transposed.
  private static final int MOST_ROWS = 4;
  private static final int MOST_ROWS_TRANSPOSED = 16;
  /// Terms of the sums of four columns that stay in the first-level cache from row to row.
  private static final int SEGMENT = 1024;
  private static final int L = Machine.LANES;

  private final Task task;
  private final boolean transposeA;
  private final boolean transposeB;
  private final int stack;
  private final int m;
  private final int n;
  private final int k;
  private final int columns;
  private final int ranges;

  RowMatMul(Task task, MatMul op) {
    this.task = task;
    this.transposeA = op.transposeA();
    this.transposeB = op.transposeB();
    Shape y = task.output();
    this.m = y.dim(-2);
    this.n = y.dim(-1);
    this.k = task.inputs().getFirst().dim(transposeA ? -2 : -1);
    this.stack = m == 0 || n == 0 ? 0 : (int) (y.size() / m / n);
    this.columns = Math.max(4 * L, Math.ceilDiv(n, Machine.UNITS * 4 * L) * 4 * L);
    this.ranges = Math.ceilDiv(n, columns);
  }

  /// Whether a product of this kind is better computed here.
  static boolean pays(Task task, MatMul op) {
    return task.output().dim(-2) <= (op.transposeB() && !op.transposeA() ? MOST_ROWS_TRANSPOSED : MOST_ROWS);
  }

  @Override public String name() {
    return "rows";
  }

  @Override public String reason() {
    return m + (m == 1 ? " row" : " rows") + " of " + k + " · " + k + "×" + n;
  }

  @Override public int units(int phase) {
    return stack * ranges;
  }

  @Override public int scratch() {
    return k + 4 * L * Math.max(1, m) + task.chain().scratch();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int s = unit / ranges;
    int from = unit % ranges * columns;
    int to = Math.min(n, from + columns);
    int bo = o.offset(2) + s * k * n;
    if (transposeB && !transposeA) {
      dots(o.array(1), o.offset(1) + s * m * k, o.array(2), bo, from, to, o.array(0), o.offset(0) + s * m * n,
          scratch);
      for (int row = 0; row < m; row++) {
        Finish.apply(task.chain(), o, (s * m + row) * n + from, to - from, scratch, k + 4 * L * m);
      }
      return;
    }
    for (int row = 0; row < m; row++) {
      int start = (s * m + row) * n;
      int yo = o.offset(0) + start;
      float[] a = o.array(1);
      int ao = o.offset(1) + s * m * k + row * k;
      if (transposeA) {
        for (int i = 0; i < k; i++) {
          scratch[i] = a[o.offset(1) + s * m * k + i * m + row];
        }
        a = scratch;
        ao = 0;
      }
      if (transposeB) {
        dots(a, o.array(2), bo, from, to, o.array(0), yo, scratch);
      } else {
        sums(a, ao, o.array(2), bo, from, to, o.array(0), yo);
      }
      Finish.apply(task.chain(), o, start + from, to - from, scratch, k + 4 * L * m);
    }
  }

  /// y[j] = Σ a[i] · b[i, j].
  private void sums(float[] a, int ao, float[] b, int bo, int from, int to, float[] y, int yo) {
    int j = from;
    for (; j + 4 * L <= to; j += 4 * L) {
      fourVectors(a, ao, b, bo + j, y, yo + j);
    }
    for (; j + L <= to; j += L) {
      oneVector(a, ao, b, bo + j, y, yo + j);
    }
    for (; j < to; j++) {
      float sum = 0;
      for (int i = 0; i < k; i++) {
        sum = Math.fma(a[ao + i], b[bo + i * n + j], sum);
      }
      y[yo + j] = sum;
    }
  }

  private void fourVectors(float[] a, int ao, float[] b, int bo, float[] y, int yo) {
    FloatVector s0 = FloatVector.zero(Machine.SPECIES);
    FloatVector s1 = FloatVector.zero(Machine.SPECIES);
    FloatVector s2 = FloatVector.zero(Machine.SPECIES);
    FloatVector s3 = FloatVector.zero(Machine.SPECIES);
    for (int i = 0; i < k; i++) {
      FloatVector v = FloatVector.broadcast(Machine.SPECIES, a[ao + i]);
      int at = bo + i * n;
      s0 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, at), s0);
      s1 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, at + L), s1);
      s2 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, at + 2 * L), s2);
      s3 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, at + 3 * L), s3);
    }
    s0.intoArray(y, yo);
    s1.intoArray(y, yo + L);
    s2.intoArray(y, yo + 2 * L);
    s3.intoArray(y, yo + 3 * L);
  }

  private void oneVector(float[] a, int ao, float[] b, int bo, float[] y, int yo) {
    FloatVector s = FloatVector.zero(Machine.SPECIES);
    for (int i = 0; i < k; i++) {
      s = FloatVector.broadcast(Machine.SPECIES, a[ao + i]).fma(FloatVector.fromArray(Machine.SPECIES, b, bo + i * n),
          s);
    }
    s.intoArray(y, yo);
  }

  /// y[row, j] = Σ a[row, i] · b[j, i] for all rows, four columns at a time: their part of b is read for two rows at a
  /// time while it is in the cache.
  private void dots(float[] a, int ao, float[] b, int bo, int from, int to, float[] y, int yo, float[] scratch) {
    int whole = k / L * L;
    int j = from;
    for (; j + 4 <= to; j += 4) {
      Arrays.fill(scratch, k, k + 4 * L * m, 0);
      for (int begin = 0; begin < whole; begin += SEGMENT) {
        int end = Math.min(whole, begin + SEGMENT);
        int row = 0;
        for (; row + 2 <= m; row += 2) {
          eightDots(a, ao + row * k, b, bo + j * k, begin, end, scratch, k + row * 4 * L);
        }
        if (row < m) {
          fourDots(a, ao + row * k, b, bo + j * k, begin, end, scratch, k + row * 4 * L);
        }
      }
      for (int row = 0; row < m; row++) {
        for (int c = 0; c < 4; c++) {
          y[yo + row * n + j + c] = total(a, ao + row * k, b, bo + (j + c) * k, scratch, k + (row * 4 + c) * L);
        }
      }
    }
    for (; j < to; j++) {
      for (int row = 0; row < m; row++) {
        y[yo + row * n + j] = dot(a, ao + row * k, b, bo + j * k, scratch);
      }
    }
  }

  /// The rows of a number of one column each: y[j] = Σ a[i] · b[j, i].
  private void dots(float[] a, float[] b, int bo, int from, int to, float[] y, int yo, float[] scratch) {
    for (int j = from; j < to; j++) {
      y[yo + j] = dot(a, 0, b, bo + j * k, scratch);
    }
  }

  private float dot(float[] a, int ao, float[] b, int bo, float[] scratch) {
    FloatVector s = FloatVector.zero(Machine.SPECIES);
    for (int i = 0; i + L <= k; i += L) {
      s = FloatVector.fromArray(Machine.SPECIES, a, ao + i).fma(FloatVector.fromArray(Machine.SPECIES, b, bo + i), s);
    }
    s.intoArray(scratch, k);
    return total(a, ao, b, bo, scratch, k);
  }

  private void eightDots(float[] a, int ao, float[] b, int bo, int begin, int end, float[] sums, int so) {
    FloatVector s0 = FloatVector.fromArray(Machine.SPECIES, sums, so);
    FloatVector s1 = FloatVector.fromArray(Machine.SPECIES, sums, so + L);
    FloatVector s2 = FloatVector.fromArray(Machine.SPECIES, sums, so + 2 * L);
    FloatVector s3 = FloatVector.fromArray(Machine.SPECIES, sums, so + 3 * L);
    FloatVector s4 = FloatVector.fromArray(Machine.SPECIES, sums, so + 4 * L);
    FloatVector s5 = FloatVector.fromArray(Machine.SPECIES, sums, so + 5 * L);
    FloatVector s6 = FloatVector.fromArray(Machine.SPECIES, sums, so + 6 * L);
    FloatVector s7 = FloatVector.fromArray(Machine.SPECIES, sums, so + 7 * L);
    int other = ao + k;
    int second = bo + k;
    int third = second + k;
    int fourth = third + k;
    for (int i = begin; i < end; i += L) {
      FloatVector u = FloatVector.fromArray(Machine.SPECIES, a, ao + i);
      FloatVector v = FloatVector.fromArray(Machine.SPECIES, a, other + i);
      FloatVector w0 = FloatVector.fromArray(Machine.SPECIES, b, bo + i);
      s0 = u.fma(w0, s0);
      s4 = v.fma(w0, s4);
      FloatVector w1 = FloatVector.fromArray(Machine.SPECIES, b, second + i);
      s1 = u.fma(w1, s1);
      s5 = v.fma(w1, s5);
      FloatVector w2 = FloatVector.fromArray(Machine.SPECIES, b, third + i);
      s2 = u.fma(w2, s2);
      s6 = v.fma(w2, s6);
      FloatVector w3 = FloatVector.fromArray(Machine.SPECIES, b, fourth + i);
      s3 = u.fma(w3, s3);
      s7 = v.fma(w3, s7);
    }
    s0.intoArray(sums, so);
    s1.intoArray(sums, so + L);
    s2.intoArray(sums, so + 2 * L);
    s3.intoArray(sums, so + 3 * L);
    s4.intoArray(sums, so + 4 * L);
    s5.intoArray(sums, so + 5 * L);
    s6.intoArray(sums, so + 6 * L);
    s7.intoArray(sums, so + 7 * L);
  }

  private void fourDots(float[] a, int ao, float[] b, int bo, int begin, int end, float[] sums, int so) {
    FloatVector s0 = FloatVector.fromArray(Machine.SPECIES, sums, so);
    FloatVector s1 = FloatVector.fromArray(Machine.SPECIES, sums, so + L);
    FloatVector s2 = FloatVector.fromArray(Machine.SPECIES, sums, so + 2 * L);
    FloatVector s3 = FloatVector.fromArray(Machine.SPECIES, sums, so + 3 * L);
    int second = bo + k;
    int third = second + k;
    int fourth = third + k;
    for (int i = begin; i < end; i += L) {
      FloatVector v = FloatVector.fromArray(Machine.SPECIES, a, ao + i);
      s0 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, bo + i), s0);
      s1 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, second + i), s1);
      s2 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, third + i), s2);
      s3 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, fourth + i), s3);
    }
    s0.intoArray(sums, so);
    s1.intoArray(sums, so + L);
    s2.intoArray(sums, so + 2 * L);
    s3.intoArray(sums, so + 3 * L);
  }

  /// Adds the lanes, in an order that no compiler may change and that keeps four sums going at once, and the terms
  /// behind the last whole vector.
  private float total(float[] a, int ao, float[] b, int bo, float[] lanes, int at) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int lane = 0;
    for (; lane + 4 <= L; lane += 4) {
      s0 += lanes[at + lane];
      s1 += lanes[at + lane + 1];
      s2 += lanes[at + lane + 2];
      s3 += lanes[at + lane + 3];
    }
    for (; lane < L; lane++) {
      s0 += lanes[at + lane];
    }
    float sum = s0 + s1 + (s2 + s3);
    for (int i = k / L * L; i < k; i++) {
      sum = Math.fma(a[ao + i], b[bo + i], sum);
    }
    return sum;
  }
}
