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
import juanji.op.Windowed;
import juanji.plan.Compiler;
import juanji.plan.Target;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Networks of few channels, whose plans lay the samples of a batch side by side.
class LanesOverBatchTest {
  private static final Target TARGET = Target.best();
  private static final Window SAME = Window.of(2, Axis.of(3).withPadding(Padding.SAME));
  private static final Window FIVE = Window.of(2, Axis.of(5));
  private static final Window TWO = Window.of(2, Axis.of(2).withStride(2));

  private final GraphBuilder b = new GraphBuilder();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Draw draw = new Draw(6);

  private Tensor tensor(Shape shape) {
    return new Exact(shape, draw.numbers(shape, Values.SIGNED)).toTensor();
  }

  private Node input(String name, int... dims) {
    inputs.put(name, tensor(Shape.of(dims)));
    return b.input(name, Shape.of(dims));
  }

  private Node.Parameter parameter(String name, int... dims) {
    parameters.put(name, tensor(Shape.of(dims)));
    return b.parameter(name, Shape.of(dims));
  }

  private Node relu(Node x) {
    return b.apply(new Pointwise.Relu(), x);
  }

  private void train(Node result, Node.Parameter... weights) {
    Node loss = b.apply(new Reduction.Mean(List.of(0, 1)), b.mul(result, result));
    List<Optional<Node>> gradients = b.gradients(b.reshape(loss, Shape.of()), List.of(weights));
    for (int i = 0; i < weights.length; i++) {
      b.update(weights[i], b.sub(weights[i], b.affine(gradients.get(i).orElseThrow(), 0.01, 0)));
    }
    b.output("loss", loss);
  }

  /// Compares with the definition and counts the kernels of lanes.
  private void check(int kernels) {
    Graph graph = b.build();
    for (Target target : List.of(TARGET, TARGET.exact())) {
      GraphContract.check(new GraphSample(graph, 1, inputs, parameters), target, 1e-4);
    }
    String plan = Compiler.compile(graph, 1, TARGET).toString();
    assertEquals(kernels, plan.lines().filter(l -> l.matches(".*\\blanes [0-9]×[0-9].*")).count(), plan);
  }

  @Test void trainingOfAFewChannels() {
    int n = 2 * TARGET.lanes();
    Node.Parameter w = parameter("w", 5, 1, 3, 3);
    Node.Parameter bias = parameter("bias", 5);
    Node.Parameter v = parameter("v", 11, 5, 5, 5);
    Node x = input("x", n, 1, 15, 13);
    Node y = relu(b.add(b.apply(new Contraction.Conv(SAME, 1), x, w), b.reshape(bias, Shape.of(5, 1, 1))));
    y = b.apply(new Windowed.MaxPool(TWO), y);
    y = relu(b.apply(new Contraction.Conv(FIVE, 1), y, v));
    // A sum over the places only keeps the samples; what comes behind sees its old shape.
    Node mean = b.reshape(b.apply(new Reduction.Mean(List.of(2, 3)), y), Shape.of(n, 11));
    train(mean, w, bias, v);
    check(5);
  }

  @Test void strideDilationAndAResidual() {
    int n = TARGET.lanes();
    Node.Parameter w = parameter("w", 4, 3, 2, 3);
    Node.Parameter v = parameter("v", 4, 4, 3, 3);
    Window strided = Window.of(Axis.of(2).withStride(2), Axis.of(3).withStride(3).withPadding(Padding.of(1, 2)));
    Window dilated = Window.of(2, Axis.of(3).withDilation(2).withPadding(Padding.SAME));
    Node x = input("x", n, 3, 12, 17);
    Node y = b.apply(new Contraction.Conv(strided, 1), x, w);
    Node z = b.add(y, relu(b.apply(new Contraction.Conv(dilated, 1), y, v)));
    Node pooled = b.apply(new Windowed.AvgPool(TWO, Windowed.Divisor.INSIDE), b.mul(z, input("each", n, 4, 1, 1)));
    b.output("pooled", pooled);
    train(b.reshape(pooled, Shape.of(n, (int) pooled.shape().size(1))), w, v);
    check(5);
  }

  @Test void sequences() {
    int n = 3 * TARGET.lanes();
    Node.Parameter w = parameter("w", 6, 2, 4);
    Node x = input("x", n, 2, 30);
    Node y = relu(b.apply(new Contraction.Conv(Window.of(Axis.of(4).withPadding(Padding.of(3, 0))), 1), x, w));
    Node most = b.reshape(b.apply(new Reduction.Max(List.of(2)), y), Shape.of(n, 6));
    train(most, w);
    check(2);
  }

  @Test void filtersAsManyAsSamples() {
    int n = TARGET.lanes();
    Node.Parameter w = parameter("w", n, n - 1, 3, 3);
    Node y = relu(b.apply(new Contraction.Conv(SAME, 1), input("x", n, n - 1, 6, 7), w));
    train(b.reshape(b.apply(new Reduction.Mean(List.of(2, 3)), y), Shape.of(n, n)), w);
    check(2);
  }

  @Test void manyChannelsOrHalfVectorsOfSamplesStayInBlocks() {
    int n = TARGET.lanes() + 1;
    b.output("y", b.apply(new Contraction.Conv(SAME, 1), input("x", n, 2, 5, 5), parameter("w", 3, 2, 3, 3)));
    check(0);
  }
}
