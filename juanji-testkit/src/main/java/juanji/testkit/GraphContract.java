package juanji.testkit;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;

/// A planned graph computes what the graph means, with the same bits at any number of threads and in any memory.
///
/// The plan runs several times, each time on the parameters that the run before left; the definition starts each time
/// from the same ones. Working memory is filled with NaN first, and with large numbers the next time, so that what is
/// read before it is written is seen.
public final class GraphContract {
  /// Beyond this, training has run away, and floats may overflow where the definition does not.
  private static final double RUNAWAY = 1e9;

  private GraphContract() {
  }

  /// Checks a graph on a target.
  ///
  /// @param tolerance how far a result may be off, relative to the largest element of the result (at least 1)
  /// @throws AssertionError if a result is off, or differs by the number of threads or the run
  public static void check(GraphSample sample, Target target, double tolerance) {
    Plan plan = Compiler.compile(sample.graph(), sample.batch(), sample.sizes(), target);
    ArenaContract.check(plan);
    Map<String, Tensor> alone = run(sample, plan, 1, tolerance);
    for (int threads : List.of(2, 3)) {
      Map<String, Tensor> together = run(sample, plan, threads, tolerance);
      alone.forEach((name, tensor) -> Bits.same(name + " with 1 and " + threads + " threads", tensor,
          together.get(name)));
    }
  }

  /// Runs three times, compares with the definition, and returns all results and the parameters as they were left.
  private static Map<String, Tensor> run(GraphSample sample, Plan plan, int threads, double tolerance) {
    Map<String, Tensor> parameters = sample.freshParameters();
    Map<String, Tensor> all = new LinkedHashMap<>();
    try (Workers workers = Workers.of(threads)) {
      Session session = new Session(plan, parameters, workers);
      for (int run = 0; run < 3; run++) {
        session.poison(run == 0 ? Float.NaN : 1e30f * run);
        int now = run;
        Map<String, Tensor> before = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> before.put(name, tensor.copy()));
        Map<String, Tensor> results = session.run(sample.inputs());
        results.forEach((name, tensor) -> all.put("output '" + name + "' of run " + now, tensor));
        if (threads == 1 && small(before)) {
          Interpreter.Results expected = sample.expected(before);
          expected.outputs().forEach((name, e) -> close("output '" + name + "' of run " + now, e, results.get(name),
              tolerance, plan));
          expected.updates().forEach((name, e) -> close("update '" + name + "' of run " + now, e,
              parameters.get(name), tolerance, plan));
          before.forEach((name, tensor) -> {
            if (!expected.updates().containsKey(name)) {
              Bits.same("parameter '" + name + "', which nothing updates,", tensor, parameters.get(name));
            }
          });
        }
      }
      // The same memory and inputs again, without poison: the bits depend on nothing else.
      if (sample.graph().updates().isEmpty()) {
        session.run(sample.inputs()).forEach((name, tensor) -> Bits.same("output '" + name + "' of a repeated run",
            all.get("output '" + name + "' of run 2"), tensor));
      }
    }
    parameters.forEach((name, tensor) -> all.put("parameter '" + name + "'", tensor));
    return all;
  }

  /// Whether training has not run away: then rounding errors have, too.
  private static boolean small(Map<String, Tensor> parameters) {
    for (Tensor tensor : parameters.values()) {
      for (float v : tensor.data()) {
        if (!(Math.abs(v) <= 20)) {
          return false;
        }
      }
    }
    return true;
  }

  private static void close(String what, Exact expected, Tensor actual, double tolerance, Plan plan) {
    if (Arrays.stream(expected.data()).anyMatch(e -> Math.abs(e) > RUNAWAY)) {
      return;
    }
    try {
      Bits.close(what, expected, actual, tolerance);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + plan + plan.graph(), e);
    }
  }
}
