package juanji.vector;

import jdk.incubator.vector.FloatVector;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.MatMul;
import juanji.tensor.Shape;

/// The product of few rows with a matrix, which is read where it lies.
///
/// It wins where packing the matrix would cost more than the product: for a batch of up to four samples. A unit is a
/// range of columns. Memory traffic: the matrix once.
final class RowMatMul implements Kernel {
  /// The most rows for which this pays.
  static final int MOST_ROWS = 4;
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
    return k + 4 * L + task.chain().scratch();
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int s = unit / ranges;
    int from = unit % ranges * columns;
    int to = Math.min(n, from + columns);
    int bo = o.offset(2) + s * k * n;
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
        dots(a, ao, o.array(2), bo, from, to, o.array(0), yo, scratch);
      } else {
        sums(a, ao, o.array(2), bo, from, to, o.array(0), yo);
      }
      Finish.apply(task.chain(), o, start + from, to - from, scratch, k + 4 * L);
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

  /// y[j] = Σ a[i] · b[j, i]. The lanes are added one after the other, in an order that no compiler may change.
  private void dots(float[] a, int ao, float[] b, int bo, int from, int to, float[] y, int yo, float[] scratch) {
    int j = from;
    for (; j + 4 <= to; j += 4) {
      fourDots(a, ao, b, bo + j * k, scratch);
      for (int c = 0; c < 4; c++) {
        y[yo + j + c] = total(a, ao, b, bo + (j + c) * k, scratch, k + c * L);
      }
    }
    for (; j < to; j++) {
      FloatVector s = FloatVector.zero(Machine.SPECIES);
      for (int i = 0; i + L <= k; i += L) {
        s = FloatVector.fromArray(Machine.SPECIES, a, ao + i)
            .fma(FloatVector.fromArray(Machine.SPECIES, b, bo + j * k + i), s);
      }
      s.intoArray(scratch, k);
      y[yo + j] = total(a, ao, b, bo + j * k, scratch, k);
    }
  }

  private void fourDots(float[] a, int ao, float[] b, int bo, float[] scratch) {
    FloatVector s0 = FloatVector.zero(Machine.SPECIES);
    FloatVector s1 = FloatVector.zero(Machine.SPECIES);
    FloatVector s2 = FloatVector.zero(Machine.SPECIES);
    FloatVector s3 = FloatVector.zero(Machine.SPECIES);
    int second = bo + k;
    int third = second + k;
    int fourth = third + k;
    for (int i = 0; i + L <= k; i += L) {
      FloatVector v = FloatVector.fromArray(Machine.SPECIES, a, ao + i);
      s0 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, bo + i), s0);
      s1 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, second + i), s1);
      s2 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, third + i), s2);
      s3 = v.fma(FloatVector.fromArray(Machine.SPECIES, b, fourth + i), s3);
    }
    s0.intoArray(scratch, k);
    s1.intoArray(scratch, k + L);
    s2.intoArray(scratch, k + 2 * L);
    s3.intoArray(scratch, k + 3 * L);
  }

  /// Adds the lanes and the terms behind the last whole vector.
  private float total(float[] a, int ao, float[] b, int bo, float[] lanes, int at) {
    float sum = 0;
    for (int i = 0; i < L; i++) {
      sum += lanes[at + i];
    }
    for (int i = k / L * L; i < k; i++) {
      sum = Math.fma(a[ao + i], b[bo + i], sum);
    }
    return sum;
  }
}
