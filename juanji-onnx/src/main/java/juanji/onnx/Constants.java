package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;

/// Operators that make values out of attributes and numbers.
final class Constants {
  private Constants() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Constant", Operator.of(Constants::constant));
    table.put("ConstantOfShape", Operator.of(c -> {
      HostTensor value = c.tensor("value").map(HostTensor::of)
          .orElseGet(() -> HostTensor.reals(ElementType.FLOAT, Shape.of(), 0));
      return filled(c, value, c.wholes(0));
    }));
    table.put("Range", Operator.of(Constants::range));
    table.put("EyeLike", Operator.of(Constants::eye));
    table.put("OneHot", Operator.of(Constants::oneHot));
    table.put("CumSum", Operator.of(Constants::cumulated));
    table.put("Trilu", Operator.of(Constants::triangle));
  }

  private static Value constant(Call c) {
    c.ignore("value_string", "value_strings");
    Optional<TensorProto> tensor = c.tensor("value");
    if (tensor.isPresent()) {
      return c.within().constant(tensor.get(), c.node().outputs().getFirst());
    }
    Optional<double[]> reals = c.reals("value_floats");
    Optional<long[]> wholes = c.longs("value_ints");
    if (reals.isPresent()) {
      return new Value.Host(HostTensor.reals(ElementType.FLOAT, Shape.of(reals.get().length), reals.get()));
    }
    if (wholes.isPresent()) {
      return new Value.Host(HostTensor.row(wholes.get()));
    }
    if (c.set("value_float")) {
      return new Value.Host(HostTensor.reals(ElementType.FLOAT, Shape.of(), c.real("value_float", 0)));
    }
    if (c.set("value_int")) {
      return new Value.Host(HostTensor.wholes(ElementType.INT64, Shape.of(), c.whole("value_int", 0)));
    }
    if (c.set("value_string") || c.set("value_strings")) {
      throw c.unsupported("it is a constant text");
    }
    throw c.unsupported(c.set("sparse_value") ? "attribute 'sparse_value', a sparse tensor" : "it has no value");
  }

  /// One value everywhere.
  private static Value filled(Call c, HostTensor value, long[] dims) {
    boolean open = Arrays.stream(dims).anyMatch(d -> d == OpenBatch.OPEN);
    int[] extents = Arrays.stream(dims).mapToInt(d -> d == OpenBatch.OPEN ? 1 : sized(c, d)).toArray();
    Value one = new Value.Host(HostTensor.uniform(value.type(), Shape.of(extents), value.reals()[0]));
    return open ? Moving.expanded(c, one, dims) : one;
  }

  private static int sized(Call c, long extent) {
    if (extent < 0 || extent > Integer.MAX_VALUE) {
      throw c.wrong("an extent is from 0 to 2³¹ − 1; received " + extent);
    }
    return (int) extent;
  }

  /// A shape that a file may ask to be filled: its numbers are not in the file, so that a limit keeps memory.
  static Shape limited(Call c, Shape shape) {
    if (shape.size() > 1 << 26) {
      throw c.unsupported("it makes " + shape + ", more than 2²⁶ elements out of nothing");
    }
    return shape;
  }

  private static Value range(Call c) {
    HostTensor start = c.host(0);
    HostTensor limit = c.host(1);
    HostTensor delta = c.host(2);
    if (start.real()) {
      double from = start.reals()[0];
      double step = delta.reals()[0];
      double count = Math.max(0, Math.ceil((limit.reals()[0] - from) / step));
      limited(c, Shape.of(sized(c, (long) count)));
      return new Value.Host(HostTensor.reals(start.type(), Shape.of((int) count), IntStream.range(0, (int) count)
          .mapToDouble(i -> from + i * step).toArray()).rounded());
    }
    long step = delta.wholes()[0];
    long from = start.wholes()[0];
    if (step == 0 || limit.wholes()[0] == OpenBatch.OPEN) {
      throw step == 0 ? c.wrong("delta is not 0") : c.unsupported("it counts up to the size of the batch");
    }
    long count = Math.max(0, Math.ceilDiv(Math.subtractExact(limit.wholes()[0], from), step));
    limited(c, Shape.of(sized(c, count)));
    return new Value.Host(HostTensor.wholes(start.type(), Shape.of((int) count),
        LongStream.range(0, count).map(i -> from + i * step).toArray()));
  }

  private static Value eye(Call c) {
    Shape shape = c.shape(0);
    int shift = c.integer("k", 0);
    if (shape.rank() != 2 || !shape.bound()) {
      throw c.wrong("the input is a matrix; received " + shape);
    }
    long[] values = new long[shape.length()];
    for (int i = 0; i < shape.dim(0); i++) {
      if (i + shift >= 0 && i + shift < shape.dim(1)) {
        values[i * shape.dim(1) + i + shift] = 1;
      }
    }
    return new Value.Host(HostTensor.wholes(ElementType.INT64, shape, values)
        .as(c.type("dtype", c.input(0).type())));
  }

  private static Value oneHot(Call c) {
    HostTensor indices = c.host(0);
    long depth = (long) c.number(1);
    HostTensor values = c.host(2);
    int axis = c.axis(c.whole("axis", -1), indices.shape().rank() + 1);
    Shape in = indices.shape();
    Shape out = limited(c, Moving.joined(in.slice(0, axis), Shape.of(sized(c, depth)), in.slice(axis, in.rank())));
    int inner = Math.toIntExact(in.size(axis));
    long[] hot = indices.wholes();
    int[] places = new int[out.length()];
    for (int i = 0; i < hot.length; i++) {
      long at = hot[i] < 0 ? hot[i] + depth : hot[i];
      if (at >= 0 && at < depth) {
        places[(int) ((i / inner * depth + at) * inner + i % inner)] = 1;
      }
    }
    return new Value.Host(values.take(out, places, 0));
  }

  private static Value cumulated(Call c) {
    HostTensor x = c.host(0);
    int axis = c.axis((long) c.number(1), x.shape().rank());
    boolean exclusive = c.whole("exclusive", 0) == 1;
    boolean reverse = c.whole("reverse", 0) == 1;
    int extent = x.shape().dim(axis);
    int inner = Math.toIntExact(x.shape().size(axis + 1));
    double[] reals = x.real() ? x.reals().clone() : null;
    long[] wholes = x.real() ? null : x.wholes().clone();
    for (int line = 0; line < x.size() / Math.max(1, extent); line++) {
      int base = line / inner * extent * inner + line % inner;
      double sum = 0;
      long count = 0;
      for (int i = 0; i < extent; i++) {
        int at = base + (reverse ? extent - 1 - i : i) * inner;
        if (reals != null) {
          double own = reals[at];
          reals[at] = exclusive ? sum : sum + own;
          sum += own;
        } else {
          long own = wholes[at];
          wholes[at] = exclusive ? count : count + own;
          count += own;
        }
      }
    }
    return new Value.Host(reals != null ? HostTensor.reals(x.type(), x.shape(), reals).rounded()
        : HostTensor.wholes(x.type(), x.shape(), wholes));
  }

  private static Value triangle(Call c) {
    Shape shape = c.shape(0);
    boolean upper = c.whole("upper", 1) == 1;
    long shift = c.has(1) ? c.wholes(1)[0] : 0;
    Shape matrix = shape.slice(shape.rank() - 2, shape.rank());
    int columns = matrix.dim(1);
    double[] mask = IntStream.range(0, matrix.length()).mapToDouble(i -> {
      long diagonal = i % columns - i / columns;
      return upper ? diagonal >= shift ? 1 : 0 : diagonal <= shift ? 1 : 0;
    }).toArray();
    Value keep = new Value.Host(HostTensor.reals(ElementType.FLOAT, matrix, mask));
    Value zero = c.values().constant(0);
    if (c.input(0) instanceof Value.Host(HostTensor x)) {
      int[] places = IntStream.range(0, x.size()).map(i -> mask[i % matrix.length()] == 0 ? -1 : i).toArray();
      return new Value.Host(x.take(shape, places, 0));
    }
    return c.values().typed(c.values().apply(new OnnxOp.Select(), List.of(keep, c.input(0), zero)), c.input(0).type());
  }
}
