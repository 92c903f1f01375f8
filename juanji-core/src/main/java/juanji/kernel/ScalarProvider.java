package juanji.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Kernels in plain Java for every operation, in the plain layout: what every machine can run and what other providers
/// fall back on. Pointwise chains and reductions take blocked layouts too.
public final class ScalarProvider implements KernelProvider {
  private final Loops loops;

  /// The scalar kernels with scalar loops.
  public ScalarProvider() {
    this(new ScalarLoops());
  }

  /// The scalar kernels with the loops of another provider in pointwise chains.
  public ScalarProvider(Loops loops) {
    this.loops = loops;
  }

  @Override public String name() {
    return "scalar";
  }

  @Override public int lanes() {
    return 1;
  }

  @Override public int priority() {
    return 0;
  }

  @Override public Loops loops() {
    return loops;
  }

  @Override public Optional<Placement> place(Op op, List<Shape> inputs, List<Layout> available, Shape output,
      boolean sparse) {
    return Optional.empty();
  }

  /// The kernel of a task; there always is one.
  ///
  /// @throws IllegalArgumentException if a layout is blocked where the operation is computed in the plain one only
  @Override public Optional<Kernel> kernel(Task task) {
    return Optional.of(switch (task.op()) {
      case Pointwise op -> pointwise(op, task);
      case Reduction op -> reduction(op, task);
      case Contraction op -> contraction(op, plain(task));
      case Windowed op -> windowed(op, plain(task));
      case View.Expand op -> view(op, shaped(task, 1));
      case View op when !task.layout().plain() && Blocks.fit(op, task.inputs(), task.layout().block())
          && task.layouts().stream().allMatch(task.layout()::equals) -> blocks(Blocks.plain(op, task));
      case View op -> view(op, plain(task));
      case Random op -> random(op, shaped(task, 0));
      case Regional op -> regional(op, plain(task));
      case ChannelStatistics op -> new ChannelKernel(op, task, loops);
      case Composite.Softmax(int axis) -> new SoftmaxKernel(plain(task), axis, false, loops);
      case Composite.LogSoftmax(int axis) -> new SoftmaxKernel(plain(task), axis, true, loops);
      case Composite _ -> ReferenceKernel.of(plain(task));
      case CustomOp _ -> ReferenceKernel.of(plain(task));
    });
  }

  private static Kernel blocks(Task lying) {
    return view((View) lying.op(), lying);
  }

  private static Task plain(Task task) {
    if (!task.layout().plain() || task.layouts().stream().anyMatch(l -> !l.plain())) {
      throw new IllegalArgumentException("no scalar kernel computes '" + task.op().label() + "' in these layouts.\n"
          + "  C1: all layouts are plain; received " + task.layouts() + " and " + task.layout() + ".\n"
          + "  Ask the provider that chose the layouts, or insert reorders.");
    }
    return task;
  }

  /// A task that takes one input for its shape alone: that one may lie as it likes.
  private static Task shaped(Task task, int input) {
    List<Layout> read = new ArrayList<>(task.layouts());
    read.set(input, Layout.PLAIN);
    return plain(new Task(task.op(), task.inputs(), read, task.output(), task.layout(), task.chain(),
        task.weightsStay(), task.sparse(), task.prologue()));
  }

  private Kernel reduction(Reduction op, Task task) {
    if (!task.layout().plain()) {
      throw new IllegalArgumentException("'" + op.label() + "' cannot have a blocked result.\n"
          + "  C1: the result of a reduction is plain; received " + task.layout() + ".\n"
          + "  Insert a reorder behind it.");
    }
    return ReduceKernel.of(op, task, loops);
  }

  private Kernel pointwise(Pointwise op, Task task) {
    int operands = task.inputs().size();
    Chain alone = new Chain(operands, Collections.nCopies(1, new Chain.Stage(op, 1, operands)));
    Chain.Bound head = alone.bind(task.output(), task.layout(), task.inputs(), task.layouts(), 1, loops);
    return PointwiseKernel.of(head, task.chain(), task.layout());
  }

  private static Kernel contraction(Contraction op, Task task) {
    return switch (op) {
      case Contraction.Conv conv -> RowConvKernel.of(conv, task);
      case Contraction.ConvInput conv -> RowConvInputKernel.of(conv, task);
      case Contraction.ConvFilter conv -> RowConvFilterKernel.of(conv, task);
      case LocalContraction.LocalConv local -> LocalConvKernel.of(local, task);
      case LocalContraction.LocalInput local -> LocalInputKernel.of(local, task);
      case LocalContraction.LocalFilter local -> LocalFilterKernel.of(local, task);
      case Contraction.MatMul product -> BlockMatMulKernel.of(product, task);
    };
  }

  private static Kernel windowed(Windowed op, Task task) {
    return switch (op) {
      case Windowed.MaxPool pool -> PoolKernel.of(pool, task);
      case Windowed.MaxPoolInput pool -> MaxPoolInputKernel.of(pool, task);
      case Windowed.AvgPool pool -> PoolKernel.of(pool, task);
      case Windowed.AvgPoolInput pool -> PoolInputKernel.of(pool, task);
    };
  }

  private static Kernel view(View op, Task task) {
    Shape x = task.inputs().getFirst();
    Shape y = task.output();
    int[] strides = x.strides();
    return switch (op) {
      case View.Reshape _ -> CopyKernel.of(y, y.strides(), 0, 1, task.chain());
      case View.Permute permute -> CopyKernel.of(y, permute.order().stream().mapToInt(a -> strides[a]).toArray(), 0, 1,
          task.chain());
      case View.Slice slice -> CopyKernel.of(y, strides, slice.from() * strides[slice.axis()], 1, task.chain());
      case View.Pad pad -> JoinKernel.of(pad, task);
      case View.Concat concat -> JoinKernel.of(concat, task);
      case Gather.Take take -> TakeKernel.of(take, task);
      case Gather.TakeInput take -> TakeKernel.of(take, task);
      case Gather.Pick pick -> PickKernel.of(pick, task);
      case Gather.Lookup lookup -> LookupKernel.of(lookup, task);
      case Gather.LookupInput lookup -> LookupKernel.of(lookup, task);
      case View.Expand expand -> CopyKernel.of(y, repeated(x, y), 0,
          expand.averaging() ? (double) x.size() / y.size() : 1, task.chain());
    };
  }

  private static Kernel regional(Regional op, Task task) {
    return switch (op) {
      case Regional.RoiPool pool -> RoiPoolKernel.of(pool, task);
      case Regional.RoiPoolInput pool -> RoiPoolKernel.of(pool, task);
      case Regional.RoiAlign align -> RoiAlignKernel.of(align, task);
      case Regional.RoiAlignInput align -> RoiAlignKernel.of(align, task);
    };
  }

  /// How far one step along each axis of `y` moves in `x`, which broadcasts to it.
  private static int[] repeated(Shape x, Shape y) {
    int[] steps = new int[y.rank()];
    int shift = y.rank() - x.rank();
    for (int i = shift; i < steps.length; i++) {
      steps[i] = x.dim(i - shift) == 1 ? 0 : x.strides()[i - shift];
    }
    return steps;
  }

  private static Kernel random(Random op, Task task) {
    return switch (op) {
      case Random.Mask mask -> MaskKernel.of(mask, task);
      case Random.Uniform uniform -> UniformKernel.of(uniform, task);
    };
  }
}
