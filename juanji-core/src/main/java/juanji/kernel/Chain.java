package juanji.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import juanji.op.Pointwise;
import juanji.tensor.Shape;

/// A straight line of pointwise operations, evaluated run by run while the data is in the first-level cache. What is
/// the same for a whole row, or for all cells of a block of channels, is laid out once as a *beat* of a block's length.
///
/// Values are numbered: 0 is the value that the chain starts from (the anchor's result; unused if there is none), then
/// come the `operands`, then each stage's result. The last stage's result is the chain's.
///
/// @param operands the number of further tensors that the chain reads
/// @param stages the operations in order
public record Chain(int operands, List<Stage> stages) {
  /// Floats per run: a few runs fit in a first-level cache of 32 KiB.
  public static final int RUN = 512;
  /// The longest rows of which several are evaluated at once.
  private static final int SHORT = RUN / 4;
  /// The chain that changes nothing.
  public static final Chain NONE = new Chain(0, List.of());

  /// One operation on two numbered values.
  ///
  /// @param op the operation
  /// @param a the number of its first input
  /// @param b the number of its second input; equal to `a` for operations with one input
  public record Stage(Pointwise op, int a, int b) {
  }

  /// Takes a copy of the list.
  public Chain {
    stages = List.copyOf(stages);
  }

  /// The operations' names, such as `add · relu`.
  @Override public String toString() {
    return stages.stream().map(s -> s.op().label()).collect(Collectors.joining(" · "));
  }

  /// This chain for a result of the given shape and layout.
  ///
  /// @param shapes the shapes of the operands; each broadcasts to `output`
  /// @param layouts how the operands lie in memory; an operand as large as the output lies as the output does, any
  ///     other is plain
  /// @param firstOperand the number of the first operand among the kernel's [Operands]
  public Bound bind(Shape output, Layout layout, List<Shape> shapes, List<Layout> layouts, int firstOperand,
      Loops loops) {
    return new Bound(this, output, layout, shapes, layouts, firstOperand, loops);
  }

  /// A chain bound to shapes. The output is seen as rows of equal length, contiguous in memory; along a row each
  /// operand either runs with the output, or stands still, or repeats one block of channels.
  public static final class Bound {
    private final Chain chain;
    private final Loops loops;
    private final int firstOperand;
    private final int rows;
    private final int rowLength;
    private final RowWalk[] walks;
    private final Along[] along;
    private final int[] sizes;
    private final int period;
    private final boolean[] still;
    private final Ending ending;
    private final BatchNorm norm;
    private final int together;
    private final boolean[] whole;

    /// How an operand runs along a row.
    private enum Along { RUNS, STANDS, REPEATS }

    private Bound(Chain chain, Shape output, Layout layout, List<Shape> shapes, List<Layout> layouts, int firstOperand,
        Loops loops) {
      this.chain = chain;
      this.loops = layout.length(output) <= Loops.FEW ? loops.few() : loops;
      this.firstOperand = firstOperand;
      this.period = layout.block();
      this.sizes = IntStream.range(0, shapes.size()).map(i -> (int) layouts.get(i).length(shapes.get(i))).toArray();
      int[] dims = physical(output, layout);
      List<int[]> steps = new ArrayList<>();
      for (int i = 0; i < shapes.size(); i++) {
        steps.add(steps(shapes.get(i), output, layouts.get(i), layout));
      }
      // A plain operand has no padding lanes: it must not run on through those of the output.
      boolean padded = !layout.plain() && output.dim(1) % layout.block() != 0;
      // The longest tail of axes along which every operand runs, stands still, or repeats a block.
      int from = dims.length;
      Along[] best = new Along[steps.size()];
      Arrays.fill(best, Along.STANDS);
      while (from > 0) {
        Along[] next = new Along[steps.size()];
        boolean fits = true;
        for (int i = 0; i < next.length && fits; i++) {
          next[i] = classify(dims, steps.get(i), from - 1, !layout.plain(), padded && layouts.get(i).plain());
          fits = next[i] != null;
        }
        if (!fits) {
          break;
        }
        best = next;
        from--;
      }
      this.along = best;
      int length = 1;
      for (int i = from; i < dims.length; i++) {
        length *= dims[i];
      }
      this.rowLength = length;
      int[] rowDims = Arrays.copyOf(dims, from);
      int count = 1;
      for (int d : rowDims) {
        count *= d;
      }
      this.rows = count;
      this.walks = new RowWalk[steps.size()];
      for (int i = 0; i < walks.length; i++) {
        walks[i] = RowWalk.of(rowDims, Arrays.copyOf(steps.get(i), from));
      }
      this.still = still();
      this.ending = Ending.of(chain, still);
      this.norm = BatchNorm.of(chain, still);
      this.together = layout.plain() && rows > 1 && rowLength > 0 && rowLength <= SHORT ? RUN / rowLength : 1;
      this.whole = new boolean[steps.size()];
      for (int i = 0; i < whole.length; i++) {
        whole[i] = along[i] == Along.RUNS && sizes[i] == (long) rows * rowLength;
      }
    }

    /// Which numbered values are the same beat all along a row: operands that stand still or repeat a block of
    /// channels, and what is computed from such values alone.
    private boolean[] still() {
      boolean[] result = new boolean[1 + along.length + chain.stages().size()];
      for (int i = 0; i < along.length; i++) {
        result[1 + i] = along[i] != Along.RUNS;
      }
      for (int s = 0; s < chain.stages().size(); s++) {
        Stage stage = chain.stages().get(s);
        result[1 + along.length + s] = result[stage.a()] && result[stage.b()];
      }
      return result;
    }

    /// The output's axes as they lie in memory.
    private static int[] physical(Shape s, Layout layout) {
      if (layout.plain()) {
        return s.toArray();
      }
      int[] dims = Arrays.copyOf(s.toArray(), s.rank() + 1);
      dims[1] = layout.blocks(s);
      dims[s.rank()] = layout.block();
      return dims;
    }

    /// How far an operand moves for one step along each physical axis of the output.
    private static int[] steps(Shape s, Shape output, Layout own, Layout layout) {
      int shift = output.rank() - s.rank();
      int[] strides = layout.plain() || own.plain() ? s.strides() : null;
      int[] result = new int[output.rank() + (layout.plain() ? 0 : 1)];
      if (strides == null) {
        // As large as the output, in the same blocks.
        int step = 1;
        int[] dims = physical(output, layout);
        for (int i = dims.length - 1; i >= 0; i--) {
          result[i] = step;
          step *= dims[i];
        }
        return result;
      }
      for (int i = 0; i < output.rank(); i++) {
        int axis = i - shift;
        result[i] = axis < 0 || s.dim(axis) == 1 ? 0 : strides[axis];
      }
      if (!layout.plain()) {
        result[output.rank()] = result[1];
        result[1] *= layout.block();
      }
      return result;
    }

    /// How an operand runs along the axes from `from` on, or null if in no simple way.
    ///
    /// @param ends whether the operand has no elements for the padding lanes of the last block
    private static Along classify(int[] dims, int[] step, int from, boolean blocked, boolean ends) {
      boolean stands = true;
      boolean runs = !ends;
      boolean repeats = blocked && step[dims.length - 1] == 1;
      int expected = 1;
      for (int i = dims.length - 1; i >= from; i--) {
        if (dims[i] != 1) {
          stands &= step[i] == 0;
          runs &= step[i] == expected;
          repeats &= i == dims.length - 1 || step[i] == 0;
        }
        expected *= dims[i];
      }
      return stands ? Along.STANDS : runs ? Along.RUNS : repeats ? Along.REPEATS : null;
    }

    /// The number of rows.
    public int rows() {
      return rows;
    }

    /// The elements of a row, padding lanes included.
    public int rowLength() {
      return rowLength;
    }

    /// The number of operands besides the value that the chain starts from.
    public int operands() {
      return chain.operands();
    }

    /// Whether the chain changes nothing.
    public boolean isEmpty() {
      return chain.stages().isEmpty();
    }

    /// The chain itself.
    public Chain chain() {
      return chain;
    }

    /// Floats of scratch that [#apply] needs.
    public int scratch() {
      return isEmpty() ? 0 : (chain.operands() + chain.stages().size()) * RUN;
    }

    /// Applies the chain in place to the elements `from` to `to` (exclusive) of a row.
    ///
    /// @param array where the value is that the chain starts from, and where its result goes
    /// @param offset the place of the row's element 0 in `array`
    public void apply(Operands operands, float[] array, int offset, int row, int from, int to, float[] scratch,
        int scratchOffset) {
      if (!isEmpty()) {
        evaluate(operands, array, offset, array, offset, row, from, to, scratch, scratchOffset);
      }
    }

    /// Applies the chain to the elements `from` to `to` (exclusive) of a row.
    ///
    /// @param out where the result goes
    /// @param outOffset the place of the row's element 0 in `out`
    /// @param start where the value is that the chain starts from
    /// @param startOffset the place of the row's element 0 in `start`
    public void evaluate(Operands operands, float[] out, int outOffset, float[] start, int startOffset, int row,
        int from, int to, float[] scratch, int scratchOffset) {
      int stages = chain.stages().size();
      int sources = chain.operands();
      int longest = Math.min(RUN / period * period, to - from);
      int beat = Math.min(period, longest);
      for (int i = 0; i < sources; i++) {
        if (still[1 + i]) {
          lay(operands, i, row, from, beat, scratch, scratchOffset + i * RUN);
        }
      }
      for (int s = 0; s < stages; s++) {
        if (still[1 + sources + s]) {
          stage(operands, s, scratch, scratchOffset + (sources + s) * RUN, start, startOffset, row, from, beat, scratch,
              scratchOffset);
        }
      }
      if (ending != null) {
        end(operands, out, outOffset, start, startOffset, row, from, to, scratch, scratchOffset);
        return;
      }
      if (norm != null) {
        normalize(operands, out, outOffset, start, startOffset, row, from, to, scratch, scratchOffset);
        return;
      }
      boolean spread = still[sources + stages];
      for (int at = from; at < to; at += longest) {
        int n = Math.min(longest, to - at);
        for (int s = 0; s < stages; s++) {
          if (!still[1 + sources + s]) {
            boolean last = s == stages - 1;
            stage(operands, s, last ? out : scratch,
                last ? outOffset + at : scratchOffset + (sources + s) * RUN, start, startOffset, row, at, n, scratch,
                scratchOffset);
          }
        }
        if (spread) {
          repeat(scratch, scratchOffset + (sources + stages - 1) * RUN, beat, out, outOffset + at, n);
        }
      }
    }

    /// Computes all stages in one walk.
    private void end(Operands operands, float[] out, int outOffset, float[] start, int startOffset, int row, int from,
        int to, float[] scratch, int scratchOffset) {
      int more = ending.more();
      loops.finish(out, outOffset + from, start, startOffset + from, scratch,
          scratchOffset + (ending.beat() - 1) * RUN, period,
          more == 0 ? null : array(operands, more, start, scratch),
          more == 0 ? 0 : place(operands, more, startOffset, row, from, scratchOffset), ending.low(), ending.high(),
          to - from);
    }

    /// Computes all stages in one walk.
    private void normalize(Operands operands, float[] out, int outOffset, float[] start, int startOffset, int row,
        int from, int to, float[] scratch, int scratchOffset) {
      int[] b = norm.beats();
      float[] x = array(operands, norm.x(), start, scratch);
      int xo = place(operands, norm.x(), startOffset, row, from, scratchOffset);
      if (norm.mask()) {
        loops.normalizeMask(out, outOffset + from, array(operands, norm.g(), start, scratch),
            place(operands, norm.g(), startOffset, row, from, scratchOffset), x, xo, scratch,
            beat(b[0], scratchOffset), beat(b[1], scratchOffset), beat(b[2], scratchOffset), period, to - from);
      } else if (norm.g() < 0) {
        loops.normalize(out, outOffset + from, x, xo, scratch, beat(b[0], scratchOffset), beat(b[1], scratchOffset),
            beat(b[2], scratchOffset), period, norm.low(), norm.high(), to - from);
      } else {
        loops.normalizeBack(out, outOffset + from, array(operands, norm.g(), start, scratch),
            place(operands, norm.g(), startOffset, row, from, scratchOffset), x, xo, scratch,
            beat(b[0], scratchOffset), beat(b[1], scratchOffset), beat(b[2], scratchOffset), beat(b[3], scratchOffset),
            b[4] == 0 ? -1 : beat(b[4], scratchOffset), period, to - from);
      }
    }

    /// Where a value that repeats was laid out.
    private static int beat(int value, int scratchOffset) {
      return scratchOffset + (value - 1) * RUN;
    }

    /// Computes one stage for the elements from `at` on.
    private void stage(Operands operands, int s, float[] y, int yo, float[] start, int startOffset, int row, int at,
        int n, float[] scratch, int scratchOffset) {
      Stage stage = chain.stages().get(s);
      int u = stage.a();
      int v = stage.b();
      float[] a = array(operands, u, start, scratch);
      float[] b = array(operands, v, start, scratch);
      int ao = place(operands, u, startOffset, row, at, scratchOffset);
      int bo = place(operands, v, startOffset, row, at, scratchOffset);
      if (still[u] == still[v]) {
        loops.apply(stage.op(), y, yo, a, ao, b, bo, n);
      } else if (still[u]) {
        loops.repeat((Pointwise.Binary) stage.op(), y, yo, b, bo, a, ao, period, true, n);
      } else {
        loops.repeat((Pointwise.Binary) stage.op(), y, yo, a, ao, b, bo, period, false, n);
      }
    }

    private static void repeat(float[] beat, int bo, int period, float[] y, int yo, int n) {
      for (int i = 0; i < n; i += period) {
        System.arraycopy(beat, bo, y, yo + i, Math.min(period, n - i));
      }
    }

    /// Applies the chain in place to the elements `first` to `last` (exclusive) of the whole tensor, counted as they
    /// lie in memory.
    ///
    /// @param offset the place of the tensor's element 0 in `array`
    public void applyRange(Operands operands, float[] array, int offset, int first, int last, float[] scratch,
        int scratchOffset) {
      if (!isEmpty()) {
        evaluateRange(operands, array, offset, array, offset, first, last, scratch, scratchOffset);
      }
    }

    /// Applies the chain to the elements `first` to `last` (exclusive) of the whole tensor, counted as they lie in
    /// memory.
    ///
    /// @param outOffset the place of the tensor's element 0 in `out`, which need not be inside the array
    /// @param startOffset the same for `start`
    public void evaluateRange(Operands operands, float[] out, int outOffset, float[] start, int startOffset, int first,
        int last, float[] scratch, int scratchOffset) {
      int at = first;
      while (at < last) {
        int row = at / rowLength;
        int begin = row * rowLength;
        int several = at == begin ? Math.min(together, (last - at) / rowLength) : 1;
        if (several > 1) {
          rows(operands, out, outOffset + at, start, startOffset + at, row, several, scratch, scratchOffset);
          at += several * rowLength;
          continue;
        }
        int end = Math.min(last, begin + rowLength);
        evaluate(operands, out, outOffset + begin, start, startOffset + begin, row, at - begin, end - begin, scratch,
            scratchOffset);
        at = end;
      }
    }

    /// Applies the chain to several short rows at once: operands that do not run along are laid out for all of them.
    private void rows(Operands operands, float[] out, int outOffset, float[] start, int startOffset, int row, int count,
        float[] scratch, int scratchOffset) {
      int sources = chain.operands();
      for (int i = 0; i < sources; i++) {
        for (int r = 0; r < count && !whole[i]; r++) {
          float[] source = operands.array(firstOperand + i);
          int at = operands.offset(firstOperand + i) + walks[i].at(row + r);
          int to = scratchOffset + i * RUN + r * rowLength;
          if (along[i] == Along.STANDS) {
            Arrays.fill(scratch, to, to + rowLength, source[at]);
          } else {
            System.arraycopy(source, at, scratch, to, rowLength);
          }
        }
      }
      int stages = chain.stages().size();
      for (int s = 0; s < stages; s++) {
        Stage stage = chain.stages().get(s);
        boolean last = s == stages - 1;
        loops.apply(stage.op(), last ? out : scratch, last ? outOffset : scratchOffset + (sources + s) * RUN,
            rowsArray(operands, stage.a(), start, scratch), rowsPlace(operands, stage.a(), startOffset, row,
            scratchOffset), rowsArray(operands, stage.b(), start, scratch), rowsPlace(operands, stage.b(), startOffset,
            row, scratchOffset), count * rowLength);
      }
    }

    private float[] rowsArray(Operands operands, int value, float[] start, float[] scratch) {
      if (value == 0) {
        return start;
      }
      return value <= whole.length && whole[value - 1] ? operands.array(firstOperand + value - 1) : scratch;
    }

    private int rowsPlace(Operands operands, int value, int startOffset, int row, int scratchOffset) {
      if (value == 0) {
        return startOffset;
      }
      return value <= whole.length && whole[value - 1] ? operands.offset(firstOperand + value - 1) + row * rowLength
          : scratchOffset + (value - 1) * RUN;
    }

    private float[] array(Operands operands, int value, float[] start, float[] scratch) {
      if (value == 0) {
        return start;
      }
      return reads(value) ? operands.array(firstOperand + value - 1) : scratch;
    }

    private int place(Operands operands, int value, int startOffset, int row, int at, int scratchOffset) {
      if (value == 0) {
        return startOffset + at;
      }
      return reads(value) ? operands.offset(firstOperand + value - 1) + walks[value - 1].at(row) + at
          : scratchOffset + (value - 1) * RUN;
    }

    /// Whether a numbered value is an operand that runs along with the output, and so is read where it lies.
    private boolean reads(int value) {
      return value <= chain.operands() && along[value - 1] == Along.RUNS;
    }

    /// Lays out the beat of an operand that does not run along.
    private void lay(Operands operands, int operand, int row, int from, int n, float[] scratch, int to) {
      float[] source = operands.array(firstOperand + operand);
      int start = walks[operand].at(row);
      int at = operands.offset(firstOperand + operand) + start;
      if (along[operand] == Along.STANDS) {
        // A row of padding lanes only has no element to read.
        Arrays.fill(scratch, to, to + n, start < sizes[operand] ? source[at] : 0);
      } else {
        int channels = Math.min(period, sizes[operand] - start);
        int lane = from % period;
        if (lane == 0 && n <= channels) {
          System.arraycopy(source, at, scratch, to, n);
          return;
        }
        for (int i = 0; i < n; i++) {
          scratch[to + i] = lane < channels ? source[at + lane] : 0;
          lane = lane + 1 == period ? 0 : lane + 1;
        }
      }
    }
  }
}
