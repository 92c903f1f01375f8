package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.OnnxOp.Function.Kind;
import juanji.onnx.proto.ElementType;
import juanji.op.Contraction;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Whole numbers that stand for real ones: computed with real numbers, and rounded where the file rounds, halves to
/// even.
final class Quantized {
  private Quantized() {
  }

  static void register(Map<String, Operator> table) {
    table.put("QuantizeLinear", Operator.of(c -> {
      c.ignore("saturate", "precision");
      ElementType type = c.has(2) ? c.input(2).type() : c.type("output_dtype", ElementType.UINT8);
      return quantized(c, c.input(0), c.input(1), c.has(2) ? Optional.of(c.input(2)) : Optional.empty(), type);
    }));
    table.put("DequantizeLinear", Operator.of(c -> {
      ElementType to = c.type("output_dtype", c.input(1).type());
      return c.values().typed(real(c, c.input(0), c.input(1), c.has(2) ? Optional.of(c.input(2)) : Optional.empty()),
          to);
    }));
    table.put("DynamicQuantizeLinear", Quantized::dynamic);
    table.put("ConvInteger", Operator.of(c -> {
      Values v = c.values();
      Value x = shifted(c, c.input(0), 2, false);
      Value w = shifted(c, c.input(1), 3, true);
      return exactly(c, v.apply(conv(c, w.shape()), x, w));
    }));
    table.put("MatMulInteger", Operator.of(c -> exactly(c, Products.matMul(c, shiftedMatrix(c, c.input(0), 2, true),
        shiftedMatrix(c, c.input(1), 3, false)))));
    table.put("QLinearConv", Operator.of(Quantized::qLinearConv));
    table.put("QLinearMatMul", Operator.of(c -> {
      Value a = real(c, c.input(0), c.input(1), Optional.of(c.input(2)));
      Value b = real(c, c.input(3), c.input(4), Optional.of(c.input(5)));
      return quantized(c, Products.matMul(c, a, b), c.input(6), Optional.of(c.input(7)), c.input(7).type());
    }));
  }

  private static void check(Call c, ElementType type) {
    if (!HostTensor.whole(type) || type == ElementType.BOOL) {
      throw c.unsupported("it quantises to or from " + type);
    }
  }

  /// Scales or zero points in a shape that meets the values': one for all, one for each place of an axis, or one for
  /// each block along it.
  private static Value met(Call c, Value numbers, Shape shape) {
    Values v = c.values();
    int block = c.integer("block_size", 0);
    long given = c.whole("axis", 1);
    if (numbers.shape().size() == 1) {
      return v.reshape(numbers, Shape.of());
    }
    int axis = c.axis(given, shape.rank());
    if (block > 0) {
      int extent = shape.dim(axis);
      return Moving.take(v, numbers, axis, IntStream.range(0, extent).mapToObj(i -> i / block).toList());
    }
    int[] dims = new int[shape.rank() - axis];
    Arrays.fill(dims, 1);
    dims[0] = numbers.shape().dim(0);
    return v.reshape(numbers, Shape.of(dims));
  }

  /// (q − zero point) · scale.
  private static Value real(Call c, Value q, Value scale, Optional<Value> zero) {
    check(c, q.type());
    Values v = c.values();
    Value numbers = v.typed(q, ElementType.FLOAT);
    Value centred = zero.isPresent() ? v.sub(numbers, v.typed(met(c, zero.get(), q.shape()), ElementType.FLOAT))
        : numbers;
    return v.mul(centred, met(c, scale, q.shape()));
  }

  /// x / scale, rounded, plus the zero point, within the type's range.
  private static Value quantized(Call c, Value x, Value scale, Optional<Value> zero, ElementType type) {
    check(c, type);
    Values v = c.values();
    Value number = HostTensor.whole(x.type()) ? v.typed(x, ElementType.FLOAT) : x;
    Value rounded = v.apply(new OnnxOp.Function(Kind.ROUND), v.div(number, met(c, scale, x.shape())));
    Value moved = zero.isPresent() ? v.add(rounded, v.typed(met(c, zero.get(), x.shape()), ElementType.FLOAT))
        : rounded;
    boolean signed = type.name().startsWith("INT");
    double low = signed ? -Math.scalb(1.0, type.bits() - 1) : 0;
    double high = Math.scalb(1.0, signed ? type.bits() - 1 : type.bits()) - 1;
    return v.typed(v.apply(new Pointwise.Clamp(low, high), moved), type);
  }

  private static List<Value> dynamic(Call c) {
    Values v = c.values();
    Value x = c.input(0);
    List<Integer> axes = IntStream.range(0, x.shape().rank()).boxed().toList();
    if (!x.shape().bound()) {
      throw c.unsupported("its scale depends on the whole batch, which is open");
    }
    Value zero = v.constant(0);
    Value high = v.apply(new Pointwise.Max(), v.reshape(v.apply(new Reduction.Max(axes), x), Shape.of()), zero);
    Value low = Arithmetic.least(v, v.scaled(v.reshape(v.apply(new Reduction.Max(axes), v.scaled(x, -1)), Shape.of()),
        -1), zero);
    Value scale = v.typed(v.scaled(v.sub(high, low), 1 / 255.0), ElementType.FLOAT);
    Value point = v.apply(new Pointwise.Clamp(0, 255), v.apply(new OnnxOp.Function(Kind.ROUND),
        v.div(v.scaled(low, -1), scale)));
    Value y = v.apply(new Pointwise.Clamp(0, 255), v.add(v.apply(new OnnxOp.Function(Kind.ROUND), v.div(x, scale)),
        point));
    return List.of(v.typed(y, ElementType.UINT8), scale, v.typed(point, ElementType.UINT8));
  }

  private static Contraction.Conv conv(Call c, Shape weights) {
    c.ignore("kernel_shape");
    Window window = Windows.window(c, weights.slice(2, weights.rank()).toArray());
    return new Contraction.Conv(window, c.integer("group", 1));
  }

  private static Value exactly(Call c, Value y) {
    return c.values().typed(y, ElementType.INT32);
  }

  /// A value less its zero point, of which there may be one for each filter.
  private static Value shifted(Call c, Value x, int zero, boolean filters) {
    check(c, x.type());
    Values v = c.values();
    Value numbers = v.typed(x, ElementType.DOUBLE);
    if (!c.has(zero)) {
      return numbers;
    }
    Value point = v.typed(c.input(zero), ElementType.DOUBLE);
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    if (point.shape().size() > 1 && filters) {
      dims[0] = point.shape().dim(0);
    }
    return v.sub(numbers, v.reshape(point, Shape.of(dims)));
  }

  private static Value shiftedMatrix(Call c, Value x, int zero, boolean rows) {
    check(c, x.type());
    Values v = c.values();
    Value numbers = v.typed(x, ElementType.DOUBLE);
    if (!c.has(zero)) {
      return numbers;
    }
    Value point = v.typed(c.input(zero), ElementType.DOUBLE);
    if (point.shape().rank() == 1 && point.shape().dim(0) > 1 && rows) {
      point = v.reshape(point, Shape.of(point.shape().dim(0), 1));
    }
    return v.sub(numbers, point.shape().size() == 1 ? v.reshape(point, Shape.of()) : point);
  }

  private static Value qLinearConv(Call c) {
    Values v = c.values();
    Value x = real(c, c.input(0), c.input(1), Optional.of(c.input(2)));
    Value q = shifted(c, c.input(3), 5, true);
    int[] dims = new int[q.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = c.shape(4).size() > 1 ? c.shape(4).dim(0) : 1;
    Value w = v.mul(v.typed(q, ElementType.FLOAT), v.reshape(c.input(4), Shape.of(dims)));
    Value y = v.apply(conv(c, w.shape()), x, w);
    if (c.has(8)) {
      Value scale = v.mul(v.reshape(c.input(1), Shape.of()), c.shape(4).size() > 1 ? c.input(4)
          : v.reshape(c.input(4), Shape.of(1)));
      Value bias = v.mul(v.typed(c.input(8), ElementType.FLOAT), scale);
      y = v.add(y, Windows.perChannel(c, bias, y.shape().rank()));
    }
    return quantized(c, y, c.input(6), Optional.of(c.input(7)), c.input(7).type());
  }
}
