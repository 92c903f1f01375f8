package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Gather;
import juanji.op.View;
import juanji.tensor.Shape;

/// Operators that take elements, repeat them, join them and leave some out.
final class Moving {
  private Moving() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Slice", Operator.of(Moving::slice));
    table.put("Concat", Operator.of(Moving::concat));
    table.put("Split", Moving::split);
    table.put("Gather", Operator.of(Moving::gather));
    table.put("Expand", Operator.of(c -> expanded(c, c.input(0), c.wholes(1))));
    table.put("Tile", Operator.of(Moving::tile));
    table.put("Pad", Operator.of(Moving::pad));
    table.put("CenterCropPad", Operator.of(Moving::centerCropPad));
  }

  /// Slices at the given places along an axis.
  static Value take(Values values, Value x, int axis, List<Integer> places) {
    if (places.isEmpty()) {
      return new Value.Host(HostTensor.empty(x.type(), x.shape().with(axis, 0)));
    }
    int first = places.getFirst();
    boolean run = first >= 0 && IntStream.range(0, places.size()).allMatch(i -> places.get(i) == first + i);
    if (run) {
      return cut(values, x, axis, first, first + places.size());
    }
    return values.apply(new Gather.Take(axis, places), x);
  }

  /// The part from `from` to `to` along an axis.
  static Value cut(Values values, Value x, int axis, int from, int to) {
    if (from >= to || x.shape().bound() && x.shape().size() == 0) {
      return new Value.Host(HostTensor.empty(x.type(), x.shape().with(axis, Math.max(0, to - from))));
    }
    return from == 0 && to == x.shape().dim(axis) ? x : values.apply(new View.Slice(axis, from, to), x);
  }

  private static Value slice(Call c) {
    Shape in = c.shape(0);
    long[] starts = c.has(1) ? c.wholes(1) : c.longs("starts").orElseThrow(() -> c.wrong("starts are given"));
    long[] ends = c.has(2) ? c.wholes(2) : c.longs("ends").orElseThrow(() -> c.wrong("ends are given"));
    int[] given = c.ints("axes", 3).orElseGet(() -> IntStream.range(0, starts.length).toArray());
    List<Integer> axes = c.axes(given, in.rank());
    long[] steps = c.has(4) ? c.wholes(4) : Arrays.stream(new long[starts.length]).map(s -> 1).toArray();
    if (ends.length != starts.length || axes.size() != starts.length || steps.length != starts.length) {
      throw c.wrong("starts, ends, axes and steps are equally many");
    }
    Value y = c.input(0);
    for (int i = 0; i < starts.length; i++) {
      int axis = axes.get(i);
      if (in.dim(axis) == Shape.UNBOUND) {
        if (starts[i] != 0 || steps[i] != 1 || ends[i] < Integer.MAX_VALUE && ends[i] != OpenBatch.OPEN) {
          long rows = c.within().fixedBatch();
          if (!(starts[i] == 0 && steps[i] == 1 && rows > 0 && ends[i] >= rows)) {
            throw c.unsupported("it takes some samples of the batch");
          }
        }
        continue;
      }
      y = take(c.values(), y, axis, places(c, in.dim(axis), starts[i], ends[i], steps[i]));
    }
    return y;
  }

  /// As Python's slices, but for a start in front of all cells, which going backwards is the first one.
  private static List<Integer> places(Call c, long extent, long start, long end, long step) {
    if (step == 0) {
      throw c.wrong("a step is not 0");
    }
    if (extent == 0) {
      return List.of();
    }
    long from = Math.clamp(start < 0 ? start + extent : start, 0, step > 0 ? extent : extent - 1);
    long to = Math.clamp(end < 0 ? end + extent : end, step > 0 ? 0 : -1, step > 0 ? extent : extent - 1);
    List<Integer> places = new ArrayList<>();
    for (long at = from; step > 0 ? at < to : at > to; at = Math.abs(step) > extent ? to : at + step) {
      places.add((int) at);
    }
    return places;
  }

  private static Value concat(Call c) {
    if (c.count() == 0) {
      throw c.wrong("there is at least one input");
    }
    int rank = c.shape(0).rank();
    int axis = c.axis(c.version() < 4 ? c.whole("axis", 1) : c.set("axis") ? c.whole("axis", 0)
        : missing(c, "axis"), rank);
    List<Value> parts = c.all().stream().filter(v -> v.shape().dim(axis) != 0).toList();
    for (Value part : c.all()) {
      if (part.shape().rank() != rank) {
        throw c.wrong("the inputs have equally many axes; received " + c.shapes());
      }
    }
    return parts.isEmpty() ? c.input(0) : parts.size() == 1 ? parts.getFirst()
        : c.values().apply(new View.Concat(axis), parts);
  }

  private static long missing(Call c, String attribute) {
    throw c.wrong("attribute '" + attribute + "' is given");
  }

  private static List<Value> split(Call c) {
    Shape in = c.shape(0);
    int axis = c.axis(c.whole("axis", 0), in.rank());
    int parts = c.node().outputs().size();
    int named = c.integer("num_outputs", parts);
    int extent = in.dim(axis);
    Optional<int[]> given = c.ints("split", 1);
    if (extent == Shape.UNBOUND) {
      throw c.unsupported("it divides the batch");
    }
    int each = Math.ceilDiv(extent, Math.max(1, named));
    int[] sizes = given.orElseGet(() -> IntStream.range(0, parts)
        .map(i -> Math.clamp((long) extent - i * each, 0, each)).toArray());
    if (Arrays.stream(sizes).asLongStream().sum() != extent || Arrays.stream(sizes).anyMatch(s -> s < 0)) {
      throw c.wrong("the parts add up to the axis' extent; received " + Arrays.toString(sizes) + " for " + in);
    }
    List<Value> results = new ArrayList<>();
    int at = 0;
    for (int size : sizes) {
      results.add(cut(c.values(), c.input(0), axis, at, at + size));
      at += size;
    }
    return results;
  }

  private static Value gather(Call c) {
    Shape in = c.shape(0);
    int axis = c.axis(c.whole("axis", 0), in.rank());
    Shape indices = c.shape(1);
    Optional<HostTensor> known = Values.known(c.input(1)) ? Optional.of(c.host(1))
        : c.input(1) instanceof Value.Flow f ? c.ground().compute(f) : Optional.empty();
    if (known.isEmpty()) {
      return lookup(c, axis, in);
    }
    int extent = in.dim(axis);
    if (extent == Shape.UNBOUND) {
      throw c.unsupported("it takes samples of the batch");
    }
    List<Integer> places = new ArrayList<>();
    for (long index : known.get().wholes()) {
      if (index < -extent || index >= extent) {
        throw c.wrong("an index is from " + -extent + " to " + (extent - 1) + "; received " + index);
      }
      places.add((int) (index < 0 ? index + extent : index));
    }
    Value taken = take(c.values(), c.input(0), axis, places);
    return c.values().reshape(taken, joined(in.slice(0, axis), indices, in.slice(axis + 1, in.rank())));
  }

  static Shape joined(Shape... parts) {
    return Shape.of(Arrays.stream(parts).flatMapToInt(p -> Arrays.stream(p.toArray())).toArray());
  }

  /// Rows of a table that flowing numbers name.
  private static Value lookup(Call c, int axis, Shape in) {
    if (axis != 0 || !in.bound()) {
      throw c.unsupported("its indices depend on what the network is given, along axis " + axis);
    }
    Values v = c.values();
    Value table = v.reshape(v.weight(c.input(0), Ground.Use.TRAINED), Shape.of(in.dim(0), Math.toIntExact(in.size(1))));
    Value rows = v.apply(new Gather.Lookup(), c.input(1), table);
    return new Value.Flow(v.node(v.reshape(rows, joined(c.shape(1), in.slice(1, in.rank())))), c.input(0).type());
  }

  /// The value repeated to what its shape and the target have in common.
  static Value expanded(Call c, Value x, long[] target) {
    int rank = Math.max(target.length, x.shape().rank());
    Shape from = Reshaping.widened(x.shape(), rank);
    Value y = c.values().reshape(x, from);
    boolean batch = false;
    Optional<Double> single = x instanceof Value.Host(HostTensor t) && t.size() == 1 && (t.real()
        || HostTensor.whole(t.type())) ? Optional.of(t.reals()[0]) : Optional.empty();
    if (single.isPresent() && Arrays.stream(target).noneMatch(d -> d == OpenBatch.OPEN)) {
      Shape to = Shape.of(IntStream.range(0, rank).map(i -> i < rank - target.length ? 1
          : Math.max(Math.toIntExact(target[i - (rank - target.length)]), from.dim(i) == 0 ? 0 : -1)).toArray());
      return new Value.Host(HostTensor.uniform(x.type(), to, single.get()));
    }
    for (int i = 0; i < rank; i++) {
      long wanted = i < rank - target.length ? 1 : target[i - (rank - target.length)];
      int have = from.dim(i);
      if (wanted == OpenBatch.OPEN && have == 1) {
        if (i != 0) {
          throw c.unsupported("it repeats along axis " + i + " as often as the batch is large");
        }
        batch = true;
      } else if (have == 1 && wanted != 1) {
        if (wanted < 0 || wanted > Integer.MAX_VALUE) {
          throw c.wrong("extents are from 0 to 2³¹ − 1; received " + wanted);
        }
        fits(y.shape().with(i, (int) wanted));
        y = repeated(c.values(), y, i, (int) wanted);
      } else if (wanted != 1 && wanted != have && !(have == Shape.UNBOUND && (wanted == OpenBatch.OPEN
          || wanted == c.within().fixedBatch()))) {
        throw c.wrong("extents are equal or 1; received " + x.shape() + " for " + Arrays.toString(target));
      }
    }
    return batch ? overBatch(c, y) : y;
  }

  /// Refuses what no array holds before it is written out.
  static void fits(Shape shape) {
    if (shape.bound()) {
      shape.length();
    }
  }

  /// An extent of 1 repeated.
  static Value repeated(Values values, Value x, int axis, int times) {
    return times == 1 ? x : take(values, x, axis, Collections.nCopies(times, 0));
  }

  /// A value with a first extent of 1 repeated over the batch, of which a flowing value has the extent.
  private static Value overBatch(Call c, Value x) {
    Values v = c.values();
    Value like = c.within().batch().orElseThrow(() -> c.unsupported("there is no batch to repeat over"));
    for (int i = 1; i < like.shape().rank(); i++) {
      like = cut(v, like, i, 0, 1);
    }
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = Shape.UNBOUND;
    like = v.reshape(like, Shape.of(dims));
    for (int i = 1; i < dims.length; i++) {
      like = repeated(v, like, i, x.shape().dim(i));
    }
    return v.typed(v.apply(new View.Expand(false), x, like), x.type());
  }

  private static Value tile(Call c) {
    Shape in = c.shape(0);
    long[] repeats = c.wholes(1);
    if (c.version() < 6) {
      // The first version repeats one axis.
      long[] all = IntStream.range(0, in.rank()).mapToLong(i -> 1).toArray();
      all[c.axis(c.wholes(2)[0], in.rank())] = repeats[0];
      repeats = all;
    }
    if (repeats.length != in.rank()) {
      throw c.wrong("there is a number for each axis; received " + repeats.length + " for " + in);
    }
    Value y = c.input(0);
    Shape whole = in;
    for (int i = 0; i < repeats.length; i++) {
      int extent = in.dim(i);
      if (repeats[i] < 0 || repeats[i] > Integer.MAX_VALUE
          || extent != Shape.UNBOUND && repeats[i] * Math.max(1, extent) > Integer.MAX_VALUE) {
        throw c.wrong("an axis is repeated 0 times or more; received " + repeats[i]);
      }
      if (repeats[i] != 1 && extent == Shape.UNBOUND) {
        throw c.unsupported("it repeats the batch");
      }
      whole = extent == Shape.UNBOUND ? whole : whole.with(i, (int) (extent * repeats[i]));
    }
    fits(whole);
    for (int i = 0; i < repeats.length; i++) {
      if (repeats[i] != 1) {
        int extent = in.dim(i);
        int total = (int) (extent * repeats[i]);
        y = take(c.values(), y, i, IntStream.range(0, total).mapToObj(j -> j % extent).toList());
      }
    }
    return y;
  }

  private static Value pad(Call c) {
    Shape in = c.shape(0);
    long[] pads = c.has(1) ? c.wholes(1) : c.longs(c.version() < 2 ? "paddings" : "pads")
        .orElseThrow(() -> c.wrong("pads are given"));
    List<Integer> axes = c.has(3) ? c.axes(c.host(3).ints(), in.rank())
        : IntStream.range(0, in.rank()).boxed().toList();
    if (pads.length != 2 * axes.size()) {
      throw c.wrong("there are two pads for each axis; received " + pads.length + " for " + axes.size());
    }
    HostTensor fill = c.has(2) ? c.host(2) : HostTensor.reals(ElementType.FLOAT, Shape.of(), c.real("value", 0));
    String mode = c.text("mode", "constant");
    Value y = c.input(0);
    for (int i = 0; i < axes.size(); i++) {
      y = padded(c, y, axes.get(i), Math.toIntExact(pads[i]), Math.toIntExact(pads[i + axes.size()]), mode,
          fill.reals().length > 0 ? fill.reals()[0] : 0);
    }
    return y;
  }

  /// Negative pads cut.
  private static Value padded(Call c, Value x, int axis, int before, int after, String mode, double fill) {
    if (before == 0 && after == 0) {
      return x;
    }
    int extent = x.shape().dim(axis);
    if (extent == Shape.UNBOUND) {
      throw c.unsupported("it pads the batch");
    }
    long total = (long) extent + before + after;
    if (total < 0 || total > Integer.MAX_VALUE || before < -extent || after < -extent) {
      throw c.wrong("an axis of " + extent + " cells can be padded by " + before + " and " + after);
    }
    fits(x.shape().with(axis, (int) total));
    if (!mode.equals("constant")) {
      IntUnaryOperator from = switch (mode) {
        case "edge" -> i -> Math.clamp(i, 0, extent - 1);
        case "wrap" -> i -> Math.floorMod(i, extent);
        case "reflect" -> i -> {
          int period = Math.max(1, 2 * (extent - 1));
          int place = Math.floorMod(i, period);
          return extent == 1 ? 0 : Math.min(place, period - place);
        };
        default -> throw c.unsupported("attribute 'mode' = '" + mode + "'");
      };
      if (extent == 0) {
        throw c.wrong("an axis without cells cannot be padded by its own");
      }
      return take(c.values(), x, axis, IntStream.range(-before, extent + after).map(from).boxed().toList());
    }
    Value cut = cut(c.values(), x, axis, Math.max(0, -before), extent - Math.max(0, -after));
    if (before <= 0 && after <= 0) {
      return cut;
    }
    if (cut.shape().bound() && cut.shape().size() == 0) {
      return new Value.Host(filled(x.type(), x.shape().with(axis, (int) total), fill));
    }
    return c.values().apply(new View.Pad(axis, Math.max(0, before), Math.max(0, after), fill), cut);
  }

  /// A tensor of one value.
  static HostTensor filled(ElementType type, Shape shape, double fill) {
    if (HostTensor.real(type)) {
      double[] values = new double[shape.length()];
      Arrays.fill(values, fill);
      return HostTensor.reals(type, shape, values);
    }
    long[] values = new long[shape.length()];
    Arrays.fill(values, (long) fill);
    return HostTensor.wholes(type, shape, values);
  }

  private static Value centerCropPad(Call c) {
    Shape in = c.shape(0);
    long[] wanted = c.wholes(1);
    List<Integer> axes = c.axes(c.ints("axes").orElseGet(() -> IntStream.range(0, in.rank()).toArray()), in.rank());
    Value y = c.input(0);
    for (int i = 0; i < axes.size(); i++) {
      int extent = in.dim(axes.get(i));
      int to = Math.toIntExact(wanted[i]);
      int less = extent - to;
      // Both halves are rounded down; what is left over is cut or added behind.
      y = less > 0 ? cut(c.values(), y, axes.get(i), less / 2, less / 2 + to)
          : padded(c, y, axes.get(i), -less / 2, -less - -less / 2, "constant", 0);
    }
    return y;
  }
}
