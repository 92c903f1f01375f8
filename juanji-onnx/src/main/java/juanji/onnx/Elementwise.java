package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import juanji.onnx.OnnxOp.Function.Kind;
import juanji.onnx.proto.ElementType;
import juanji.op.Nonlinearity;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.tensor.Shape;

/// Element-wise operators on one value: functions, activations, limits and types.
final class Elementwise {
  private Elementwise() {
  }

  static void register(Map<String, Operator> table) {
    functions(table);
    activations(table);
    table.put("Clip", Operator.of(Elementwise::clip));
    table.put("Cast", Operator.of(c -> {
      c.ignore("saturate", "round_mode");
      return cast(c, c.input(0), castTarget(c));
    }));
    table.put("CastLike", Operator.of(c -> {
      c.ignore("saturate", "round_mode");
      return cast(c, c.input(0), c.input(1).type());
    }));
    table.put("PRelu", Operator.of(Elementwise::prelu));
    table.put("IsInf", Operator.of(Elementwise::isInfinite));
  }

  private static void functions(Map<String, Operator> table) {
    table.put("Abs", unary(new Pointwise.Abs(), Math::abs));
    table.put("Neg", unary(new Pointwise.Affine(-1, 0), a -> -a));
    table.put("Sign", unary(new Pointwise.Sign(), Long::signum));
    table.put("Relu", unary(new Pointwise.Relu(), a -> Math.max(0, a)));
    table.put("Sqrt", unary(new Pointwise.Sqrt(), null));
    table.put("Exp", unary(new Pointwise.Exp(), null));
    table.put("Log", unary(new Pointwise.Log(), null));
    table.put("Reciprocal", unary(new Pointwise.Reciprocal(), null));
    table.put("Erf", unary(new Pointwise.Erf(), null));
    table.put("Tanh", unary(new Pointwise.Tanh(), null));
    table.put("Sigmoid", unary(new Pointwise.Sigmoid(), null));
    Map.ofEntries(Map.entry("Floor", Kind.FLOOR), Map.entry("Ceil", Kind.CEIL), Map.entry("Round", Kind.ROUND),
        Map.entry("Sin", Kind.SIN), Map.entry("Cos", Kind.COS), Map.entry("Tan", Kind.TAN),
        Map.entry("Asin", Kind.ASIN), Map.entry("Acos", Kind.ACOS), Map.entry("Atan", Kind.ATAN),
        Map.entry("Sinh", Kind.SINH), Map.entry("Cosh", Kind.COSH), Map.entry("Asinh", Kind.ASINH),
        Map.entry("Acosh", Kind.ACOSH), Map.entry("Atanh", Kind.ATANH))
        .forEach((name, kind) -> table.put(name, unary(new OnnxOp.Function(kind), null)));
    table.put("IsNaN", Operator.of(c -> c.values().typed(c.values().apply(new OnnxOp.Function(Kind.IS_NAN), c.input(0)),
        ElementType.BOOL)));
    table.put("Not", Operator.of(c -> c.input(0) instanceof Value.Flow f
        ? c.values().affine(f, -1, 1)
        : new Value.Host(Arithmetic.unary(c.host(0), a -> a == 0 ? 1 : 0))));
    table.put("BitwiseNot", Operator.of(c -> new Value.Host(Arithmetic.unary(c.host(0), a -> ~a))));
  }

  private static Operator unary(Op real, LongUnaryOperator whole) {
    return Operator.of(c -> {
      c.ignore("consumed_inputs");
      return unary(c, c.input(0), real, whole);
    });
  }

  private static Value unary(Call c, Value x, Op real, LongUnaryOperator whole) {
    if (HostTensor.whole(x.type())) {
      if (whole == null) {
        throw c.unsupported("it is applied to " + x.type());
      }
      Optional<HostTensor> known = Arithmetic.known(c, x);
      if (known.isPresent()) {
        return new Value.Host(Arithmetic.unary(known.get(), whole));
      }
    } else if (!HostTensor.real(x.type())) {
      throw c.unsupported("it is applied to " + x.type());
    }
    return c.values().typed(c.values().apply(real, x), x.type());
  }

  private static void activations(Map<String, Operator> table) {
    table.put("LeakyRelu", activation(c -> leaky(c.values(), c.input(0), c.real("alpha", 0.01))));
    table.put("Elu", activation(c -> elu(c, 1, c.real("alpha", 1), 1)));
    table.put("Celu", activation(c -> elu(c, 1, c.real("alpha", 1), c.real("alpha", 1))));
    table.put("Selu", activation(c -> elu(c, c.real("gamma", c.version() < 6 ? 1.0507 : 1.05070102214813232421875),
        c.real("alpha", c.version() < 6 ? 1.6732 : 1.67326319217681884765625), 1)));
    table.put("ThresholdedRelu", activation(c -> {
      Values v = c.values();
      Value above = v.apply(new Pointwise.Greater(), c.input(0), v.constant(c.real("alpha", 1)));
      return v.apply(new OnnxOp.Select(), List.of(above, c.input(0), v.constant(0)));
    }));
    table.put("HardSigmoid", activation(c -> unit(c.values(), c.values().affine(c.input(0), c.real("alpha", 0.2),
        c.real("beta", 0.5)))));
    table.put("HardSwish", activation(c -> c.values().mul(c.input(0),
        unit(c.values(), c.values().affine(c.input(0), 1.0 / 6, 0.5)))));
    table.put("Softplus", activation(c -> c.values().apply(new Pointwise.Softplus(), c.input(0))));
    table.put("Softsign", activation(c -> c.values().apply(new Nonlinearity.Softsign(), c.input(0))));
    table.put("Mish", activation(c -> c.values().apply(new Nonlinearity.Mish(), c.input(0))));
    table.put("Gelu", activation(Elementwise::gelu));
    table.put("Swish", activation(c -> c.values().mul(c.input(0), c.values().apply(new Pointwise.Sigmoid(),
        c.values().scaled(c.input(0), c.real("alpha", 1))))));
    table.put("Shrink", Operator.of(Elementwise::shrink));
  }

  private static Operator activation(Operator.Single operator) {
    return Operator.real(c -> {
      c.ignore("consumed_inputs");
      return operator.apply(c);
    });
  }

  private static Value gelu(Call c) {
    boolean exact = switch (c.text("approximate", "none")) {
      case "none" -> true;
      case "tanh" -> false;
      default -> throw c.unsupported("attribute 'approximate' = '" + c.text("approximate", "") + "'");
    };
    return c.values().apply(new Nonlinearity.Gelu(exact), c.input(0));
  }

  private static Value negative(Values v, Value x) {
    return v.apply(new Pointwise.Clamp(Double.NEGATIVE_INFINITY, 0), x);
  }

  private static Value leaky(Values v, Value x, double slope) {
    return slope >= 0 && slope <= 1 ? v.apply(new Nonlinearity.LeakyRelu(slope), x)
        : v.add(v.apply(new Pointwise.Relu(), x), v.scaled(negative(v, x), slope));
  }

  private static Value elu(Call c, double scale, double alpha, double width) {
    Values v = c.values();
    if (scale > 0 && alpha > 0 && width > 0) {
      return v.apply(new Nonlinearity.Elu(scale, alpha, width), c.input(0));
    }
    if (width == 0) {
      throw c.wrong("alpha is not 0");
    }
    Value below = v.affine(v.apply(new Pointwise.Exp(), v.scaled(negative(v, c.input(0)), 1 / width)), alpha, -alpha);
    return v.scaled(v.add(v.apply(new Pointwise.Relu(), c.input(0)), below), scale);
  }

  private static Value unit(Values v, Value x) {
    return v.apply(new Pointwise.Clamp(0, 1), x);
  }

  private static Value shrink(Call c) {
    Values v = c.values();
    double bias = c.real("bias", 0);
    double limit = c.real("lambd", 0.5);
    Value x = HostTensor.whole(c.input(0).type()) ? v.typed(c.input(0), ElementType.DOUBLE) : c.input(0);
    Value above = v.apply(new Pointwise.Greater(), x, v.constant(limit));
    Value below = v.apply(new Pointwise.Greater(), v.constant(-limit), x);
    Value upper = v.apply(new OnnxOp.Select(), List.of(above, v.affine(x, 1, -bias), v.constant(0)));
    return v.typed(v.apply(new OnnxOp.Select(), List.of(below, v.affine(x, 1, bias), upper)), c.input(0).type());
  }

  private static Value prelu(Call c) {
    Value x = c.input(0);
    Value slope = c.values().weight(c.input(1), Ground.Use.BIAS);
    c.ignore("consumed_inputs");
    if (c.version() < 7 && slope.shape().rank() == 1 && slope.shape().dim(0) > 1 && x.shape().rank() > 2) {
      int[] dims = new int[x.shape().rank() - 1];
      Arrays.fill(dims, 1);
      dims[0] = slope.shape().dim(0);
      slope = c.values().reshape(slope, Shape.of(dims));
    }
    if (HostTensor.whole(x.type())) {
      Optional<HostTensor> known = Arithmetic.known(c, x);
      Optional<HostTensor> slopes = known.isPresent() ? Arithmetic.known(c, slope) : Optional.empty();
      if (slopes.isPresent()) {
        HostTensor below = HostMath.binary(known.get(), slopes.get(), x.type(), (a, b) -> a < 0 ? a * b : a);
        return new Value.Host(below);
      }
    }
    return c.values().typed(c.values().apply(new Nonlinearity.Prelu(), x, slope), x.type());
  }

  private static Value isInfinite(Call c) {
    Values v = c.values();
    boolean positive = c.whole("detect_positive", 1) == 1;
    boolean negative = c.whole("detect_negative", 1) == 1;
    Value up = v.apply(new OnnxOp.Function(Kind.IS_POSITIVE_INFINITY), c.input(0));
    Value down = v.apply(new OnnxOp.Function(Kind.IS_NEGATIVE_INFINITY), c.input(0));
    return v.typed(v.add(v.scaled(up, positive ? 1 : 0), v.scaled(down, negative ? 1 : 0)), ElementType.BOOL);
  }

  private static Value clip(Call c) {
    Value x = c.input(0);
    Values v = c.values();
    c.ignore("consumed_inputs");
    double lowest = c.real("min", Double.NEGATIVE_INFINITY);
    double highest = c.real("max", Double.POSITIVE_INFINITY);
    if (HostTensor.whole(x.type())) {
      HostTensor t = c.host(0);
      long low = c.has(1) ? c.host(1).wholes()[0] : Long.MIN_VALUE;
      long high = c.has(2) ? c.host(2).wholes()[0] : Long.MAX_VALUE;
      return new Value.Host(Arithmetic.unary(t, a -> Math.min(high, Math.max(low, a))));
    }
    boolean known = (!c.has(1) || Values.known(c.input(1))) && (!c.has(2) || Values.known(c.input(2)));
    if (!known) {
      Value raised = c.has(1) ? v.apply(new Pointwise.Max(), x, c.input(1)) : x;
      return v.typed(c.has(2) ? Arithmetic.least(v, raised, c.input(2)) : raised, x.type());
    }
    double low = c.has(1) ? c.number(1) : lowest;
    double high = c.has(2) ? c.number(2) : highest;
    if (low == Double.NEGATIVE_INFINITY && high == Double.POSITIVE_INFINITY) {
      return x;
    }
    return v.typed(low < high ? v.apply(new Pointwise.Clamp(low, high), x) : v.affine(x, 0, high), x.type());
  }

  private static ElementType castTarget(Call c) {
    if (c.version() >= 6) {
      return c.type("to", ElementType.FLOAT);
    }
    String name = c.text("to", "FLOAT");
    return Arrays.stream(ElementType.values()).filter(t -> t.name().equals(name)).findFirst()
        .orElseThrow(() -> c.unsupported("attribute 'to' = '" + name + "'"));
  }

  /// A value under another type. What flows is made whole by cutting its fraction off.
  static Value cast(Call c, Value x, ElementType to) {
    ElementType from = x.type();
    for (ElementType type : List.of(from, to)) {
      if (!HostTensor.real(type) && !HostTensor.whole(type)) {
        throw c.unsupported("it converts " + from + " to " + to);
      }
    }
    if (from == to) {
      return x;
    }
    if (!(x instanceof Value.Flow) || !HostTensor.real(to)) {
      Optional<HostTensor> known = Arithmetic.known(c, x);
      if (known.isPresent()) {
        return new Value.Host(known.get().as(to));
      }
    }
    Values v = c.values();
    if (to == ElementType.BOOL) {
      return v.typed(v.affine(v.apply(new Pointwise.Equal(), x, v.constant(0)), -1, 1), to);
    }
    return v.typed(HostTensor.real(to) || HostTensor.whole(from) ? x
        : v.apply(new OnnxOp.Function(Kind.TRUNCATE), x), to);
  }
}
