package juanji.retrieve;

import java.util.Locale;
import java.util.Optional;
import juanji.graph.GraphBuilder;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Predictor;

/// Makes descriptors of samples: the output of a layer, averaged over its places if it has any, of length 1.
///
/// The layer is that before the scores: the last one with channels over places, or one that gives a vector by itself,
/// such as NetVLAD. Thread-safe. Constraint: C1 the network has such a layer, or one of the given name.
///
/// ```java
/// float[] descriptor = Describer.of(model, workers).describe(sample);
/// ```
///
/// Source of the mean as a descriptor: Babenko and Lempitsky, *Aggregating deep convolutional features for image
/// retrieval*, 2015.
public final class Describer {
  private final Predictor predictor;
  private final Shape input;
  private final String layer;
  private final int size;

  private Describer(Model cut, String layer, Workers workers) {
    this.predictor = Predictor.of(cut, workers);
    this.input = cut.input().shape();
    this.layer = layer;
    this.size = cut.outputShape().dim(0);
  }

  /// By the layer before the scores.
  ///
  /// @throws IllegalArgumentException if the constraint is broken
  public static Describer of(Model model, Workers workers) {
    return of(model, usual(model), workers);
  }

  /// By a layer of the network's own chain.
  ///
  /// @param layer its path, such as `conv5`
  /// @throws IllegalArgumentException if there is none
  public static Describer of(Model model, String layer, Workers workers) {
    return new Describer(model.upTo(layer), layer, workers);
  }

  /// The last layer of the chain whose output is not the scores: one over places, or a VLAD.
  private static String usual(Model model) {
    var builder = new GraphBuilder();
    var x = builder.input("x", model.input().shape().batched());
    Optional<String> found = Optional.empty();
    for (var place : model.trace(builder, x, false, 0).trace().places()) {
      boolean own = place.path().indexOf('.') < 0;
      boolean places = place.output().shape().rank() >= 3 && place.output().shape().size(2) > 1;
      if (own && (places || place.layer().kind().toLowerCase(Locale.ROOT).contains("vlad"))) {
        found = Optional.of(place.path());
      }
    }
    return found.orElseThrow(() -> new IllegalArgumentException("this network makes no descriptors.\n"
        + "  C1: a layer of its chain has channels over places, or is a VLAD; received " + model.input().shape()
        + " to " + model.outputShape() + " without any.\n  Use a convolutional network, or name a layer."));
  }

  /// The layer's path.
  public String layer() {
    return layer;
  }

  /// The length of a descriptor.
  public int size() {
    return size;
  }

  /// The descriptor of a sample that is ready for the network.
  public float[] describe(float[] sample) {
    Tensor y = predictor.scores(Tensor.of(input.prepend(1), sample));
    float[] values = y.data();
    int places = values.length / size;
    float[] descriptor = new float[size];
    for (int c = 0; c < size; c++) {
      double sum = 0;
      for (int i = 0; i < places; i++) {
        sum += values[c * places + i];
      }
      descriptor[c] = (float) (sum / places);
    }
    return unit(descriptor);
  }

  /// The vector at length 1, in place; one of only zeros stays.
  static float[] unit(float[] vector) {
    double square = 0;
    for (float v : vector) {
      square += (double) v * v;
    }
    float scale = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= scale;
    }
    return vector;
  }
}
