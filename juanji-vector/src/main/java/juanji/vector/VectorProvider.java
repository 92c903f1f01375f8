package juanji.vector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// The kernels of this module: convolutions, matrix products and pooling for machines with vector instructions.
public final class VectorProvider implements KernelProvider {
  private static final Layout BLOCKED = new Layout(Machine.LANES);

  /// The most rows of a product that are worth trying to take one by one.
  private static final int MOST_ROWS = 64;

  private final Loops loops = new VectorLoops();
  private final boolean exact;
  private final boolean tunable;

  /// The provider, as the service loader makes it.
  public VectorProvider() {
    this(false, false);
  }

  private VectorProvider(boolean exact, boolean tunable) {
    this.exact = exact;
    this.tunable = tunable;
  }

  @Override public String name() {
    return "vector";
  }

  @Override public KernelProvider exact() {
    return new VectorProvider(true, tunable);
  }

  @Override public KernelProvider tunable() {
    return new VectorProvider(exact, true);
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

  @Override public Optional<Placement> place(Op op, List<Shape> inputs, List<Layout> available, Shape output,
      boolean sparse) {
    return switch (op) {
      case ConvInput c when sparse && SparseInput.fits(c, inputs.getFirst(), output) ->
          Optional.of(new Placement(List.of(BLOCKED, Layout.PLAIN), BLOCKED));
      case ConvFilter c when sparse && SparseFilter.fits(c, inputs) ->
          Optional.of(new Placement(List.of(BLOCKED, BLOCKED), Layout.PLAIN));
      case Conv c -> convolution(c.window(), c.groups(), inputs.get(0), available.get(0), output);
      case ConvInput c -> convolution(c.window(), c.groups(), inputs.get(0), available.get(0), output);
      case ConvFilter c -> filter(c, inputs, available);
      case MatMul _ -> Optional.of(new Placement(List.of(Layout.PLAIN, Layout.PLAIN), Layout.PLAIN));
      case LocalContraction _ ->
          Optional.of(new Placement(List.of(Layout.PLAIN, Layout.PLAIN), Layout.PLAIN));
      case Windowed w -> pooling(w, inputs, available, output);
      case Pointwise _, Regional _, Reduction _, View _, Random _, Composite _, CustomOp _ -> Optional.empty();
    };
  }

  /// A source that both sides of a convolution can read as it lies, or the layout that it should have.
  private static Layout source(int groups, int perSource, int perTarget, Layout available, boolean lanewise) {
    if (lanewise) {
      return BLOCKED;
    }
    boolean shared = groups > 1 && perTarget % Machine.LANES != 0;
    return available.equals(BLOCKED) && (groups == 1 || shared || perSource % Machine.LANES == 0) ? BLOCKED
        : Layout.PLAIN;
  }

  private Optional<Placement> convolution(Window window, int groups, Shape source, Layout available, Shape target) {
    if (LaneConv.fits(window, groups, source, target) && available.plain()) {
      return Optional.of(new Placement(List.of(Layout.PLAIN, Layout.PLAIN), Layout.PLAIN));
    }
    if (rows(window, groups, source, target)) {
      return Optional.of(new Placement(List.of(Layout.PLAIN, Layout.PLAIN), Layout.PLAIN));
    }
    boolean lanewise = GroupLanes.fits(groups, source.dim(1), target.dim(1));
    if (lanewise && few(source.dim(1))) {
      return Optional.empty();
    }
    boolean winograd = tunable ? !algorithms(window, groups, source, target, false).isEmpty()
        : choice(window, groups, source, target, false).isPresent();
    Layout read = winograd ? BLOCKED
        : source(groups, source.dim(1) / groups, target.dim(1) / groups, available, lanewise);
    return Optional.of(new Placement(List.of(read, Layout.PLAIN), BLOCKED));
  }

  /// Whether vectors of pixels beat blocks of channels that are mostly empty.
  private boolean rows(Window window, int groups, Shape source, Shape target) {
    return RowConv.fits(window, groups, target) && choice(window, groups, source, target, false)
        .filter(c -> c.gain() * target.dim(1) > Machine.LANES).isEmpty();
  }

  private Optional<ConvChoice> filterChoice(ConvFilter op, List<Shape> inputs) {
    return exact ? Optional.empty() : ConvChoice.ofFilter(op.window(), op.groups(), inputs.get(0), inputs.get(1));
  }

  private Optional<Placement> filter(ConvFilter op, List<Shape> inputs, List<Layout> available) {
    if (LaneFilter.fits(op, inputs) && available.stream().allMatch(Layout::plain)) {
      return Optional.of(new Placement(available, Layout.PLAIN));
    }
    if (tunable ? !filterAlgorithms(op, inputs).isEmpty() : filterChoice(op, inputs).isPresent()) {
      return Optional.of(new Placement(List.of(BLOCKED, BLOCKED), Layout.PLAIN));
    }
    int groups = op.groups();
    int channels = inputs.get(0).dim(1);
    int filters = inputs.get(1).dim(1);
    boolean lanewise = GroupLanes.fits(groups, channels, filters);
    if (lanewise && few(channels)) {
      return Optional.empty();
    }
    return Optional.of(new Placement(List.of(
        source(groups, channels / groups, filters / groups, available.get(0), lanewise),
        lanewise ? BLOCKED : available.get(1).equals(BLOCKED) ? BLOCKED : Layout.PLAIN), Layout.PLAIN));
  }

  private static boolean few(int channels) {
    return channels < Machine.LANES / 2;
  }

  /// Pooling stays in blocks; it is worth making blocks for if they are at least half full.
  private static Optional<Placement> pooling(Windowed op, List<Shape> inputs, List<Layout> available, Shape output) {
    if (LaneConv.fits(op.window(), inputs.getFirst()) && available.stream().allMatch(Layout::plain)) {
      return Optional.of(new Placement(available, Layout.PLAIN));
    }
    if (few(output.dim(1)) && !available.contains(BLOCKED)) {
      return RowPool.fits(op, inputs.getFirst(), output)
          ? Optional.of(new Placement(List.of(Layout.PLAIN), Layout.PLAIN)) : Optional.empty();
    }
    return Optional.of(new Placement(new ArrayList<>(Collections.nCopies(inputs.size(), BLOCKED)), BLOCKED));
  }

  private Kernel convolution(Task task, Window window, int groups, boolean backward) {
    if (GroupLanes.fits(groups, task.inputs().getFirst().dim(1), task.output().dim(1))) {
      return NineTapConv.fits(window, backward) ? new NineTapConv(task, window, groups, backward)
          : new GroupConv(task, window, groups, backward);
    }
    Optional<ConvChoice> choice = task.layouts().getFirst().equals(BLOCKED)
        ? choice(window, groups, task.inputs().getFirst(), task.output(), task.weightsStay()) : Optional.empty();
    if (task.layouts().getFirst().equals(BLOCKED)
        && PointConv.fits(window, groups, task.inputs().getFirst(), task.output(), backward)) {
      return new PointConv(task, window, backward);
    }
    return choice.map(c -> winograd(task, c, window, backward))
        .orElseGet(() -> new DirectConv(task, window, groups, backward));
  }

  private static Kernel winograd(Task task, ConvChoice choice, Window window, boolean backward) {
    boolean few = WinogradFew.pays(choice.algorithm(), task.inputs().getFirst(), task.output(), task.weightsStay());
    return few ? new WinogradFew(task, choice, window, backward) : new WinogradConv(task, choice, window, backward);
  }

  private static Kernel winogradFilter(Task task, ConvChoice choice, Window window) {
    boolean parts = WinogradFilterParts.pays(choice.algorithm(), task.inputs().get(0), task.inputs().get(1));
    return parts ? new WinogradFilterParts(task, choice, window) : new WinogradFilter(task, choice, window);
  }

  private Kernel filterGradient(Task task, ConvFilter op) {
    if (LaneFilter.fits(op, task.inputs()) && task.layouts().stream().allMatch(Layout::plain)) {
      return new LaneFilter(task, op);
    }
    Shape x = task.inputs().getFirst();
    if (GroupLanes.fits(op.groups(), x.dim(1), task.inputs().get(1).dim(1))) {
      return NineTapConv.fits(op.window(), false) ? new NineTapFilter(task, op.window(), op.groups())
          : new GroupFilter(task, op);
    }
    if (task.layouts().stream().allMatch(BLOCKED::equals)
        && PointFilter.fits(op.window(), op.groups(), x.slice(2, x.rank()))) {
      return new PointFilter(task, op.window());
    }
    return filterChoice(op, task.inputs()).map(c -> winogradFilter(task, c, op.window()))
        .orElseGet(() -> new DirectFilter(task, op));
  }

  private Optional<ConvChoice> choice(Window window, int groups, Shape source, Shape target, boolean weightsStay) {
    return exact ? Optional.empty() : ConvChoice.of(window, groups, source, target, weightsStay);
  }

  private List<ConvChoice> algorithms(Window window, int groups, Shape source, Shape target, boolean weightsStay) {
    return exact ? List.of() : ConvChoice.all(window, groups, source, target, weightsStay);
  }

  private List<ConvChoice> filterAlgorithms(ConvFilter op, List<Shape> inputs) {
    return exact ? List.of() : ConvChoice.allOfFilter(op.window(), op.groups(), inputs.get(0), inputs.get(1));
  }

  @Override public List<Kernel> candidates(Task task) {
    Map<String, Kernel> byName = new LinkedHashMap<>();
    kernel(task).ifPresent(k -> byName.put(k.name(), k));
    // Others are not timed on gradients as sparse as those that are to come.
    if (!byName.isEmpty() && !task.sparse()) {
      others(task).forEach(k -> byName.putIfAbsent(k.name(), k));
    }
    return List.copyOf(byName.values());
  }

  /// What besides the kernel that is chosen by shapes can do a task whose kernel is of this module.
  private List<Kernel> others(Task task) {
    return switch (task.op()) {
      case Conv c when task.layout().equals(BLOCKED) -> convolutions(task, c.window(), c.groups(), false);
      case ConvInput c when task.layout().equals(BLOCKED) -> convolutions(task, c.window(), c.groups(), true);
      case ConvFilter c when task.layouts().stream().allMatch(BLOCKED::equals)
          && !GroupLanes.fits(c.groups(), task.inputs().get(0).dim(1), task.inputs().get(1).dim(1)) -> {
        List<Kernel> all = new ArrayList<>(List.of(new DirectFilter(task, c)));
        filterAlgorithms(c, task.inputs()).forEach(a -> all.add(winogradFilter(task, a, c.window())));
        yield all;
      }
      case MatMul m when task.layout().plain() && task.output().dim(-2) <= MOST_ROWS ->
          List.of(new PanelMatMul(task, m), new RowMatMul(task, m));
      default -> List.of();
    };
  }

  private List<Kernel> convolutions(Task task, Window window, int groups, boolean backward) {
    Shape source = task.inputs().getFirst();
    if (GroupLanes.fits(groups, source.dim(1), task.output().dim(1))) {
      return List.of();
    }
    List<Kernel> all = new ArrayList<>(List.of(new DirectConv(task, window, groups, backward)));
    if (task.layouts().getFirst().equals(BLOCKED)) {
      algorithms(window, groups, source, task.output(), task.weightsStay())
          .forEach(a -> all.add(winograd(task, a, window, backward)));
    }
    return all;
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
      case ConvInput c when task.sparse() && blocked && task.layouts().getFirst().equals(BLOCKED)
          && SparseInput.fits(c, task.inputs().getFirst(), task.output()) -> Optional.of(new SparseInput(task, c));
      case ConvFilter c when task.sparse() && task.layouts().stream().allMatch(BLOCKED::equals)
          && SparseFilter.fits(c, task.inputs()) -> Optional.of(new SparseFilter(task, c));
      case Conv c when task.layout().plain() && task.layouts().getFirst().plain()
          && LaneConv.fits(c.window(), c.groups(), task.inputs().getFirst(), task.output()) ->
          Optional.of(new LaneConv(task, c.window(), false));
      case ConvInput c when task.layout().plain() && task.layouts().getFirst().plain()
          && LaneConv.fits(c.window(), c.groups(), task.inputs().getFirst(), task.output()) ->
          Optional.of(new LaneConv(task, c.window(), true));
      case Conv c when task.layout().plain() && rows(c.window(), c.groups(), task.inputs().getFirst(), task.output()) ->
          Optional.of(new RowConv(task, c.window(), false));
      case ConvInput c when task.layout().plain()
          && rows(c.window(), c.groups(), task.inputs().getFirst(), task.output()) ->
          Optional.of(new RowConv(task, c.window(), true));
      case Conv c when blocked -> Optional.of(convolution(task, c.window(), c.groups(), false));
      case ConvInput c when blocked -> Optional.of(convolution(task, c.window(), c.groups(), true));
      // Its result is plain either way: the layouts tell whether it was declined.
      case ConvFilter c when filter(c, task.inputs(), task.layouts())
          .filter(p -> p.inputs().equals(task.layouts())).isPresent() -> Optional.of(filterGradient(task, c));
      case MatMul m when task.layout().plain() -> Optional.of(RowMatMul.pays(task, m)
          ? new RowMatMul(task, m) : new PanelMatMul(task, m));
      case LocalContraction.LocalConv c when task.output().dim(1) % Machine.LANES == 0 ->
          Optional.of(new LocalConv(task, c));
      case LocalContraction.LocalInput c when LocalInput.fits(task.output().dim(0)) ->
          Optional.of(new LocalInput(task, c));
      case LocalContraction.LocalFilter c when task.output().dim(-1) % Machine.LANES == 0 ->
          Optional.of(new LocalFilter(task, c));
      case Windowed w when task.layout().plain() && RowPool.fits(w, task.inputs().getFirst(), task.output()) ->
          Optional.of(new RowPool(task, w));
      case Windowed w when blocked || task.layouts().stream().allMatch(Layout::plain)
          && LaneConv.fits(w.window(), task.inputs().getFirst()) -> Optional.of(Pool.of(task, w));
      case View.Permute p when task.layout().plain() && TransposeKernel.fits(p, task.inputs().getFirst()) ->
          Optional.of(new TransposeKernel(task, p));
      default -> Optional.empty();
    };
  }
}
