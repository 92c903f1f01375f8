package juanji.zoo;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// Network in network: behind each convolution stand two of 1 × 1, a small fully connected network that slides along
/// with the window; and the mean of each class's map takes the place of fully connected layers.
///
/// Source: Lin, Chen and Yan, *Network in network*, 2014.
public final class Nin {
  private Nin() {
  }

  /// The network for CIFAR-10: 966,986 weights on 3 × 32 × 32 and ten classes.
  public static Model small(Shape input, int classes) {
    return Model.of(new Input(input),
        mlpConv(conv(192, 5).padding(2), 160, 96), maxPool(3).stride(2).ceiling(), dropout(0.5),
        mlpConv(conv(192, 5).padding(2), 192, 192), avgPool(3).stride(2).ceiling(), dropout(0.5),
        mlpConv(conv(192, 3).padding(1), 192, classes), globalAvgPool(), flatten());
  }

  /// The network for ImageNet, as its authors published it with Caffe: 7,595,176 weights on 3 × 224 × 224 and 1000
  /// classes.
  public static Model large(Shape input, int classes) {
    return Model.of(new Input(input),
        mlpConv(conv(96, 11).stride(4), 96, 96), maxPool(3).stride(2).ceiling(),
        mlpConv(conv(256, 5).padding(2), 256, 256), maxPool(3).stride(2).ceiling(),
        mlpConv(conv(384, 3).padding(1), 384, 384), maxPool(3).stride(2).ceiling(), dropout(0.5),
        mlpConv(conv(1024, 3).padding(1), 1024, classes), globalAvgPool(), flatten());
  }

  /// A convolution and two of 1 × 1, each with ReLU.
  public static Layer mlpConv(Convolution conv, int second, int third) {
    return chain(conv.initializer(Initializer.heNormal()), relu(),
        conv(second, 1).initializer(Initializer.heNormal()), relu(),
        conv(third, 1).initializer(Initializer.heNormal()), relu());
  }
}
