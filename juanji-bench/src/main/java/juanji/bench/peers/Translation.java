package juanji.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import juanji.nn.Activation;
import juanji.nn.BatchNormalization;
import juanji.nn.Concatenation;
import juanji.nn.Convolution;
import juanji.nn.Declaration;
import juanji.nn.DepthwiseConvolution;
import juanji.nn.Dropping;
import juanji.nn.Flattening;
import juanji.nn.GlobalPooling;
import juanji.nn.Identity;
import juanji.nn.Layer;
import juanji.nn.Linear;
import juanji.nn.Model;
import juanji.nn.Named;
import juanji.nn.Pooling;
import juanji.nn.Rearrangement;
import juanji.nn.Residual;
import juanji.nn.Sequence;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Writes a model in another system's dialect. Weights are taken in the order in which the layers declare them.
///
/// @param <V> the dialect's values
final class Translation<V> {
  /// A value and its shape, with a batch of 1.
  private record Shaped<V>(V value, Shape shape) {
  }

  private final Dialect<V> dialect;
  private final Iterator<Declaration> weights;

  private Translation(Dialect<V> dialect, Iterator<Declaration> weights) {
    this.dialect = dialect;
    this.weights = weights;
  }

  /// The model's output for the input `x`.
  static <V> V of(Model model, V x, Dialect<V> dialect) {
    Translation<V> translation = new Translation<>(dialect, model.parameters().iterator());
    return translation.chain(model.layers(), new Shaped<>(x, model.input().shape().prepend(1))).value();
  }

  private Shaped<V> chain(List<Layer> layers, Shaped<V> x) {
    Shaped<V> at = x;
    for (Layer layer : layers) {
      Shaped<V> next = layer(layer, at);
      if (at.value() != x.value() && next.value() != at.value()) {
        dialect.release(at.value());
      }
      at = next;
    }
    return at;
  }

  private Shaped<V> layer(Layer layer, Shaped<V> x) {
    return switch (layer) {
      case Sequence(List<Layer> layers) -> chain(layers, x);
      case Named(Layer named, String _) -> layer(named, x);
      case Identity _ -> x;
      case Convolution c -> convolution(x, c.window(x.shape().rank() - 2), c.groups(), c.bias());
      case DepthwiseConvolution d -> convolution(x, d.window(x.shape().rank() - 2), x.shape().dim(1), d.bias());
      case BatchNormalization(double epsilon, double momentum) -> {
        String name = weights.next().name();
        weights.next();
        weights.next();
        weights.next();
        yield new Shaped<>(dialect.batchNorm(x.value(), name.substring(0, name.lastIndexOf('.')), epsilon, momentum),
            x.shape());
      }
      case Activation a when a.function() == Activation.Function.RELU ->
          new Shaped<>(dialect.relu(x.value()), x.shape());
      case Pooling p when p.summary() == Pooling.Summary.MAX -> {
        Window window = p.window(x.shape().rank() - 2);
        List<Axis.Placed> places = places(window, x.shape());
        yield new Shaped<>(dialect.maxPool(x.value(), places, window.axes()), moved(x.shape().slice(0, 2), places));
      }
      case GlobalPooling(boolean average) -> {
        Shape shape = x.shape().slice(0, 2);
        for (int i = 2; i < x.shape().rank(); i++) {
          shape = appended(shape, 1);
        }
        yield new Shaped<>(average ? dialect.globalMean(x.value()) : dialect.globalMax(x.value()), shape);
      }
      case Flattening _ -> new Shaped<>(dialect.flatten(x.value()), Shape.of(1, (int) x.shape().size()));
      case Linear d when d.bias() -> {
        String weight = weights.next().name();
        yield new Shaped<>(dialect.dense(x.value(), weight, weights.next().name()), Shape.of(1, d.units()));
      }
      case Residual(Layer body, Layer shortcut) -> residual(body, shortcut, x);
      case Concatenation(List<Layer> branches) -> {
        List<Shaped<V>> parts = new ArrayList<>();
        branches.forEach(b -> parts.add(layer(b, x)));
        V joined = dialect.concat(parts.stream().map(Shaped::value).toList());
        parts.forEach(p -> dialect.release(p.value()));
        int channels = parts.stream().mapToInt(p -> p.shape().dim(1)).sum();
        yield new Shaped<>(joined, parts.getFirst().shape().with(1, channels));
      }
      case Rearrangement.Embedding(int _, int features) -> new Shaped<>(
          dialect.embedding(x.value(), weights.next().name()), Shape.of(1, features, x.shape().dim(1)));
      case Dropping(double p, Dropping.Sharing sharing) when sharing == Dropping.Sharing.UNITS ->
          new Shaped<>(dialect.dropout(x.value(), p), x.shape());
      default -> throw new IllegalArgumentException("the benchmarks cannot translate " + layer + ".");
    };
  }

  private Shaped<V> residual(Layer body, Layer shortcut, Shaped<V> x) {
    Shaped<V> learned = layer(body, x);
    Shaped<V> kept = layer(shortcut, x);
    V sum = dialect.add(learned.value(), kept.value());
    if (sum != learned.value()) {
      dialect.release(learned.value());
    }
    if (kept.value() != x.value()) {
      dialect.release(kept.value());
    }
    return new Shaped<>(sum, learned.shape());
  }

  private Shaped<V> convolution(Shaped<V> x, Window window, int groups, boolean bias) {
    Declaration weight = weights.next();
    Optional<String> added = bias ? Optional.of(weights.next().name()) : Optional.empty();
    List<Axis.Placed> places = places(window, x.shape());
    return new Shaped<>(dialect.conv(x.value(), weight.name(), added, places, window.axes(), groups),
        moved(Shape.of(1, weight.shape().dim(0)), places));
  }

  private static List<Axis.Placed> places(Window window, Shape x) {
    List<Axis.Placed> places = new ArrayList<>();
    for (int i = 0; i < window.axes().size(); i++) {
      places.add(window.axes().get(i).over(x.dim(2 + i)));
    }
    return places;
  }

  private static Shape moved(Shape start, List<Axis.Placed> places) {
    Shape shape = start;
    for (Axis.Placed place : places) {
      shape = appended(shape, place.out());
    }
    return shape;
  }

  private static Shape appended(Shape shape, int extent) {
    int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    dims[shape.rank()] = extent;
    return Shape.of(dims);
  }
}
