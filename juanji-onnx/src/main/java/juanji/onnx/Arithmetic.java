package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.onnx.proto.ElementType;
import juanji.op.Op;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Element-wise operators on two values or more: arithmetic, comparison and logic.
final class Arithmetic {
  /// Powers up to this one are products.
  private static final int MOST_PRODUCTS = 16;

  private Arithmetic() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Add", binary(c -> (a, b) -> sum(c.values(), a, b, 1), t -> Long::sum));
    table.put("Sub", binary(c -> (a, b) -> sum(c.values(), a, b, -1), t -> (a, b) -> a - b));
    table.put("Mul", binary(c -> (a, b) -> product(c.values(), a, b), t -> (a, b) -> a * b));
    table.put("Div", binary(c -> c.values()::div, t -> t == ElementType.UINT64 ? Long::divideUnsigned
        : (a, b) -> a / b));
    table.put("Pow", Operator.of(Arithmetic::power));
    table.put("Mod", Operator.of(Arithmetic::remainder));
    table.put("Max", variadic(c -> (a, b) -> c.values().apply(new Pointwise.Max(), a, b), Arithmetic::larger));
    table.put("Min", variadic(c -> (a, b) -> least(c.values(), a, b),
        t -> (a, b) -> larger(t).applyAsLong(a, b) == a ? b : a));
    table.put("Sum", variadic(c -> c.values()::add, t -> Long::sum));
    table.put("Mean", Operator.real(c -> c.values().scaled(folded(c, c.values()::add, t -> Long::sum),
        1.0 / c.all().size())));
    table.put("Equal", compared(new Pointwise.Equal(), false, false, t -> (a, b) -> a == b ? 1 : 0));
    table.put("Greater", compared(new Pointwise.Greater(), false, false, t -> (a, b) -> above(t, a, b) ? 1 : 0));
    table.put("Less", compared(new Pointwise.Greater(), true, false, t -> (a, b) -> above(t, b, a) ? 1 : 0));
    table.put("GreaterOrEqual", compared(new Pointwise.Greater(), false, true, t -> (a, b) -> above(t, b, a) ? 0 : 1));
    table.put("LessOrEqual", compared(new Pointwise.Greater(), true, true, t -> (a, b) -> above(t, a, b) ? 0 : 1));
    table.put("And", binary(c -> c.values()::mul, t -> (a, b) -> a & b));
    table.put("Or", binary(c -> (a, b) -> c.values().apply(new Pointwise.Max(), a, b), t -> (a, b) -> a | b));
    table.put("Xor", binary(c -> (a, b) -> c.values().affine(c.values().apply(new Pointwise.Equal(), a, b), -1, 1),
        t -> (a, b) -> a ^ b));
    table.put("BitwiseAnd", wholeOnly(t -> (a, b) -> a & b));
    table.put("BitwiseOr", wholeOnly(t -> (a, b) -> a | b));
    table.put("BitwiseXor", wholeOnly(t -> (a, b) -> a ^ b));
    table.put("BitShift", Operator.of(Arithmetic::shift));
    table.put("Where", Operator.of(Arithmetic::where));
  }

  /// An operator on whole numbers for a type.
  private interface Wholes {
    LongBinaryOperator of(ElementType type);
  }

  /// An operator on flowing and real values.
  private interface Reals {
    BinaryOperator<Value> of(Call call);
  }

  private static LongBinaryOperator larger(ElementType type) {
    return (a, b) -> above(type, a, b) ? a : b;
  }

  private static boolean above(ElementType type, long a, long b) {
    return type == ElementType.UINT64 ? Long.compareUnsigned(a, b) > 0 : a > b;
  }

  /// The number that a value is for every element of another one that flows.
  private static Optional<Double> number(Values v, Value value, Value other) {
    boolean single = other instanceof Value.Flow && Values.known(value) && value.shape().size() == 1
        && value.shape().rank() <= other.shape().rank();
    return single ? Optional.of(v.host(value).reals()[0]) : Optional.empty();
  }

  /// a + sign · b; where one is a single number, by one operation on the other.
  private static Value sum(Values v, Value a, Value b, int sign) {
    Optional<Double> first = number(v, a, b);
    return first.isPresent() ? v.affine(b, sign, first.get())
        : number(v, b, a).map(n -> v.affine(a, 1, sign * n)).orElseGet(() -> sign > 0 ? v.add(a, b) : v.sub(a, b));
  }

  /// The mean of windows of which all cells count, times their size, is their sum: what sums are written as.
  private static Optional<Value> total(Values v, Value mean, double times) {
    if (!(mean instanceof Value.Flow(Node node, ElementType type)) || !(node instanceof Node.Apply a)
        || !(a.op() instanceof Windowed.AvgPool(Window window, Windowed.Divisor divisor)) || times != window.taps()) {
      return Optional.empty();
    }
    boolean bare = window.axes().stream().allMatch(x -> !x.ceiling()
        && x.padding() instanceof Padding.Explicit(int before, int after) && before == 0 && after == 0);
    Value input = new Value.Flow(a.inputs().getFirst(), type);
    return divisor == Windowed.Divisor.WINDOW || bare
        ? Optional.of(v.apply(new Windowed.AvgPool(window, Windowed.Divisor.NONE), input)) : Optional.empty();
  }

  private static Value product(Values v, Value a, Value b) {
    Optional<Double> first = number(v, a, b);
    return first.isPresent() ? v.scaled(b, first.get())
        : number(v, b, a).map(n -> total(v, a, n).orElseGet(() -> v.scaled(a, n))).orElseGet(() -> v.mul(a, b));
  }

  static Value least(Values v, Value a, Value b) {
    return v.scaled(v.apply(new Pointwise.Max(), v.scaled(a, -1), v.scaled(b, -1)), -1);
  }

  private static Operator binary(Reals reals, Wholes wholes) {
    return Operator.of(c -> {
      Value a = c.input(0);
      Value b = aligned(c, a, c.input(1));
      return applied(c, a, b, reals.of(c), wholes);
    });
  }

  private static Operator wholeOnly(Wholes wholes) {
    return binary(c -> (a, b) -> {
      throw c.unsupported("it is applied to " + a.type());
    }, wholes);
  }

  private static Operator variadic(Reals reals, Wholes wholes) {
    return Operator.of(c -> folded(c, reals.of(c), wholes));
  }

  private static Value folded(Call c, BinaryOperator<Value> reals, Wholes wholes) {
    c.ignore("consumed_inputs");
    Value result = c.input(0);
    for (int i = 1; i < c.count(); i++) {
      result = applied(c, result, c.input(i), reals, wholes);
    }
    return result;
  }

  /// The result on whole numbers, exactly where they are known, as floats where they flow.
  private static Value applied(Call c, Value a, Value b, BinaryOperator<Value> reals, Wholes wholes) {
    ElementType type = a.type();
    if (b.type() != type && HostTensor.real(type) != HostTensor.real(b.type())) {
      throw c.wrong("both inputs are of one type; received " + type + " and " + b.type());
    }
    if (HostTensor.whole(type)) {
      Optional<HostTensor> first = known(c, a);
      Optional<HostTensor> second = first.isPresent() ? known(c, b) : Optional.empty();
      if (second.isPresent()) {
        return new Value.Host(HostMath.binary(first.get(), second.get(), type, guarded(c, wholes.of(type))));
      }
      if (c.node().operator().equals("Div")) {
        return c.values().typed(c.values().apply(new OnnxOp.Function(OnnxOp.Function.Kind.TRUNCATE),
            reals.apply(a, b)), type);
      }
    } else if (!HostTensor.real(type)) {
      throw c.unsupported("it is applied to " + type);
    }
    return c.values().typed(reals.apply(a, b), type);
  }

  private static LongBinaryOperator guarded(Call c, LongBinaryOperator operator) {
    String op = c.node().operator();
    return (a, b) -> {
      if (a != OpenBatch.OPEN && b != OpenBatch.OPEN) {
        if (b == 0 && (op.equals("Div") || op.equals("Mod"))) {
          throw c.wrong("nothing is divided by 0");
        }
        return operator.applyAsLong(a, b);
      }
      boolean first = a == OpenBatch.OPEN;
      long other = first ? b : a;
      return switch (op) {
        case "Mul" -> other == 1 ? OpenBatch.OPEN : refused(c);
        case "Add" -> other == 0 ? OpenBatch.OPEN : refused(c);
        case "Div" -> first && other == 1 ? OpenBatch.OPEN : refused(c);
        case "Sub" -> first && other == 0 ? OpenBatch.OPEN : refused(c);
        case "Equal" -> a == b ? 1 : 0;
        default -> refused(c);
      };
    };
  }

  private static long refused(Call c) {
    throw c.unsupported("it calculates with the size of the batch, which is open; the network can be run, but not "
        + "become a model of any batch");
  }

  /// A value, if it can be known now; a program computes what flows.
  static Optional<HostTensor> known(Call c, Value value) {
    return value instanceof Value.Flow f ? c.ground().compute(f) : Optional.of(c.host(value, "an input"));
  }

  /// The second input of an operator before version 7, which said along which axes it is repeated.
  private static Value aligned(Call c, Value a, Value b) {
    c.ignore("consumed_inputs");
    long broadcast = c.whole("broadcast", 0);
    if (c.version() >= 7 || broadcast == 0 && !c.set("axis")) {
      return b;
    }
    int axis = c.axis(c.whole("axis", a.shape().rank() - b.shape().rank()), Math.max(1, a.shape().rank()));
    int behind = a.shape().rank() - axis - b.shape().rank();
    if (behind <= 0) {
      return b;
    }
    int[] dims = Arrays.copyOf(b.shape().toArray(), b.shape().rank() + behind);
    Arrays.fill(dims, b.shape().rank(), dims.length, 1);
    return c.values().reshape(b, Shape.of(dims));
  }

  private static Operator compared(Op op, boolean exchanged, boolean orEqual, Wholes wholes) {
    return Operator.of(c -> {
      Value a = c.input(0);
      Value b = aligned(c, a, c.input(1));
      if (!HostTensor.whole(a.type()) && !HostTensor.real(a.type())) {
        throw c.unsupported("it compares " + a.type());
      }
      Value result = applied(c, a, b, (x, y) -> {
        Value strictly = exchanged ? c.values().apply(op, y, x) : c.values().apply(op, x, y);
        return orEqual ? c.values().apply(new Pointwise.Max(), strictly,
            c.values().apply(new Pointwise.Equal(), x, y)) : strictly;
      }, wholes);
      return c.values().typed(result, ElementType.BOOL);
    });
  }

  private static Value power(Call c) {
    Value a = c.input(0);
    Value b = aligned(c, a, c.input(1));
    Values v = c.values();
    if (HostTensor.whole(a.type())) {
      HostTensor base = c.host(a, "input 0");
      HostTensor exponent = c.host(b, "input 1");
      if (HostTensor.whole(b.type())) {
        return new Value.Host(HostMath.binary(base, exponent, a.type(), Arithmetic::power));
      }
      double[] result = HostMath.binary(List.of(base.shape(), exponent.shape()), List.of(base.reals(),
          exponent.reals()), Math::pow);
      return new Value.Host(HostTensor.reals(ElementType.DOUBLE, HostMath.common(base.shape(), exponent.shape()),
          result).as(a.type()));
    }
    Optional<Double> single = Values.known(b) && c.host(b, "").size() == 1 && b.shape().rank() <= a.shape().rank()
        ? Optional.of(c.host(b, "").reals()[0]) : Optional.empty();
    double exponent = single.orElse(Double.NaN);
    Value result = !Double.isNaN(exponent) && a instanceof Value.Flow ? power(v, a, exponent)
        : v.apply(new OnnxOp.Power(), a, HostTensor.whole(b.type()) ? v.typed(b, a.type()) : b);
    return v.typed(result, a.type());
  }

  /// aⁿ for a number n: by products and roots as far as these are few.
  static Value power(Values v, Value a, double exponent) {
    double times = Math.abs(exponent);
    if (exponent == 0 || times > MOST_PRODUCTS || times * 4 != Math.rint(times * 4)) {
      return v.apply(new OnnxOp.Power(), a, v.constant(exponent));
    }
    Value result = null;
    Value square = a;
    for (int rest = (int) times; rest > 0; rest >>= 1) {
      result = (rest & 1) == 0 ? result : result == null ? square : v.mul(result, square);
      square = rest > 1 ? v.mul(square, square) : square;
    }
    double part = times - Math.floor(times);
    Value root = part == 0 ? null : v.apply(new Pointwise.Sqrt(), a);
    Value quarter = part == 0.25 || part == 0.75 ? v.apply(new Pointwise.Sqrt(), root) : null;
    Value rest = part == 0.75 ? v.mul(root, quarter) : part == 0.25 ? quarter : root;
    Value whole = result == null ? rest : rest == null ? result : v.mul(result, rest);
    return exponent < 0 ? v.apply(new Pointwise.Reciprocal(), whole) : whole;
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return base == 1 ? 1 : base == -1 ? exponent % 2 == 0 ? 1 : -1 : 0;
    }
    long result = 1;
    long square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      result *= (rest & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }

  private static Value remainder(Call c) {
    boolean truncated = c.whole("fmod", 0) == 1;
    Optional<Maxima.Found> places = c.within().maxima().of(c.input(0));
    if (places.isPresent()) {
      return c.within().maxima().remainder(c, places.get());
    }
    OnnxOp.Remainder op = new OnnxOp.Remainder(!truncated);
    return applied(c, c.input(0), c.input(1), (a, b) -> c.values().apply(op, a, b),
        t -> t == ElementType.UINT64 ? Long::remainderUnsigned
        : truncated ? (a, b) -> a % b : Math::floorMod);
  }

  private static Value shift(Call c) {
    boolean left = switch (c.text("direction", "")) {
      case "LEFT" -> true;
      case "RIGHT" -> false;
      default -> throw c.wrong("attribute 'direction' is LEFT or RIGHT");
    };
    return applied(c, c.input(0), c.input(1), (a, b) -> {
      throw c.unsupported("it is applied to " + a.type());
    }, t -> left ? (a, b) -> b > 63 ? 0 : a << b : (a, b) -> b > 63 ? 0 : a >>> b);
  }

  private static Value where(Call c) {
    Value a = c.input(1);
    Value b = c.input(2);
    Optional<HostTensor> condition = Values.known(c.input(0)) || HostTensor.whole(a.type())
        ? known(c, c.input(0)) : Optional.empty();
    if (condition.isPresent() && (HostTensor.whole(a.type()) || Values.known(a) && Values.known(b))) {
      Optional<HostTensor> first = known(c, a);
      Optional<HostTensor> second = first.isPresent() ? known(c, b) : Optional.empty();
      if (second.isPresent()) {
        return new Value.Host(chosen(condition.get(), first.get(), second.get()));
      }
    }
    if (!HostTensor.real(a.type()) && !HostTensor.whole(a.type())) {
      throw c.unsupported("it chooses between values of type " + a.type());
    }
    return c.values().typed(c.values().apply(new OnnxOp.Select(), List.of(c.input(0), a, b)), a.type());
  }

  private static HostTensor chosen(HostTensor condition, HostTensor a, HostTensor b) {
    Shape out = HostMath.common(condition.shape(), HostMath.common(a.shape(), b.shape()));
    int[] at = HostMath.indices(condition.shape(), out);
    int[] first = HostMath.indices(a.shape(), out);
    int[] second = HostMath.indices(b.shape(), out);
    long[] yes = condition.wholes();
    if (a.real()) {
      double[] x = a.reals();
      double[] y = b.reals();
      return HostTensor.reals(a.type(), out, IntStream.range(0, at.length)
          .mapToDouble(i -> yes[at[i]] != 0 ? x[first[i]] : y[second[i]]).toArray());
    }
    long[] x = a.wholes();
    long[] y = b.wholes();
    return HostTensor.wholes(a.type(), out, IntStream.range(0, at.length)
        .mapToLong(i -> yes[at[i]] != 0 ? x[first[i]] : y[second[i]]).toArray());
  }

  /// Whole numbers, one by one.
  static HostTensor unary(HostTensor x, LongUnaryOperator operator) {
    long[] from = x.wholes();
    long[] to = new long[from.length];
    Arrays.setAll(to, i -> HostTensor.wrapped(x.type(), operator.applyAsLong(from[i])));
    return HostTensor.wholes(x.type(), x.shape(), to);
  }
}
