package juanji.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Border;
import juanji.op.Gather;
import juanji.op.View;
import juanji.tensor.Shape;

/// Layers that move, repeat or join elements. Axes are numbered with the batch as axis 0, which stays where it is; axis
/// 1 are the channels.
public sealed interface Rearrangement extends Layer
    permits Rearrangement.Reshaping, Rearrangement.Permuting, Rearrangement.Slicing, Rearrangement.Bordering,
    Rearrangement.Splitting, Rearrangement.Multiplying, Rearrangement.PixelShuffling, Rearrangement.ChannelShuffling,
    Rearrangement.Embedding, Resizing, Cropping, ChannelPadding {
  /// The elements of a sample in the same order under other extents.
  ///
  /// Constraints: C1 the sample has as many elements; at most one extent is −1 and takes what is left.
  ///
  /// @param extents the extents of a sample
  record Reshaping(List<Integer> extents) implements Rearrangement {
    /// Takes a copy of the list.
    public Reshaping {
      extents = List.copyOf(extents);
    }

    @Override public Node apply(Trace trace, Node x) {
      long size = x.shape().size(1);
      long known = extents.stream().filter(e -> e != -1).mapToLong(e -> Math.max(0, e)).reduce(1, (a, b) ->
          b != 0 && a > Long.MAX_VALUE / b ? Long.MAX_VALUE : a * b);
      long open = extents.stream().filter(e -> e == -1).count();
      if (extents.stream().anyMatch(e -> e < -1) || open > 1 || known == 0
          || (open == 0 ? known != size : size % known != 0 || size / known > Integer.MAX_VALUE)) {
        throw trace.refusal(kind(), "C1: a sample keeps its " + size + " elements, and at most one extent is -1; "
            + "received " + extents + " for " + x.shape() + ".", "Give extents whose product is " + size + ".",
            x.shape());
      }
      int[] dims = extents.stream().mapToInt(e -> e == -1 ? (int) (size / known) : e).toArray();
      return trace.reshape(x, Shape.of(dims).prepend(x.shape().dim(0)));
    }

    @Override public String kind() {
      return "reshape";
    }

    @Override public String toString() {
      return Source.call("reshape", extents);
    }
  }

  /// The axes of a sample in another order: axis i of the output is axis order[i − 1] of the input.
  ///
  /// Constraints: C1 the order names each axis but the batch once.
  ///
  /// @param order where axes 1, 2, … come from
  record Permuting(List<Integer> order) implements Rearrangement {
    /// Takes a copy of the list.
    public Permuting {
      order = List.copyOf(order);
    }

    @Override public Node apply(Trace trace, Node x) {
      List<Integer> sorted = order.stream().sorted().toList();
      if (!sorted.equals(IntStream.range(1, x.shape().rank()).boxed().toList())) {
        throw trace.refusal(kind(), "C1: the order names each axis from 1 to " + (x.shape().rank() - 1)
            + " once; received " + order + " for " + x.shape() + ".", "Name every axis but the batch once.", x.shape());
      }
      List<Integer> all = new ArrayList<>(List.of(0));
      all.addAll(order);
      return trace.apply(new View.Permute(all), List.of(x));
    }

    @Override public String kind() {
      return "permute";
    }

    @Override public String toString() {
      return Source.call("permute", order);
    }
  }

  private static void checkAxis(Trace trace, Layer layer, int axis, Shape shape) {
    if (axis < 1 || axis >= shape.rank()) {
      throw trace.refusal(layer.kind(), "C1: the axis is from 1 to " + (shape.rank() - 1) + "; received " + axis
          + " for " + shape + ".", "Name one of the input's axes other than the batch.", shape);
    }
  }

  /// The elements from `from` (inclusive) to `to` (exclusive) along one axis.
  ///
  /// Constraints: C1 the axis exists and is not the batch; C2 0 ≤ from < to ≤ its extent.
  ///
  /// @param axis the axis cut
  /// @param from the first index kept
  /// @param to the first index behind
  record Slicing(int axis, int from, int to) implements Rearrangement {
    @Override public Node apply(Trace trace, Node x) {
      checkAxis(trace, this, axis, x.shape());
      if (from < 0 || from >= to || to > x.shape().dim(axis)) {
        throw trace.refusal(kind(), "C2: 0 ≤ from < to ≤ " + x.shape().dim(axis) + "; received " + from + " and " + to
            + " for axis " + axis + " of " + x.shape() + ".", "Cut inside the input.", x.shape());
      }
      return trace.apply(new View.Slice(axis, from, to), List.of(x));
    }

    @Override public String kind() {
      return "slice";
    }

    @Override public String toString() {
      return Source.call("slice", List.of(axis, from, to));
    }
  }

  /// The input with cells around all spatial axes: zeros, or as [#reflect()], [#replicate()] or [#circular()] say.
  ///
  /// Constraints: C1 the input has 1 to 3 spatial axes; C2 the numbers of cells are from 0 to below 2²⁹, and less than
  /// the input where it is reflected.
  ///
  /// @param before cells in front along each spatial axis
  /// @param after cells behind along each spatial axis
  /// @param border what they hold
  record Bordering(int before, int after, Border border) implements Rearrangement {
    /// The layer with cells mirrored from the input, whose first and last ones are not repeated.
    public Bordering reflect() {
      return new Bordering(before, after, Border.REFLECT);
    }

    /// The layer with cells repeated from the input's first and last ones.
    public Bordering replicate() {
      return new Bordering(before, after, Border.REPLICATE);
    }

    /// The layer with cells from the input's other end, as on a ring.
    public Bordering circular() {
      return new Bordering(before, after, Border.CIRCULAR);
    }

    @Override public Node apply(Trace trace, Node x) {
      Shape shape = x.shape();
      if (shape.rank() < 3 || shape.rank() > 5) {
        throw trace.refusal(kind(), "C1: the input is batch × channels × 1 to 3 spatial axes; received " + shape + ".",
            "Put it before flatten().", shape);
      }
      Node y = x;
      for (int axis = 2; axis < shape.rank(); axis++) {
        if (before >= 1 << 29 || after >= 1 << 29 || !border.fits(shape.dim(axis), before, after)) {
          throw trace.refusal(kind(), "C2: the border is 0 or more cells, and narrower than the input where it is "
              + "reflected; received " + before + " and " + after + " for axis " + axis + " of " + shape + ".",
              "Pad by less, or use replicate() or circular().", shape);
        }
        y = before + after == 0 ? y : trace.apply(border.pad(axis, shape.dim(axis), before, after), List.of(y));
      }
      return y;
    }

    @Override public String kind() {
      return "pad";
    }

    @Override public String toString() {
      return Source.call("pad", before == after ? List.of(before) : List.of(before, after))
          + Source.wither(border != Border.ZERO, border.name().toLowerCase(Locale.ROOT), List.of());
    }
  }

  /// The channels divided evenly among several branches, whose outputs are joined along the channels.
  ///
  /// Constraints: C1 there is at least one branch; C2 the channels are divided by their number; C3 the branches'
  /// outputs agree in all extents but their channels.
  ///
  /// @param branches the branches, in the order of the channels that they take
  record Splitting(List<Layer> branches) implements Rearrangement {
    /// Checks C1.
    public Splitting {
      branches = List.copyOf(branches);
      if (branches.isEmpty()) {
        throw new IllegalArgumentException("a split among nothing does not exist.\n"
            + "  C1: there is at least one branch; received none.\n"
            + "  Give the branches, such as split(identity(), conv(8, 3).same()).");
      }
    }

    @Override public Node apply(Trace trace, Node x) {
      Shape shape = x.shape();
      if (shape.rank() < 2 || shape.dim(1) % branches.size() != 0) {
        throw trace.refusal(kind(), "C2: " + branches.size() + " branches divide the channels evenly; received " + shape
            + ".", "Use a number of branches that divides the channels.", shape);
      }
      int each = shape.dim(1) / branches.size();
      List<Node> parts = new ArrayList<>();
      for (int i = 0; i < branches.size(); i++) {
        Node part = trace.apply(new View.Slice(1, i * each, (i + 1) * each), List.of(x));
        parts.add(trace.layer(branches.get(i), part));
      }
      return trace.apply(new View.Concat(1), parts);
    }

    @Override public String kind() {
      return "split";
    }

    @Override public String toString() {
      return Source.call("split", branches);
    }
  }

  /// The product of two branches; where one has extents of 1 it is repeated, so that a number per channel weighs its
  /// plane.
  ///
  /// Constraints: C1 the branches' outputs have as many axes, with extents that are equal or 1. Source of the use: Hu
  /// et al., *Squeeze-and-excitation networks*, 2018.
  ///
  /// @param first one branch
  /// @param second the other
  record Multiplying(Layer first, Layer second) implements Rearrangement {
    @Override public Node apply(Trace trace, Node x) {
      Node a = trace.layer(first, x);
      Node b = trace.layer(second, x);
      boolean fits = a.shape().rank() == b.shape().rank();
      for (int i = 0; fits && i < a.shape().rank(); i++) {
        fits = a.shape().dim(i) == b.shape().dim(i) || a.shape().dim(i) == 1 || b.shape().dim(i) == 1;
      }
      if (!fits) {
        throw trace.refusal(kind(), "C1: both branches have equal extents, or 1; received " + a.shape() + " and "
            + b.shape() + ".", "Give a number per channel, such as globalAvgPool() makes, or equal shapes.", x.shape());
      }
      return trace.mul(a, b);
    }

    @Override public String kind() {
      return "multiply";
    }

    @Override public String toString() {
      return Source.call("multiply", List.of(first, second));
    }
  }

  /// Channels to area or back: with factor r and s = r² for pictures (r for sound, r³ for video), N × C·s × H × W
  /// becomes N × C × H·r × W·r, and channel c·s + i·r + j goes to row i and column j of its block; `down` is the
  /// inverse.
  ///
  /// Constraints: C1 the input has 1 to 3 spatial axes; C2 the channels (down: the spatial extents) are divided by s
  /// (by r); the factor is at least 1. Source: Shi et al., *Real-time single image and video super-resolution*, 2016.
  ///
  /// @param factor r
  /// @param down whether area becomes channels
  record PixelShuffling(int factor, boolean down) implements Rearrangement {
    @Override public Node apply(Trace trace, Node x) {
      Shape shape = x.shape();
      int rank = shape.rank() - 2;
      if (rank < 1 || rank > 3) {
        throw trace.refusal(kind(), "C1: the input is batch × channels × 1 to 3 spatial axes; received " + shape + ".",
            "Put it before flatten().", shape);
      }
      long cells = IntStream.range(0, rank).mapToLong(_ -> factor).reduce(1, (a, b) -> a * b);
      boolean fits = factor >= 1 && factor <= 1024 && (down
          ? IntStream.range(2, shape.rank()).allMatch(a -> shape.dim(a) % factor == 0) : shape.dim(1) % cells == 0);
      if (!fits) {
        throw trace.refusal(kind(), "C2: the factor is from 1 to 1024 and divides "
            + (down ? "the spatial extents" : "the channels once per spatial axis") + "; received " + factor + " for "
            + shape + ".", "Use another factor, or another number of "
            + (down ? "cells." : "channels, such as " + cells + "."), shape);
      }
      return down ? down(trace, x, rank, (int) cells) : up(trace, x, rank, (int) cells);
    }

    private Node up(Trace trace, Node x, int rank, int cells) {
      Shape shape = x.shape();
      List<Integer> split = new ArrayList<>(List.of(shape.dim(0), shape.dim(1) / cells));
      List<Integer> order = new ArrayList<>(List.of(0, 1));
      List<Integer> joined = new ArrayList<>(split);
      IntStream.range(0, rank).forEach(_ -> split.add(factor));
      for (int i = 0; i < rank; i++) {
        split.add(shape.dim(2 + i));
        order.addAll(List.of(2 + rank + i, 2 + i));
        joined.add(shape.dim(2 + i) * factor);
      }
      return trace.reshape(trace.apply(new View.Permute(order), List.of(trace.reshape(x, of(split)))), of(joined));
    }

    private Node down(Trace trace, Node x, int rank, int cells) {
      Shape shape = x.shape();
      List<Integer> split = new ArrayList<>(List.of(shape.dim(0), shape.dim(1)));
      List<Integer> order = new ArrayList<>(List.of(0, 1));
      List<Integer> joined = new ArrayList<>(List.of(shape.dim(0), shape.dim(1) * cells));
      for (int i = 0; i < rank; i++) {
        split.addAll(List.of(shape.dim(2 + i) / factor, factor));
        joined.add(shape.dim(2 + i) / factor);
      }
      IntStream.range(0, rank).forEach(i -> order.add(3 + 2 * i));
      IntStream.range(0, rank).forEach(i -> order.add(2 + 2 * i));
      return trace.reshape(trace.apply(new View.Permute(order), List.of(trace.reshape(x, of(split)))), of(joined));
    }

    private static Shape of(List<Integer> extents) {
      return Shape.of(extents.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override public String kind() {
      return down ? "pixelUnshuffle" : "pixelShuffle";
    }

    @Override public String toString() {
      return Source.call(kind(), List.of(factor));
    }
  }

  /// The channels of several groups in turn: channel i of group g goes to place i · groups + g.
  ///
  /// Constraints: C1 the groups divide the channels. Source: Zhang et al., *ShuffleNet*, 2018.
  ///
  /// @param groups the number of groups
  record ChannelShuffling(int groups) implements Rearrangement {
    @Override public Node apply(Trace trace, Node x) {
      Shape shape = x.shape();
      if (shape.rank() < 2 || groups < 1 || shape.dim(1) % groups != 0) {
        throw trace.refusal(kind(), "C1: the groups divide the channels; received " + groups + " for " + shape + ".",
            "Use a number of groups that divides the channels.", shape);
      }
      int inner = (int) shape.size(2);
      Node grouped = trace.reshape(x, Shape.of(shape.dim(0), groups, shape.dim(1) / groups, inner));
      return trace.reshape(trace.apply(new View.Permute(List.of(0, 2, 1, 3)), List.of(grouped)), shape);
    }

    @Override public String kind() {
      return "channelShuffle";
    }

    @Override public String toString() {
      return Source.call("channelShuffle", List.of(groups));
    }
  }

  /// A vector of its own for each token: what convolutions over text start from.
  ///
  /// x: N × L, whole numbers from 0 to rows − 1 as floats, w (`weight`): rows × features, y: N × features × L. Other
  /// numbers, such as the −1 of a padded sentence, give zeros. Weights start normal with variance 2 / features.
  ///
  /// Constraints: C1 the input is batch × length; C2 there is at least one row and one feature.
  ///
  /// @param rows the size of the vocabulary
  /// @param features the length of each vector
  record Embedding(int rows, int features) implements Rearrangement {
    /// Checks C2.
    public Embedding {
      if (rows < 1 || features < 1 || rows > 1 << 24) {
        throw new IllegalArgumentException("an embedding of " + rows + " tokens in " + features
            + " features does not exist.\n"
            + "  C2: there is at least one token and one feature, and at most 2²⁴ tokens; received " + rows + " and "
            + features + ".\n"
            + "  Use positive numbers.");
      }
    }

    @Override public Node apply(Trace trace, Node x) {
      if (x.shape().rank() != 2) {
        throw trace.refusal(kind(), "C1: the input is batch × length; received " + x.shape() + ".",
            "Give token ids.", x.shape());
      }
      Node table = trace.parameter("weight", Shape.of(rows, features),
          Initializer.withFans(Initializer.heNormal(), features, rows), false);
      return trace.apply(new View.Permute(List.of(0, 2, 1)),
          List.of(trace.apply(new Gather.Lookup(), x, table)));
    }

    @Override public String kind() {
      return "embedding";
    }

    @Override public String toString() {
      return Source.call("embedding", List.of(rows, features));
    }
  }
}
