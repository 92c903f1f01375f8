package juanji.nn;

import java.util.List;
import juanji.graph.Node;

/// One step of a network, as an immutable description: what it does, not the weights that it learned.
///
/// ```
/// Layer = Convolution | Linear | Pooling | GlobalPooling | Flattening | Activation | ParametricRelu
///       | BatchNormalization | LayerNormalization | GroupNormalization | InstanceNormalization
///       | LocalResponseNormalization | UnitLengthScaling | Dropping | BlockDropping
///       | DepthwiseConvolution | SeparableConvolution | SpatiallySeparableConvolution | TransposedConvolution
///       | LocallyConnected | TiledConvolution | AdaptivePooling | GlobalSummary | SpatialPyramid | RegionPooling
///       | Unpooling | Vlad | Rearrangement(reshape, permute, slice, pad, split, multiply, resize, crop, padChannels,
///         shuffles, embedding)
///       | Sequence | Concatenation | Residual | Identity | Frozen | Unscoped | Auxiliary | Named | CustomLayer(yours)
/// ```
///
/// `toString` gives back the code that makes the layer, such as `conv(6, 5).same()`; [Architecture] reads it again.
public sealed interface Layer permits Activation, AdaptivePooling, Auxiliary, BatchNormalization, BlockDropping,
    Concatenation, Convolution, CustomLayer, Dropping, Flattening, Frozen, GlobalPooling, GlobalSummary,
    GroupNormalization, Identity, InstanceNormalization, LayerNormalization, Linear, LocalResponseNormalization, Named,
    ParametricRelu, Pooling, Rearrangement, RegionPooling, Residual, Sequence, SpatialPyramid, UnitLengthScaling,
    Unpooling, Unscoped, Vlad, WindowLayer {
  /// Adds this layer's operations to the graph under construction.
  ///
  /// @param trace the graph, and where weights are declared
  /// @param x the layer's input, with a batch axis in front
  /// @return its output
  /// @throws juanji.op.ShapeException if the layer cannot take an input of x's shape
  Node apply(Trace trace, Node x);

  /// What layers of this kind are called, such as `conv`; with a number behind, the name of an unnamed layer.
  String kind();

  /// This layer, then another.
  default Sequence then(Layer next) {
    return new Sequence(List.of(this, next)).flat();
  }

  /// This layer under a name of its own: letters, digits, `_`, `-`, and dots between parts, as in `layer4.0`.
  default Layer named(String name) {
    return new Named(this, name);
  }
}
