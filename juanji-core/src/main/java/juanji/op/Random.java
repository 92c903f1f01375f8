package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Operations that draw numbers. Each number is a function of the operation's salt, the step's number and the element's
/// index, so that a run is the same at any thread count and after any interruption.
public sealed interface Random extends Op {
  /// y = 1 / keep with probability `keep`, else 0, for each element of x: what dropout multiplies by (inverted dropout,
  /// so that nothing has to be rescaled in inference).
  ///
  /// Inputs: x, whose elements do not matter, and the step's number, a scalar from 0 to 16,777,216. Output: of x's
  /// shape. Constraints: C1 0 < keep ≤ 1; C2 the step is a scalar. No gradient.
  ///
  /// Source: Srivastava et al., *Dropout*, 2014; the generator is SplitMix64's finaliser (Steele et al., 2014) over a
  /// counter.
  ///
  /// @param keep the probability of 1 / keep
  /// @param salt what makes this layer's numbers differ from another's
  record Mask(double keep, long salt) implements Random {
    /// Checks C1.
    public Mask {
      if (!(keep > 0 && keep <= 1)) {
        throw new IllegalArgumentException("a mask that keeps with probability " + keep + " does not exist.\n"
            + "  C1: 0 < keep ≤ 1; received " + keep + ".\n"
            + "  Drop with a probability from 0 to below 1.");
      }
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      if (shapes.get(1).rank() != 0) {
        throw new ShapeException(label(), "C2: the step's number is a scalar; received " + shapes.get(1) + ".",
            "Use the graph's step input.", shapes);
      }
      return shapes.getFirst();
    }

    /// The stream of this layer at a step: what [#keeps] is given.
    public long stream(long step) {
      return Random.stream(salt, step);
    }

    /// Whether the element at `index` is kept.
    public boolean keeps(long stream, long index) {
      return (number(stream, index) >>> 11) * 0x1p-53 < keep;
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] out = new double[shape(shapes).length()];
      long stream = stream((long) values.get(1)[0]);
      for (int i = 0; i < out.length; i++) {
        out[i] = keeps(stream, i) ? 1 / keep : 0;
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty());
    }
  }

  /// y = a number between 0 and 1, both excluded, for each element of x: one of the 2²³ odd multiples of 2⁻²⁴.
  ///
  /// Inputs: x, whose elements do not matter, and the step's number, a scalar from 0 to 16,777,216. Output: of x's
  /// shape. Constraints: C2 the step is a scalar. No gradient. Source: as [Mask].
  ///
  /// @param salt what makes this layer's numbers differ from another's
  record Uniform(long salt) implements Random {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      if (shapes.get(1).rank() != 0) {
        throw new ShapeException(label(), "C2: the step's number is a scalar; received " + shapes.get(1) + ".",
            "Use the graph's step input.", shapes);
      }
      return shapes.getFirst();
    }

    /// The stream of this layer at a step: what [#at] is given.
    public long stream(long step) {
      return Random.stream(salt, step);
    }

    /// The number of the element at `index`.
    public static float at(long stream, long index) {
      return (float) (((number(stream, index) >>> 41) + 0.5) * 0x1p-23);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] out = new double[shape(shapes).length()];
      long stream = stream((long) values.get(1)[0]);
      for (int i = 0; i < out.length; i++) {
        out[i] = at(stream, i);
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty());
    }
  }

  private static long stream(long salt, long step) {
    return mix(mix(salt) + step);
  }

  private static long number(long stream, long index) {
    return mix(stream + index * 0x9e3779b97f4a7c15L);
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
