package juanji.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Interpreter;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.op.Exact;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.plan.Target;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// All contracts of a layer, such as a [juanji.nn.CustomLayer] of your own.
///
/// ```java
/// LayerCheck.of(new Scaling(2), Shape.of(3, 8, 8)).check();
/// ```
///
/// Checked are: the output's shape at every batch size; equal descriptions and equal texts; the same graph, weights and
/// results each time; that the graph's parameters are the declared ones; the gradients with respect to input and
/// weights against central differences in double precision, in training and in inference; and that the scalar and the
/// best kernels compute what the graph means, with one, two and three threads.
///
/// @param layer the layer
/// @param sample the shape of one sample, without a batch axis
/// @param values what numbers samples hold
/// @param given what the layer takes besides samples, by name
/// @param seed what numbers are drawn from
public record LayerCheck(Layer layer, Shape sample, Values values, Map<String, Tensor> given, long seed) {
  private static final double STEP = 1e-6;
  private static final int BATCH = 3;

  /// Takes a copy of the map.
  public LayerCheck {
    given = Map.copyOf(given);
  }

  /// A check of a layer on samples of the given shape, with numbers from −1 to 1.
  public static LayerCheck of(Layer layer, Shape sample) {
    return new LayerCheck(layer, sample, Values.SIGNED, Map.of(), 1);
  }

  /// This check with other numbers in its samples, such as whole ones where they name something.
  public LayerCheck values(Values kind) {
    return new LayerCheck(layer, sample, kind, given, seed);
  }

  /// This check with one more value that the layer takes, such as a table of regions; its rows may be more or less than
  /// the samples.
  public LayerCheck given(String name, Tensor value) {
    Map<String, Tensor> more = new LinkedHashMap<>(given);
    more.put(name, value);
    return new LayerCheck(layer, sample, values, more, seed);
  }

  /// This check with numbers of another seed.
  public LayerCheck seed(long number) {
    return new LayerCheck(layer, sample, values, given, number);
  }

  /// The layer as a network, with weights of the seed.
  public Model model() {
    return Model.of(new Input(sample), layer).initialize(seed);
  }

  /// Checks all contracts.
  ///
  /// @throws AssertionError if one is broken
  public void check() {
    shapes();
    determinism();
    for (boolean training : new boolean[] {false, true}) {
      parameters(training);
      gradients(training);
      for (int batch : new int[] {1, 2, 5}) {
        GraphSample graph = graph(training, batch);
        GraphContract.check(graph, Target.scalar(), 1e-4);
        GraphContract.check(graph, Target.best(), 1e-4);
      }
    }
  }

  /// The output is batch × what the model says, whatever the batch; or as many rows as another input has.
  public void shapes() {
    Model model = model();
    for (int batch : new int[] {1, 2, 7}) {
      Shape y = graph(false, batch).expected(model.weights().tensors()).outputs().get("y").shape();
      int rows = given.values().stream().findFirst().map(t -> t.shape().dim(0)).orElse(batch);
      if (!y.equals(model.outputShape().prepend(rows))) {
        throw new AssertionError(layer + " gives " + y + " for a batch of " + batch + " instead of "
            + model.outputShape().prepend(rows));
      }
    }
  }

  /// The same description gives the same text, graph and weights.
  public void determinism() {
    Model first = model();
    Model second = model();
    same("text", first.toString(), second.toString());
    same("weights", first.weights(), second.weights());
    for (boolean training : new boolean[] {false, true}) {
      same("graph", first.graph(training, seed).toString(), second.graph(training, seed).toString());
    }
  }

  private void same(String what, Object first, Object second) {
    if (!first.equals(second)) {
      throw new AssertionError(layer + " does not give the same " + what + " twice: " + first + " and " + second);
    }
  }

  /// What the graph reads was declared.
  private void parameters(boolean training) {
    Model model = model();
    TreeSet<String> declared = new TreeSet<>(model.parameters().stream().map(Declaration::name).toList());
    model.graph(training, seed).parameters().forEach(p -> {
      if (!declared.contains(p.name())) {
        throw new AssertionError(layer + " uses '" + p.name() + "' in " + (training ? "training" : "inference")
            + ", but declares only " + declared);
      }
    });
  }

  /// The layer as a graph, with numbers.
  ///
  /// @param training whether the layer behaves as in training
  public GraphSample graph(boolean training, int batch) {
    Model model = model();
    Graph graph = model.graph(training, seed);
    Shape shape = sample.prepend(batch);
    Map<String, Tensor> inputs = new LinkedHashMap<>(given);
    inputs.put("x", new Exact(shape, new Draw(seed).numbers(shape, values)).toTensor());
    inputs.put("step", Tensor.scalar(5));
    return new GraphSample(graph, batch, inputs, model.weights().tensors());
  }

  /// The gradients of a weighted sum of the output with respect to the input and to what is trained.
  ///
  /// @param training whether the layer behaves as in training
  public void gradients(boolean training) {
    Model model = model();
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", sample.batched());
    Model.Traced traced = model.trace(builder, x, training, seed);
    Node weights = builder.input("weights of the sum", traced.output().shape());
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < traced.output().shape().rank(); i++) {
      axes.add(i);
    }
    Node sum = builder.reshape(builder.apply(new Reduction.Sum(axes), builder.apply(new Pointwise.Mul(),
        traced.output(), weights)), Shape.of());
    List<Node> wanted = new ArrayList<>(List.of(x));
    for (Declaration d : traced.trace().declarations()) {
      if (d.trainable()) {
        wanted.add(builder.parameter(d.name(), d.shape()));
      }
    }
    List<Optional<Node>> gradients = builder.gradients(sum, wanted);
    builder.output("sum", sum);
    for (int i = 0; i < wanted.size(); i++) {
      int number = i;
      gradients.get(i).ifPresent(g -> builder.output("d" + number, g));
    }
    Graph graph = builder.build();
    Map<String, Exact> all = new LinkedHashMap<>();
    Shape shape = sample.prepend(BATCH);
    all.put("x", new Exact(shape, new Draw(seed + 2).numbers(shape, values)));
    all.put("step", Exact.of(Tensor.scalar(5)));
    given.forEach((name, t) -> all.put(name, Exact.of(t)));
    model.weights().tensors().forEach((name, t) -> all.put(name, Exact.of(t)));
    Shape y = Interpreter.run(model.graph(training, seed), all).outputs().get("y").shape();
    all.put(weights.name(), new Exact(y, new Draw(seed + 1).numbers(y, Values.SIGNED)));
    Map<String, Exact> results = Interpreter.run(graph, all).outputs();
    for (int i = 0; i < wanted.size(); i++) {
      compare(graph, all, wanted.get(i).name(), Optional.ofNullable(results.get("d" + i)));
    }
  }

  private void compare(Graph graph, Map<String, Exact> all, String name, Optional<Exact> gradient) {
    double[] at = all.get(name).data();
    Draw draw = new Draw(seed + 3);
    for (int n = Math.min(at.length, 12); n > 0; n--) {
      int j = draw.between(0, at.length - 1);
      double value = at[j];
      double middle = sum(graph, all);
      at[j] = value + STEP;
      double above = sum(graph, all);
      at[j] = value - STEP;
      double below = sum(graph, all);
      at[j] = value;
      double actual = gradient.map(g -> g.data()[j]).orElse(0.0);
      // At a kink either side's slope will do.
      double off = Arrays.stream(new double[] {(above - below) / (2 * STEP), (above - middle) / STEP,
          (middle - below) / STEP}).map(e -> Math.abs(e - actual) / Math.max(1, Math.abs(e))).min().orElseThrow();
      if (!(off <= 1e-5)) {
        throw new AssertionError(layer + ": the gradient with respect to '" + name + "' at " + j + " is " + actual
            + ", but differences give " + (above - below) / (2 * STEP));
      }
    }
  }

  private static double sum(Graph graph, Map<String, Exact> all) {
    return Interpreter.run(graph, all).outputs().get("sum").data()[0];
  }
}
