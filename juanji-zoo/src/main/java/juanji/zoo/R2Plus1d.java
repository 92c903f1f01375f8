package juanji.zoo;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// R(2+1)D, where space and time are treated apart: each convolution of 3 × 3 × 3 becomes one over a frame and one over
/// time, with ReLU between and as many weights in all.
///
/// Source: Tran et al., *A closer look at spatiotemporal convolutions for action recognition*, 2018. Names of weights
/// are torchvision's (`r2plus1d_18`).
public final class R2Plus1d {
  private R2Plus1d() {
  }

  /// R(2+1)D of 18 layers: 31,505,325 weights on 3 × 16 × 112 × 112 (channels, frames, height, width) and 400 classes.
  public static Model r18(Shape input, int classes) {
    List<Layer> layers = new ArrayList<>(List.of(Blocks.numbered(
        conv(45, 1, 7, 7).stride(1, 2, 2).padding(0, 3, 3).noBias(), batchNorm(), relu(),
        conv(64, 3, 1, 1).padding(1, 0, 0).noBias(), batchNorm(), relu()).named("stem")));
    int channels = 64;
    for (int stage = 1; stage <= 4; stage++) {
      int filters = 32 << stage;
      layers.add(chain(block(channels, filters, stage == 1 ? 1 : 2).named("0"), relu(),
          block(filters, filters, 1).named("1"), relu()).named("layer" + stage));
      channels = filters;
    }
    layers.addAll(List.of(globalAvgPool().named("avgpool"), flatten(), dense(classes).named("fc")));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }

  /// A residual block of two convolutions over space and time.
  ///
  /// @param channels channels of the input
  /// @param filters channels of the output
  /// @param stride the stride along all three axes
  public static Layer block(int channels, int filters, int stride) {
    int middle = channels * filters * 27 / (channels * 9 + 3 * filters);
    Layer body = chain(Blocks.numbered(split(middle, filters, stride), batchNorm(), relu()).named("conv1"),
        Blocks.numbered(split(middle, filters, 1), batchNorm()).named("conv2"));
    Layer shortcut = stride == 1 && channels == filters ? identity()
        : Blocks.numbered(conv(filters, 1).stride(stride).noBias(), batchNorm()).named("downsample");
    return residual(body, shortcut);
  }

  /// 1 × 3 × 3 to so many channels in the middle, then 3 × 1 × 1.
  private static Layer split(int middle, int filters, int stride) {
    return Blocks.numbered(
        conv(middle, 1, 3, 3).stride(1, stride, stride).padding(0, 1, 1).noBias().initializer(Initializer.heNormal()),
        batchNorm(), relu(),
        conv(filters, 3, 1, 1).stride(stride, 1, 1).padding(1, 0, 0).noBias().initializer(Initializer.heNormal()));
  }
}
