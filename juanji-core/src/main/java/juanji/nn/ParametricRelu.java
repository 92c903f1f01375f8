package juanji.nn;

import java.util.Arrays;
import java.util.List;
import juanji.graph.Node;
import juanji.op.Nonlinearity;
import juanji.tensor.Shape;

/// PReLU: y = x where x > 0, else a · x, with a learned slope a (`weight`) per channel, or one for all.
///
/// x and y: N × C × …; `weight`: C, or 1 if shared. Weight decay does not apply to it: it would pull towards ReLU.
///
/// Constraints: C1 the start is finite; C2 the input is batch × channels or more.
/// Source: He et al., *Delving deep into rectifiers*, 2015.
///
/// @param start what the slopes start from
/// @param shared whether all channels have one slope
public record ParametricRelu(double start, boolean shared) implements Layer {
  /// Checks C1.
  public ParametricRelu {
    Initializer.constant(start);
  }

  /// The layer with one slope for all channels.
  public ParametricRelu sharing() {
    return new ParametricRelu(start, true);
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw trace.refusal(kind(), "C2: the input is batch × channels or more; received " + shape + ".",
          "Give samples of at least one axis.", shape);
    }
    int slopes = shared ? 1 : shape.dim(1);
    Node weight = trace.parameter("weight", Shape.of(slopes), Initializer.constant(start), false);
    return trace.apply(new Nonlinearity.Prelu(), List.of(x, trace.reshape(weight, perChannel(shape, slopes))));
  }

  /// C × 1 × …: what meets the channels of an input of N × C × ….
  static Shape perChannel(Shape input, int channels) {
    int[] ones = new int[input.rank() - 1];
    Arrays.fill(ones, 1);
    return Shape.of(ones).with(0, channels);
  }

  @Override public String kind() {
    return "prelu";
  }

  @Override public String toString() {
    return Source.call("prelu", start == 0.25 ? List.of() : List.of(start))
        + Source.wither(shared, "sharing", List.of());
  }
}
