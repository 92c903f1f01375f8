package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.View;
import juanji.op.Window;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Target;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// Values that lie where others do: the parts of what is joined, and results of kernels that write over their operand.
class InPlaceTest {
  private static final Window SAME = Window.of(2, Axis.of(3).withPadding(Padding.SAME));

  private final GraphBuilder b = new GraphBuilder();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final Draw draw = new Draw(9);

  private Tensor tensor(Shape shape) {
    return new Exact(shape, draw.numbers(shape, Values.SIGNED)).toTensor();
  }

  private Node input(int... dims) {
    inputs.put("x", tensor(Shape.of(dims)));
    return b.input("x", Shape.of(dims));
  }

  /// A convolution of 3×3.
  private Node conv(Node x, int targets, int groups) {
    Shape shape = Shape.of(targets, x.shape().dim(1) / groups, 3, 3);
    String name = "w" + parameters.size();
    parameters.put(name, tensor(shape));
    return b.apply(new Contraction.Conv(SAME, groups), x, b.parameter(name, shape));
  }

  private Node concat(Node... parts) {
    return b.apply(new View.Concat(1), List.of(parts));
  }

  /// Checks the graph on all targets.
  private GraphSample check(Node y) {
    GraphSample sample = new GraphSample(b.output("y", y).build(), 1, inputs, parameters);
    for (Target target : Targets.ALL) {
      GraphContract.check(sample, target, 1e-4);
    }
    return sample;
  }

  /// How many values lie within those that are joined.
  private static long parts(GraphSample sample, Target target) {
    List<Plan.Interval> all = Compiler.compile(sample.graph(), 1, target).intervals();
    return all.stream().filter(part -> all.stream().anyMatch(whole -> whole.label().startsWith("concat")
        && part.last() == whole.first() && ArenaContract.within(part, whole))).count();
  }

  private static void parts(long expected, GraphSample sample) {
    for (Target target : Targets.ALL) {
      assertEquals(expected, parts(sample, target), () -> Compiler.compile(sample.graph(), 1, target).toString());
    }
  }

  @Test void partsLieInTheirRow() {
    Node x = input(1, 16, 6, 6);
    parts(2, check(conv(concat(conv(x, 32, 1), conv(x, 16, 1)), 16, 1)));
  }

  @Test void rowsMayBePartsOfOthers() {
    Node x = input(1, 16, 6, 6);
    Node inner = concat(conv(x, 16, 1), conv(x, 32, 1));
    parts(4, check(conv(concat(conv(x, 16, 1), inner), 16, 1)));
  }

  @Test void aPartThatIsReadLaterIsCopied() {
    Node x = input(1, 16, 6, 6);
    Node part = conv(x, 16, 1);
    Node row = conv(concat(part, conv(x, 16, 1)), 16, 1);
    parts(1, check(conv(b.add(row, part), 16, 1)));
  }

  @Test void aPartThatOccursTwiceIsCopied() {
    Node x = input(1, 16, 6, 6);
    Node part = conv(x, 16, 1);
    parts(0, check(conv(concat(part, part), 16, 1)));
  }

  @Test void severalRowsAreCopied() {
    Node x = input(2, 16, 6, 6);
    parts(0, check(conv(concat(conv(x, 32, 1), conv(x, 16, 1)), 16, 1)));
  }

  /// How many values lie exactly where an operand did that ends with them.
  private static long overwritten(GraphSample sample) {
    List<Plan.Interval> all = Compiler.compile(sample.graph(), 1, Target.best()).intervals();
    return all.stream().filter(y -> all.stream().anyMatch(x -> x != y && x.last() == y.first()
        && x.offset() == y.offset() && x.length() == y.length())).count();
  }

  @Test void depthwiseConvolutionsWriteOverTheirOperand() {
    Node x = input(1, 32, 6, 6);
    GraphSample sample = check(conv(conv(conv(x, 32, 1), 32, 32), 16, 1));
    assertEquals(Target.best().toString().startsWith("vector") ? 1 : 0, overwritten(sample));
  }

  @Test void anOperandThatIsAddedAgainIsKept() {
    Node x = input(1, 32, 6, 6);
    Node a = conv(x, 32, 1);
    GraphSample sample = check(conv(b.apply(new Pointwise.Relu(), b.add(conv(a, 32, 32), a)), 16, 1));
    assertEquals(0, overwritten(sample));
  }
}
