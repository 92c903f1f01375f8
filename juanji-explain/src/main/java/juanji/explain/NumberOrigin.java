package juanji.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.NumberGrid;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Where one number of a layer comes from: the inputs that it was made from, what each was multiplied by, and how the
/// products add up.
///
/// The factors are the number's gradient with respect to the layer's input, which for a convolution, a fully connected
/// layer, a transposed convolution or a mean are the weights themselves, and for a maximum 1 at the largest. What is
/// left over is the bias, or what a layer that holds several adds up of theirs.
///
/// Whether the sum of products is all there is is found by running the layer once more on its input, 2 % smaller: a
/// linear layer follows. One that is not, such as a softmax, has slopes at this input for factors, and says so.
///
/// ```java
/// NumberOrigin origin = NumberOrigin.of(model, "conv1", new int[] {0, 12, 12}, digit, workers);
/// IO.println(origin);
/// ```
///
/// Constraints: C1 the layer exists; C2 the place is one of its output; C3 what leads to the layer is the sample, or
/// given besides, of one row: behind the pooling of regions a region is, since regions are an input of their own.
///
/// @param path the layer
/// @param code what makes it
/// @param place the indices of the number in the layer's output, without the batch
/// @param value the number
/// @param input the shape of the layer's input, without the batch
/// @param terms what was multiplied, in the input's order
/// @param bias what is added to the products: the layer's bias at this place, or what the layers in it add; 0 if there
///     is none
/// @param linear whether products and bias make the number, to the rounding of single precision
public record NumberOrigin(String path, String code, List<Integer> place, double value, Shape input, List<Term> terms,
    double bias, boolean linear) {
  private static final float SMALLER = 0.98f;
  private static final double ROUNDING = 1e-5;
  private static final int MOST_PRINTED = 400;
  private static final int MOST_DRAWN = 12;

  /// A product.
  ///
  /// @param place the indices of the input's element
  /// @param x the element
  /// @param weight what it is multiplied by
  public record Term(List<Integer> place, double x, double weight) {
    /// x · weight.
    public double product() {
      return x * weight;
    }
  }

  /// Where a number comes from.
  ///
  /// @param place its indices, such as channel, row and column
  /// @param sample 1 × sample
  public static NumberOrigin of(Model model, String path, int[] place, Tensor sample, Workers workers) {
    return of(model, path, place, sample, Map.of(), workers);
  }

  /// Where a number comes from in a network that takes more than the sample, such as a region: `regions` with 1 × 5.
  ///
  /// @param place its indices, such as channel, row and column
  /// @param sample 1 × sample
  /// @param besides other inputs by name, each of one row
  public static NumberOrigin of(Model model, String path, int[] place, Tensor sample, Map<String, Tensor> besides,
      Workers workers) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    List<Trace.Place> places = model.trace(builder, x, false, 0).trace().places();
    Trace.Place layer = places.stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow(() ->
        new IllegalArgumentException("the network has no layer '" + path + "'.\n"
            + "  C1: a layer's path; the layers are "
            + String.join(", ", places.stream().map(Trace.Place::path).toList()) + ".\n  Name one of these."));
    Shape out = layer.output().shape().sample();
    int at = offset(out, place, path);
    Node mix = builder.input("mix", layer.output().shape());
    Node g = builder.gradients(layer.output(), mix, List.of(layer.input())).getFirst()
        .orElseGet(() -> builder.affine(layer.input(), 0, 0));
    builder.output("in", layer.input()).output("out", layer.output()).output("g", g);
    Graph graph = builder.build();
    Tensor one = Tensor.zeros(out.prepend(1));
    one.data()[at] = 1;
    Map<String, Tensor> given = new LinkedHashMap<>(besides);
    given.put("x", sample);
    given.put("mix", one);
    check(graph, given, path);
    Map<String, Tensor> results = run(graph, given, model, workers);
    Shape in = layer.input().shape().sample();
    float[] values = results.get("in").data();
    float[] slopes = results.get("g").data();
    List<Term> terms = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      if (slopes[i] != 0) {
        terms.add(new Term(indices(in, i), values[i], slopes[i]));
      }
    }
    double value = results.get("out").data()[at];
    double sum = terms.stream().mapToDouble(Term::product).sum();
    double size = Math.abs(value) + terms.stream().mapToDouble(t -> Math.abs(t.product())).sum();
    Tensor biases = model.weights().tensors().get(path + ".bias");
    boolean plain = biases == null || biases.data().length == out.dim(0) || biases.data().length == out.size();
    double bias = biases == null ? 0 : biases.data().length == out.size() ? biases.data()[at]
        : biases.data().length == out.dim(0) ? biases.data()[place[0]] : 0;
    boolean linear = plain && Math.abs(value - sum - bias) <= ROUNDING * size;
    if (!linear && !terms.isEmpty()) {
      double rest = value - sum;
      float again = smaller(model, layer, results.get("in"), given, workers)[at];
      linear = Math.abs(again - SMALLER * sum - rest) <= ROUNDING * size;
      bias = linear ? rest : bias;
    }
    return new NumberOrigin(path, layer.layer().toString(), Arrays.stream(place).boxed().toList(), value, in, terms,
        bias, linear);
  }

  /// What a layer gives for an input made a little smaller, with all that does not come through this input as it was.
  private static float[] smaller(Model model, Trace.Place layer, Tensor input,
      Map<String, Tensor> before, Workers workers) {
    Tensor less = input.copy();
    for (int i = 0; i < less.data().length; i++) {
      less.data()[i] *= SMALLER;
    }
    GraphBuilder builder = new GraphBuilder();
    Map<Node, Node> again = new IdentityHashMap<>();
    again.put(layer.input(), builder.input(Probe.INPUT, layer.input().shape()));
    for (Node node : new GraphBuilder().output("y", layer.output()).build().nodes()) {
      if (!again.containsKey(node)) {
        again.put(node, switch (node) {
          case Node.Input i -> builder.input(i.name(), i.shape());
          case Node.Parameter p -> builder.parameter(p.name(), p.shape());
          case Node.Constant c -> builder.constant(c.value());
          case Node.Apply a -> builder.apply(a.op(), a.inputs().stream().map(again::get).toList());
        });
      }
    }
    Graph graph = builder.output("y", again.get(layer.output())).build();
    Map<String, Tensor> given = new LinkedHashMap<>(before);
    given.put(Probe.INPUT, less);
    return run(graph, given, model, workers).get("y").data();
  }

  private static void check(Graph graph, Map<String, Tensor> given, String path) {
    for (Node.Input input : graph.inputs()) {
      Tensor tensor = given.get(input.name());
      if (tensor == null || tensor.shape().rank() != input.shape().rank() || tensor.shape().dim(0) != 1
          || !tensor.shape().sample().equals(input.shape().sample())) {
        throw new IllegalArgumentException("the numbers of layer '" + path + "' cannot be traced.\n"
            + "  C3: what leads to the layer is given, of one row; '" + input.name() + "' of "
            + input.shape().sample().prepend(1) + " does, too, and received " + (tensor == null ? "none"
            : tensor.shape()) + ".\n  Give one row of '" + input.name() + "', or name a layer that it does not lead "
            + "to.");
      }
    }
  }

  /// What a graph gives, whichever of the inputs it takes.
  private static Map<String, Tensor> run(Graph graph, Map<String, Tensor> given, Model model, Workers workers) {
    Map<String, Tensor> taken = new LinkedHashMap<>();
    graph.inputs().forEach(i -> taken.put(i.name(), given.get(i.name())));
    return new Session(Compiler.compile(graph, 1, Target.best()), model.weights().tensors(), workers).run(taken);
  }

  private static int offset(Shape shape, int[] place, String path) {
    boolean fits = place.length == shape.rank();
    int at = 0;
    for (int i = 0; fits && i < place.length; i++) {
      fits = place[i] >= 0 && place[i] < shape.dim(i);
      at = at * shape.dim(i) + place[i];
    }
    if (!fits) {
      throw new IllegalArgumentException("the layer '" + path + "' has no such number.\n"
          + "  C2: its output is " + shape + ", counted from 0; received " + Arrays.toString(place) + ".\n"
          + "  Give an index below each extent, such as " + Arrays.toString(new int[shape.rank()]) + ".");
    }
    return at;
  }

  private static List<Integer> indices(Shape shape, int offset) {
    List<Integer> indices = new ArrayList<>();
    int[] strides = shape.strides();
    int rest = offset;
    for (int stride : strides) {
      indices.add(rest / stride);
      rest %= stride;
    }
    return indices;
  }

  /// The sum of the products.
  public double sum() {
    return terms.stream().mapToDouble(Term::product).sum();
  }

  /// What is neither product nor bias: rounding, if the layer is linear.
  public double remainder() {
    return value - sum() - bias;
  }

  /// The inputs, the weights and the products as grids, one row for each channel that takes part, up to twelve.
  public Drawing drawing() {
    if (input.rank() != 3) {
      return sums();
    }
    TreeSet<Integer> channels = new TreeSet<>(terms.stream().map(t -> t.place.getFirst()).toList());
    int top = terms.stream().mapToInt(t -> t.place.get(1)).min().orElse(0);
    int bottom = terms.stream().mapToInt(t -> t.place.get(1)).max().orElse(0);
    int left = terms.stream().mapToInt(t -> t.place.get(2)).min().orElse(0);
    int right = terms.stream().mapToInt(t -> t.place.get(2)).max().orElse(0);
    if (terms.isEmpty() || (bottom - top) > 24 || (right - left) > 24) {
      return sums();
    }
    List<Drawing> rows = new ArrayList<>();
    for (int c : channels.stream().limit(MOST_DRAWN).toList()) {
      double[][][] grids = new double[3][bottom - top + 1][right - left + 1];
      for (Term t : terms) {
        if (t.place.getFirst() == c) {
          int r = t.place.get(1) - top;
          int k = t.place.get(2) - left;
          grids[0][r][k] = t.x;
          grids[1][r][k] = t.weight;
          grids[2][r][k] = t.product();
        }
      }
      rows.add(Drawing.row(10, Drawing.text("" + c, 13, Colour.SOFT), grid(grids[0], "x"), Drawing.sign("×"),
          grid(grids[1], "w"), Drawing.sign("="), grid(grids[2], "x · w")));
    }
    rows.add(sums());
    return Drawing.column(14, rows);
  }

  private static Drawing grid(double[][] values, String name) {
    return NumberGrid.of(values).cell(40).shaded().drawing().captioned(name);
  }

  private Drawing sums() {
    return Drawing.text("Σ x·w = " + four(sum()) + (bias == 0 ? "" : ",  bias " + four(bias)) + ",  " + path + place
        + " = " + four(value), 14, Colour.INK);
  }

  private static String four(double value) {
    return String.format(Locale.ROOT, "%.5g", value).replace('-', '−');
  }

  /// A table: place, input, weight, product and the sum so far.
  @Override public String toString() {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%s %s of %s = %.6g%n", path, place, code,
        value));
    text.append(String.format(Locale.ROOT, "%-16s %12s %12s %12s %12s%n", "input", "x", "weight", "x · weight", "sum"));
    double sum = 0;
    int shown = 0;
    for (Term t : terms) {
      sum += t.product();
      if (shown++ < MOST_PRINTED) {
        text.append(String.format(Locale.ROOT, "%-16s %12.6g %12.6g %12.6g %12.6g%n", t.place, t.x, t.weight,
            t.product(), sum));
      }
    }
    if (shown > MOST_PRINTED) {
      text.append("… and ").append(shown - MOST_PRINTED).append(" more\n");
    }
    text.append(String.format(Locale.ROOT, "%-16s %51.6g%n", "bias", bias));
    text.append(String.format(Locale.ROOT, "%-16s %51.6g  (%s)%n", "products + bias", sum + bias, linear()
        ? "the number, to rounding" : terms.isEmpty() ? "the number is looked up or chosen, not a sum of products"
        : "the layer is not linear: weights are slopes at this input"));
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
