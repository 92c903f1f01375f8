package juanji.zoo;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;

import juanji.nn.Convolution;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Pooling;
import juanji.tensor.Shape;

/// GoogLeNet (Inception-v1), which looks through windows of several sizes at once: each module joins a 1 × 1, a 3 × 3,
/// a 5 × 5 convolution and a pooling, the larger ones behind 1 × 1 convolutions that keep them cheap.
///
/// Source: Szegedy et al., *Going deeper with convolutions*, 2015. Names of weights are torchvision's.
public final class GoogLeNet {
  private GoogLeNet() {
  }

  /// The network with batch normalisation and its real 5 × 5 convolutions, all poolings of 3 × 3 with a border.
  public static Model batchNorm5x5(Shape input, int classes) {
    return of(input, classes, 5, maxPool(3).stride(2).padding(1), maxPool(3).stride(2).padding(1));
  }

  private static Model of(Shape input, int classes, int large, Pooling pool, Pooling lastPool) {
    return Model.of(new Input(input),
        unit("conv1", conv(64, 7).stride(2).padding(3)), pool,
        unit("conv2", conv(64, 1)), unit("conv3", conv(192, 3).padding(1)), pool,
        inception(large, 64, 96, 128, 16, 32, 32).named("inception3a"),
        inception(large, 128, 128, 192, 32, 96, 64).named("inception3b"), pool,
        inception(large, 192, 96, 208, 16, 48, 64).named("inception4a"),
        inception(large, 160, 112, 224, 24, 64, 64).named("inception4b"),
        inception(large, 128, 128, 256, 24, 64, 64).named("inception4c"),
        inception(large, 112, 144, 288, 32, 64, 64).named("inception4d"),
        inception(large, 256, 160, 320, 32, 128, 128).named("inception4e"), lastPool,
        inception(large, 256, 160, 320, 32, 128, 128).named("inception5a"),
        inception(large, 384, 192, 384, 48, 128, 128).named("inception5b"),
        globalAvgPool().named("avgpool"), flatten(), dropout(0.2), dense(classes).named("fc"));
  }

  /// A module of four branches.
  ///
  /// @param large the extent of the third branch's window
  /// @param c1 filters of the 1 × 1 branch
  /// @param r3 1 × 1 filters before the 3 × 3 ones
  /// @param c3 filters of the 3 × 3 branch
  /// @param r5 1 × 1 filters before the large ones
  /// @param c5 filters of the large branch
  /// @param p 1 × 1 filters behind the pooling
  private static Layer inception(int large, int c1, int r3, int c3, int r5, int c5, int p) {
    return concat(unit("branch1", conv(c1, 1)),
        chain(unit("0", conv(r3, 1)), unit("1", conv(c3, 3).padding(1))).named("branch2"),
        chain(unit("0", conv(r5, 1)), unit("1", conv(c5, large).padding(large / 2))).named("branch3"),
        chain(maxPool(3).stride(1).padding(1).named("0"), unit("1", conv(p, 1))).named("branch4"));
  }

  private static Layer unit(String name, Convolution conv) {
    return Blocks.unit(name, conv);
  }
}
