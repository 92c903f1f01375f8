package juanji.zoo;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.separable;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.BatchNormalization;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// Xception, the Inception idea taken to its end: channels and area are treated apart throughout, by separable
/// convolutions in residual blocks.
///
/// 22,855,952 weights on 3 × 299 × 299 and 1000 classes; Keras states 22,910,480, with the 54,528 running statistics of
/// its batch normalisations. Inputs from 71 × 71 on make sense.
///
/// Source: Chollet, *Xception: deep learning with depthwise separable convolutions*, 2017.
public final class Xception {
  private Xception() {
  }

  /// The network.
  public static Model of(Shape input, int classes) {
    List<Layer> layers = new ArrayList<>(List.of(
        conv(32, 3).stride(2).noBias().named("conv1"), norm().named("bn1"), relu(),
        conv(64, 3).noBias().named("conv2"), norm().named("bn2"), relu(),
        shrinking(false, 128, 128).named("block2"), shrinking(true, 256, 256).named("block3"),
        shrinking(true, 728, 728).named("block4")));
    for (int i = 5; i <= 12; i++) {
      layers.add(middle().named("block" + i));
    }
    layers.addAll(List.of(shrinking(true, 728, 1024).named("block13"),
        sep(1536).named("conv14_1"), norm().named("bn14_1"), relu(),
        sep(2048).named("conv14_2"), norm().named("bn14_2"), relu(),
        globalAvgPool().named("avgpool"), flatten(), dense(classes).named("fc")));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }

  /// Two separable convolutions and maxima of every second cell, added to a 1 × 1 convolution with stride 2.
  private static Layer shrinking(boolean reluFirst, int first, int second) {
    Layer body = chain(sep(first).named("conv1"), norm().named("bn1"), relu(),
        sep(second).named("conv2"), norm().named("bn2"), maxPool(3).stride(2).same());
    return residual(reluFirst ? chain(relu(), body) : body,
        Blocks.numbered(conv(second, 1).stride(2).same().noBias(), norm()).named("shortcut"));
  }

  /// Three separable convolutions, each behind ReLU, added to the input.
  private static Layer middle() {
    return residual(chain(relu(), sep(728).named("conv1"), norm().named("bn1"),
        relu(), sep(728).named("conv2"), norm().named("bn2"), relu(), sep(728).named("conv3"), norm().named("bn3")));
  }

  private static Layer sep(int filters) {
    return separable(filters, 3).same().noBias();
  }

  private static BatchNormalization norm() {
    return batchNorm().epsilon(1e-3).momentum(0.01);
  }
}
