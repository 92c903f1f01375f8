package juanji.vector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import juanji.kernel.Kernel;
import juanji.kernel.KernelProvider;
import juanji.kernel.Layout;
import juanji.kernel.Loops;
import juanji.kernel.Task;
import juanji.op.Composite;
import juanji.op.Contraction.Conv;
import juanji.op.Contraction.ConvFilter;
import juanji.op.Contraction.ConvInput;
import juanji.op.Contraction.MatMul;
import juanji.op.CustomOp;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// The kernels of this module: convolutions, matrix products and pooling for machines with vector instructions.
public final class VectorProvider implements KernelProvider {
  private static final Layout BLOCKED = new Layout(Machine.LANES);

  private final Loops loops = new VectorLoops();

  /// The provider, as the service loader makes it.
  public VectorProvider() {
  }

  @Override public String name() {
    return "vector";
  }

  @Override public int lanes() {
    return Machine.LANES;
  }

  @Override public int priority() {
    return 100;
  }

  @Override public Loops loops() {
    return loops;
  }

  @Override public Optional<Placement> place(Op op, List<Shape> inputs, List<Layout> available, Shape output) {
    return switch (op) {
      case Conv c -> convolution(c.groups(), inputs.get(0), available.get(0), output);
      case ConvInput c -> convolution(c.groups(), inputs.get(0), available.get(0), output);
      case ConvFilter c -> filter(c.groups(), inputs, available);
      case MatMul _ -> Optional.of(new Placement(List.of(Layout.PLAIN, Layout.PLAIN), Layout.PLAIN));
      case LocalContraction _ ->
          Optional.of(new Placement(List.of(Layout.PLAIN, Layout.PLAIN), Layout.PLAIN));
      case Windowed _ -> pooling(inputs, available, output);
      case Pointwise _, Regional _, Reduction _, View _, Random _, Composite _, CustomOp _ -> Optional.empty();
    };
  }

  /// A source that both sides of a convolution can read as it lies, or the layout that it should have.
  private static Layout source(int groups, int perGroup, Layout available, boolean lanewise) {
    if (lanewise) {
      return BLOCKED;
    }
    return available.equals(BLOCKED) && (groups == 1 || perGroup % Machine.LANES == 0) ? BLOCKED : Layout.PLAIN;
  }

  private static Optional<Placement> convolution(int groups, Shape source, Layout available, Shape target) {
    boolean lanewise = DirectConv.lanewise(groups, source.dim(1), target.dim(1));
    if (!lanewise && groups > 1 && target.dim(1) / groups % Machine.LANES != 0 || lanewise && few(source.dim(1))) {
      return Optional.empty();
    }
    return Optional.of(new Placement(
        List.of(source(groups, source.dim(1) / groups, available, lanewise), Layout.PLAIN), BLOCKED));
  }

  private static Optional<Placement> filter(int groups, List<Shape> inputs, List<Layout> available) {
    int channels = inputs.get(0).dim(1);
    int filters = inputs.get(1).dim(1);
    boolean lanewise = DirectConv.lanewise(groups, channels, filters);
    if (!lanewise && groups > 1 && filters / groups % Machine.LANES != 0 || lanewise && few(channels)) {
      return Optional.empty();
    }
    return Optional.of(new Placement(List.of(source(groups, channels / groups, available.get(0), lanewise),
        lanewise ? BLOCKED : available.get(1).equals(BLOCKED) ? BLOCKED : Layout.PLAIN), Layout.PLAIN));
  }

  private static boolean few(int channels) {
    return channels < Machine.LANES / 2;
  }

  /// Pooling stays in blocks; it is worth making blocks for if they are at least half full.
  private static Optional<Placement> pooling(List<Shape> inputs, List<Layout> available, Shape output) {
    if (few(output.dim(1)) && !available.contains(BLOCKED)) {
      return Optional.empty();
    }
    return Optional.of(new Placement(new ArrayList<>(Collections.nCopies(inputs.size(), BLOCKED)), BLOCKED));
  }

  @Override public Optional<Kernel> kernel(Task task) {
    for (Shape s : task.inputs()) {
      // An empty sum or an empty result; only the batch may be empty.
      for (int i = 1; i < s.rank(); i++) {
        if (s.dim(i) == 0) {
          return Optional.empty();
        }
      }
    }
    if (task.output().size() == 0) {
      return Optional.empty();
    }
    boolean blocked = task.layout().equals(BLOCKED);
    return switch (task.op()) {
      case Conv c when blocked -> Optional.of(DirectConv.of(task, c));
      case ConvInput c when blocked -> Optional.of(DirectConv.of(task, c));
      // Its result is plain either way: the layouts tell whether it was declined.
      case ConvFilter c when filter(c.groups(), task.inputs(), task.layouts())
          .filter(p -> p.inputs().equals(task.layouts())).isPresent() -> Optional.of(new DirectFilter(task, c));
      case MatMul m when task.layout().plain() -> Optional.of(task.output().dim(-2) <= RowMatMul.MOST_ROWS
          ? new RowMatMul(task, m) : new PanelMatMul(task, m));
      case LocalContraction.LocalConv c when task.output().dim(1) % Machine.LANES == 0 ->
          Optional.of(new LocalConv(task, c));
      case LocalContraction.LocalInput c when LocalInput.fits(task.output().dim(0)) ->
          Optional.of(new LocalInput(task, c));
      case LocalContraction.LocalFilter c when task.output().dim(-1) % Machine.LANES == 0 ->
          Optional.of(new LocalFilter(task, c));
      case Windowed w when blocked -> Optional.of(new Pool(task, w));
      default -> Optional.empty();
    };
  }
}
