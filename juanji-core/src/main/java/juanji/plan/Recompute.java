package juanji.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.graph.Graph;
import juanji.graph.Node;
import juanji.kernel.Layout;
import juanji.kernel.PointwiseKernel;

/// Makes a training step fit into less memory: what the forward pass computed is not kept until the backward pass reads
/// it, but computed again (Chen et al., *Training deep nets with sublinear memory cost*, 2016). The same kernels run on
/// the same numbers, so that the results have the same bits.
///
/// Two families of choices are tried, the cheapest first, until one fits: giving up the values that are the cheapest to
/// compute per byte, such as those of normalisations and ReLU; and keeping only what crosses a number of cuts through
/// the forward pass, fewer and fewer, so that whole stretches of layers are computed again.
final class Recompute {
  private static final int TRIALS = 24;
  /// Values of less than this part of all that is kept for the backward pass stay.
  private static final int SMALL = 2000;

  private final Graph graph;
  private final ChooseKernels.Chosen chosen;
  private final List<Step> steps;
  private final Map<Value, Step> makers = new HashMap<>();
  private final Map<Value, Integer> made = new HashMap<>();
  private final Map<Value, Integer> lastForward = new HashMap<>();
  private final Set<Value> late = new HashSet<>();
  private final Set<Value> always = new HashSet<>();
  private int forward = -1;

  private Recompute(Graph graph, ChooseKernels.Chosen chosen) {
    this.graph = graph;
    this.chosen = chosen;
    this.steps = chosen.steps();
  }

  /// A plan's memory within a limit.
  ///
  /// @param floats the most that the arena may take
  /// @param parameters the floats of the graph's parameters, for the message
  /// @throws PlanException if no choice fits
  static PlanMemory.Arranged run(Graph graph, ChooseKernels.Chosen chosen, long floats, long parameters) {
    PlanMemory.Arranged whole = null;
    long least = Long.MAX_VALUE;
    try {
      whole = PlanMemory.run(graph, chosen);
      least = whole.floats();
    } catch (PlanException e) {
      // What is larger than any arena may fit with values computed again.
      if (floats == Long.MAX_VALUE) {
        throw e;
      }
    }
    if (whole != null && whole.floats() <= floats) {
      return whole;
    }
    Recompute pass = new Recompute(graph, chosen);
    pass.look();
    for (Set<Value> kept : pass.choices()) {
      Optional<PlanMemory.Arranged> next = pass.arranged(kept);
      if (next.isPresent() && next.get().floats() <= floats) {
        return next.get();
      }
      least = Math.min(least, next.map(a -> (long) a.floats()).orElse(Long.MAX_VALUE));
    }
    if (least == Long.MAX_VALUE) {
      return PlanMemory.run(graph, chosen);
    }
    long limit = 4 * (floats + parameters);
    throw new PlanException("this plan does not fit in the memory that it may take.\n"
        + "  C3: working memory and parameters are within the limit of " + limit + " bytes; the least that was found "
        + (pass.late.isEmpty() ? "" : "by computing values again ") + "is " + 4 * (least + parameters) + " bytes, of "
        + "which " + 4 * parameters + " are parameters.\n  Allow "
        + Math.ceilDiv(4 * (least + parameters), 1L << 20) + " MiB, or use a smaller batch or smaller inputs.");
  }

  private Value root(Value value) {
    Value at = value;
    while (chosen.aliases().containsKey(at)) {
      at = chosen.aliases().get(at);
    }
    return at;
  }

  /// Finds what the forward pass makes and the backward pass reads. The forward pass ends with the last step that makes
  /// an output, such as the loss.
  private void look() {
    Set<Node> updates = Collections.newSetFromMap(new IdentityHashMap<>());
    updates.addAll(graph.updates().values());
    Set<Value> outputs = new HashSet<>();
    graph.outputs().values().forEach(n -> outputs.add(root(new Value(n, Layout.PLAIN))));
    for (int i = 0; i < steps.size(); i++) {
      if (outputs.contains(steps.get(i).output())) {
        forward = i;
      }
    }
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      int now = i;
      boolean again = i <= forward && !step.once() && !outputs.contains(step.output())
          && !updates.contains(step.output().node());
      if (again) {
        makers.put(step.output(), step);
        made.put(step.output(), i);
      }
      for (Value input : step.inputs()) {
        Value value = root(input);
        if (makers.containsKey(value) && i > forward) {
          late.add(value);
        } else if (makers.containsKey(value)) {
          lastForward.put(value, now);
        }
      }
    }
    long all = late.stream().mapToLong(Value::length).sum();
    makers.keySet().stream().filter(v -> v.length() <= all / SMALL).forEach(always::add);
  }

  /// Sets of values to keep, those that cost the least first.
  private List<Set<Value>> choices() {
    List<Set<Value>> all = new ArrayList<>();
    List<Value> cheap = late.stream().filter(v -> !always.contains(v) && !heavy(makers.get(v)))
        .sorted(Comparator.comparingDouble((Value v) -> price(makers.get(v)) / v.length())
            .thenComparing(made::get)).toList();
    for (int t = 1; t <= Math.min(TRIALS, cheap.size()); t++) {
      Set<Value> kept = new HashSet<>(late);
      kept.addAll(always);
      kept.removeAll(cheap.subList(0, (int) ((long) cheap.size() * t / Math.min(TRIALS, cheap.size()))));
      all.add(kept);
    }
    int heavy = (int) steps.subList(0, forward + 1).stream().filter(Recompute::heavy).count();
    int before = -1;
    for (int t = 0; t < TRIALS; t++) {
      int cuts = (int) Math.round(Math.pow(Math.max(heavy, 1), 1 - (double) t / (TRIALS - 1)));
      if (cuts != before) {
        all.add(crossing(cuts));
      }
      before = cuts;
    }
    return all;
  }

  private static boolean heavy(Step step) {
    return step.flops() > 8 * step.output().length() && !(step.kernel() instanceof PointwiseKernel);
  }

  private static double price(Step step) {
    return step.flops() + 8.0 * (step.output().length() + step.inputs().stream().mapToLong(Value::length).sum());
  }

  /// What lives across cuts that lie evenly among the bytes that are kept, each moved to where the least crosses.
  private Set<Value> crossing(int cuts) {
    long[] bytes = new long[forward + 2];
    long[] cross = new long[forward + 2];
    for (Value v : makers.keySet()) {
      if (late.contains(v)) {
        bytes[made.get(v) + 1] += v.length();
      }
      for (int c = made.get(v); c < lastForward.getOrDefault(v, -1); c++) {
        cross[c] += v.length();
      }
    }
    for (int i = 1; i < bytes.length; i++) {
      bytes[i] += bytes[i - 1];
    }
    Set<Value> kept = new HashSet<>(always);
    long all = bytes[forward + 1];
    int from = 0;
    for (int k = 1; k <= cuts; k++) {
      // The cut is within a quarter of a stretch around its even place.
      long low = (long) (all * (k - 0.25) / (cuts + 1));
      long high = (long) (all * (k + 0.25) / (cuts + 1));
      int best = -1;
      for (int c = from; c <= forward; c++) {
        boolean near = bytes[c + 1] >= low && (bytes[c + 1] <= high || best < 0);
        if (near && (best < 0 || cross[c] < cross[best])) {
          best = c;
        }
      }
      if (best >= 0) {
        from = best;
        for (Value v : makers.keySet()) {
          if (made.get(v) <= best && best < lastForward.getOrDefault(v, -1)) {
            kept.add(v);
          }
        }
      }
    }
    return kept;
  }

  private Optional<PlanMemory.Arranged> arranged(Set<Value> kept) {
    try {
      return Optional.of(PlanMemory.run(graph, new Again(kept).chosen()));
    } catch (PlanException e) {
      return Optional.empty();
    }
  }

  /// The steps with those repeated that make what is not kept.
  private final class Again {
    private final Set<Value> kept;
    private final List<Step> order = new ArrayList<>();
    private final Map<Value, Value> aliases = new HashMap<>(chosen.aliases());
    private final Set<Value> present = new HashSet<>();

    Again(Set<Value> kept) {
      this.kept = kept;
    }

    ChooseKernels.Chosen chosen() {
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        order.add(i <= forward || step.once() ? step : step.reading(step.inputs().stream().map(this::value).toList()));
      }
      return new ChooseKernels.Chosen(order, aliases);
    }

    /// The value that the backward pass reads in place of one of the forward pass.
    private Value value(Value value) {
      Value root = root(value);
      if (!makers.containsKey(root) || kept.contains(root)) {
        return value;
      }
      if (present.add(root)) {
        Step step = makers.get(root);
        List<Value> inputs = step.inputs().stream().map(this::value).toList();
        order.add(step.again(root.again(), inputs));
      }
      for (Value at = value; !at.equals(root); at = Recompute.this.chosen.aliases().get(at)) {
        aliases.put(at.again(), Recompute.this.chosen.aliases().get(at).again());
      }
      return value.again();
    }
  }
}
