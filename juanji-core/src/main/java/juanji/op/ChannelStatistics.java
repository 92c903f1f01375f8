package juanji.op;

import java.util.List;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// Two numbers for each channel, over the batch and all places: what batch-norm needs of its input, and its gradient of
/// two inputs. They stay whole in a plan, since one kernel gets both from one walk through memory.
///
/// Output of all: 2 × C.
public sealed interface ChannelStatistics extends Composite {
  /// All axes but that of the channels.
  static List<Integer> axes(int rank) {
    return IntStream.range(0, rank).filter(axis -> axis != 1).boxed().toList();
  }

  private static void check(Op op, Shape x) {
    if (x.rank() < 2) {
      throw new ShapeException(op.label(), "C1: the input is batch × channels or more; received " + x + ".",
          "Give samples of at least one axis.", List.of(x));
    }
  }

  /// Two values of one number per channel, one above the other.
  private static <V> V stack(Algebra<V> algebra, V first, V second, int channels) {
    Shape row = Shape.of(1, channels);
    return algebra.apply(new View.Concat(0), algebra.reshape(first, row), algebra.reshape(second, row));
  }

  /// The mean and the (biased) variance of each channel: mean = Σ x / n, variance = Σ (x − mean)² / n.
  ///
  /// Constraints: C1 x is N × C × …
  record Moments() implements ChannelStatistics {
    @Override public int inputs() {
      return 1;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      V x = in.getFirst();
      check(this, algebra.shape(x));
      Composite.Normalize normalize = new Composite.Normalize(axes(algebra.shape(x).rank()), 1);
      return stack(algebra, normalize.mean(algebra, x), normalize.variance(algebra, x), algebra.shape(x).dim(1));
    }
  }

  /// Σ g and Σ g · (x − m) of each channel, for g and x of the same shape and one m per channel.
  ///
  /// Constraints: C1 g is N × C × …; C2 x has the shape of g, and m is 1 × C × 1 × ….
  record CentredSums() implements ChannelStatistics {
    @Override public int inputs() {
      return 3;
    }

    @Override public <V> V expand(Algebra<V> algebra, List<V> in) {
      Shape g = algebra.shape(in.get(0));
      Shape x = algebra.shape(in.get(1));
      Shape m = algebra.shape(in.get(2));
      check(this, g);
      if (!x.equals(g) || !m.bound() || m.rank() != g.rank() || m.dim(1) != g.dim(1) || m.size() != g.dim(1)) {
        throw new ShapeException(label(), "C2: both large inputs have the same shape, and the third one number per "
            + "channel; received " + g + ", " + x + " and " + m + ".", "Keep the reduced axes as extents of 1.",
            List.of(g, x, m));
      }
      Reduction.Sum sum = new Reduction.Sum(axes(g.rank()));
      V centred = algebra.sub(in.get(1), in.get(2));
      return stack(algebra, algebra.apply(sum, in.get(0)), algebra.apply(sum, algebra.mul(in.get(0), centred)),
          g.dim(1));
    }
  }
}
