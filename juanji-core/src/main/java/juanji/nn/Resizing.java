package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.graph.Node;
import juanji.op.Gather;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The spatial axes at another size, by the nearest cell or by (bi-, tri-)linear interpolation.
///
/// x: N × C × spatial, y: N × C × size. The output's cell i lies at s = (i + ½) · in / out − ½ of the input (the
/// centres of pixels correspond), or, with [#alignCorners()], at s = i · (in − 1) / (out − 1) (the outermost cells
/// correspond). Nearest takes cell ⌊s + ½⌋, linear mixes cells ⌊s⌋ and ⌊s⌋ + 1 in proportion, both held inside the
/// input. Interpolation does not average over cells that a smaller output skips.
///
/// Constraints: C1 the input is batch × channels × 1 to 3 spatial axes, as many as there are numbers, or one number for
/// all; C2 sizes and factors are from 1 to 2²⁰.
/// Source: ONNX Resize with half_pixel or align_corners.
///
/// ```java
/// resize(224, 224)                          // bilinear
/// upsample(2)                               // every cell twice along each axis
/// upsample(2).linear().then(conv(32, 3).same())   // without a checkerboard
/// ```
///
/// @param numbers cells per axis, or factors per axis
/// @param factor whether the numbers are factors
/// @param nearest whether the nearest cell is taken
/// @param corners whether the outermost cells correspond
public record Resizing(List<Integer> numbers, boolean factor, boolean nearest, boolean corners)
    implements Rearrangement {
  /// Checks C2.
  public Resizing {
    numbers = List.copyOf(numbers);
    if (numbers.isEmpty() || numbers.size() > 3 || numbers.stream().anyMatch(n -> n < 1 || n > 1 << 20)) {
      throw new IllegalArgumentException("an input cannot be resized to " + numbers + ".\n"
          + "  C2: there is a number from 1 to 2²⁰ for each of 1 to 3 axes, or one for all; received " + numbers + ".\n"
          + "  Use positive numbers.");
    }
  }

  /// The layer with the nearest cell taken.
  public Resizing byNearest() {
    return new Resizing(numbers, factor, true, corners);
  }

  /// The layer with neighbouring cells mixed.
  public Resizing linear() {
    return new Resizing(numbers, factor, false, corners);
  }

  /// The layer with the outermost cells of input and output at the same places.
  public Resizing alignCorners() {
    return new Resizing(numbers, factor, nearest, true);
  }

  private double place(int i, int in, int out) {
    return corners ? out == 1 ? 0 : (double) i * (in - 1) / (out - 1) : (i + 0.5) * in / out - 0.5;
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    int rank = shape.rank() - 2;
    if (rank < 1 || rank > 3 || numbers.size() != 1 && numbers.size() != rank) {
      throw trace.refusal(kind(), "C1: the input is batch × channels × " + (numbers.size() == 1 ? "1 to 3"
          : numbers.size()) + " spatial axes; received " + shape + ".",
          "Give one number for all axes, or one per spatial axis.", shape);
    }
    Node y = x;
    for (int i = 0; i < rank; i++) {
      int in = shape.dim(2 + i);
      long out = numbers.get(numbers.size() == 1 ? 0 : i) * (factor ? (long) in : 1);
      if (in == 0 || out > 1 << 29) {
        throw trace.refusal(kind(), "C2: the output has up to 2²⁹ cells along each axis; received " + out + " for "
            + shape + ".", "Use smaller factors.", shape);
      }
      y = in == out ? y : along(trace, y, 2 + i, in, (int) out);
    }
    return y;
  }

  private Node along(Trace trace, Node x, int axis, int in, int out) {
    List<Integer> lower = new ArrayList<>();
    List<Integer> upper = new ArrayList<>();
    float[] shares = new float[out];
    for (int i = 0; i < out; i++) {
      double at = Math.clamp(place(i, in, out), 0, in - 1);
      lower.add(nearest ? Math.min(in - 1, (int) Math.floor(at + 0.5)) : (int) at);
      upper.add(Math.min(in - 1, (int) at + 1));
      shares[i] = (float) (at - (int) at);
    }
    Node low = trace.apply(new Gather.Take(axis, lower), List.of(x));
    if (nearest) {
      return low;
    }
    int[] dims = new int[x.shape().rank() - axis];
    Arrays.fill(dims, 1);
    dims[0] = out;
    Node share = trace.constant(Tensor.of(Shape.of(dims), shares));
    Node high = trace.apply(new Gather.Take(axis, upper), List.of(x));
    return trace.add(low, trace.mul(trace.sub(high, low), share));
  }

  @Override public String kind() {
    return factor ? "upsample" : "resize";
  }

  @Override public String toString() {
    return Source.call(kind(), numbers) + Source.wither(nearest && !factor, "byNearest", List.of())
        + Source.wither(!nearest && factor, "linear", List.of()) + Source.wither(corners, "alignCorners", List.of());
  }
}
