package juanji.kernel;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import juanji.op.View;
import juanji.tensor.Shape;

/// Views that move whole blocks of channels: on blocked tensors they are the same views of the tensor as it lies,
/// N × ⌈C/L⌉ × spatial × L.
public final class Blocks {
  private Blocks() {
  }

  /// Whether a view of blocked tensors moves whole blocks, so that its result lies in the same blocks.
  ///
  /// @param inputs the shapes of the view's inputs
  public static boolean fit(View op, List<Shape> inputs, int block) {
    return switch (op) {
      case View.Concat concat -> concat.axis() != 1
          || inputs.subList(0, inputs.size() - 1).stream().allMatch(s -> s.dim(1) % block == 0);
      case View.Slice slice -> slice.axis() != 1 || slice.from() % block == 0
          && (slice.to() % block == 0 || slice.to() == inputs.getFirst().dim(1));
      // What comes behind the channels begins a block of its own.
      case View.Pad pad -> pad.axis() != 1 || pad.before() % block == 0
          && (pad.after() == 0 || inputs.getFirst().dim(1) % block == 0);
      case View _ -> false;
    };
  }

  /// The same task on tensors as they lie.
  static Task plain(View op, Task task) {
    int block = task.layout().block();
    View moved = switch (op) {
      case View.Slice(int axis, int from, int to) when axis == 1 ->
          new View.Slice(1, from / block, Math.ceilDiv(to, block));
      case View.Pad(int axis, int before, int after, double value) when axis == 1 ->
          new View.Pad(1, before / block, Math.ceilDiv(after, block), value);
      case View _ -> op;
    };
    return new Task(moved, task.inputs().stream().map(s -> lying(s, task.layout())).toList(),
        Collections.nCopies(task.inputs().size(), Layout.PLAIN), lying(task.output(), task.layout()), Layout.PLAIN,
        task.chain());
  }

  private static Shape lying(Shape shape, Layout layout) {
    Shape blocks = shape.with(1, layout.blocks(shape));
    int[] dims = Arrays.copyOf(blocks.toArray(), shape.rank() + 1);
    dims[shape.rank()] = layout.block();
    return Shape.of(dims);
  }
}
