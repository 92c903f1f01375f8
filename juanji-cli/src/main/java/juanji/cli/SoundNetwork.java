package juanji.cli;

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

/// The network for sounds where none is named: stages of one convolution of 3 × 3 with batch normalisation over the
/// picture of frequencies, halved between, and the mean over the time and the bands at the end.
final class SoundNetwork {
  /// The word that names it.
  static final String NAME = "sound-cnn";
  /// The samples that it is known for: 40 bands of a second.
  static final Shape USUAL = Shape.of(1, 40, 63);
  /// The classes that it is known for: spoken digits.
  static final int USUAL_CLASSES = 10;
  private static final int[] FILTERS = {24, 48, 96, 128};

  private SoundNetwork() {
  }

  /// The network for channels × bands × frames.
  static Model of(Shape input, int classes) {
    List<Layer> layers = new ArrayList<>();
    int[] sides = {input.dim(1), input.dim(2)};
    for (int filters : FILTERS) {
      layers.addAll(List.of(conv(filters, 3).same().noBias(), batchNorm(), relu()));
      int down = sides[0] >= 4 ? 2 : 1;
      int right = sides[1] >= 4 ? 2 : 1;
      if (down > 1 || right > 1) {
        layers.add(maxPool(down, right));
        sides[0] /= down;
        sides[1] /= right;
      }
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), dropout(0.3), dense(classes)));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }
}
