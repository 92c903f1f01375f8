package juanji.zoo;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.spatialPyramid;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// SPPNet, which takes pictures of any size: between convolutions and fully connected layers stands a spatial pyramid,
/// whose 50 bins per channel (6 × 6, 3 × 3, 2 × 2 and one) do not depend on the size of the maps.
///
/// Train it at one size, or at several in turn, and use it at another: [Model#withInput].
///
/// Source: He, Zhang, Ren and Sun, *Spatial pyramid pooling in deep convolutional networks for visual recognition*,
/// 2014, on the convolutions ZF-5 of Zeiler and Fergus, 2014.
public final class SppNet {
  private SppNet() {
  }

  /// ZF-5 with a pyramid of four levels: 77,037,672 weights on pictures of any size and 1000 classes.
  public static Model zf5(Shape input, int classes) {
    return Model.of(new Input(input),
        he(conv(96, 7).stride(2).padding(1)), relu(), localResponseNorm(5), maxPool(3).stride(2).padding(1),
        he(conv(256, 5).stride(2)), relu(), localResponseNorm(5), maxPool(3).stride(2).padding(1),
        he(conv(384, 3).padding(1)), relu(), he(conv(384, 3).padding(1)), relu(), he(conv(256, 3).padding(1)), relu(),
        spatialPyramid(6, 3, 2, 1),
        dense(4096), relu(), dropout(0.5), dense(4096), relu(), dropout(0.5), dense(classes));
  }

  /// The same idea for small pictures: three convolutions of 3 × 3 and a pyramid of 4 × 4, 2 × 2 and one.
  public static Model small(Shape input, int classes) {
    return Model.of(new Input(input),
        he(conv(32, 3).padding(1)), relu(), maxPool(2),
        he(conv(64, 3).padding(1)), relu(), maxPool(2),
        he(conv(64, 3).padding(1)), relu(),
        spatialPyramid(4, 2, 1), dense(128), relu(), dropout(0.5), dense(classes));
  }

  private static Convolution he(Convolution conv) {
    return conv.initializer(Initializer.heNormal());
  }
}
