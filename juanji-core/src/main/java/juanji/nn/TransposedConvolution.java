package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A transposed convolution: each input cell lays the kernel, times its value, on the output, at steps of the stride.
/// It reverses the size relation of a convolution, not its values.
///
/// x: N × C × in, w (`weight`): C × filters/groups × kernel, b (`bias`): filters, y: N × filters × out, with
/// out = (in − 1) · stride + span − padding + outputPadding, as in [Axis#transposed]. A 2×2 input with a 4×4 kernel at
/// stride 3 gives 7×7. With same padding the output has in · stride cells unless [#outputPadding(int...)] says
/// otherwise. Values: [Contraction.ConvInput]. Weights start from [Initializer#fanInUniform()] unless told otherwise,
/// biases from 0.
///
/// Constraints: C1 as [WindowLayer]; C2 there is at least one filter and one group; C3 the groups divide channels and
/// filters; C4 the output padding is from 0 to stride − 1; C5 the padding leaves at least one output cell.
/// Source: Zeiler et al., *Deconvolutional networks*, 2010; Dumoulin and Visin, *A guide to convolution arithmetic*,
/// 2016.
///
/// ```java
/// convTransposed(32, 4).stride(2).padding(1)    // doubles height and width; 4 is divisible by 2: no checkerboard
/// ```
public final class TransposedConvolution extends WindowLayer<TransposedConvolution> {
  private final int filters;
  private final int groups;
  private final List<Integer> outputPadding;

  TransposedConvolution(int filters, Sliding sliding, int groups, List<Integer> outputPadding, boolean bias,
      Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
    if (filters < 1 || groups < 1) {
      throw new IllegalArgumentException("a transposed convolution of " + filters + " filters in " + groups
          + " groups does not exist.\n"
          + "  C2: there is at least one filter and one group; received " + filters + " and " + groups + ".\n"
          + "  Use positive numbers.");
    }
    this.filters = filters;
    this.groups = groups;
    this.outputPadding = List.copyOf(outputPadding);
  }

  @Override TransposedConvolution with(Sliding other, boolean withBias, Optional<Initializer> start) {
    return new TransposedConvolution(filters, other, groups, outputPadding, withBias, start);
  }

  /// The layer with channels and filters divided into independent parts.
  public TransposedConvolution groups(int parts) {
    return new TransposedConvolution(filters, sliding, parts, outputPadding, bias, initializer);
  }

  /// The layer with more cells behind the output: which of the sizes that a convolution takes to this input is meant;
  /// one for all axes, or one per axis.
  public TransposedConvolution outputPadding(int... cells) {
    return new TransposedConvolution(filters, sliding, groups, Arrays.stream(cells).boxed().toList(), bias,
        initializer);
  }

  /// The number of filters: channels of the output.
  public int filters() {
    return filters;
  }

  /// The number of independent parts.
  public int groups() {
    return groups;
  }

  private int extra(Axis axis, int i) {
    if (outputPadding.isEmpty()) {
      return axis.padding() == Padding.Rule.SAME_UPPER || axis.padding() == Padding.Rule.SAME_LOWER
          ? axis.stride() - 1 : 0;
    }
    return outputPadding.get(outputPadding.size() == 1 ? 0 : i);
  }

  @Override public Node apply(Trace trace, Node x) {
    checkInput(trace, x);
    Shape shape = x.shape();
    int rank = shape.rank() - 2;
    Window window = window(rank);
    if (shape.dim(1) % groups != 0 || filters % groups != 0) {
      throw trace.refusal(kind(), "C3: groups = " + groups + " must divide channels and filters, but the input is "
          + shape + " and there are " + filters + " filters.", "Use a number of groups that divides both.", shape);
    }
    boolean fits = outputPadding.size() <= 1 || outputPadding.size() == rank;
    for (int i = 0; fits && i < rank; i++) {
      Axis axis = window.axes().get(i);
      fits = extra(axis, i) >= 0 && extra(axis, i) < axis.stride();
    }
    if (!fits) {
      throw trace.refusal(kind(), "C4: the output padding is from 0 to stride − 1, one for all axes or one per axis; "
          + "received " + outputPadding + " for " + window + ".", "Use less output padding or a larger stride.", shape);
    }
    int[] spatial = IntStream.range(0, rank).map(i -> window.axes().get(i)
        .transposed(shape.dim(2 + i), extra(window.axes().get(i), i))).toArray();
    if (Arrays.stream(spatial).anyMatch(d -> d < 1)) {
      throw trace.refusal(kind(), "C5: the padding leaves at least one output cell; received " + window + " for "
          + shape + ".", "Use less padding or a larger input.", shape);
    }
    Shape weights = window.kernel().prepend(filters / groups).prepend(shape.dim(1));
    Node weight = trace.parameter("weight", weights, start());
    return biased(trace, trace.apply(new Contraction.ConvInput(window, groups, Shape.of(spatial)), x, weight));
  }

  @Override public String kind() {
    return "convTransposed";
  }

  @Override public String toString() {
    List<Integer> arguments = new ArrayList<>(List.of(filters));
    arguments.addAll(sliding.kernel());
    return Source.call("convTransposed", arguments)
        + Source.wither(!outputPadding.isEmpty(), "outputPadding", outputPadding)
        + Source.wither(groups != 1, "groups", List.of(groups)) + withers();
  }
}
