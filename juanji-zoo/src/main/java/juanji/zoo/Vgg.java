package juanji.zoo;

import static juanji.nn.Layers.adaptiveAvgPool;
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
import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// VGG, which showed what depth does: nothing but convolutions of 3 × 3, halved between by maxima, with 64 filters at
/// first and twice as many after each halving.
///
/// The columns of its table are stages of 1 to 4 convolutions: 1-1-2-2-2 (A, 11 layers with weights), 2-2-2-2-2 (B,
/// 13), 2-2-3-3-3 (D, 16) and 2-2-4-4-4 (E, 19). Names of weights are torchvision's. The last maps are brought to 7 ×
/// 7, so that other inputs than 224 × 224 are taken, from 32 × 32 on.
///
/// Source: Simonyan and Zisserman, *Very deep convolutional networks for large-scale image recognition*, 2015.
public final class Vgg {
  private static final List<Integer> FILTERS = List.of(64, 128, 256, 512, 512);

  private Vgg() {
  }

  /// VGG-11: 132,863,336 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg11(Shape input, int classes) {
    return plain(input, classes, 1, 1, 2, 2, 2);
  }

  /// VGG-13: 133,047,848 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg13(Shape input, int classes) {
    return plain(input, classes, 2, 2, 2, 2, 2);
  }

  /// VGG-16: 138,357,544 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg16(Shape input, int classes) {
    return plain(input, classes, 2, 2, 3, 3, 3);
  }

  /// VGG-19: 143,667,240 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg19(Shape input, int classes) {
    return plain(input, classes, 2, 2, 4, 4, 4);
  }

  /// VGG-11 with batch normalisation: 132,868,840 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg11BatchNorm(Shape input, int classes) {
    return normalized(input, classes, 1, 1, 2, 2, 2);
  }

  /// VGG-13 with batch normalisation: 133,053,736 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg13BatchNorm(Shape input, int classes) {
    return normalized(input, classes, 2, 2, 2, 2, 2);
  }

  /// VGG-16 with batch normalisation: 138,365,992 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg16BatchNorm(Shape input, int classes) {
    return normalized(input, classes, 2, 2, 3, 3, 3);
  }

  /// VGG-19 with batch normalisation: 143,678,248 weights on 3 × 224 × 224 and 1000 classes.
  public static Model vgg19BatchNorm(Shape input, int classes) {
    return normalized(input, classes, 2, 2, 4, 4, 4);
  }

  /// Three stages of two convolutions of 64, 128 and 256 filters with batch normalisation, and the mean of each channel
  /// at the end, for small pictures: 1,148,874 weights on 3 × 32 × 32 and ten classes.
  public static Model small(Shape input, int classes) {
    List<Layer> layers = new ArrayList<>();
    for (int filters : List.of(64, 128, 256)) {
      if (!layers.isEmpty()) {
        layers.add(maxPool(2));
      }
      for (int i = 0; i < 2; i++) {
        layers.addAll(List.of(conv3x3(filters).noBias(), batchNorm(), relu()));
      }
    }
    return Model.of(new Input(input), features(layers), globalAvgPool(), flatten(),
        dense(classes).named("classifier"));
  }

  /// The convolutions of VGG, ready to be followed by something else: the layers named `features.0` and so on.
  ///
  /// @param norms whether each convolution is followed by batch normalisation
  /// @param convolutions how many of them each of the five stages has
  static Layer trunk(boolean norms, int... convolutions) {
    List<Layer> layers = new ArrayList<>();
    for (int stage = 0; stage < convolutions.length; stage++) {
      for (int i = 0; i < convolutions[stage]; i++) {
        layers.add(conv3x3(FILTERS.get(stage)));
        layers.addAll(norms ? List.of(batchNorm(), relu()) : List.of(relu()));
      }
      layers.add(maxPool(2));
    }
    return features(layers);
  }

  private static Convolution conv3x3(int filters) {
    return conv(filters, 3).padding(1).initializer(Initializer.heNormal());
  }

  private static Layer features(List<Layer> layers) {
    return Blocks.numbered(layers.toArray(Layer[]::new)).named("features");
  }

  private static Model plain(Shape input, int classes, int... convolutions) {
    return Model.of(new Input(input), trunk(false, convolutions), adaptiveAvgPool(7), flatten(), classifier(classes));
  }

  private static Model normalized(Shape input, int classes, int... convolutions) {
    return Model.of(new Input(input), trunk(true, convolutions), adaptiveAvgPool(7), flatten(), classifier(classes));
  }

  private static Layer classifier(int classes) {
    return Blocks.numbered(dense(4096), relu(), dropout(0.5), dense(4096), relu(), dropout(0.5), dense(classes))
        .named("classifier");
  }
}
