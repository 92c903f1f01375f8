package juanji.explain;

import java.util.Map;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Contraction;
import juanji.op.Pointwise;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What this machine can do at most: arithmetic and memory traffic, measured with the library's own kernels. A layer
/// takes at least the longer of work / arithmetic and bytes / traffic (the roofline).
///
/// Source: Williams, Waterman and Patterson, *Roofline*, 2009.
///
/// @param flops floating-point operations per second; a multiplication with an addition is two
/// @param bytes bytes per second between processor and memory
public record MachineRate(double flops, double bytes) {
  private static final int SIDE = 512;
  private static final int LONG = 1 << 23;
  private static final int RUNS = 8;

  /// Measures for about half a second.
  public static MachineRate measure(Workers workers) {
    GraphBuilder product = new GraphBuilder();
    Node a = product.input("a", Shape.of(SIDE, SIDE));
    Node b = product.input("b", Shape.of(SIDE, SIDE));
    product.output("y", product.apply(new Contraction.MatMul(false, false), a, b));
    Tensor matrix = Tensor.full(Shape.of(SIDE, SIDE), 0.5f);
    double seconds = best(product, Map.of("a", matrix, "b", matrix), workers);
    GraphBuilder sum = new GraphBuilder();
    Node x = sum.input("x", Shape.of(LONG));
    sum.output("y", sum.apply(new Pointwise.Relu(), x));
    double copying = best(sum, Map.of("x", Tensor.full(Shape.of(LONG), 1)), workers);
    // Read once, written once; the copy to the result is another pass of both.
    return new MachineRate(2.0 * SIDE * SIDE * SIDE / seconds, 8.0 * LONG / copying);
  }

  private static double best(GraphBuilder builder, Map<String, Tensor> given, Workers workers) {
    Session session = new Session(Compiler.compile(builder.build(), 1, Target.best()), Map.of(), workers);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < RUNS; i++) {
      long nanos = 0;
      for (long step : session.time(given)) {
        nanos += step;
      }
      best = Math.min(best, nanos);
    }
    return Math.max(1, best) / 1e9;
  }

  /// The least time for some work and traffic, in seconds.
  public double seconds(double operations, double traffic) {
    return Math.max(operations / flops, traffic / bytes);
  }
}
