package juanji.op;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operations that are made of others. A plan expands them unless a kernel wants the whole; their shape, reference and
/// (unless a shorter form is known) gradient follow from the expansion.
public sealed interface Composite extends Op permits Composite.Normalize, Composite.Softmax, Composite.LogSoftmax,
    Composite.CrossEntropy, Composite.MeanSquaredError, Composite.SampleNumbers, ChannelStatistics, Nonlinearity,
    Normalizing, Summarizing {
  /// The operation written out.
  <V> V expand(Algebra<V> algebra, List<V> inputs);

  /// The number of inputs.
  int inputs();

  @Override default Shape shape(List<Shape> shapes) {
    arity(shapes, inputs());
    return expand(new ShapeAlgebra(), shapes);
  }

  @Override default double[] reference(List<Shape> shapes, List<double[]> values) {
    return expand(Exact.ALGEBRA, IntStream.range(0, shapes.size())
        .mapToObj(i -> new Exact(shapes.get(i), values.get(i))).toList()).data();
  }

  @Override default <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
    Tape<V> tape = new Tape<>(algebra);
    V result = expand(tape, in);
    List<Optional<V>> whole = tape.gradients(result, gradient, in);
    // A value that is two inputs has one gradient, which holds both parts: the first place takes it.
    return IntStream.range(0, in.size()).mapToObj(i -> IntStream.range(0, i).anyMatch(j -> in.get(j) == in.get(i))
        ? Optional.<V>empty() : whole.get(i)).toList();
  }

  /// x̂ = (x − mean) / √(variance + ε), with mean and (biased) variance over `axes`: the heart of batch, layer, group
  /// and instance normalisation.
  ///
  /// Gradient: dx = (dx̂ − mean(dx̂) − x̂ · mean(dx̂ · x̂)) / √(variance + ε).
  /// Source: Ioffe and Szegedy, *Batch normalization*, 2015.
  ///
  /// @param axes the axes over which the statistics are taken
  /// @param epsilon what keeps the root away from 0
  record Normalize(List<Integer> axes, double epsilon) implements Composite {
    /// Takes a copy of the list.
    public Normalize {
      axes = List.copyOf(axes);
    }

    @Override public int inputs() {
      return 1;
    }

    /// The mean over the axes.
    public <V> V mean(Algebra<V> algebra, V x) {
      return algebra.apply(new Reduction.Mean(axes), x);
    }

    /// The biased variance over the axes.
    public <V> V variance(Algebra<V> algebra, V x) {
      V centred = algebra.sub(x, mean(algebra, x));
      return algebra.apply(new Reduction.Mean(axes), algebra.mul(centred, centred));
    }

    private <V> V scale(Algebra<V> algebra, V x) {
      return algebra.apply(new Pointwise.Reciprocal(),
          algebra.apply(new Pointwise.Sqrt(), algebra.affine(variance(algebra, x), 1, epsilon)));
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V x = in.getFirst();
      return algebra.mul(algebra.sub(x, mean(algebra, x)), scale(algebra, x));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V x = in.getFirst();
      V normal = expand(algebra, in);
      V along = algebra.apply(new Reduction.Mean(axes), algebra.mul(gradient, normal));
      V rest = algebra.sub(algebra.sub(gradient, algebra.apply(new Reduction.Mean(axes), gradient)),
          algebra.mul(normal, along));
      return List.of(Optional.of(algebra.mul(rest, scale(algebra, x))));
    }
  }

  /// y = eˣ / Σ eˣ along one axis.
  ///
  /// @param axis the axis along which the outputs sum to 1
  record Softmax(int axis) implements Composite {
    @Override public int inputs() {
      return 1;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V x = in.getFirst();
      V e = algebra.apply(new Pointwise.Exp(), algebra.sub(x, algebra.apply(new Reduction.Max(List.of(axis)), x)));
      return algebra.apply(new Pointwise.Div(), e, algebra.apply(new Reduction.Sum(List.of(axis)), e));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V along = algebra.apply(new Reduction.Sum(List.of(axis)), algebra.mul(gradient, output));
      return List.of(Optional.of(algebra.mul(algebra.sub(gradient, along), output)));
    }
  }

  /// y = x − ln Σ eˣ along one axis, computed without overflow.
  ///
  /// @param axis the axis along which eʸ sums to 1
  record LogSoftmax(int axis) implements Composite {
    @Override public int inputs() {
      return 1;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V x = in.getFirst();
      V centred = algebra.sub(x, algebra.apply(new Reduction.Max(List.of(axis)), x));
      V sum = algebra.apply(new Reduction.Sum(List.of(axis)), algebra.apply(new Pointwise.Exp(), centred));
      return algebra.sub(centred, algebra.apply(new Pointwise.Log(), sum));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V total = algebra.apply(new Reduction.Sum(List.of(axis)), gradient);
      V share = algebra.mul(algebra.apply(new Pointwise.Exp(), output), total);
      return List.of(Optional.of(algebra.sub(gradient, share)));
    }
  }

  /// The mean over the batch of −ln softmax(x)[class]: the loss of classification.
  ///
  /// Inputs: scores of N × K and either class numbers of N (0 to K − 1) or target probabilities of N × K. Output: a
  /// scalar. Gradient for class numbers: (softmax(x) − onehot) / N.
  ///
  /// Constraints: C1 the scores have rank 2; C2 the targets are N class numbers or N × K probabilities.
  record CrossEntropy() implements Composite {
    @Override public int inputs() {
      return 2;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      Shape scores = algebra.shape(in.get(0));
      Shape target = algebra.shape(in.get(1));
      if (scores.rank() != 2) {
        throw new ShapeException(label(), "C1: the scores are batch × classes; received " + scores + ".",
            "End the network with a layer such as dense(classes).", List.of(scores, target));
      }
      if (!target.equals(scores) && !target.equals(scores.slice(0, 1))) {
        throw new ShapeException(label(), "C2: the targets are one class number per sample or one probability per class"
            + "; received " + target + " for scores of " + scores + ".",
            "Give targets of " + scores.slice(0, 1) + " or " + scores + ".", List.of(scores, target));
      }
      V probabilities = target.rank() == 2 ? in.get(1) : oneHot(algebra, in.get(1), scores);
      V logs = algebra.apply(new LogSoftmax(1), in.get(0));
      V chosen = algebra.apply(new Reduction.Sum(List.of(1)), algebra.mul(logs, probabilities));
      V mean = algebra.apply(new Reduction.Mean(List.of(0)), chosen);
      return algebra.reshape(algebra.affine(mean, -1, 0), Shape.of());
    }

    private static <V> V oneHot(Algebra<V> algebra, V classes, Shape scores) {
      float[] numbers = new float[scores.dim(1)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      V column = algebra.reshape(classes, scores.with(1, 1));
      return algebra.apply(new Pointwise.Equal(), column, algebra.constant(Tensor.of(Shape.of(numbers.length),
          numbers)));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      List<Optional<V>> both = Composite.super.gradient(algebra, in, output, gradient);
      return algebra.shape(in.get(1)).rank() == 2 ? both : List.of(both.get(0), Optional.empty());
    }
  }

  /// The mean of (x − target)² over all elements.
  ///
  /// Inputs: predictions and targets of the same shape. Output: a scalar.
  /// Constraints: C1 both have the same shape.
  record MeanSquaredError() implements Composite {
    @Override public int inputs() {
      return 2;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      Shape x = algebra.shape(in.get(0));
      Shape target = algebra.shape(in.get(1));
      if (!x.equals(target)) {
        throw new ShapeException(label(), "C1: predictions and targets have the same shape; received " + x + " and "
            + target + ".", "Give one target per prediction.", List.of(x, target));
      }
      V difference = algebra.sub(in.get(0), in.get(1));
      V mean = algebra.apply(new Reduction.Mean(IntStream.range(0, x.rank()).boxed().toList()),
          algebra.mul(difference, difference));
      return algebra.reshape(mean, Shape.of());
    }
  }

  /// y[i] = i for the N samples of x, whose elements do not matter: the numbers of a batch's samples, N. No gradient.
  ///
  /// Constraints: C1 the input has a batch axis.
  record SampleNumbers() implements Composite {
    @Override public int inputs() {
      return 1;
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      if (shapes.getFirst().rank() < 1) {
        throw new ShapeException(label(), "C1: the input has a batch axis; received a scalar.",
            "Give a batch of samples.", shapes);
      }
      return shapes.getFirst().slice(0, 1);
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      float[] numbers = new float[algebra.shape(in.getFirst()).dim(0)];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      return algebra.constant(Tensor.of(Shape.of(numbers.length), numbers));
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty());
    }
  }
}
