package juanji.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.ShapeException;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// An operation, shapes that it takes, and what numbers suit it.
///
/// @param op the operation
/// @param shapes its inputs' shapes, bound
/// @param values the kind of numbers for each input
public record Sample(Op op, List<Shape> shapes, List<Values> values) {
  /// Takes copies of the lists.
  public Sample {
    shapes = List.copyOf(shapes);
    values = List.copyOf(values);
  }

  /// A sample whose inputs all take the same kind of numbers.
  public static Sample of(Op op, Values kind, Shape... shapes) {
    return new Sample(op, List.of(shapes), List.of(shapes).stream().map(_ -> kind).toList());
  }

  /// The result's shape.
  public Shape output() {
    return op.shape(shapes);
  }

  /// The inputs' elements under a seed.
  public List<double[]> numbers(long seed) {
    Draw draw = new Draw(seed);
    List<double[]> numbers = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      numbers.add(draw.numbers(shapes.get(i), values.get(i)));
    }
    return numbers;
  }

  /// The result's shape if the first axis of each input that shares the first one's batch is left open; empty where
  /// the operation does not take that.
  Optional<Shape> open() {
    if (shapes.isEmpty() || shapes.getFirst().rank() == 0) {
      return Optional.empty();
    }
    // Of weights, of a view's own extents and of matrices in a product, the first axis is no batch.
    boolean all = switch (op) {
      case Contraction.Conv _, Contraction.ConvInput _, LocalContraction _, Gather.Lookup _,
          Gather.LookupInput _, Regional _ -> false;
      case Contraction.MatMul m -> shapes.getFirst().rank() > 2;
      case Contraction.ConvFilter _, Pointwise _, Windowed _, Reduction _, View _, Random _, Composite _,
          CustomOp _ -> true;
    };
    int batch = shapes.getFirst().dim(0);
    int rank = shapes.getFirst().rank();
    List<Shape> open = new ArrayList<>();
    for (int i = 0; i < shapes.size(); i++) {
      Shape s = shapes.get(i);
      boolean shares = i == 0 || all && s.rank() > 0 && s.dim(0) == batch
          && (s.rank() == rank || op instanceof Composite.CrossEntropy);
      open.add(shares ? s.with(0, Shape.UNBOUND) : s);
    }
    try {
      return Optional.of(op.shape(open));
    } catch (ShapeException e) {
      return Optional.empty();
    }
  }

  /// The operation as a graph of its own, with numbers.
  public GraphSample graph(long seed) {
    return Contracts.graph(op, shapes, numbers(seed));
  }

  /// How many numbers one element of the result sums.
  long summands() {
    long largest = shapes.stream().mapToLong(Shape::size).max().orElse(1);
    return switch (op) {
      case Contraction.Conv _ -> shapes.get(1).size(1);
      case Contraction.ConvInput _ -> shapes.get(1).size() / Math.max(1, shapes.get(1).dim(1));
      case Contraction.ConvFilter _ -> shapes.get(1).size() / Math.max(1, shapes.get(1).dim(1));
      case Contraction.MatMul m -> shapes.getFirst().dim(m.transposeA() ? -2 : -1);
      case LocalContraction _ -> largest;
      case Windowed w -> w.window().taps();
      case Gather.TakeInput _, Gather.LookupInput _, Regional _ -> largest;
      case Pointwise _, View _, Random _ -> 1;
      case Reduction _, Composite _, CustomOp _ -> largest;
    };
  }

  @Override public String toString() {
    return op + " of " + shapes;
  }
}
