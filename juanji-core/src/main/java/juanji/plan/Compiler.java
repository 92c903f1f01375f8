package juanji.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.Node;

/// Turns graphs into plans, in eight passes:
///
/// 1. [Bind] gives the batch and other open extents their sizes,
/// 2. [Expand] writes composite operations out,
/// 3. [Fold] computes what is known and moves batch-norm into convolutions,
/// 4. [LanesOverBatch] lays samples side by side where channels are few,
/// 5. [Fuse] groups operations into steps,
/// 6. [LayOut] decides how values lie in memory,
/// 7. [ChooseKernels] finds a kernel for each step; [ReadThrough] leaves cheap steps to the kernels that read them,
/// 8. [PlanMemory] gives each value a place; where that takes more than is allowed, [Recompute] repeats steps.
///
/// The same graph, batch and target always give the same plan; a target with a [Tuning] is the same if its choices are.
///
/// ```java
/// Plan plan = Compiler.compile(model.graph(), 64, Target.best());
/// IO.println(plan);
/// ```
public final class Compiler {
  /// No limit but the largest arena.
  private static final long UNLIMITED = Long.MAX_VALUE;

  private Compiler() {
  }

  /// A plan for the graph with `batch` samples per run.
  ///
  /// @throws IllegalArgumentException if the batch is below 1
  /// @throws PlanException if the plan would not fit in memory
  public static Plan compile(Graph graph, int batch, Target target) {
    return compile(graph, batch, Map.of(), target);
  }

  /// A plan for the graph with `batch` samples per run, of which some inputs are no samples, such as a table of
  /// regions.
  ///
  /// @param sizes the open extents of such inputs, by the inputs' names; those of all others are the batch's
  /// @throws IllegalArgumentException if one is below 1, or the graph has no such input
  /// @throws PlanException if the plan would not fit in memory
  public static Plan compile(Graph graph, int batch, Map<String, Integer> sizes, Target target) {
    return compile(graph, batch, sizes, target, UNLIMITED);
  }

  /// A plan that takes no more memory than a limit. Where it would, as a training step may, values of the forward pass
  /// are computed again for the backward pass rather than kept: the results have the same bits, and a run takes longer,
  /// by up to the time of a forward pass.
  ///
  /// @param limit the most bytes that working memory and parameters together may take
  /// @throws IllegalArgumentException if the limit is below 1
  /// @throws PlanException if there is no such plan; the message has the least that would do
  public static Plan compile(Graph graph, int batch, Target target, long limit) {
    return compile(graph, batch, Map.of(), target, limit);
  }

  private static Plan compile(Graph graph, int batch, Map<String, Integer> sizes, Target target, long limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a plan cannot take " + limit + " bytes.\n"
          + "  C4: the limit is at least 1 byte; received " + limit + ".\n"
          + "  Use what the machine can spare, such as 1L << 30.");
    }
    if (batch < 1) {
      throw new IllegalArgumentException("a batch of " + batch + " samples cannot be planned.\n"
          + "  C1: a batch has at least 1 sample; received " + batch + ".\n"
          + "  Use 1 or more.");
    }
    sizes.forEach((name, size) -> {
      List<String> names = graph.inputs().stream().filter(i -> !i.shape().bound()).map(Node::name).toList();
      if (size < 1 || !names.contains(name)) {
        throw new IllegalArgumentException("an input '" + name + "' of " + size + " rows cannot be planned.\n"
            + "  C2: each size is at least 1 and that of an input whose extent is open; received " + size + " for '"
            + name + "' of " + names + ".\n"
            + "  Give the number of rows of the tensor that each run is given.");
      }
    });
    Graph written = Fold.run(Expand.run(Bind.run(graph, batch, sizes)));
    Graph bound = LanesOverBatch.run(written, target.lanes());
    List<Group> groups = Fuse.run(bound);
    List<Node> leaving = new ArrayList<>(bound.outputs().values());
    leaving.addAll(bound.updates().values());
    List<LayOut.Placed> placed = LayOut.run(groups, leaving, target.kernels());
    ChooseKernels.Chosen chosen = ChooseKernels.run(placed, target, bound.updates().keySet(), leaving);
    long parameters = bound.parameters().stream().mapToLong(p -> p.shape().size()).sum();
    long floats = limit == UNLIMITED ? Long.MAX_VALUE : limit / 4 - parameters;
    return new Plan(bound, target, batch, Recompute.run(bound, chosen, floats, parameters));
  }
}
