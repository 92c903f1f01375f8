package juanji.zoo;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.tanh;

import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// LeNet-5, which read the digits on cheques: two convolutions, two poolings and three fully connected layers.
///
/// Source: LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to document recognition*, 1998.
///
/// ```java
/// Model lenet = LeNet5.modern(Shape.of(1, 28, 28), 10);        // 61,706 weights
/// ```
public final class LeNet5 {
  private LeNet5() {
  }

  /// The present form, with ReLU and maxima: 61,706 weights on 1 × 28 × 28 and ten classes.
  ///
  /// @param input channels × height × width, of at least 12 × 12
  /// @param classes the number of scores
  public static Model modern(Shape input, int classes) {
    return Model.of(new Input(input),
        conv(6, 5).same(), relu(), maxPool(2),
        conv(16, 5), relu(), maxPool(2),
        flatten(), dense(120), relu(), dense(84), relu(), dense(classes));
  }

  /// The form of its time, with tanh and means.
  ///
  /// The published network has 60,000 weights: its second convolution connects each map to some of the first six only,
  /// its poolings have a factor and a bias per channel, and its last layer compares with fixed patterns. This is the
  /// common form with full connections and plain means: 61,706 weights.
  ///
  /// @param input channels × height × width, of at least 12 × 12
  /// @param classes the number of scores
  public static Model classic(Shape input, int classes) {
    return Model.of(new Input(input),
        conv(6, 5).same(), tanh(), avgPool(2),
        conv(16, 5), tanh(), avgPool(2),
        flatten(), dense(120), tanh(), dense(84), tanh(), dense(classes));
  }
}
