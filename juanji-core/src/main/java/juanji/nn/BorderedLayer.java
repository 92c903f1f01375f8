package juanji.nn;

import java.util.Optional;
import juanji.op.Border;

/// Layers whose padding may hold something other than zeros.
///
/// Constraints of all, besides those of [WindowLayer]: C6 a reflected border is narrower than the input.
///
/// @param <L> the layer itself
public abstract sealed class BorderedLayer<L extends BorderedLayer<L>> extends WindowLayer<L>
    permits DepthwiseConvolution, LocallyConnected, SeparableConvolution, SpatiallySeparableConvolution,
    TiledConvolution {
  BorderedLayer(Sliding sliding, boolean bias, Optional<Initializer> initializer) {
    super(sliding, bias, initializer);
  }

  /// The layer with its padding mirrored from the input, whose first and last cells are not repeated.
  public final L reflect() {
    return with(sliding.withBorder(Border.REFLECT), bias, initializer);
  }

  /// The layer with its padding filled from the input's first and last cells.
  public final L replicate() {
    return with(sliding.withBorder(Border.REPLICATE), bias, initializer);
  }

  /// The layer with its padding filled from the input's other end, as on a ring.
  public final L circular() {
    return with(sliding.withBorder(Border.CIRCULAR), bias, initializer);
  }
}
