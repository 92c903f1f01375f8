package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Op;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The writing of a network into a graph: what layers apply operations with, and where they declare their weights.
///
/// It knows the path of the layer being written, such as `concat1.conv2`, and keeps what was declared and each layer's
/// output. It is used by one thread and thrown away.
public final class Trace implements Algebra<Node> {
  /// A layer, or a part of one, as it was written.
  ///
  /// @param path where in the network, such as `concat1.conv2`
  /// @param layer the layer, without its name
  /// @param input what it was given
  /// @param output what it gave
  public record Place(String path, Layer layer, Node input, Node output) {
  }

  /// What a part of a layer was given and gave.
  ///
  /// @param input what it was given
  /// @param output what it gave
  public record Part(Node input, Node output) {
  }

  /// Scores besides the network's own that training holds against the same classes.
  ///
  /// @param scores N × classes
  /// @param weight how much their loss counts
  public record Scores(Node scores, double weight) {
  }

  /// A layer that opened no scope, such as the join of branches whose layers are named in the surrounding scope.
  ///
  /// @param place the layer as it was written; its path is that of the scope and its kind
  /// @param from the first of the [#places()] inside it
  /// @param to the first behind it
  public record Open(Place place, int from, int to) {
  }

  private final GraphBuilder builder;
  private final boolean training;
  private final long seed;
  private final Map<String, Declaration> declared = new LinkedHashMap<>();
  private final Map<String, String> owners = new LinkedHashMap<>();
  private final Map<String, Node> outputs = new LinkedHashMap<>();
  private final List<Place> places = new ArrayList<>();
  private final List<Open> opens = new ArrayList<>();
  private final List<Scores> auxiliaries = new ArrayList<>();
  private final Map<String, Node> results = new LinkedHashMap<>();
  private final Map<String, Node> followed = new LinkedHashMap<>();
  private Numbering numbering = new Numbering();
  private String path = "";
  private String layerPath = "";
  private boolean frozen;

  /// A trace into the given builder.
  ///
  /// @param builder what the operations go to
  /// @param training whether layers behave as in training
  /// @param seed what random masks are drawn from
  public Trace(GraphBuilder builder, boolean training, long seed) {
    this.builder = builder;
    this.training = training;
    this.seed = seed;
  }

  /// Names layers within one scope: by their own name, or by kind and number.
  static final class Numbering {
    private final Map<String, Integer> numbers = new HashMap<>();

    String name(Layer layer) {
      return layer instanceof Named named ? named.name()
          : layer.kind() + numbers.merge(layer.kind(), 1, Integer::sum);
    }
  }

  /// Writes a layer: names it, opens its scope, and applies it. Unnamed chains and unscoped layers open no scope.
  ///
  /// @return the layer's output
  public Node layer(Layer layer, Node x) {
    switch (layer) {
      case Sequence chain -> {
        return chain.apply(this, x);
      }
      case Frozen still -> {
        boolean before = frozen;
        frozen = true;
        Node y = layer(still.layer(), x);
        frozen = before;
        return y;
      }
      case CustomLayer graph when graph.partsOnly() -> {
        return graph.apply(this, x);
      }
      case Unscoped open -> {
        int from = places.size();
        Node y = open.apply(this, x);
        opens.add(new Open(new Place(join(open.kind()), open.layer(), x, y), from, places.size()));
        return y;
      }
      default -> {
        return scoped(layer, x);
      }
    }
  }

  private Node scoped(Layer layer, Node x) {
    Numbering outerNumbering = numbering;
    String outerPath = path;
    String outerLayer = layerPath;
    path = fresh(join(numbering.name(layer)), layer);
    layerPath = path;
    outputs.put(path, x);
    numbering = new Numbering();
    String outerScope = builder.scope(path);
    Node y = layer.apply(this, x);
    builder.scope(outerScope);
    outputs.put(path, y);
    places.add(new Place(path, layer instanceof Named named ? named.layer() : layer, x, y));
    numbering = outerNumbering;
    path = outerPath;
    layerPath = outerLayer;
    return y;
  }

  private String fresh(String own, Object what) {
    if (outputs.containsKey(own)) {
      throw new IllegalArgumentException("two layers are named '" + own + "'.\n"
          + "  C1: a name stands for one layer of its scope; received " + Source.brief(what.toString()) + ".\n"
          + "  Name one of them differently.");
    }
    return own;
  }

  /// Writes a part of the layer being written that has a place of its own, such as a node of an imported graph. Weights
  /// that are declared meanwhile stay the layer's, under its path; tables count them with the part.
  ///
  /// @param name its name within the layer
  /// @param layer what stands for it where networks are shown; if it is [Frozen], what is declared meanwhile stays as
  ///     it is in training
  /// @param write writes it and says what it was given and gave; nothing if it has no place
  public void part(String name, Layer layer, Supplier<Optional<Part>> write) {
    String outerPath = path;
    boolean outerFrozen = frozen;
    path = fresh(join(name), layer);
    frozen |= layer instanceof Frozen;
    Layer shown = layer instanceof Frozen still ? still.layer() : layer;
    String outerScope = builder.scope(path);
    Optional<Part> part = write.get();
    builder.scope(outerScope);
    part.ifPresent(p -> {
      outputs.put(path, p.output());
      places.add(new Place(path, shown, p.input(), p.output()));
    });
    frozen = outerFrozen;
    path = outerPath;
  }

  private String join(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private String owned(String name) {
    return layerPath.isEmpty() ? name : layerPath + "." + name;
  }

  /// A trained value of the layer being written, to which weight decay applies.
  ///
  /// @param name its name within the layer, such as `weight`
  public Node.Parameter parameter(String name, Shape shape, Initializer initializer) {
    return parameter(name, shape, initializer, true);
  }

  /// A trained value of the layer being written.
  ///
  /// @param name its name within the layer, such as `bias`
  /// @param decays whether weight decay applies to it
  public Node.Parameter parameter(String name, Shape shape, Initializer initializer, boolean decays) {
    return declare(new Declaration(owned(name), shape, initializer, false, !frozen, decays && !frozen));
  }

  /// A running statistic of the layer being written: kept and saved, not trained.
  ///
  /// @param name its name within the layer, such as `running_mean`
  public Node.Parameter state(String name, Shape shape, double initialValue) {
    return declare(new Declaration(owned(name), shape, Initializer.constant(initialValue), true, false, false));
  }

  private Node.Parameter declare(Declaration declaration) {
    if (declared.putIfAbsent(declaration.name(), declaration) != null) {
      throw new IllegalArgumentException("'" + declaration.name() + "' is declared twice.\n"
          + "  C1: a layer declares each of its weights once; received another of " + declaration.shape() + ".\n"
          + "  Use another name.");
    }
    owners.put(declaration.name(), path);
    return builder.parameter(declaration.name(), declaration.shape());
  }

  /// Whether the layer being written behaves as in training.
  public boolean training() {
    return training && !frozen;
  }

  /// The number of the training step, a scalar that is given at each run.
  public Node step() {
    return builder.input("step", Shape.of());
  }

  /// Another value that is given at each run, such as a table of regions.
  ///
  /// @param name its name among the graph's inputs
  public Node given(String name, Shape shape) {
    return builder.input(name, shape);
  }

  /// What makes the random numbers of the layer being written differ from those of others, and of other seeds.
  public long salt() {
    return Salt.of(seed, path);
  }

  /// Gives a running statistic its value after this step.
  public void update(Node.Parameter state, Node value) {
    builder.update(state, value);
  }

  /// Has a running statistic follow the batch's own: running ← (1 − momentum) · running + momentum · batch.
  public void follow(Node.Parameter state, Node batch, double momentum) {
    followed.put(state.name(), batch);
    update(state, add(affine(state, 1 - momentum, 0), affine(batch, momentum, 0)));
  }

  /// The batch's own statistics, by the names of the running ones that follow them.
  public Map<String, Node> followed() {
    return Collections.unmodifiableMap(followed);
  }

  /// Has training hold further scores against the same classes as the network's own.
  ///
  /// @param scores N × classes
  /// @param weight how much their loss counts
  public void auxiliary(Node scores, double weight) {
    auxiliaries.add(new Scores(scores, weight));
  }

  /// The scores besides the network's own that training makes use of.
  public List<Scores> auxiliaries() {
    return List.copyOf(auxiliaries);
  }

  /// Gives the network a further output besides the one that is handed from layer to layer.
  ///
  /// @param name its name among the graph's outputs
  /// @throws IllegalArgumentException if the network has an output of that name (C1)
  public void result(String name, Node value) {
    if (name.equals("y") || results.putIfAbsent(name, value) != null) {
      throw new IllegalArgumentException("the network cannot have another output '" + name + "'.\n"
          + "  C1: outputs have names of their own, of which y is the network's; the others are "
          + Source.listed(List.copyOf(results.keySet())) + ".\n"
          + "  Use another name.");
    }
  }

  /// The outputs besides the network's own, by name.
  public Map<String, Node> results() {
    return Collections.unmodifiableMap(results);
  }

  /// The path of the layer being written; empty outside of layers.
  public String path() {
    return path;
  }

  /// The error of the layer being written that cannot take its input.
  ///
  /// @param kind what the layer is called
  /// @param constraint the label and the constraint with the received values
  /// @param remedy how to mend it
  public ShapeException refusal(String kind, String constraint, String remedy, Shape... shapes) {
    ShapeException error = new ShapeException(kind, constraint, remedy, Arrays.asList(shapes));
    return path.isEmpty() ? error : error.at(path);
  }

  /// What was declared, in the order of the layers.
  public List<Declaration> declarations() {
    return List.copyOf(declared.values());
  }

  /// The path of the layer, or of its part, that declared each weight, by the weight's name.
  public Map<String, String> owners() {
    return Collections.unmodifiableMap(owners);
  }

  /// Each layer's output by its path, in the order in which the layers began.
  public Map<String, Node> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /// The layers that opened no scope, each after those inside it.
  public List<Open> opens() {
    return List.copyOf(opens);
  }

  /// The layers as they were written, each after those inside it.
  public List<Place> places() {
    return List.copyOf(places);
  }

  @Override public Node apply(Op op, List<Node> inputs) {
    return builder.apply(op, inputs);
  }

  @Override public Node constant(Tensor value) {
    return builder.constant(value);
  }

  @Override public Shape shape(Node value) {
    return value.shape();
  }
}
