package juanji.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;

/// What goes on inside a network while it learns: outputs that are no numbers any more, and units that never answer.
///
/// The network is run for inference on one batch, with an output for each of its layers. A unit is a channel, or an
/// element where there is no more than the batch and one axis; it is dead if it is 0 for every sample and place.
///
/// ```java
/// List<Health.Layer> layers = Health.of(model, batch, workers);
/// ```
public final class Health {
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

  /// The first layer whose outputs are not all finite.
  static Optional<Layer> firstWithout(List<Layer> layers) {
    return layers.stream().filter(l -> !Double.isFinite(l.largest)).findFirst();
  }

  /// The layer with the largest output.
  static Optional<Layer> loudest(List<Layer> layers) {
    return layers.stream().max((a, b) -> Double.compare(a.largest, b.largest));
  }
}
