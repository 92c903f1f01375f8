package juanji.nn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A network: what it takes, its layers, and its weights. An immutable value.
///
/// Weights are only made when they are asked for; counting them or summing up the layers allocates none. A new model
/// has those of seed 0.
///
/// ```java
/// Model model = Model.of(input(1, 28, 28), conv(6, 5).same(), relu(), flatten(), dense(10)).initialize(42);
/// long weights = model.weightCount();       // 47,206
/// Graph graph = model.graph(false, 0);      // input "x" of N × 1 × 28 × 28, output "y" of N × 10
/// ```
public final class Model {
  private final Input input;
  private final Sequence layers;
  private final Map<String, Tensor> given;
  private final long seed;
  private final List<Declaration> declarations;
  private final Shape output;
  private volatile Weights weights;

  private Model(Input input, Sequence layers, Map<String, Tensor> given, long seed) {
    this.input = input;
    this.layers = layers.flat();
    this.given = given;
    this.seed = seed;
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", input.shape().batched());
    Trace trace = new Trace(builder, false, 0);
    this.output = trace.layer(this.layers, x).shape().sample();
    this.declarations = trace.declarations();
  }

  /// A network of the given layers.
  ///
  /// @throws juanji.op.ShapeException if a layer cannot take the output of the one before
  public static Model of(Input input, Layer... layers) {
    return new Model(input, new Sequence(List.of(layers)), Map.of(), 0);
  }

  /// A network with fresh weights, drawn from the given seed.
  public Model initialize(long number) {
    return new Model(input, layers, Map.of(), number);
  }

  /// A network with the given weights.
  ///
  /// @throws WeightsException if they are not exactly the network's, in name and shape
  public Model withWeights(Weights values) {
    return new Model(input, layers, values.strictly(declarations).tensors(), seed);
  }

  /// This network on samples of another shape, such as larger pictures; weights stay.
  ///
  /// @throws juanji.op.ShapeException if a layer cannot take what comes to it then
  /// @throws WeightsException if a layer would need weights of another shape
  public Model withInput(Input other) {
    Model model = new Model(other, layers, given, seed);
    List<String> mismatched = model.declarations.stream().filter(d -> given.containsKey(d.name())
        && !given.get(d.name()).shape().equals(d.shape())).map(d -> d.name() + ": " + given.get(d.name()).shape()
        + " instead of " + d.shape()).toList();
    if (!mismatched.isEmpty()) {
      throw new WeightsException(List.of(), List.of(), mismatched);
    }
    return model;
  }

  /// This network and further layers; weights stay, those of the new layers are fresh.
  public Model then(Layer... more) {
    List<Layer> all = new ArrayList<>(layers.layers());
    all.addAll(List.of(more));
    return new Model(input, new Sequence(all), given, seed);
  }

  /// This network up to the layer of the given path, that one included; its weights stay, and those of the layers
  /// behind it are forgotten.
  ///
  /// @param path a layer of the network's own chain, such as `conv2`, or within named chains, such as `features.conv2`
  /// @throws IllegalArgumentException if there is no such layer, or if it lies inside a branch
  public Model upTo(String path) {
    Sequence cut = Cutting.upTo(layers, path);
    Map<String, Tensor> kept = new LinkedHashMap<>();
    new Model(input, cut, Map.of(), seed).declarations.stream().filter(d -> given.containsKey(d.name()))
        .forEach(d -> kept.put(d.name(), given.get(d.name())));
    return new Model(input, cut, kept, seed);
  }

  /// This network with all its weights left as they are in training.
  public Model freeze() {
    return new Model(input, new Sequence(layers.layers().stream().<Layer>map(Frozen::new).toList()), given, seed);
  }

  /// This network with the layers of the given paths, and all that is inside them, left as they are in training.
  ///
  /// A node of an imported graph is found by its place, by what that is inside of, and by its weights' names up to
  /// the last dot: `layer1.0.conv1` is the node `layer1.0.conv1.Conv`, or the one that has `layer1.0.conv1.weight`.
  ///
  /// @param paths which layers, by their path, such as `features` or `layer1.0.conv1`
  /// @throws IllegalArgumentException if that is none of them
  public Model freeze(Predicate<String> paths) {
    Freezing freezing = new Freezing(paths, owners());
    Sequence frozen = new Rewriting(freezing).of(layers);
    if (!freezing.found()) {
      throw new IllegalArgumentException("nothing of the network can be frozen.\n"
          + "  C1: there is a layer of that name; the layers are " + Source.listed(freezing.seen()) + ".\n"
          + "  Name one of these.");
    }
    return new Model(input, frozen, given, seed);
  }

  /// This network with its batch normalisations left as they are in training: neither their weights nor their running
  /// statistics move, and the latter are what they normalise by.
  public Model freezeNorms() {
    Map<String, String> owners = owners();
    Set<String> norms = new HashSet<>();
    declarations.stream().filter(Declaration::state).forEach(d -> norms.add(owners.get(d.name())));
    return new Model(input, new Rewriting(new Rewriting.Change() {
      @Override public Optional<Layer> of(String path, Layer layer) {
        return plain(layer) instanceof BatchNormalization ? Optional.of(new Frozen(layer)) : Optional.empty();
      }

      @Override public Layer parts(String scope, CustomLayer graph) {
        return graph.freeze(part -> norms.contains(scope + part)).orElse(graph);
      }
    }).of(layers), given, seed);
  }

  private static Layer plain(Layer layer) {
    return layer instanceof Named named ? named.layer() : layer;
  }

  /// This network with another layer in the place of one, under the same name; other weights stay, its own are fresh.
  ///
  /// @param path the layer's path, such as `fc` or `classifier.6`
  /// @throws IllegalArgumentException if there is no such layer
  public Model replace(String path, Layer layer) {
    List<String> seen = new ArrayList<>();
    boolean[] found = {false};
    Sequence changed = new Rewriting((at, old) -> {
      seen.add(at);
      found[0] |= at.equals(path);
      return !at.equals(path) ? Optional.empty() : Optional.of(old instanceof Named named ? layer.named(named.name())
          : layer);
    }).of(layers);
    if (!found[0]) {
      throw new IllegalArgumentException("the network has no layer '" + Source.brief(path) + "' to replace.\n"
          + "  C1: there is a layer of that name; the layers are " + Source.listed(seen) + ".\n"
          + "  Name one of these.");
    }
    Map<String, Tensor> kept = new LinkedHashMap<>(given);
    kept.keySet().removeIf(name -> name.startsWith(path + "."));
    return new Model(input, changed, kept, seed);
  }

  /// The path of the last layer with weights on the way through the network, which tells the classes: in an imported
  /// graph the last node with a matrix or filters.
  ///
  /// @throws IllegalArgumentException if there is none
  public String head() {
    String[] last = {""};
    Map<String, String> owners = owners();
    new Rewriting(new Rewriting.Change() {
      @Override public Optional<Layer> of(String path, Layer layer) {
        boolean beside = plain(layer) instanceof Auxiliary;
        last[0] = plain(layer) instanceof Linear || plain(layer) instanceof Convolution ? path : last[0];
        return beside ? Optional.of(layer) : Optional.empty();
      }

      @Override public Layer parts(String scope, CustomLayer graph) {
        Set<String> parts = new HashSet<>(graph.parts());
        declarations.stream().filter(d -> d.shape().rank() > 1).map(d -> owners.get(d.name()))
            .filter(owner -> owner.startsWith(scope) && parts.contains(owner.substring(scope.length())))
            .forEach(owner -> last[0] = owner);
        return graph;
      }
    }).of(layers);
    if (last[0].isEmpty()) {
      throw new IllegalArgumentException("the network has no head.\n"
          + "  C1: a head is a dense layer or a convolution; received " + Source.brief(toString()) + ".\n"
          + "  Add one with then(dense(classes)).");
    }
    return last[0];
  }

  /// This network with a fresh head for another number of classes; all other weights stay.
  ///
  /// @throws IllegalArgumentException if it has no head, or if that is a node of an imported graph
  public Model withClasses(int classes) {
    String path = head();
    Layer[] found = {new Identity()};
    new Rewriting((at, layer) -> {
      found[0] = at.equals(path) ? plain(layer) : found[0];
      return Optional.empty();
    }).of(layers);
    return replace(path, switch (found[0]) {
      case Linear dense -> new Linear(classes, dense.bias(), dense.initializer());
      case Convolution conv -> conv.filters(classes);
      default -> throw new IllegalArgumentException("the network's head cannot be replaced.\n"
          + "  C2: the head is a layer; received '" + Source.brief(path) + "', a node of an imported graph.\n"
          + "  Cut the network before it with upTo(…), and add a head with then(dense(" + classes + ")).");
    });
  }

  /// This network for samples of another shape; weights stay.
  ///
  /// @throws juanji.op.ShapeException if a layer cannot take what this makes of its input
  /// @throws WeightsException if weights were given, and some of them would have another shape: those of a dense layer
  /// behind flatten() grow with the input, those behind a global, an adaptive or a pyramid pooling do not
  public Model withInput(Shape sample) {
    Model changed = new Model(new Input(sample), layers, given, seed);
    if (!given.isEmpty()) {
      Weights.of(given).strictly(changed.declarations);
    }
    return changed;
  }

  /// What the network takes.
  public Input input() {
    return input;
  }

  /// The shape of one sample's output, without a batch axis.
  public Shape outputShape() {
    return output;
  }

  /// The layers.
  public List<Layer> layers() {
    return layers.layers();
  }

  /// What weights and running statistics the network has, in the order of its layers.
  public List<Declaration> parameters() {
    return declarations;
  }

  /// The path of the layer, or of the node of an imported graph, that each of these belongs to, by its name.
  public Map<String, String> owners() {
    GraphBuilder builder = new GraphBuilder();
    return trace(builder, builder.input("x", input.shape().batched()), false, 0).trace().owners();
  }

  /// The number of weights: of everything but running statistics.
  ///
  /// @throws ArithmeticException if it exceeds a `long`
  public long weightCount() {
    return declarations.stream().filter(d -> !d.state()).mapToLong(d -> d.shape().size()).reduce(0, Math::addExact);
  }

  /// The weights and running statistics.
  public Weights weights() {
    Weights known = weights;
    if (known == null) {
      Map<String, Tensor> values = new LinkedHashMap<>();
      for (Declaration d : declarations) {
        Tensor value = given.get(d.name());
        values.put(d.name(), value != null && value.shape().equals(d.shape()) ? value
            : d.initializer().weights(d.shape(), seed, d.name()));
      }
      known = Weights.of(values);
      weights = known;
    }
    return known;
  }

  /// The network as a graph, from input `x` of N × sample to output `y`, and to what else its layers give by name
  /// ([Trace#result]); in training it also takes the input `step` where layers draw random masks, and updates running
  /// statistics.
  ///
  /// @param training whether layers behave as in training
  /// @param randomSeed what random masks are drawn from
  public Graph graph(boolean training, long randomSeed) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", input.shape().batched());
    Traced traced = trace(builder, x, training, randomSeed);
    builder.output("y", traced.output());
    traced.trace().results().forEach(builder::output);
    return builder.build();
  }

  /// The network as a graph for inference.
  public Graph graph() {
    return graph(false, 0);
  }

  /// A network written into a graph.
  ///
  /// @param output the network's output
  /// @param trace each layer's output and what was declared
  public record Traced(Node output, Trace trace) {
  }

  /// Writes the network into a graph under construction.
  ///
  /// @param x a node of N × sample
  /// @param training whether layers behave as in training
  /// @param randomSeed what random masks are drawn from
  public Traced trace(GraphBuilder builder, Node x, boolean training, long randomSeed) {
    Trace trace = new Trace(builder, training, randomSeed);
    return new Traced(trace.layer(layers, x), trace);
  }

  /// Each layer's output, weights, work, receptive field and memory.
  public Summary summary() {
    return Summary.of(this);
  }

  /// Equal if input, layers and weights are.
  @Override public boolean equals(Object other) {
    return other instanceof Model m && input.equals(m.input) && layers.equals(m.layers)
        && weights().equals(m.weights());
  }

  @Override public int hashCode() {
    return 31 * input.hashCode() + layers.hashCode();
  }

  /// The code that makes this network, without its weights; [Architecture#model] reads it again.
  @Override public String toString() {
    StringBuilder text = new StringBuilder("Model.of(").append(input);
    layers.layers().forEach(layer -> text.append(",\n    ").append(layer));
    return text.append(')').toString();
  }
}
