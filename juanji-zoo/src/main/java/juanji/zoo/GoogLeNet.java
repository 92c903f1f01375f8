package juanji.zoo;

import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.auxiliary;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Pooling;
import juanji.tensor.Shape;

/// GoogLeNet (Inception-v1), which looks through windows of several sizes at once: each module joins a 1 × 1, a 3 × 3,
/// a 5 × 5 convolution and a pooling, the larger ones behind 1 × 1 convolutions that keep them cheap.
///
/// | | normalisation | large window | auxiliary heads |
/// |---|---|---|---|
/// | [#published] | of responses | 5 × 5 | none |
/// | [#of] | batch | 3 × 3, as torchvision's | none |
/// | [#withAuxiliaries] | batch | 3 × 3, as torchvision's | two, each counting 0.3 times |
/// | [#batchNorm5x5] | batch | 5 × 5 | none |
///
/// Source: Szegedy et al., *Going deeper with convolutions*, 2015. Names of weights are torchvision's.
public final class GoogLeNet {
  /// A convolution with what follows it.
  private interface Unit {
    Layer of(String name, Convolution conv);
  }

  private final Unit unit;
  private final int large;

  private GoogLeNet(Unit unit, int large) {
    this.unit = unit;
    this.large = large;
  }

  /// The network that torchvision has weights for: 6,624,904 on 3 × 224 × 224 and 1000 classes.
  public static Model of(Shape input, int classes) {
    return new GoogLeNet(Blocks::unit, 3).model(input, classes, chain(), ceiling(3), ceiling(2), chain());
  }

  /// The same with its two auxiliary heads, for training: 13,004,888 weights.
  public static Model withAuxiliaries(Shape input, int classes) {
    return new GoogLeNet(Blocks::unit, 3).model(input, classes, auxiliary(head(classes), 0.3).named("aux1"),
        ceiling(3), ceiling(2), auxiliary(head(classes), 0.3).named("aux2"));
  }

  /// The network with batch normalisation and its real 5 × 5 convolutions, all poolings of 3 × 3 with a border:
  /// 7,005,832 weights on 3 × 224 × 224 and 1000 classes.
  public static Model batchNorm5x5(Shape input, int classes) {
    Pooling pool = maxPool(3).stride(2).padding(1);
    return new GoogLeNet(Blocks::unit, 5).model(input, classes, chain(), pool, pool, chain());
  }

  /// The published network: responses are normalised twice, behind the first pooling and before the second one;
  /// 6,998,552 weights on 3 × 224 × 224 and 1000 classes.
  public static Model published(Shape input, int classes) {
    GoogLeNet net = new GoogLeNet((name, conv) -> chain(conv.initializer(Initializer.heNormal())
        .named("conv"), relu()).named(name), 5);
    return Model.of(new Input(input),
        net.unit.of("conv1", conv(64, 7).stride(2).padding(3)), ceiling(3), localResponseNorm(5),
        net.unit.of("conv2", conv(64, 1)), net.unit.of("conv3", conv(192, 3).padding(1)), localResponseNorm(5),
        ceiling(3), net.modules(chain(), ceiling(3), ceiling(3), chain()),
        globalAvgPool().named("avgpool"), flatten(), dropout(0.4), dense(classes).named("fc"));
  }

  private Model model(Shape input, int classes, Layer first, Pooling pool, Pooling lastPool, Layer second) {
    return Model.of(new Input(input),
        unit.of("conv1", conv(64, 7).stride(2).padding(3)), pool,
        unit.of("conv2", conv(64, 1)), unit.of("conv3", conv(192, 3).padding(1)), pool,
        modules(first, pool, lastPool, second),
        globalAvgPool().named("avgpool"), flatten(), dropout(0.2), dense(classes).named("fc"));
  }

  private static Pooling ceiling(int window) {
    return maxPool(window).stride(2).ceiling();
  }

  /// The nine modules, with what stands behind the third and the sixth of them.
  private Layer modules(Layer first, Pooling pool, Pooling lastPool, Layer second) {
    return chain(
        inception(64, 96, 128, 16, 32, 32).named("inception3a"),
        inception(128, 128, 192, 32, 96, 64).named("inception3b"), pool,
        inception(192, 96, 208, 16, 48, 64).named("inception4a"), first,
        inception(160, 112, 224, 24, 64, 64).named("inception4b"),
        inception(128, 128, 256, 24, 64, 64).named("inception4c"),
        inception(112, 144, 288, 32, 64, 64).named("inception4d"), second,
        inception(256, 160, 320, 32, 128, 128).named("inception4e"), lastPool,
        inception(256, 160, 320, 32, 128, 128).named("inception5a"),
        inception(384, 192, 384, 48, 128, 128).named("inception5b"));
  }

  private static Layer head(int classes) {
    return chain(adaptiveAvgPool(4), Blocks.unit("conv", conv(128, 1)), flatten(), dense(1024).named("fc1"), relu(),
        dropout(0.7), dense(classes).named("fc2"));
  }

  /// A module of four branches.
  ///
  /// @param c1 filters of the 1 × 1 branch
  /// @param r3 1 × 1 filters before the 3 × 3 ones
  /// @param c3 filters of the 3 × 3 branch
  /// @param r5 1 × 1 filters before the large ones
  /// @param c5 filters of the large branch
  /// @param p 1 × 1 filters behind the pooling
  private Layer inception(int c1, int r3, int c3, int r5, int c5, int p) {
    return concat(unit.of("branch1", conv(c1, 1)),
        chain(unit.of("0", conv(r3, 1)), unit.of("1", conv(c3, 3).padding(1))).named("branch2"),
        chain(unit.of("0", conv(r5, 1)), unit.of("1", conv(c5, large).padding(large / 2))).named("branch3"),
        chain(maxPool(3).stride(1).padding(1).named("0"), unit.of("1", conv(p, 1))).named("branch4"));
  }
}
