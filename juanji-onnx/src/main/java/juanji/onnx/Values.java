package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.onnx.proto.ElementType;
import juanji.op.Algebra;
import juanji.op.Exact;
import juanji.op.Gather;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.View;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operations on the values of an ONNX graph: what is known is computed at once, by definition and in double precision;
/// the rest goes to the graph under construction.
final class Values implements Algebra<Value> {
  private static final int FEW = 4096;

  private final Ground ground;

  Values(Ground ground) {
    this.ground = ground;
  }

  /// Whether a value can be computed with now. Weights of one element are constants unless an operator asks for a
  /// weight.
  static boolean known(Value value) {
    return switch (value) {
      case Value.Host h -> true;
      case Value.Weight w -> w.shape().size() == 1 && w.data().isPresent();
      case Value.Flow f -> false;
    };
  }

  HostTensor host(Value value) {
    return switch (value) {
      case Value.Host(HostTensor tensor) -> tensor;
      case Value.Weight w -> ground.read(w);
      case Value.Flow f -> ground.compute(f).orElseThrow(() -> new IllegalStateException("a flowing value"));
    };
  }

  /// A value as a node of the graph.
  Node node(Value value) {
    return switch (value) {
      case Value.Flow(Node node, ElementType type) -> node;
      case Value.Host(HostTensor tensor) -> tensor.uniform().isPresent() && tensor.shape().size() > FEW
          ? ground.uniform(tensor.shape(), tensor.uniform().get().floatValue())
          : ground.algebra().constant(tensor.tensor());
      case Value.Weight w -> known(w) ? ground.algebra().constant(ground.read(w).tensor())
          : ground.weight(w, Ground.Use.TRAINED);
    };
  }

  /// A weight as a flowing value, so that it is a parameter even where it has one element; other values as they are.
  Value weight(Value value, Ground.Use use) {
    return value instanceof Value.Weight w ? new Value.Flow(ground.weight(w, use), w.type()) : value;
  }

  @Override public Value apply(Op op, List<Value> inputs) {
    if (op instanceof View.Reshape r && inputs.getFirst() instanceof Value.Host(HostTensor t)) {
      return new Value.Host(t.reshaped(r.shape(List.of(t.shape()))));
    }
    if (inputs.stream().allMatch(Values::known)) {
      return new Value.Host(compute(op, inputs.stream().map(this::host).toList()));
    }
    return new Value.Flow(ground.algebra().apply(op, inputs.stream().map(this::node).toList()),
        inputs.getFirst().type());
  }

  private static HostTensor compute(Op op, List<HostTensor> inputs) {
    List<Shape> shapes = inputs.stream().map(HostTensor::shape).toList();
    if (op instanceof View view && !(view instanceof Gather g && !(g instanceof Gather.Take))
        && !(view instanceof View.Expand(boolean averaging) && averaging)) {
      return moved(view, inputs, shapes);
    }
    ElementType type = inputs.stream().anyMatch(t -> t.type() == ElementType.DOUBLE) ? ElementType.DOUBLE
        : inputs.getFirst().real() ? inputs.getFirst().type() : ElementType.FLOAT;
    return HostTensor.reals(type, op.shape(shapes), op.reference(shapes, inputs.stream().map(HostTensor::reals)
        .toList()));
  }

  /// Elements of any type are moved by moving their numbers.
  private static HostTensor moved(View view, List<HostTensor> inputs, List<Shape> shapes) {
    boolean second = view instanceof View.Concat;
    HostTensor all = inputs.getFirst();
    int[] sizes = inputs.stream().mapToInt(HostTensor::size).toArray();
    double[][] numbers = new double[inputs.size()][];
    int from = 1;
    for (int i = 0; i < numbers.length; i++) {
      int first = from;
      numbers[i] = IntStream.range(0, sizes[i]).mapToDouble(j -> first + j).toArray();
      from += second ? sizes[i] : 0;
    }
    double fill = view instanceof View.Pad p ? p.value() : 0;
    Op op = view instanceof View.Pad p ? new View.Pad(p.axis(), p.before(), p.after(), 0) : view;
    double[] result = op.reference(shapes, List.of(numbers));
    int[] places = Arrays.stream(result).mapToInt(v -> (int) v - 1).toArray();
    if (second && inputs.size() > 1) {
      all = joined(inputs);
    }
    return all.take(op.shape(shapes), places, fill);
  }

  private static HostTensor joined(List<HostTensor> inputs) {
    ElementType type = inputs.getFirst().type();
    Shape row = Shape.of(inputs.stream().mapToInt(HostTensor::size).sum());
    return HostTensor.real(type)
        ? HostTensor.reals(type, row, inputs.stream().flatMapToDouble(t -> Arrays.stream(t.reals())).toArray())
        : HostTensor.wholes(type, row, inputs.stream().flatMapToLong(t -> Arrays.stream(t.wholes())).toArray());
  }

  @Override public Value constant(Tensor value) {
    return new Value.Host(HostTensor.of(value));
  }

  /// A number as a constant, in double precision.
  Value constant(double value) {
    return new Value.Host(HostTensor.reals(ElementType.FLOAT, Shape.of(), value));
  }

  @Override public Shape shape(Value value) {
    return value.shape();
  }

  /// A value under another type: flowing ones are numbers whatever they are called.
  Value typed(Value value, ElementType type) {
    return switch (value) {
      case Value.Host(HostTensor tensor) -> new Value.Host(tensor.as(type).rounded());
      case Value.Flow(Node node, ElementType old) -> old == type ? value : new Value.Flow(node, type);
      case Value.Weight w -> w;
    };
  }

  /// a · b with b a number.
  Value scaled(Value a, double factor) {
    return affine(a, factor, 0);
  }

  Value div(Value a, Value b) {
    return apply(new Pointwise.Div(), a, b);
  }

  static Exact exact(HostTensor tensor) {
    return new Exact(tensor.shape(), tensor.reals());
  }
}
