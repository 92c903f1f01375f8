package juanji.nn;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.tensor.Shape;

/// Networks to test with.
public final class SampleNetworks {
  private SampleNetworks() {
  }

  /// LeNet-5 with ReLU and maxima: 61,706 weights on 1 × 28 × 28 and ten classes.
  public static Model lenet5(Shape input, int classes) {
    return Model.of(new Input(input), conv(6, 5).same(), relu(), maxPool(2), conv(16, 5), relu(), maxPool(2), flatten(),
        dense(120), relu(), dense(84), relu(), dense(classes));
  }

  /// Two stages of convolutions with batch normalisation, and the mean of each channel at the end.
  static Model normalized(Shape input, int classes) {
    Layer[] stages = {block(8), block(8), maxPool(2).same(), block(16), block(16), globalAvgPool(), flatten(),
        dropout(0.2), dense(classes)};
    return Model.of(new Input(input), stages);
  }

  private static Layer block(int filters) {
    return chain(conv(filters, 3).same().noBias(), batchNorm(), relu());
  }
}
