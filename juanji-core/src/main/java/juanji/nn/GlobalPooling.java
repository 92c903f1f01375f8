package juanji.nn;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Reduction;

/// The mean or the largest value of each channel over all spatial axes, which keep an extent of 1: N × C × H × W
/// becomes N × C × 1 × 1.
///
/// Constraints: C1 the input is batch × channels × at least one spatial axis.
///
/// @param average whether the mean is taken; else the largest value
public record GlobalPooling(boolean average) implements Layer {
  @Override public Node apply(Trace trace, Node x) {
    if (x.shape().rank() < 3) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × spatial axes; received " + x.shape() + ".",
          "Put it before flatten().", x.shape());
    }
    List<Integer> axes = IntStream.range(2, x.shape().rank()).boxed().toList();
    return trace.apply(average ? new Reduction.Mean(axes) : new Reduction.Max(axes), x);
  }

  @Override public String kind() {
    return average ? "globalAvgPool" : "globalMaxPool";
  }

  @Override public String toString() {
    return kind() + "()";
  }
}
