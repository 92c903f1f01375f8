package juanji.zoo;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.padChannels;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// ResNet, which made a hundred layers trainable: each block adds what it learns to what it was given.
///
/// Four stages of blocks with 64, 128, 256 and 512 filters; each stage but the first begins with a stride of 2, where
/// the shortcut is a 1 × 1 convolution with batch normalisation. Bottlenecks have their stride on the 3 × 3 convolution
/// (often called v1.5). Names of weights are torchvision's. Any input from 32 × 32 on is taken.
///
/// For small pictures there are two families: ResNet-20, -32, -44, -56 and -110 of the paper's section on CIFAR-10,
/// with 16, 32 and 64 filters and shortcuts without weights; and [#resNet18Small], which is ResNet-18 behind one 3 × 3
/// convolution.
///
/// Source: He, Zhang, Ren and Sun, *Deep residual learning for image recognition*, 2016.
public final class ResNet {
  /// A block with so many filters at a stride, on an input of so many channels.
  private interface Block {
    Layer of(int channels, int filters, int stride);
  }

  private ResNet() {
  }

  /// ResNet-18: 11,689,512 weights on 3 × 224 × 224 and 1000 classes.
  public static Model resNet18(Shape input, int classes) {
    return large(input, classes, ResNet::basic, 1, 2, 2, 2, 2);
  }

  /// ResNet-34: 21,797,672 weights on 3 × 224 × 224 and 1000 classes.
  public static Model resNet34(Shape input, int classes) {
    return large(input, classes, ResNet::basic, 1, 3, 4, 6, 3);
  }

  /// ResNet-50: 25,557,032 weights on 3 × 224 × 224 and 1000 classes.
  public static Model resNet50(Shape input, int classes) {
    return large(input, classes, ResNet::bottleneck, 4, 3, 4, 6, 3);
  }

  /// ResNet-101: 44,549,160 weights on 3 × 224 × 224 and 1000 classes.
  public static Model resNet101(Shape input, int classes) {
    return large(input, classes, ResNet::bottleneck, 4, 3, 4, 23, 3);
  }

  /// ResNet-18 for small pictures: a 3 × 3 convolution in place of the 7 × 7 one and the pooling; 11,173,962 weights on
  /// 3 × 32 × 32 and ten classes.
  public static Model resNet18Small(Shape input, int classes) {
    List<Layer> layers = new ArrayList<>(List.of(conv3x3(64, 1).named("conv1"), batchNorm().named("bn1"), relu()));
    layers.addAll(stages(ResNet::basic, 1, 2, 2, 2, 2));
    layers.addAll(List.of(globalAvgPool().named("avgpool"), flatten(), dense(classes).named("fc")));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }

  /// ResNet-20, -32, -44, -56 or -110 for small pictures: 3 stages of (depth − 2) / 6 blocks, with shortcuts that skip
  /// every other cell and are filled up with channels of zeros; ResNet-20 has 269,722 weights on 3 × 32 × 32 and ten
  /// classes.
  ///
  /// Constraints: C1 the depth is 6 n + 2.
  ///
  /// @param depth the number of layers with weights on the longest way
  public static Model small(int depth, Shape input, int classes) {
    if (depth < 8 || (depth - 2) % 6 != 0) {
      throw new IllegalArgumentException("there is no ResNet-" + depth + " for small pictures.\n"
          + "  C1: the depth is 6 n + 2 with n of at least 1; received " + depth + ".\n"
          + "  Use 20, 32, 44, 56 or 110.");
    }
    int blocks = (depth - 2) / 6;
    List<Layer> layers = new ArrayList<>(List.of(conv3x3(16, 1).named("conv1"), batchNorm().named("bn1"), relu()));
    int channels = 16;
    for (int stage = 1; stage <= 3; stage++) {
      int filters = 16 << stage - 1;
      List<Layer> parts = new ArrayList<>();
      for (int i = 0; i < blocks; i++) {
        int stride = stage > 1 && i == 0 ? 2 : 1;
        Layer shortcut = stride == 1 ? identity() : chain(avgPool(1).stride(stride), padChannels(filters - channels));
        parts.addAll(List.of(residual(basicBody(filters, stride), shortcut).named(Integer.toString(i)), relu()));
        channels = filters;
      }
      layers.add(chain(parts.toArray(Layer[]::new)).named("layer" + stage));
    }
    layers.addAll(List.of(globalAvgPool().named("avgpool"), flatten(), dense(classes).named("fc")));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }

  /// Two 3 × 3 convolutions added to the input.
  private static Layer basic(int channels, int filters, int stride) {
    return residual(basicBody(filters, stride), shortcut(channels, filters, stride));
  }

  private static Layer basicBody(int filters, int stride) {
    return chain(conv3x3(filters, stride).named("conv1"), batchNorm().named("bn1"), relu(),
        conv3x3(filters, 1).named("conv2"), batchNorm().named("bn2"));
  }

  /// A 1 × 1, a 3 × 3 and a 1 × 1 convolution added to the input: narrow in the middle, four times as wide at the end.
  private static Layer bottleneck(int channels, int filters, int stride) {
    return residual(chain(conv1x1(filters, 1).named("conv1"), batchNorm().named("bn1"), relu(),
        conv3x3(filters, stride).named("conv2"), batchNorm().named("bn2"), relu(),
        conv1x1(4 * filters, 1).named("conv3"), batchNorm().named("bn3")), shortcut(channels, 4 * filters, stride));
  }

  private static Layer shortcut(int channels, int out, int stride) {
    return channels == out && stride == 1 ? identity()
        : Blocks.numbered(conv1x1(out, stride), batchNorm()).named("downsample");
  }

  private static Convolution conv3x3(int filters, int stride) {
    return conv(filters, 3).stride(stride).padding(1).noBias().initializer(Initializer.heNormal());
  }

  private static Convolution conv1x1(int filters, int stride) {
    return conv(filters, 1).stride(stride).noBias().initializer(Initializer.heNormal());
  }

  private static List<Layer> stages(Block block, int expansion, int... blocks) {
    List<Layer> stages = new ArrayList<>();
    int channels = 64;
    for (int stage = 0; stage < blocks.length; stage++) {
      List<Layer> parts = new ArrayList<>();
      for (int i = 0; i < blocks[stage]; i++) {
        parts.add(block.of(channels, 64 << stage, stage > 0 && i == 0 ? 2 : 1).named(Integer.toString(i)));
        parts.add(relu());
        channels = expansion * 64 << stage;
      }
      stages.add(chain(parts.toArray(Layer[]::new)).named("layer" + (stage + 1)));
    }
    return stages;
  }

  private static Model large(Shape input, int classes, Block block, int expansion, int... blocks) {
    List<Layer> layers = new ArrayList<>(List.of(
        conv(64, 7).stride(2).padding(3).noBias().initializer(Initializer.heNormal()).named("conv1"),
        batchNorm().named("bn1"), relu(), maxPool(3).stride(2).padding(1).named("maxpool")));
    layers.addAll(stages(block, expansion, blocks));
    layers.addAll(List.of(globalAvgPool().named("avgpool"), flatten(), dense(classes).named("fc")));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }
}
