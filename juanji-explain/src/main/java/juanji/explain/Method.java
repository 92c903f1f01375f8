package juanji.explain;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/// How the parts of an input that an answer rests on are found.
public enum Method {
  /// Maps of a layer weighed by their mean gradient. Source: Selvaraju et al., *Grad-CAM*, 2017.
  GRAD_CAM("grad-cam"),
  /// As Grad-CAM, with weights that count every place of a thing that occurs several times. Source: Chattopadhay et
  /// al., *Grad-CAM++*, 2018.
  GRAD_CAM_PLUS("grad-cam++"),
  /// Maps of a layer weighed by the answer to the input seen through each of them, without gradients. Source: Wang et
  /// al., *Score-CAM*, 2020.
  SCORE_CAM("score-cam"),
  /// Each place of a layer's maps weighed by its own gradient. Source: Jiang et al., *LayerCAM*, 2021.
  LAYER_CAM("layer-cam"),
  /// The magnitude of the score's gradient. Source: Simonyan et al., *Deep inside convolutional networks*, 2014.
  SALIENCY("saliency"),
  /// Saliency averaged over noisy copies. Source: Smilkov et al., *SmoothGrad*, 2017.
  SMOOTH_GRAD("smooth-grad"),
  /// Gradients along the way from a baseline, times the difference to it: they add up to the difference of the scores.
  /// Source: Sundararajan et al., *Axiomatic attribution for deep networks*, 2017.
  INTEGRATED_GRADIENTS("integrated-gradients"),
  /// Gradients that pass a ReLU only where they are positive. Source: Springenberg et al., *Striving for simplicity*,
  /// 2015.
  GUIDED_BACKPROPAGATION("guided-backpropagation"),
  /// How far the probability falls when a patch is covered. Source: Zeiler and Fergus, *Visualizing and understanding
  /// convolutional networks*, 2014.
  OCCLUSION("occlusion");

  private final String word;

  Method(String word) {
    this.word = word;
  }

  /// The word that stands for it, such as `grad-cam`.
  public String word() {
    return word;
  }

  /// Whether it looks at a layer's maps.
  public boolean ofLayer() {
    return this == GRAD_CAM || this == GRAD_CAM_PLUS || this == SCORE_CAM || this == LAYER_CAM;
  }

  /// The method of a word.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Method named(String word) {
    Optional<Method> method = Arrays.stream(values()).filter(m -> m.word.equals(word)).findFirst();
    return method.orElseThrow(() -> new IllegalArgumentException("there is no method '"
        + (word.length() > 60 ? word.substring(0, 60) + "…" : word) + "'.\n"
        + "  C1: the methods are " + Arrays.stream(values()).map(Method::word).collect(Collectors.joining(", ")) + ".\n"
        + "  Name one of these."));
  }
}
