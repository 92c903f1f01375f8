package juanji.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Layer;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.op.Tape;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Runs a network in inference and tells what its layers give, and how a mixture of its outputs depends on them.
///
/// It has no hooks: the layers' values and gradients are further outputs of the network's graph. The mixture is
/// Σ mix · y over the elements of the output, with a mix of the output's shape that is given at each run; one at a
/// class and zeros elsewhere asks for that class's score.
///
/// ```java
/// Probe probe = Probe.of(model, List.of("conv2"), List.of("conv2", Probe.INPUT), workers);
/// Probe.Seen seen = probe.run(photo, Probe.oneOf(model, 3));
/// Tensor maps = seen.values().get("conv2");              // N × K × height × width
/// Tensor slope = seen.gradients().get(Probe.INPUT);      // N × C × height × width
/// ```
///
/// Constraints: C1 every name asked for is a layer's path, or [#INPUT].
public final class Probe {
  /// The network's input, where a path is asked for.
  public static final String INPUT = "input";
  private static final int SESSIONS = 3;

  private final Model model;
  private final Graph graph;
  private final Workers workers;
  private final List<String> values;
  private final Map<String, Boolean> gradients;
  private final Map<Integer, Session> sessions = new LinkedHashMap<>(SESSIONS, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override protected boolean removeEldestEntry(Map.Entry<Integer, Session> eldest) {
      return size() > SESSIONS;
    }
  };

  /// What a run gives.
  ///
  /// @param output the network's output
  /// @param values the layers' outputs by path
  /// @param gradients those of the mixture with respect to the layers' outputs, by path; zeros where it does not depend
  public record Seen(Tensor output, Map<String, Tensor> values, Map<String, Tensor> gradients) {
  }

  private Probe(Model model, List<String> values, List<String> gradients, boolean guided, Workers workers) {
    this.model = model;
    this.workers = workers;
    this.values = List.copyOf(values);
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(builder, x, false, 0);
    Map<String, Node> nodes = new LinkedHashMap<>(traced.trace().outputs());
    nodes.put(INPUT, x);
    for (String path : values) {
      builder.output("v:" + path, node(nodes, path));
    }
    builder.output("y", traced.output());
    this.gradients = gradients.isEmpty() ? Map.of()
        : differentiate(builder, traced.output(), nodes, gradients, guided);
    this.graph = builder.build();
  }

  private static Map<String, Boolean> differentiate(GraphBuilder builder, Node y, Map<String, Node> nodes,
      List<String> gradients, boolean guided) {
    List<Node> wanted = gradients.stream().map(p -> node(nodes, p)).toList();
    Node mix = builder.input("mix", y.shape());
    List<Optional<Node>> found = guided ? guided(builder, y, mix, wanted) : builder.gradients(y, mix, wanted);
    Map<String, Boolean> there = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String name = "g:" + gradients.get(i);
      found.get(i).ifPresent(g -> builder.output(name, g));
      there.put(gradients.get(i), found.get(i).isPresent());
    }
    return there;
  }

  /// The same operations on a tape of their own, where those of guided backpropagation stand for ReLU.
  private static List<Optional<Node>> guided(GraphBuilder builder, Node y, Node mix, List<Node> wanted) {
    Tape<Node> tape = new Tape<>(builder);
    for (Node node : new GraphBuilder().output("y", y).build().nodes()) {
      if (node instanceof Node.Apply a) {
        tape.record(GuidedRelu.insteadOf(a.op()), a.inputs(), a);
      }
    }
    return tape.gradients(y, mix, wanted);
  }

  private static Node node(Map<String, Node> nodes, String path) {
    Node node = nodes.get(path);
    if (node == null) {
      throw new IllegalArgumentException("the network has no layer '" + path + "'.\n"
          + "  C1: a layer's path, or '" + INPUT + "'; the layers are " + String.join(", ", nodes.keySet()) + ".\n"
          + "  Name one of these.");
    }
    return node;
  }

  /// A probe of some layers' values and gradients.
  ///
  /// @param values the paths of the layers whose outputs are wanted
  /// @param gradients the paths of those whose gradients are wanted
  public static Probe of(Model model, List<String> values, List<String> gradients, Workers workers) {
    return new Probe(model, values, gradients, false, workers);
  }

  /// A probe whose gradients only pass through a ReLU where they are positive, too.
  ///
  /// Source: Springenberg et al., *Striving for simplicity*, 2015.
  public static Probe guided(Model model, List<String> gradients, Workers workers) {
    return new Probe(model, List.of(), gradients, true, workers);
  }

  /// The mixture that asks for one element of the output.
  ///
  /// @param element its number in row-major order, without the batch axis
  public static Tensor oneOf(Model model, int element) {
    Shape shape = model.outputShape();
    if (element < 0 || element >= shape.size()) {
      throw new IllegalArgumentException("the network has no output " + element + ".\n"
          + "  C1: outputs are numbered from 0 to " + (shape.size() - 1) + "; received " + element + ".\n"
          + "  Ask for one of these.");
    }
    Tensor mix = Tensor.zeros(shape.prepend(1));
    mix.data()[element] = 1;
    return mix;
  }

  /// The layers' paths in the order of the data, those that hold others after them.
  public static List<String> paths(Model model) {
    return places(model).stream().map(Trace.Place::path).toList();
  }

  /// The paths of the layers whose output has spatial axes, those that only activate or normalise included.
  public static List<String> spatial(Model model) {
    return places(model).stream().filter(p -> p.output().shape().rank() == 4).map(Trace.Place::path).toList();
  }

  /// The path of the last layer whose output is a stack of planes of more than one element: what the explanations by
  /// class activation look at unless told otherwise.
  public static Optional<String> lastSpatial(Model model) {
    return places(model).reversed().stream().filter(p -> p.output().shape().rank() == model.input().shape().rank() + 1
        && p.output().shape().rank() > 2 && p.output().shape().size(2) > 1 && !pools(p))
        .map(Trace.Place::path).findFirst();
  }

  private static boolean pools(Trace.Place place) {
    return place.layer().kind().toLowerCase(Locale.ROOT).endsWith("pool");
  }

  /// The layers as they were traced.
  static List<Trace.Place> places(Model model) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    return model.trace(builder, x, false, 0).trace().places();
  }

  /// What is looked at.
  public Model model() {
    return model;
  }

  /// Runs the network; without gradients, no mixture is needed.
  ///
  /// @param batch N × sample
  public Seen run(Tensor batch) {
    return run(batch, Tensor.zeros(model.outputShape().prepend(1)));
  }

  /// Runs the network.
  ///
  /// @param batch N × sample
  /// @param mix how much each output counts: N × output, or 1 × output for all samples alike
  public synchronized Seen run(Tensor batch, Tensor mix) {
    int n = batch.shape().dim(0);
    Session session = sessions.computeIfAbsent(n,
        size -> new Session(Compiler.compile(graph, size, Target.best()), model.weights().tensors(), workers));
    Map<String, Tensor> given = gradients.containsValue(true) ? Map.of("x", batch, "mix", repeated(mix, n))
        : Map.of("x", batch);
    Map<String, Tensor> results = session.run(given);
    Map<String, Tensor> seen = new LinkedHashMap<>();
    values.forEach(path -> seen.put(path, results.get("v:" + path)));
    Map<String, Tensor> slopes = new LinkedHashMap<>();
    gradients.forEach((path, there) -> slopes.put(path, there ? results.get("g:" + path)
        : Tensor.zeros(shape(path).bind(n))));
    return new Seen(results.get("y"), seen, slopes);
  }

  private Shape shape(String path) {
    if (path.equals(INPUT)) {
      return model.input().shape().batched();
    }
    return places(model).stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow().output().shape();
  }

  private static Tensor repeated(Tensor mix, int n) {
    if (mix.shape().dim(0) == n) {
      return mix;
    }
    float[] one = mix.data();
    float[] all = new float[one.length * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(one, 0, all, i * one.length, one.length);
    }
    return Tensor.of(mix.shape().with(0, n), all);
  }

  /// What a single layer with weights drawn from a seed, or without weights, makes of one sample.
  static Tensor apply(Layer layer, Tensor sample) {
    return apply(Model.of(Layers.input(sample.shape().toArray()), layer), sample);
  }

  /// What a network makes of one sample, without a batch axis on either side.
  static Tensor apply(Model model, Tensor sample) {
    try (Workers workers = Workers.of(1)) {
      Tensor y = of(model, List.of(), List.of(), workers).run(sample.reshape(sample.shape().prepend(1))).output();
      return y.reshape(y.shape().sample());
    }
  }
}
