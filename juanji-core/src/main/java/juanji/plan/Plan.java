package juanji.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import juanji.graph.Graph;
import juanji.graph.Node;
import juanji.kernel.Layout;
import juanji.op.View;
import juanji.tensor.Shape;

/// A graph made ready to run on one kind of machine with one batch size: steps in order, a kernel for each, and a place
/// in memory for each value. The memory it needs is known before anything runs.
///
/// A plan is an immutable value; a [Session] runs it. `toString` prints it as a table for people.
public final class Plan {
  private final Graph graph;
  private final Target target;
  private final int batch;
  private final PlanMemory.Arranged memory;

  Plan(Graph graph, Target target, int batch, PlanMemory.Arranged memory) {
    this.graph = graph;
    this.target = target;
    this.batch = batch;
    this.memory = memory;
  }

  /// The graph that the steps compute, sizes bound and composites written out.
  public Graph graph() {
    return graph;
  }

  /// The machine it is made for.
  public Target target() {
    return target;
  }

  /// The number of samples per run.
  public int batch() {
    return batch;
  }

  /// Bytes of working memory, besides inputs and parameters.
  public long bytes() {
    return 4L * memory.floats();
  }

  /// Bytes of the parameters that the graph uses.
  public long parameterBytes() {
    return graph.parameters().stream().mapToLong(p -> 4 * p.shape().size()).sum();
  }

  /// Multiplications and additions per run.
  public long flops() {
    return memory.steps().stream().filter(s -> !s.once()).mapToLong(Step::flops).sum();
  }

  /// The number of steps.
  public int size() {
    return memory.steps().size();
  }

  PlanMemory.Arranged memory() {
    return memory;
  }

  /// Where each step's result lies in the arena, for checks that living values never overlap: for every value the first
  /// float, the number of floats, the step that makes it and the last step that reads it.
  public List<Interval> intervals() {
    List<Interval> result = new ArrayList<>();
    List<Step> steps = memory.steps();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (memory.places().get(step.output()) instanceof Place.Arena(int offset)) {
        result.add(new Interval(step.label(), offset, step.output().length(), i, lastRead(step.output(), i)));
      }
      if (memory.packings()[i] >= 0) {
        result.add(new Interval(step.label() + " packing", memory.packings()[i], step.kernel().packing().get().floats(),
            step.packedOnce() ? Math.max(0, memory.ready()[i]) : i,
            step.packedOnce() ? steps.size() : i));
      }
      if (memory.workspaces()[i] >= 0) {
        result.add(new Interval(step.label() + " workspace", memory.workspaces()[i], step.kernel().workspace(), i, i));
      }
    }
    return result;
  }

  /// The last step that reads a value, by itself or under another shape. In-place steps end a value's life.
  private int lastRead(Value value, int made) {
    Place place = memory.places().get(value);
    List<Step> steps = memory.steps();
    boolean leaves = value.layout().plain() && !value.repeated() && Stream.concat(graph.outputs().values().stream(),
        memory.copies().values().stream().map(Value::node)).anyMatch(n -> aliasOf(plain(n), value));
    int once = (int) steps.stream().filter(Step::once).count();
    int last = made;
    for (int i = made + 1; i < steps.size(); i++) {
      Step step = steps.get(i);
      List<Value> reads = step.inputs().stream().filter(v -> v.length() == value.length()
          && v.repeated() == value.repeated() && place.equals(memory.places().get(v)) && aliasOf(v, value))
          .toList();
      if (!reads.isEmpty()) {
        last = Math.max(last, reads.stream().allMatch(step::onlyPacks) ? memory.ready()[i] : i);
      }
    }
    return leaves || steps.get(made).once() && last >= once ? steps.size() : last;
  }

  /// Whether a value is another's memory: the same one, or reshaped from it.
  private static boolean aliasOf(Value value, Value root) {
    Node at = value.node();
    while (at != root.node() && at instanceof Node.Apply a && a.op() instanceof View.Reshape) {
      at = a.inputs().getFirst();
    }
    return at == root.node();
  }

  private static Value plain(Node node) {
    return new Value(node, Layout.PLAIN);
  }

  /// A value's stretch of the arena and of time.
  ///
  /// @param label the step that makes it
  /// @param offset its first float
  /// @param length its number of floats
  /// @param first the step that makes it
  /// @param last the last step that reads it
  public record Interval(String label, int offset, long length, int first, int last) {
  }

  /// The table: one line per step.
  @Override public String toString() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"#", "step", "in", "kernel", "why", "layout", "output", "arena", "MFLOP"});
    List<Step> steps = memory.steps();
    Map<Value, Place> places = memory.places();
    for (int i = 0; i < steps.size(); i++) {
      Step s = steps.get(i);
      String where = switch (places.get(s.output())) {
        case Place.Arena(int offset) -> offset + "–" + (offset + s.output().length());
        case Place.Parameter(String name) -> "→ " + name;
        case Place.Input(String name) -> name;
        case Place.Constant _ -> "constant";
      };
      Shape shape = s.output().node().shape();
      rows.add(new String[] {Integer.toString(i), s.label() + (s.once() ? " (once)" : ""), s.name(), s.kernel().name(),
          s.kernel().reason() + (s.packedOnce() ? ", packed once" : ""), s.output().layout().toString(),
          shape.toString(), where, String.format(Locale.ROOT, "%.3f", s.flops() / 1e6)});
    }
    StringBuilder text = new StringBuilder();
    int columns = rows.getFirst().length;
    int[] widths = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        boolean right = c == 0 || c == columns - 1;
        String gap = " ".repeat(widths[c] - row[c].length());
        line.append(right ? gap + row[c] : row[c] + gap).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.append(String.format(Locale.ROOT,
        "%d steps on %s; %.3f MFLOP and %.2f MiB of working memory for a batch of %d; %.2f MiB of parameters%n",
        steps.size(), target, flops() / 1e6, bytes() / 1048576.0, batch, parameterBytes() / 1048576.0)).toString();
  }
}
