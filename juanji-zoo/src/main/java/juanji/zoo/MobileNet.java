package juanji.zoo;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.depthwise;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.relu6;
import static juanji.nn.Layers.residual;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// MobileNet, which made convolutions cheap: each is split into one of each channel on its own (depthwise) and a 1 × 1
/// one that mixes channels, with about an eighth of the work.
///
/// The second version turns residual blocks inside out: narrow ends without ReLU, a wide depthwise middle.
///
/// Sources: Howard et al., *MobileNets*, 2017; Sandler et al., *MobileNetV2: inverted residuals and linear
/// bottlenecks*, 2018. Names of the second version's weights are torchvision's.
public final class MobileNet {
  /// Filters and strides of the first version's thirteen pairs.
  private static final int[][] PAIRS = {{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1},
      {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};
  /// Expansion, filters, blocks and first stride of the second version's seven stages.
  private static final int[][] STAGES = {{1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1},
      {6, 160, 3, 2}, {6, 320, 1, 1}};

  private MobileNet() {
  }

  /// MobileNet-v1: 4,231,976 weights on 3 × 224 × 224 and 1000 classes.
  public static Model v1(Shape input, int classes) {
    return v1(1, input, classes);
  }

  /// MobileNet-v1 with all channels multiplied.
  ///
  /// @param width the width multiplier α, of the paper 1, 0.75, 0.5 or 0.25
  public static Model v1(double width, Shape input, int classes) {
    return v1(width, 2, input, classes);
  }

  /// MobileNet-v1 for small pictures, whose first convolution halves nothing: 3,217,226 weights on 3 × 32 × 32 and ten
  /// classes.
  public static Model v1Small(Shape input, int classes) {
    return v1(1, 1, input, classes);
  }

  private static Model v1(double width, int firstStride, Shape input, int classes) {
    List<Layer> layers = new ArrayList<>();
    layers.add(Blocks.convNormRelu(conv(scaled(32, width), 3).stride(firstStride).padding(1)).named("0"));
    for (int[] pair : PAIRS) {
      layers.add(separable(scaled(pair[0], width), pair[1]).named(Integer.toString(layers.size())));
    }
    return Model.of(new Input(input), chain(layers.toArray(Layer[]::new)).named("features"), globalAvgPool(), flatten(),
        dense(classes).named("classifier"));
  }

  /// A depthwise 3 × 3 and a 1 × 1 convolution, each with batch normalisation and ReLU.
  public static Layer separable(int filters, int stride) {
    return chain(depthwise(3).stride(stride).padding(1).noBias().named("depthwise"), batchNorm().named("bn1"), relu(),
        conv(filters, 1).noBias().named("pointwise"), batchNorm().named("bn2"), relu());
  }

  /// MobileNet-v2: 3,504,872 weights on 3 × 224 × 224 and 1000 classes.
  public static Model v2(Shape input, int classes) {
    return v2(1, input, classes);
  }

  /// MobileNet-v2 with all channels multiplied and brought to multiples of 8.
  ///
  /// @param width the width multiplier α
  public static Model v2(double width, Shape input, int classes) {
    List<Layer> layers = new ArrayList<>();
    int channels = eights(32 * width);
    layers.add(Blocks.numbered(conv(channels, 3).stride(2).padding(1).noBias(), batchNorm(), relu6()).named("0"));
    for (int[] stage : STAGES) {
      int filters = eights(stage[1] * width);
      for (int i = 0; i < stage[2]; i++) {
        Layer body = inverted(channels, stage[0], filters, i == 0 ? stage[3] : 1).named("conv");
        layers.add((i > 0 || stage[3] == 1 && channels == filters ? residual(body) : chain(body))
            .named(Integer.toString(layers.size())));
        channels = filters;
      }
    }
    layers.add(Blocks.numbered(conv(eights(1280 * Math.max(1, width)), 1).noBias(), batchNorm(), relu6())
        .named(Integer.toString(layers.size())));
    return Model.of(new Input(input), chain(layers.toArray(Layer[]::new)).named("features"), globalAvgPool(), flatten(),
        Blocks.numbered(dropout(0.2), dense(classes)).named("classifier"));
  }

  /// A 1 × 1 convolution to `expansion` times as many channels, a depthwise 3 × 3 one, and a 1 × 1 one back without
  /// ReLU.
  private static Layer inverted(int channels, int expansion, int filters, int stride) {
    Layer middle = Blocks.numbered(depthwise(3).stride(stride).padding(1).noBias(), batchNorm(), relu6());
    Layer narrow = conv(filters, 1).noBias();
    return expansion == 1 ? Blocks.numbered(middle, narrow, batchNorm())
        : Blocks.numbered(Blocks.numbered(conv(channels * expansion, 1).noBias(), batchNorm(), relu6()), middle, narrow,
            batchNorm());
  }

  private static int scaled(int channels, double width) {
    return Math.max(1, (int) (channels * width));
  }

  /// The nearest multiple of 8, but never less than nine tenths.
  private static int eights(double channels) {
    int near = Math.max(8, (int) (channels + 4) / 8 * 8);
    return near < 0.9 * channels ? near + 8 : near;
  }
}
