package juanji.op;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Operations that summarise along some axes, which keep an extent of 1.
///
/// Constraints of all: C1 each axis exists and is named once.
public sealed interface Reduction extends Op {
  /// The axes summarised, counted from 0.
  List<Integer> axes();

  /// What the summary starts from.
  double start();

  /// The summary with one more element.
  double join(double sum, double element);

  @Override default Shape shape(List<Shape> shapes) {
    arity(shapes, 1);
    Shape x = shapes.getFirst();
    Shape y = x;
    for (int axis : axes()) {
      if (axis < 0 || axis >= x.rank() || axes().indexOf(axis) != axes().lastIndexOf(axis)) {
        throw new ShapeException(label(), "C1: each axis is from 0 to " + (x.rank() - 1) + " and named once; received "
            + axes() + " for " + x + ".", "Name axes that the input has.", shapes);
      }
      y = y.with(axis, 1);
    }
    return y;
  }

  @Override default double[] reference(List<Shape> shapes, List<double[]> values) {
    Shape x = shapes.getFirst();
    Shape y = shape(shapes);
    double[] in = values.getFirst();
    double[] out = new double[y.length()];
    Arrays.fill(out, start());
    int[] to = Broadcast.indices(y, x);
    for (int i = 0; i < in.length; i++) {
      out[to[i]] = join(out[to[i]], in[i]);
    }
    return out;
  }

  /// y = Σ x.
  ///
  /// @param axes the axes summed over
  record Sum(List<Integer> axes) implements Reduction {
    /// Takes a copy of the list.
    public Sum {
      axes = List.copyOf(axes);
    }

    @Override public double start() {
      return 0;
    }

    @Override public double join(double sum, double element) {
      return sum + element;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new View.Expand(false), gradient, in.getFirst())));
    }
  }

  /// y = the mean of x.
  ///
  /// @param axes the axes averaged over
  record Mean(List<Integer> axes) implements Reduction {
    /// Takes a copy of the list.
    public Mean {
      axes = List.copyOf(axes);
    }

    @Override public double start() {
      return 0;
    }

    @Override public double join(double sum, double element) {
      return sum + element;
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] sums = Reduction.super.reference(shapes, values);
      double count = (double) values.getFirst().length / sums.length;
      return Arrays.stream(sums).map(s -> s / count).toArray();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new View.Expand(true), gradient, in.getFirst())));
    }
  }

  /// y = the largest x. The gradient is shared evenly by equal maxima.
  ///
  /// @param axes the axes searched
  record Max(List<Integer> axes) implements Reduction {
    /// Takes a copy of the list.
    public Max {
      axes = List.copyOf(axes);
    }

    @Override public double start() {
      return Double.NEGATIVE_INFINITY;
    }

    @Override public double join(double sum, double element) {
      return Math.max(sum, element);
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V mask = algebra.apply(new Pointwise.Equal(), in.getFirst(), output);
      V share = algebra.apply(new Pointwise.Div(), gradient, algebra.apply(new Sum(axes), mask));
      return List.of(Optional.of(algebra.mul(mask, share)));
    }
  }
}
