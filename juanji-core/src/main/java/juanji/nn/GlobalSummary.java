package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// The sum, the p-norm or a random value of each channel over all spatial axes, which keep an extent of 1: a [Pooling]
/// whose window is the whole input.
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes; C3 1 ≤ p ≤ 32.
///
/// @param summary SUM, LP or STOCHASTIC
/// @param exponent p; 0 where there is none
public record GlobalSummary(Pooling.Summary summary, double exponent) implements Layer {
  /// Checks C3.
  public GlobalSummary {
    if (summary == Pooling.Summary.LP) {
      Pooling.norm(exponent, 1);
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 3 || shape.rank() > 5) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × 1 to 3 spatial axes; received " + shape + ".",
          "Put it before flatten().", shape);
    }
    Axis[] axes = new Axis[shape.rank() - 2];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = Axis.of(shape.dim(2 + i));
    }
    return Pooling.pooled(trace, x, summary, exponent, false, Window.of(axes));
  }

  @Override public String kind() {
    return switch (summary) {
      case MAX -> "globalMaxPool";
      case AVERAGE -> "globalAvgPool";
      case SUM -> "globalSumPool";
      case LP -> "globalLpPool";
      case STOCHASTIC -> "globalStochasticPool";
    };
  }

  @Override public String toString() {
    return Source.call(kind(), summary == Pooling.Summary.LP ? List.of(exponent) : List.of());
  }
}
