package juanji.zoo;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.unscoped;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Pooling;
import juanji.tensor.Shape;

/// SqueezeNet, as good as AlexNet with a fiftieth of its weights: fire modules squeeze the channels by 1 × 1
/// convolutions and expand them again by 1 × 1 and 3 × 3 ones side by side.
///
/// Version 1.1 does the same with less than half of the work. Source: Iandola et al., *SqueezeNet*, 2016. Names of
/// weights are torchvision's.
public final class SqueezeNet {
  private SqueezeNet() {
  }

  /// SqueezeNet 1.0: 1,248,424 weights on 3 × 224 × 224 and 1000 classes.
  public static Model v10(Shape input, int classes) {
    return of(input, classes, Blocks.numbered(he(conv(96, 7).stride(2)), relu(), pool(),
        fire(16, 64), fire(16, 64), fire(32, 128), pool(),
        fire(32, 128), fire(48, 192), fire(48, 192), fire(64, 256), pool(), fire(64, 256)));
  }

  /// SqueezeNet 1.1: 1,235,496 weights on 3 × 224 × 224 and 1000 classes.
  public static Model v11(Shape input, int classes) {
    return of(input, classes, Blocks.numbered(he(conv(64, 3).stride(2)), relu(), pool(),
        fire(16, 64), fire(16, 64), pool(), fire(32, 128), fire(32, 128), pool(),
        fire(48, 192), fire(48, 192), fire(64, 256), fire(64, 256)));
  }

  private static Model of(Shape input, int classes, Layer features) {
    return Model.of(new Input(input), features.named("features"),
        Blocks.numbered(dropout(0.5), he(conv(classes, 1)), relu()).named("classifier"), globalAvgPool(), flatten());
  }

  /// A fire module: so many 1 × 1 filters, and behind them as many 1 × 1 filters as 3 × 3 ones.
  public static Layer fire(int squeeze, int expand) {
    return chain(he(conv(squeeze, 1)).named("squeeze"), relu(), unscoped(concat(
        chain(he(conv(expand, 1)).named("expand1x1"), relu()),
        chain(he(conv(expand, 3).padding(1)).named("expand3x3"), relu()))));
  }

  private static Convolution he(Convolution conv) {
    return conv.initializer(Initializer.heUniform());
  }

  private static Pooling pool() {
    return maxPool(3).stride(2).ceiling();
  }
}
