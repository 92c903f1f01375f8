package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.graph.Node;

/// A tiled convolution (a locally shared one): a few sets of weights that repeat across the places, so that neighbours
/// differ and places `tiles` steps apart agree.
///
/// x: N × C × spatial, w (`weight`): tiles × C × kernel × filters, b (`bias`): filters × tiles, y: N × filters × out,
/// with out as in [juanji.op.Axis]; place p uses set p mod tiles along each axis. One set is a [Convolution]; as many
/// sets as places, or more, make a [LocallyConnected] layer: it stands between them in weights and in flexibility.
/// There are 2 sets along each axis unless [#tiles(int...)] says otherwise. With [#regions(int...)], weights are shared
/// within regions of neighbouring places instead: place p uses set ⌊p / region⌋. Values: [juanji.op.LocalContraction].
/// Weights start from [Initializer#fanInUniform()] of one place unless told otherwise, biases from 0.
///
/// Constraints: C1 and C6 as [BorderedLayer]; C2 there is at least one filter, and one set (or place of a region) along
/// each axis, and as many numbers of these as spatial axes, or one; C5 the window fits into the padded input; C7 the
/// number of weights fits in 63 bits. Sources: Ngiam et al., *Tiled convolutional neural networks*, 2010; Sun et al.,
/// *DeepID*, 2014 (regions).
///
/// ```java
/// tiledConv(16, 5).tiles(3)                 // 3×3 sets of 16 filters of 5×5
/// tiledConv(60, 3).regions(2)               // a set for each 2×2 places
/// ```
public final class TiledConvolution extends BorderedLayer<TiledConvolution> {
  private final int filters;
  private final List<Integer> tiles;
  private final boolean regional;

  TiledConvolution(int filters, List<Integer> tiles, Sliding sliding, boolean bias, Optional<Initializer> initializer) {
    this(filters, tiles, false, sliding, bias, initializer);
  }

  private TiledConvolution(int filters, List<Integer> tiles, boolean regional, Sliding sliding, boolean bias,
      Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
    if (filters < 1 || tiles.isEmpty() || tiles.size() > 3 || tiles.stream().anyMatch(t -> t < 1)) {
      throw new IllegalArgumentException("a tiled convolution of " + filters + " filters and " + tiles
          + " sets of weights does not exist.\n"
          + "  C2: there is at least one filter and one set of weights along each axis; received " + filters + " and "
          + tiles + ".\n"
          + "  Use positive numbers.");
    }
    this.filters = filters;
    this.tiles = List.copyOf(tiles);
    this.regional = regional;
  }

  @Override TiledConvolution with(Sliding other, boolean withBias, Optional<Initializer> start) {
    return new TiledConvolution(filters, tiles, regional, other, withBias, start);
  }

  /// The layer with another number of sets of weights: one for all axes, or one per axis.
  public TiledConvolution tiles(int... sets) {
    return new TiledConvolution(filters, Arrays.stream(sets).boxed().toList(), sliding, bias, initializer);
  }

  /// The layer with weights shared by regions of so many neighbouring places: one number for all axes, or one per axis.
  public TiledConvolution regions(int... places) {
    return new TiledConvolution(filters, Arrays.stream(places).boxed().toList(), true, sliding, bias, initializer);
  }

  /// The number of filters: channels of the output.
  public int filters() {
    return filters;
  }

  @Override public Node apply(Trace trace, Node x) {
    if (tiles.size() > 1 && tiles.size() != x.shape().rank() - 2) {
      throw trace.refusal(kind(), "C2: there is one number of sets for all axes, or one per axis; received " + tiles
          + " for " + x.shape() + ".", "Give one number, or one per spatial axis.", x.shape());
    }
    return LocalWeights.apply(trace, this, filters, new LocalWeights.Sets() {
      @Override public int along(int axis, int places) {
        int each = tiles.get(tiles.size() == 1 ? 0 : axis);
        return regional ? Math.ceilDiv(places, each) : Math.min(places, each);
      }

      @Override public int of(int axis, int place) {
        int each = tiles.get(tiles.size() == 1 ? 0 : axis);
        return regional ? place / each : place % each;
      }
    }, x);
  }

  @Override public String kind() {
    return "tiledConv";
  }

  @Override public String toString() {
    List<Integer> arguments = new ArrayList<>(List.of(filters));
    arguments.addAll(sliding.kernel());
    return Source.call("tiledConv", arguments) + Source.wither(regional, "regions", tiles)
        + Source.wither(!regional && !tiles.equals(List.of(2)), "tiles", tiles) + withers();
  }
}
