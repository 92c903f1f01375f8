package juanji.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.graph.Graph;
import juanji.graph.Node;
import juanji.kernel.JoinKernel;
import juanji.kernel.Layout;

/// Pass 8: gives every value a place in one arena, such that values alive at the same time never overlap.
///
/// A pointwise step, or one whose kernel allows it, writes over an operand of its size that nothing needs afterwards.
/// What a step joins to one row, such as the channels of a single image, lies in that row as soon as it is made. A
/// parameter's new value is written into the parameter itself if nothing reads the old one any more. Buffers are placed
/// largest first, each at the lowest offset that is free throughout its life (greedy by size; Pisarchyk and Lee,
/// *Efficient memory management for deep neural net inference*, 2020).
final class PlanMemory {
  /// Buffers begin at multiples of this many floats: a cache line.
  private static final int ALIGNMENT = 16;
  private static final int FOREVER = Integer.MAX_VALUE;

  /// A stretch of the arena from one step to another, or a part of such a stretch.
  private static final class Buffer {
    private final long length;
    private int first;
    private int last;
    private long offset = -1;
    private Buffer whole;
    private long start;

    Buffer(long length, int first, int last) {
      this.length = Math.ceilDiv(Math.max(length, 1), ALIGNMENT) * ALIGNMENT;
      this.first = first;
      this.last = last;
    }

    /// Makes this a part of another buffer for its whole life.
    void lieIn(Buffer other, long from) {
      whole = other;
      start = from;
      other.first = Math.min(other.first, first);
    }

    long offset() {
      return whole == null ? offset : whole.offset() + start;
    }

    boolean meets(Buffer other) {
      return first <= other.last && other.first <= last;
    }
  }

  /// The result of the pass.
  ///
  /// @param steps in the order in which they run, those done once first
  /// @param places where each value lies
  /// @param packings for each step, where its packed operand lies; −1 if it has none
  /// @param ready for each step whose operand is packed once, the step done once that makes this operand; −1 if it is
  ///     given
  /// @param workspaces for each step, where its workspace lies; −1 if it has none
  /// @param floats the size of the arena
  /// @param copies the parameters whose new value is copied to them after the last step
  record Arranged(List<Step> steps, Map<Value, Place> places, int[] packings, int[] ready, int[] workspaces,
      int floats, Map<String, Value> copies) {
  }

  private final Graph graph;
  private final List<Step> steps;
  private final int once;
  private final Map<Value, Integer> madeOnce = new HashMap<>();
  private final Map<Value, Value> aliases;
  private final Map<Value, Integer> lastUse = new HashMap<>();
  private final Map<Value, Buffer> buffers = new HashMap<>();
  private final Map<Value, Place> places = new LinkedHashMap<>();
  private final Map<String, Value> copies = new LinkedHashMap<>();

  private PlanMemory(Graph graph, ChooseKernels.Chosen chosen) {
    this.graph = graph;
    this.aliases = chosen.aliases();
    // Stable: within each part the order stays.
    this.steps = chosen.steps().stream().sorted(Comparator.comparing(s -> !s.once())).toList();
    this.once = (int) steps.stream().filter(Step::once).count();
    for (int i = 0; i < once; i++) {
      madeOnce.put(steps.get(i).output(), i);
    }
  }

  static Arranged run(Graph graph, ChooseKernels.Chosen chosen) {
    return new PlanMemory(graph, chosen).arrange();
  }

  /// The value whose memory a value is.
  private Value root(Value value) {
    Value at = value;
    while (aliases.containsKey(at)) {
      at = aliases.get(at);
    }
    return at;
  }

  private Arranged arrange() {
    for (int i = 0; i < steps.size(); i++) {
      int now = i;
      Step step = steps.get(i);
      // What is packed once is packed as soon as it is made.
      step.inputs().forEach(v -> lastUse.merge(root(v), step.onlyPacks(v) ? ready(v) : now, Math::max));
    }
    graph.outputs().values().forEach(n -> lastUse.put(root(new Value(n, Layout.PLAIN)), FOREVER));
    Map<Value, String> inPlace = updatesInPlace();
    List<Buffer> packings = new ArrayList<>();
    List<Buffer> workspaces = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (inPlace.containsKey(step.output())) {
        places.put(step.output(), new Place.Parameter(inPlace.get(step.output())));
      } else {
        buffers.put(step.output(), buffer(step, i));
        joinInPlace(step, i);
      }
      int now = i;
      packings.add(step.kernel().packing().map(p -> step.packedOnce()
          ? new Buffer(p.floats(), Math.max(0, ready(step.packed())), FOREVER) : new Buffer(p.floats(), now, now))
          .orElse(null));
      long workspace = step.kernel().workspace();
      workspaces.add(workspace > 0 ? new Buffer(workspace, i, i) : null);
    }
    List<Buffer> all = new ArrayList<>(buffers.values().stream().distinct().filter(b -> b.whole == null).toList());
    Stream.concat(packings.stream(), workspaces.stream()).filter(Objects::nonNull).forEach(all::add);
    long floats = assign(all);
    if (floats > Integer.MAX_VALUE - 64) {
      throw new PlanException("this plan needs " + (floats >> 18) + " MiB of working memory.\n"
          + "  C1: a plan's arena holds at most " + (Integer.MAX_VALUE >> 18) + " MiB.\n"
          + "  Use a smaller batch or smaller inputs.");
    }
    buffers.forEach((value, buffer) -> places.put(value, new Place.Arena((int) buffer.offset())));
    placeTheRest();
    int[] ready = steps.stream().mapToInt(s -> s.packedOnce() ? ready(s.packed()) : -1).toArray();
    return new Arranged(steps, places, offsets(packings), ready, offsets(workspaces), (int) floats, copies);
  }

  /// The step done once that makes a value; −1 if none does.
  private int ready(Value value) {
    return madeOnce.getOrDefault(root(value), -1);
  }

  private static int[] offsets(List<Buffer> buffers) {
    return buffers.stream().mapToInt(b -> b == null ? -1 : (int) b.offset).toArray();
  }

  /// Which update values are written into their parameters directly: those whose step comes after all other readers of
  /// the old value, and reads it only at the place that it writes.
  private Map<Value, String> updatesInPlace() {
    Map<Value, Integer> madeAt = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      madeAt.put(steps.get(i).output(), i);
    }
    // A parameter's old value that becomes another's new one is read after the last step.
    graph.updates().values().stream().map(n -> root(new Value(n, Layout.PLAIN))).filter(v -> !madeAt.containsKey(v))
        .forEach(v -> lastUse.put(v, FOREVER));
    Map<Value, String> result = new HashMap<>();
    graph.updates().forEach((parameter, node) -> {
      Value old = new Value(parameter, Layout.PLAIN);
      Value fresh = root(new Value(node, Layout.PLAIN));
      Integer made = madeAt.get(fresh);
      int read = lastUse.getOrDefault(old, -1);
      boolean fits = made != null && !result.containsKey(fresh) && (read < made
          || read == made && overwrites(steps.get(made), old)
          && old.node().shape().equals(fresh.node().shape()));
      if (fits) {
        result.put(fresh, parameter.name());
      } else {
        lastUse.put(fresh, FOREVER);
        copies.put(parameter.name(), fresh);
      }
    });
    return result;
  }

  /// Whether a step may write over a value, as whatever operand it reads it.
  private boolean overwrites(Step step, Value value) {
    return IntStream.range(0, step.inputs().size())
        .allMatch(i -> !root(step.inputs().get(i)).equals(root(value)) || step.kernel().overwrites(i + 1));
  }

  /// Whether a value is a single one of a step's operands.
  private boolean readsOnce(Step step, Value value) {
    return step.inputs().stream().filter(v -> root(v).equals(root(value))).count() == 1;
  }

  private Buffer buffer(Step step, int now) {
    int last = lastUse.getOrDefault(step.output(), now);
    if (step.once() && last >= once) {
      last = FOREVER;
    }
    if (!step.once()) {
      for (Value input : step.inputs()) {
        Value old = root(input);
        Buffer buffer = buffers.get(old);
        boolean sameRuns = input.layout().equals(step.output().layout())
            && input.node().shape().equals(step.output().node().shape());
        if (buffer != null && sameRuns && buffer.last == now && overwrites(step, input)) {
          buffer.last = last;
          return buffer;
        }
      }
    }
    return new Buffer(step.output().length(), now, last);
  }

  /// Lets what a step joins to one row lie in that row from the beginning, where nothing else reads it later.
  private void joinInPlace(Step step, int now) {
    if (step.once() || !(step.kernel() instanceof JoinKernel join)) {
      return;
    }
    int[] starts = join.starts();
    for (int i = 0; i < starts.length; i++) {
      Value input = step.inputs().get(i);
      Buffer part = buffers.get(root(input));
      boolean free = part != null && part.last == now && readsOnce(step, input);
      if (free && starts[i] % ALIGNMENT == 0) {
        part.lieIn(buffers.get(step.output()), starts[i]);
      }
    }
  }

  private static long assign(List<Buffer> all) {
    List<Buffer> order = all.stream().sorted(Comparator.comparing((Buffer b) -> -b.length).thenComparing(b -> b.first))
        .toList();
    List<Buffer> placed = new ArrayList<>();
    long end = 0;
    for (Buffer b : order) {
      long at = 0;
      // `placed` is kept in the order of offsets, so one walk finds the lowest gap.
      for (Buffer p : placed) {
        if (p.meets(b)) {
          if (at + b.length <= p.offset) {
            break;
          }
          at = Math.max(at, p.offset + p.length);
        }
      }
      b.offset = at;
      int index = 0;
      while (index < placed.size() && placed.get(index).offset <= at) {
        index++;
      }
      placed.add(index, b);
      end = Math.max(end, at + b.length);
    }
    return end;
  }

  /// Places of the values that no step makes, and of those that are another's memory.
  private void placeTheRest() {
    List<Value> values = new ArrayList<>();
    steps.forEach(s -> values.addAll(s.inputs()));
    values.addAll(copies.values());
    graph.outputs().values().forEach(n -> values.add(new Value(n, Layout.PLAIN)));
    for (Value value : values) {
      Value root = root(value);
      Place place = places.get(root);
      if (place == null) {
        place = switch (root.node()) {
          case Node.Input i -> new Place.Input(i.name());
          case Node.Parameter p -> new Place.Parameter(p.name());
          case Node.Constant c -> new Place.Constant(c.value());
          case Node.Apply a -> throw new AssertionError("no step computes " + a);
        };
      }
      places.put(value, place);
    }
  }
}
