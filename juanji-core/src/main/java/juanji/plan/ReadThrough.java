package juanji.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import juanji.graph.Node;
import juanji.kernel.Chain;
import juanji.op.Contraction;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Windowed;

/// Leaves cheap pointwise steps, such as batch-norm and ReLU between two convolutions, to those who read them.
///
/// What such a step makes is as large as what it reads. If each of its readers can compute it from there, the step and
/// its memory are saved, in training also for the backward pass: a convolution, its filter gradient and a pooling apply
/// it to the rows that they read next (a prologue), and the gradient of the ReLU asks again whether it was positive.
/// The numbers have the same bits.
final class ReadThrough {
  private final List<LayOut.Placed> steps;
  private final Set<Node> leaving = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Predicate<LayOut.Placed> reads;
  private final Map<Value, List<Integer>> readers = new HashMap<>();

  private ReadThrough(List<LayOut.Placed> placed, Collection<Node> leaving, Predicate<LayOut.Placed> reads) {
    this.steps = new ArrayList<>(placed);
    this.leaving.addAll(leaving);
    this.reads = reads;
    for (int i = 0; i < steps.size(); i++) {
      for (Value input : Set.copyOf(steps.get(i).inputs())) {
        readers.computeIfAbsent(input, _ -> new ArrayList<>()).add(i);
      }
    }
  }

  /// The steps that are left.
  ///
  /// @param leaving the nodes whose values leave the plan
  /// @param reads whether a step's kernel would apply its prologue
  static List<LayOut.Placed> run(List<LayOut.Placed> placed, Collection<Node> leaving,
      Predicate<LayOut.Placed> reads) {
    ReadThrough pass = new ReadThrough(placed, leaving, reads);
    for (int i = 0; i < placed.size(); i++) {
      pass.consider(i);
    }
    return pass.steps.stream().filter(Objects::nonNull).toList();
  }

  /// Drops a step if all who read it can do without. What these then read instead was made, and considered, before.
  private void consider(int number) {
    LayOut.Placed step = steps.get(number);
    List<Integer> by = readers.getOrDefault(step.output(), List.of());
    int large = large(step);
    if (large < 0 || by.isEmpty() || leaving.contains(step.output().node())) {
      return;
    }
    List<LayOut.Placed> changed = new ArrayList<>();
    for (int reader : by) {
      Optional<LayOut.Placed> other = through(steps.get(reader), step, large);
      if (other.isEmpty()) {
        return;
      }
      changed.add(other.get());
    }
    for (int i = 0; i < changed.size(); i++) {
      steps.set(by.get(i), changed.get(i));
    }
    steps.set(number, null);
  }

  /// Which operand of a cheap chain without an anchor is as large as its result and lies as it does, if just one is
  /// large; −1 otherwise.
  private static int large(LayOut.Placed step) {
    if (step.group().isEmpty() || step.group().get().anchor().isPresent()
        || !step.group().get().chain().stages().stream().allMatch(s -> Fuse.cheap(s.op()))) {
      return -1;
    }
    Value output = step.output();
    int found = -1;
    for (int i = 0; i < step.inputs().size(); i++) {
      Value input = step.inputs().get(i);
      if (input.node().shape().equals(output.node().shape())) {
        if (found >= 0 || !input.layout().equals(output.layout())) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  /// A reader that computes by itself what it reads, or nothing if it cannot.
  private Optional<LayOut.Placed> through(LayOut.Placed reader, LayOut.Placed step, int large) {
    Group group = reader.group().orElse(null);
    if (group == null || group.anchor().isEmpty() || !takes(group.anchor().get().op())) {
      return Optional.empty();
    }
    int anchors = group.inputs().size();
    List<Value> inputs = new ArrayList<>(reader.inputs());
    Value output = step.output();
    Chain chain = group.chain();
    List<Node> operands = group.operands();
    List<Value> more = new ArrayList<>(inputs.subList(anchors, anchors + operands.size()));
    if (more.contains(output)) {
      if (more.size() != 1 || !masks(chain)) {
        return Optional.empty();
      }
      chain = mask(step.group().orElseThrow().chain());
      operands = step.group().orElseThrow().operands();
      more = step.inputs();
    }
    List<Value> first = new ArrayList<>(inputs.subList(0, anchors));
    List<Value> last = inputs.subList(anchors + group.operands().size(), inputs.size());
    List<Node> nodes = new ArrayList<>(group.inputs());
    Optional<Group.Prologue> prologue = group.prologue();
    int at = first.indexOf(output);
    boolean anchored = at >= 0;
    if (anchored) {
      if (prologue.isPresent() || first.lastIndexOf(output) != at) {
        return Optional.empty();
      }
      prologue = Optional.of(prologue(step, at, large));
      first.set(at, step.inputs().get(large));
      nodes.set(at, step.inputs().get(large).node());
      List<Value> others = new ArrayList<>(step.inputs());
      others.remove(large);
      last = others;
    }
    List<Value> all = new ArrayList<>(first);
    all.addAll(more);
    all.addAll(last);
    LayOut.Placed changed = new LayOut.Placed(Optional.of(new Group(group.anchor(), nodes, chain, operands,
        group.result(), prologue)), all, reader.output());
    return anchored && !reads.test(changed) ? Optional.empty() : Optional.of(changed);
  }

  private static boolean takes(Op op) {
    return op instanceof Contraction || op instanceof Windowed;
  }

  /// Whether a chain of one operand passes its start on where that is positive.
  private static boolean masks(Chain chain) {
    List<Chain.Stage> stages = chain.stages();
    return stages.size() == 2 && stages.get(0).op() instanceof Pointwise.Positive && stages.get(0).a() == 1
        && stages.get(1).op() instanceof Pointwise.Mul && Math.min(stages.get(1).a(), stages.get(1).b()) == 0
        && Math.max(stages.get(1).a(), stages.get(1).b()) == 2;
  }

  /// The chain that passes its start on where a chain without a start is positive.
  private static Chain mask(Chain chain) {
    List<Chain.Stage> stages = new ArrayList<>(chain.stages());
    int end = chain.operands() + stages.size();
    stages.add(new Chain.Stage(new Pointwise.Positive(), end, end));
    stages.add(new Chain.Stage(new Pointwise.Mul(), 0, end + 1));
    return new Chain(chain.operands(), stages);
  }

  /// A step's chain that starts from its large operand.
  private static Group.Prologue prologue(LayOut.Placed step, int input, int large) {
    Group group = step.group().orElseThrow();
    List<Chain.Stage> stages = group.chain().stages().stream()
        .map(s -> new Chain.Stage(s.op(), renumbered(s.a(), 1 + large), renumbered(s.b(), 1 + large))).toList();
    List<Node> operands = new ArrayList<>(group.operands());
    operands.remove(large);
    return new Group.Prologue(input, new Chain(group.chain().operands() - 1, stages), operands);
  }

  private static int renumbered(int value, int start) {
    return value == start ? 0 : value < start ? value : value - 1;
  }
}
