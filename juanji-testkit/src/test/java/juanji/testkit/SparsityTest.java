package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.Window;
import juanji.plan.Compiler;
import juanji.plan.Target;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Gradients that a maximum over a whole map leaves zero almost everywhere.
class SparsityTest {
  private static final Target TARGET = Target.best();

  private final GraphBuilder b = new GraphBuilder();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Draw draw = new Draw(8);

  private Node input(Shape shape) {
    inputs.put("x", new Exact(shape, draw.numbers(shape, Values.SIGNED)).toTensor());
    return b.input("x", shape);
  }

  private Node.Parameter filters(String name, int... dims) {
    Shape shape = Shape.of(dims);
    parameters.put(name, new Exact(shape, draw.numbers(shape, Values.SIGNED)).toTensor());
    return b.parameter(name, shape);
  }

  /// Two layers before a maximum over all places.
  private void network(Node x, int channels, Window window, boolean relu) {
    int[] spatial = window.kernel().toArray();
    Node.Parameter w = filters("w", Shape.of(spatial).prepend(x.shape().dim(1)).prepend(channels).toArray());
    Node.Parameter v = filters("v", Shape.of(spatial).prepend(channels).prepend(channels).toArray());
    Node y = b.apply(new Pointwise.Relu(), b.apply(new Contraction.Conv(window, 1), x, w));
    y = b.apply(new Contraction.Conv(window, 1), y, v);
    y = relu ? b.apply(new Pointwise.Relu(), y) : y;
    Node most = b.apply(new Reduction.Max(window.rank() == 1 ? List.of(2) : List.of(2, 3)), y);
    Node flat = b.reshape(most, Shape.of(x.shape().dim(0), channels));
    Node loss = b.reshape(b.apply(new Reduction.Mean(List.of(0, 1)), b.mul(flat, flat)), Shape.of());
    b.output("loss", loss);
    List<Optional<Node>> gradients = b.gradients(loss, List.of(w, v));
    b.output("dw", gradients.get(0).orElseThrow()).output("dv", gradients.get(1).orElseThrow());
  }

  /// Compares with the definition and counts the kernels for sparse gradients.
  private void check(int kernels) {
    Graph graph = b.build();
    for (Target target : List.of(Target.scalar(), TARGET, TARGET.exact())) {
      GraphContract.check(new GraphSample(graph, 1, inputs, parameters), target, 1e-4);
    }
    String plan = Compiler.compile(graph, 1, TARGET).toString();
    assertEquals(kernels, plan.lines().filter(l -> l.contains(" is not zero")).count(), plan);
  }

  @Test void aMaximumOverASentence() {
    int lanes = TARGET.lanes();
    network(input(Shape.of(3, lanes + 3, 30)), 2 * lanes + 5, Window.of(Axis.of(4)), true);
    // The gradient of the second layer's filters, and that of its input.
    check(2);
  }

  @Test void aMaximumOverAPicture() {
    int lanes = TARGET.lanes();
    network(input(Shape.of(2, lanes, 7, 6)), lanes + 1, Window.of(2, Axis.of(3).withPadding(Padding.SAME)), false);
    check(2);
  }

  @Test void equalMaximaShareTheGradient() {
    int lanes = TARGET.lanes();
    Shape shape = Shape.of(2, lanes, 40);
    Node x = input(shape);
    // Padding at the end of a sentence: windows that see the same numbers.
    float[] data = inputs.get("x").data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = i % 40 < 10 ? data[i] / 8 : 2;
    }
    inputs.put("x", Tensor.of(shape, data));
    network(x, 2 * lanes, Window.of(Axis.of(3)), true);
    check(2);
  }

  @Test void aMaximumOverFewPlacesIsNotSparse() {
    int lanes = TARGET.lanes();
    network(input(Shape.of(2, lanes, 15)), 2 * lanes, Window.of(Axis.of(3).withPadding(Padding.SAME)), true);
    check(0);
  }

  @Test void samplesSideBySideStayThere() {
    int lanes = TARGET.lanes();
    network(input(Shape.of(lanes, lanes - 1, 30)), lanes - 1, Window.of(Axis.of(3)), true);
    check(0);
  }
}
