package juanji.testkit;

import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Op;
import juanji.plan.Target;
import juanji.tensor.Shape;

/// All contracts of one operation, such as a [juanji.op.CustomOp] of your own, on shapes that you give.
///
/// ```java
/// OpCheck.of(new Swish(), Shape.of(2, 3, 5)).check();
/// OpCheck.of(new Root(), Shape.of(7)).values(Values.POSITIVE).check();
/// ```
///
/// Checked are: the shape rule against the definition, also with an open batch; the gradient against central
/// differences in double precision; and what plans compute on the scalar and on the best kernels, with one, two and
/// three threads.
///
/// @param op the operation
/// @param shapes its inputs' shapes
/// @param values the kind of numbers for each input
/// @param seed what the numbers are drawn from
public record OpCheck(Op op, List<Shape> shapes, List<Values> values, long seed) {
  /// A check with numbers that are all different and not 0.
  public static OpCheck of(Op op, Shape... shapes) {
    return new OpCheck(op, List.of(shapes), IntStream.range(0, shapes.length).mapToObj(_ -> Values.APART).toList(), 1);
  }

  /// This check with other numbers: one kind per input.
  public OpCheck values(Values... kinds) {
    return new OpCheck(op, shapes, List.of(kinds), seed);
  }

  /// This check with numbers of another seed.
  public OpCheck seed(long number) {
    return new OpCheck(op, shapes, values, number);
  }

  /// Checks all contracts.
  ///
  /// @throws AssertionError if one is broken
  public void check() {
    Sample sample = new Sample(op, shapes, values);
    Contracts.shape(sample, seed);
    Contracts.gradient(sample, seed);
    Contracts.kernel(sample, Target.scalar(), seed);
    Contracts.kernel(sample, Target.best(), seed);
  }
}
