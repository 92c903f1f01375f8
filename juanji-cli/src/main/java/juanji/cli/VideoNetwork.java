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
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// The network for videos where none is named: C3D's stages of convolutions of 3 × 3 × 3, one per stage and about a
/// quarter as wide, with batch normalisation, and the mean over time and place at the end. As there, the first pooling
/// leaves time as it is, so that motion is seen before frames are joined.
final class VideoNetwork {
  /// The word that names it.
  static final String NAME = "video-cnn";
  /// The samples that it is known for: 16 frames of 64 × 64 in colour.
  static final Shape USUAL = Shape.of(3, 16, 64, 64);
  /// The classes that it is known for.
  static final int USUAL_CLASSES = 10;
  private static final int[] FILTERS = {16, 32, 64, 96};

  private VideoNetwork() {
  }

  /// The network for channels × frames × height × width.
  static Model of(Shape input, int classes) {
    if (input.rank() != 4) {
      throw CommandException.usage("the network " + NAME + " cannot take " + input + ".",
          "It takes videos, channels × frames × height × width; received " + input + ".", "Use --input 3x16x64x64.");
    }
    List<Layer> layers = new ArrayList<>();
    int[] extents = {input.dim(1), input.dim(2), input.dim(3)};
    for (int stage = 0; stage < FILTERS.length; stage++) {
      layers.addAll(List.of(conv(FILTERS[stage], 3).padding(1).noBias().initializer(Initializer.heNormal()),
          batchNorm(), relu()));
      int[] window = new int[extents.length];
      for (int k = 0; k < extents.length; k++) {
        window[k] = extents[k] >= 4 && (k > 0 || stage > 0) ? 2 : 1;
        extents[k] /= window[k];
      }
      if (window[0] + window[1] + window[2] > extents.length) {
        layers.add(maxPool(window));
      }
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), dropout(0.3), dense(classes)));
    return Model.of(new Input(input), layers.toArray(Layer[]::new));
  }
}
