package juanji.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.op.Reduction;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What goes on inside a network while it learns: outputs that are no numbers any more, units that never answer, and
/// gradients that are far too large or vanish.
///
/// The network is run for inference on one batch, with an output for each of its layers. A unit is a channel, or an
/// element where there is no more than the batch and one axis; it is dead if it is 0 for every sample and place.
///
/// ```java
/// List<Health.Layer> layers = Health.of(model, batch, workers);
/// ```
public final class Health {
  /// Few samples, so that looking takes little memory beside the training's.
  private static final int LOOKED_AT = 8;
  /// A norm of the whole gradient that steps do not recover from.
  private static final double LARGE = 100;
  /// The share of the largest gradient below which a layer hardly learns.
  private static final double VANISHING = 1e-5;

  private Health() {
  }

  /// A layer's outputs on a batch.
  ///
  /// @param path where in the network
  /// @param kind what it is
  /// @param units how many it has
  /// @param dead how many of them are 0 throughout
  /// @param largest the largest size of an output; not a finite number if one is not
  public record Layer(String path, String kind, int units, int dead, double largest) {
  }

  /// All layers on a batch, in their order.
  ///
  /// @param batch N × sample
  public static List<Layer> of(Model model, Tensor batch, Workers workers) {
    return of(model, batch, Target.best(), workers);
  }

  static List<Layer> of(Model model, Tensor batch, Target target, Workers workers) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", model.input().shape().batched());
    List<Trace.Place> places = model.trace(b, x, false, 0).trace().places();
    for (int i = 0; i < places.size(); i++) {
      b.output("layer" + i, places.get(i).output());
    }
    Graph graph = b.build();
    Map<String, Tensor> outputs = new Session(Compiler.compile(graph, batch.shape().dim(0), target),
        model.weights().tensors(), workers).run(Map.of("x", batch));
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      layers.add(measured(places.get(i), outputs.get("layer" + i)));
    }
    return layers;
  }

  private static Layer measured(Trace.Place place, Tensor y) {
    int units = y.shape().rank() > 1 ? y.shape().dim(1) : 1;
    int each = y.shape().rank() > 1 ? (int) y.shape().size(2) : 1;
    boolean[] alive = new boolean[units];
    double largest = 0;
    float[] values = y.data();
    for (int i = 0; i < values.length; i++) {
      alive[i / each % units] |= values[i] != 0;
      largest = Math.max(largest, Math.abs((double) values[i]));
    }
    int dead = 0;
    for (boolean one : alive) {
      dead += one ? 0 : 1;
    }
    return new Layer(place.path(), place.layer().kind(), units, dead, largest);
  }

  /// The norm of the gradient of each weight on a batch, by name, in the order of the layers. Weights that are kept as
  /// they are have none.
  ///
  /// @param batch the samples and their classes
  /// @param shares whether classes are given as shares
  static Map<String, Double> gradients(Model model, Loss loss, Batches.Batch batch, boolean shares, Target target,
      Workers workers) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(b, x, true, 0);
    Node classes = b.input("classes", shares ? model.outputShape().batched() : Shape.of(Shape.UNBOUND));
    Map<String, Node.Parameter> trained = new LinkedHashMap<>();
    Map<String, Tensor> tensors = new HashMap<>(model.weights().tensors());
    for (Declaration d : traced.trace().declarations()) {
      if (d.trainable()) {
        trained.computeIfAbsent(d.name(), name -> b.parameter(name, d.shape()));
      } else {
        // Running statistics are updated by the graph, which must not reach those of the training.
        tensors.computeIfPresent(d.name(), (_, tensor) -> tensor.copy());
      }
    }
    List<Node.Parameter> weights = List.copyOf(trained.values());
    List<Optional<Node>> gradients = b.gradients(loss.of(b, traced.output(), classes), weights);
    List<String> moving = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      if (gradients.get(i).isPresent()) {
        Node g = gradients.get(i).get();
        List<Integer> axes = IntStream.range(0, g.shape().rank()).boxed().toList();
        b.output("g" + moving.size(), b.apply(new Reduction.Sum(axes), b.mul(g, g)));
        moving.add(weights.get(i).name());
      }
    }
    Graph graph = b.build();
    int samples = Math.min(LOOKED_AT, batch.x().shape().dim(0));
    Map<String, Tensor> inputs = new HashMap<>(Map.of("x", first(batch.x(), samples), "classes",
        first(batch.classes(), samples)));
    if (graph.inputs().stream().anyMatch(i -> i.name().equals("step"))) {
      inputs.put("step", Tensor.scalar(0));
    }
    Map<String, Tensor> outputs = new Session(Compiler.compile(graph, samples, target), tensors, workers).run(inputs);
    Map<String, Double> norms = new LinkedHashMap<>();
    for (int i = 0; i < moving.size(); i++) {
      norms.put(moving.get(i), Math.sqrt(outputs.get("g" + i).data()[0]));
    }
    return norms;
  }

  private static Tensor first(Tensor batch, int samples) {
    int each = batch.data().length / batch.shape().dim(0);
    int[] extents = batch.shape().toArray();
    extents[0] = samples;
    return Tensor.of(Shape.of(extents), Arrays.copyOf(batch.data(), samples * each));
  }

  /// What is odd about gradients, in plain words with the remedy: far too large, or vanishing on the way to the first
  /// layers.
  static Optional<String> remark(Map<String, Double> norms) {
    double all = Math.sqrt(norms.values().stream().mapToDouble(n -> n * n).sum());
    String largest = norms.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey).orElse("");
    if (all > LARGE) {
      return Optional.of("The gradient is very large: its norm is " + shortly(all) + ", most of it that of '" + largest
          + "'. Limit it (--optimizer sgd:clip-norm=1), or use a lower learning rate or a warm-up.");
    }
    List<String> weights = norms.keySet().stream().filter(n -> n.endsWith(".weight")).toList();
    if (weights.size() > 1 && all > 0) {
      String first = weights.getFirst();
      double most = weights.stream().mapToDouble(norms::get).max().orElse(0);
      if (norms.get(first) < VANISHING * most) {
        return Optional.of("The gradient vanishes on its way back: its norm at '" + first + "' is "
            + shortly(norms.get(first)) + ", at '" + largest + "' " + shortly(norms.get(largest)) + ". Use batch "
            + "normalisation, residual connections, or relu() instead of sigmoid() and tanh().");
      }
    }
    return Optional.empty();
  }

  private static String shortly(double value) {
    return String.format(Locale.ROOT, "%.2g", value);
  }

  /// The first layer whose outputs are not all finite.
  static Optional<Layer> firstWithout(List<Layer> layers) {
    return layers.stream().filter(l -> !Double.isFinite(l.largest)).findFirst();
  }

  /// The layer with the largest output.
  static Optional<Layer> loudest(List<Layer> layers) {
    return layers.stream().max((a, b) -> Double.compare(a.largest, b.largest));
  }
}
