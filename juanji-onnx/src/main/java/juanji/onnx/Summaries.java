package juanji.onnx;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Operators that summarise along axes, and those that compare along one.
final class Summaries {
  private Summaries() {
  }

  /// A summary of real numbers along axes, which keep an extent of 1; along none it is the function of each element.
  private interface Reals {
    Value of(Values v, Value x, List<Integer> axes);
  }

  /// A summary of whole numbers: where it starts, and how it goes on.
  private record Wholes(long start, LongBinaryOperator join) {
  }

  static void register(Map<String, Operator> table) {
    table.put("ReduceSum", reduction(Summaries::sum, new Wholes(0, Long::sum)));
    table.put("ReduceMean", reduction((v, x, axes) -> axes.isEmpty() ? x : v.apply(new Reduction.Mean(axes), x), null));
    table.put("ReduceMax", reduction(Summaries::max, new Wholes(Long.MIN_VALUE, Math::max)));
    table.put("ReduceMin", reduction((v, x, axes) -> v.scaled(max(v, v.scaled(x, -1), axes), -1),
        new Wholes(Long.MAX_VALUE, Math::min)));
    table.put("ReduceProd", reduction((v, x, axes) -> axes.isEmpty() ? x : v.apply(new OnnxOp.Product(axes), x),
        new Wholes(1, (a, b) -> a * b)));
    table.put("ReduceSumSquare", reduction((v, x, axes) -> sum(v, v.mul(x, x), axes),
        new Wholes(0, (a, b) -> a + b * b)));
    table.put("ReduceL1", reduction((v, x, axes) -> sum(v, v.apply(new Pointwise.Abs(), x), axes),
        new Wholes(0, (a, b) -> a + Math.abs(b))));
    table.put("ReduceL2", reduction((v, x, axes) -> v.apply(new Pointwise.Sqrt(), sum(v, v.mul(x, x), axes)), null));
    table.put("ReduceLogSum", reduction((v, x, axes) -> v.apply(new Pointwise.Log(), sum(v, x, axes)), null));
    table.put("ReduceLogSumExp", reduction(Summaries::logSumExp, null));
    table.put("ArgMax", Operator.of(c -> argMax(c, false)));
    table.put("ArgMin", Operator.of(c -> argMax(c, true)));
    table.put("Softmax", along((v, x, axis) -> v.apply(new Composite.Softmax(axis), x)));
    table.put("LogSoftmax", along((v, x, axis) -> v.apply(new Composite.LogSoftmax(axis), x)));
    table.put("Hardmax", along(Summaries::hardmax));
  }

  private static Value sum(Values v, Value x, List<Integer> axes) {
    return axes.isEmpty() ? x : v.apply(new Reduction.Sum(axes), x);
  }

  private static Value max(Values v, Value x, List<Integer> axes) {
    return axes.isEmpty() ? x : v.apply(new Reduction.Max(axes), x);
  }

  private static Value logSumExp(Values v, Value x, List<Integer> axes) {
    if (axes.isEmpty()) {
      return x;
    }
    Value top = max(v, x, axes);
    return v.add(v.apply(new Pointwise.Log(), sum(v, v.apply(new Pointwise.Exp(), v.sub(x, top)), axes)), top);
  }

  private static Operator reduction(Reals reals, Wholes wholes) {
    return Operator.of(c -> {
      Value x = c.input(0);
      int rank = x.shape().rank();
      int[] none = new int[0];
      int[] given = c.ints("axes", 1).orElse(none);
      boolean nothing = c.whole("noop_with_empty_axes", 0) == 1 && given.length == 0;
      List<Integer> axes = nothing ? List.of() : given.length == 0 ? IntStream.range(0, rank).boxed().toList()
          : c.axes(given, rank);
      boolean keep = c.whole("keepdims", 1) == 1;
      Value y = summarised(c, x, axes, reals, wholes);
      return keep ? y : c.values().reshape(y, without(y.shape(), axes));
    });
  }

  private static Shape without(Shape shape, List<Integer> axes) {
    return Shape.of(IntStream.range(0, shape.rank()).filter(a -> !axes.contains(a)).map(shape::dim).toArray());
  }

  private static Value summarised(Call c, Value x, List<Integer> axes, Reals reals, Wholes wholes) {
    if (!HostTensor.whole(x.type())) {
      return c.values().typed(reals.of(c.values(), x, axes), x.type());
    }
    Optional<HostTensor> known = Arithmetic.known(c, x);
    if (known.isEmpty()) {
      return c.values().typed(reals.of(c.values(), x, axes), x.type());
    }
    HostTensor t = known.get();
    if (wholes == null) {
      return c.values().typed(reals.of(c.values(), new Value.Host(t.as(ElementType.DOUBLE)), axes), x.type());
    }
    Shape out = axes.isEmpty() ? t.shape() : new Reduction.Sum(axes).shape(List.of(t.shape()));
    long[] result = new long[out.length()];
    Arrays.fill(result, wholes.start);
    int[] to = HostMath.indices(out, t.shape());
    long[] from = t.wholes();
    for (int i = 0; i < from.length; i++) {
      result[to[i]] = wholes.join.applyAsLong(result[to[i]], from[i]);
    }
    long start = extreme(t.type(), wholes.start);
    Arrays.setAll(result, i -> HostTensor.wrapped(t.type(), from.length == 0 ? start : result[i]));
    return new Value.Host(HostTensor.wholes(t.type(), out, result));
  }

  /// What a maximum or minimum over nothing is in a type.
  private static long extreme(ElementType type, long start) {
    if (start != Long.MIN_VALUE && start != Long.MAX_VALUE) {
      return start;
    }
    boolean largest = start == Long.MAX_VALUE;
    return switch (type) {
      case INT8 -> largest ? Byte.MAX_VALUE : Byte.MIN_VALUE;
      case INT16 -> largest ? Short.MAX_VALUE : Short.MIN_VALUE;
      case INT32 -> largest ? Integer.MAX_VALUE : Integer.MIN_VALUE;
      case INT64 -> start;
      default -> largest ? -1 : 0;
    };
  }

  private static Value argMax(Call c, boolean least) {
    Value x = c.input(0);
    Values v = c.values();
    int axis = c.axis(c.whole("axis", 0), x.shape().rank());
    boolean last = c.whole("select_last_index", 0) == 1;
    boolean keep = c.whole("keepdims", 1) == 1;
    Value seen = HostTensor.whole(x.type()) ? v.typed(x, ElementType.DOUBLE) : x;
    Value y = v.apply(new OnnxOp.ArgMax(axis, last), least ? v.scaled(seen, -1) : seen);
    Value typed = v.typed(y, ElementType.INT64);
    return keep ? typed : v.reshape(typed, without(typed.shape(), List.of(axis)));
  }

  /// A function along an axis.
  private interface Along {
    Value of(Values v, Value x, int axis);
  }

  /// Before version 13 the axes from the named one on were one.
  private static Operator along(Along function) {
    return Operator.real(c -> {
      Value x = c.input(0);
      Shape shape = x.shape();
      Values v = c.values();
      int axis = c.axis(c.whole("axis", c.version() < 13 ? 1 : -1), Math.max(1, shape.rank()));
      if (c.version() >= 13 || axis == shape.rank() - 1) {
        if (shape.dim(axis) == Shape.UNBOUND) {
          throw c.unsupported("it goes along the batch");
        }
        return function.of(v, x, axis);
      }
      if (!shape.slice(axis, shape.rank()).bound()) {
        throw c.unsupported("it goes along the batch");
      }
      int[] dims = Arrays.copyOf(shape.toArray(), axis + 1);
      dims[axis] = Math.toIntExact(shape.size(axis));
      return v.reshape(function.of(v, v.reshape(x, Shape.of(dims)), axis), shape);
    });
  }

  private static Value hardmax(Values v, Value x, int axis) {
    float[] places = new float[x.shape().dim(axis)];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    int[] dims = Collections.nCopies(x.shape().rank(), 1).stream().mapToInt(Integer::intValue).toArray();
    dims[axis] = places.length;
    return v.apply(new Pointwise.Equal(), v.constant(Tensor.of(Shape.of(dims), places)),
        v.apply(new OnnxOp.ArgMax(axis, false), x));
  }
}
