package juanji.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.graph.Node;
import juanji.kernel.Chain;
import juanji.kernel.Kernel;
import juanji.kernel.KernelProvider;
import juanji.kernel.Layout;
import juanji.kernel.PointwiseKernel;
import juanji.kernel.ReorderKernel;
import juanji.kernel.ScalarProvider;
import juanji.kernel.Task;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.tensor.Shape;

/// Pass 7: finds a kernel for each step. What the target's provider declines is done by the scalar kernels.
final class ChooseKernels {
  private final KernelProvider provider;
  private final ScalarProvider fallback;
  private final Optional<Tuning> tuning;
  private final Set<Node.Parameter> updated;
  private final Set<Value> fixed = new HashSet<>();
  private final Map<Value, Value> aliases = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  private ChooseKernels(Target target, Set<Node.Parameter> updated) {
    this.provider = target.kernels();
    this.fallback = new ScalarProvider(provider.loops());
    this.tuning = target.tuning();
    this.updated = updated;
  }

  /// The steps, and the values that are another's memory under another shape.
  record Chosen(List<Step> steps, Map<Value, Value> aliases) {
  }

  /// @param updated the parameters that each run changes; what depends on others alone is done once
  /// @param leaving the nodes whose values leave the plan
  static Chosen run(List<LayOut.Placed> placed, Target target, Set<Node.Parameter> updated, Collection<Node> leaving) {
    ChooseKernels pass = new ChooseKernels(target, updated);
    placed.stream().filter(pass::once).forEach(p -> pass.fixed.add(p.output()));
    ReadThrough.run(placed, leaving, pass::readsThrough).forEach(pass::choose);
    return new Chosen(pass.steps, pass.aliases);
  }

  private boolean once(LayOut.Placed step) {
    return step.inputs().stream().allMatch(this::stays);
  }

  /// Whether the kernel of a step with a prologue would apply it.
  private boolean readsThrough(LayOut.Placed step) {
    return !once(step) && provider.kernel(task(step.group().orElseThrow(), step)).filter(Kernel::readsThrough)
        .isPresent();
  }

  private void choose(LayOut.Placed step) {
    Value output = step.output();
    boolean once = once(step);
    if (step.group().isEmpty()) {
      Value from = step.inputs().getFirst();
      Kernel kernel = ReorderKernel.of(output.node().shape(), from.layout(), output.layout());
      steps.add(new Step("reorder", output.node().name(), kernel, output, step.inputs(), 0, once,
          false));
      return;
    }
    Group group = step.group().get();
    if (group.anchor().isPresent() && group.anchor().get().op() instanceof View.Reshape) {
      aliases.put(output, step.inputs().getFirst());
      return;
    }
    Kernel kernel = kernel(group, step);
    boolean packedOnce = !once && kernel.packing().filter(p -> stays(step.inputs().get(p.operand() - 1))).isPresent();
    steps.add(new Step(group.label(), group.result().name(), kernel, output, step.inputs(), flops(group), once,
        packedOnce));
  }

  /// Whether a value is the same at every run.
  private boolean stays(Value value) {
    return fixed.contains(value) || switch (value.node()) {
      case Node.Parameter p -> !updated.contains(p);
      case Node.Constant _ -> true;
      case Node.Input _, Node.Apply _ -> false;
    };
  }

  private Kernel kernel(Group group, LayOut.Placed step) {
    Task task = task(group, step);
    if (task.op() instanceof Pointwise) {
      return PointwiseKernel.of(task.chain(), task.layout());
    }
    Optional<Kernel> kernel = tuning.isPresent()
        ? tuning.get().fastest(task, candidates(task), step) : provider.kernel(task);
    return kernel.or(() -> fallback.kernel(task)).orElseThrow();
  }

  private List<Kernel> candidates(Task task) {
    return provider.candidates(task).stream().filter(k -> task.prologue().isEmpty() || k.readsThrough()).toList();
  }

  private Task task(Group group, LayOut.Placed step) {
    int anchorInputs = group.inputs().size();
    Op op = group.anchor().orElse(group.result()).op();
    boolean before = op instanceof Reduction;
    Shape along = before ? group.inputs().getFirst().shape() : group.result().shape();
    Layout layout = before ? step.inputs().getFirst().layout() : step.output().layout();
    int behind = anchorInputs + group.operands().size();
    Chain.Bound chain = bind(group.chain(), along, layout, step, anchorInputs, behind);
    Optional<Task.Prologue> prologue = group.prologue().map(p -> {
      Value input = step.inputs().get(p.input());
      return new Task.Prologue(p.input(),
          bind(p.chain(), input.node().shape(), input.layout(), step, behind, step.inputs().size()));
    });
    Shape output = op instanceof Reduction r ? r.shape(List.of(along)) : group.anchor().orElse(group.result()).shape();
    return new Task(op, group.inputs().stream().map(Node::shape).toList(),
        step.inputs().subList(0, anchorInputs).stream().map(Value::layout).toList(), output, step.output().layout(),
        chain, anchorInputs > 1 && stays(step.inputs().get(1)), Sparsity.of(group), prologue);
  }

  /// A chain whose operands are the step's inputs from `first` to `end` − 1.
  private Chain.Bound bind(Chain chain, Shape along, Layout layout, LayOut.Placed step, int first, int end) {
    List<Value> operands = step.inputs().subList(first, end);
    return chain.bind(along, layout, operands.stream().map(v -> v.node().shape()).toList(),
        operands.stream().map(Value::layout).toList(), 1 + first, provider.loops());
  }

  private static long flops(Group group) {
    Shape along = group.inputs().isEmpty() ? group.result().shape() : group.inputs().getFirst().shape();
    long chain = group.chain().stages().size() * Math.max(along.size(), group.result().shape().size());
    long prologue = group.prologue()
        .map(p -> p.chain().stages().size() * group.inputs().get(p.input()).shape().size()).orElse(0L);
    return chain + prologue + group.anchor().map(a -> Work.flops(a.op(),
        group.inputs().stream().map(Node::shape).toList(), a.shape())).orElse(0L);
  }
}
