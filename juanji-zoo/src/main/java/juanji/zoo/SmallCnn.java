package juanji.zoo;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// A small network for colour pictures: stages of two convolutions of 3 × 3 with batch normalisation and ReLU, halved
/// between by maxima, and the mean of each channel at the end.
///
/// The first stage has 32 filters, each next one twice as many up to 256. There are as many stages as leave at least
/// 4 cells of the shorter side, from 1 to 5, so that a picture of 32 × 32 has 4 and one of 224 × 224 has 5.
///
/// Sources: Simonyan and Zisserman, *Very deep convolutional networks*, 2015; Lin, Chen and Yan, *Network in network*,
/// 2014, for the mean at the end.
public final class SmallCnn {
  private static final int MOST_STAGES = 5;
  private static final int SMALLEST_SIDE = 4;

  private SmallCnn() {
  }

  /// The network for samples of channels × height × width, of any size.
  ///
  /// @param input the shape of one sample
  /// @param classes the number of scores
  public static Model of(Shape input, int classes) {
    int side = Integer.MAX_VALUE;
    for (int axis = 1; axis < input.rank(); axis++) {
      side = Math.min(side, input.dim(axis));
    }
    List<Layer> layers = new ArrayList<>();
    for (int stage = 0; stage < MOST_STAGES && (stage == 0 || side / 2 >= SMALLEST_SIDE); stage++) {
      if (stage > 0) {
        layers.add(maxPool(2));
        side /= 2;
      }
      int filters = Math.min(256, 32 << stage);
      for (int i = 0; i < 2; i++) {
        layers.addAll(List.of(conv(filters, 3).same().noBias(), batchNorm(), relu()));
      }
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), dropout(0.2), dense(classes)));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }
}
