package juanji.nn;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.tensor.Shape;

/// LeNet-5 in its present form: two convolutions, two poolings and three fully connected layers, with ReLU and maxima
/// where the original had sigmoids and trained means. 61,706 weights on 1 × 28 × 28 and ten classes.
///
/// Source: LeCun et al., *Gradient-based learning applied to document recognition*, 1998.
public final class LeNet5 {
  private LeNet5() {
  }

  /// The network for samples of channels × height × width, of at least 12 × 12.
  ///
  /// @param input the shape of one sample
  /// @param classes the number of scores
  public static Model of(Shape input, int classes) {
    return Model.of(new Input(input),
        conv(6, 5).same(), relu(), maxPool(2),
        conv(16, 5), relu(), maxPool(2),
        flatten(), dense(120), relu(), dense(84), relu(), dense(classes));
  }
}
