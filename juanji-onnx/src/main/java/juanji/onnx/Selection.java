package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Gather;
import juanji.op.View;
import juanji.tensor.Shape;

/// Operators whose choice of elements depends on numbers: indices, maxima, and what is not 0.
final class Selection {
  private Selection() {
  }

  static void register(Map<String, Operator> table) {
    table.put("GatherElements", Operator.of(Selection::gatherElements));
    table.put("GatherND", Operator.of(Selection::gatherNd));
    table.put("ScatterElements", Operator.of(Selection::scatterElements));
    table.put("Scatter", Operator.of(Selection::scatterElements));
    table.put("ScatterND", Operator.of(Selection::scatterNd));
    table.put("TopK", Selection::topK);
    table.put("NonZero", Operator.of(Selection::nonZero));
    table.put("NonMaxSuppression", Operator.of(Suppression::apply));
    table.put("Compress", Operator.of(Selection::compress));
    table.put("ReverseSequence", Operator.of(Selection::reverseSequence));
  }

  /// Elements of a value by their number.
  private static Value picked(Call c, Value data, Shape out, int[] places) {
    if (!data.shape().bound()) {
      throw c.unsupported("it takes elements of an open batch; the network can be run, but not become a model of any "
          + "batch");
    }
    if (data instanceof Value.Host(HostTensor x)) {
      return new Value.Host(x.take(out, places, 0));
    }
    Values v = c.values();
    Value row = v.reshape(data, Shape.of(data.shape().length()));
    return v.reshape(Moving.take(v, row, 0, Arrays.stream(places).boxed().toList()), out);
  }

  private static int counted(Call c, long index, int extent) {
    if (index < -extent || index >= extent) {
      throw c.wrong("an index is from " + -extent + " to " + (extent - 1) + "; received " + index);
    }
    return (int) (index < 0 ? index + extent : index);
  }

  /// For each element of indices, the element of data at its place but for the axis, where the index says it.
  private static int[] elements(Call c, Shape data, HostTensor indices, int axis) {
    Shape shape = indices.shape();
    if (shape.rank() != data.rank()) {
      throw c.wrong("indices and data have equally many axes; received " + c.shapes());
    }
    int[] strides = data.strides();
    long[] at = indices.wholes();
    int[] places = new int[at.length];
    int[] index = new int[shape.rank()];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      for (int a = index.length - 1; a >= 0; a--) {
        index[a] = rest % shape.dim(a);
        rest /= shape.dim(a);
      }
      index[axis] = counted(c, at[i], data.dim(axis));
      for (int a = 0; a < index.length; a++) {
        places[i] += counted(c, index[a], data.dim(a)) * strides[a];
      }
    }
    return places;
  }

  private static Value gatherElements(Call c) {
    Optional<Maxima.Found> maxima = c.within().maxima().of(c.input(1));
    if (maxima.isPresent()) {
      return c.within().maxima().taken(c, maxima.get());
    }
    Shape data = c.shape(0);
    HostTensor indices = c.host(1);
    int axis = c.axis(c.whole("axis", 0), data.rank());
    return picked(c, c.input(0), indices.shape(), elements(c, data, indices, axis));
  }

  /// The first element of each slice that rows of indices name, and how many elements each has.
  private static int[] slices(Call c, Shape data, HostTensor indices, int batch) {
    Shape shape = indices.shape();
    int depth = shape.dim(-1);
    if (depth < 1 || batch + depth > data.rank() || batch >= shape.rank()) {
      throw c.wrong("a row of indices names 1 to " + (data.rank() - batch) + " axes; received " + depth);
    }
    int[] strides = data.strides();
    long[] at = indices.wholes();
    int rows = at.length / depth;
    int perBatch = Math.toIntExact(shape.slice(batch, shape.rank() - 1).size());
    int[] places = new int[rows];
    for (int r = 0; r < rows; r++) {
      int outer = batch == 0 ? 0 : r / perBatch * Math.toIntExact(data.size(batch));
      places[r] = outer;
      for (int k = 0; k < depth; k++) {
        places[r] += counted(c, at[r * depth + k], data.dim(batch + k)) * strides[batch + k];
      }
    }
    return places;
  }

  private static int[] spread(int[] starts, int size) {
    return IntStream.range(0, starts.length * size).map(i -> starts[i / size] + i % size).toArray();
  }

  private static Value gatherNd(Call c) {
    Shape data = c.shape(0);
    HostTensor indices = c.host(1);
    int batch = c.integer("batch_dims", 0);
    int[] starts = slices(c, data, indices, batch);
    int depth = indices.shape().dim(-1);
    Shape rest = data.slice(batch + depth, data.rank());
    Shape out = Moving.joined(indices.shape().slice(0, indices.shape().rank() - 1), rest);
    return picked(c, c.input(0), out, spread(starts, rest.length()));
  }

  private static Value scatterElements(Call c) {
    Optional<Maxima.Found> maxima = c.within().maxima().of(c.input(1));
    if (maxima.isPresent()) {
      return c.within().maxima().scattered(c, maxima.get());
    }
    Shape data = c.shape(0);
    HostTensor indices = c.host(1);
    return scattered(c, elements(c, data, indices, c.axis(c.whole("axis", 0), data.rank())));
  }

  private static Value scatterNd(Call c) {
    Shape data = c.shape(0);
    HostTensor indices = c.host(1);
    int[] starts = slices(c, data, indices, 0);
    return scattered(c, spread(starts, data.slice(indices.shape().dim(-1), data.rank()).length()));
  }

  /// Updates put at places of the data, or added to what is there.
  private static Value scattered(Call c, int[] places) {
    String reduction = c.text("reduction", "none");
    Values v = c.values();
    Value data = c.input(0);
    Value updates = c.input(2);
    if (!data.shape().bound() || !updates.shape().bound()) {
      throw c.unsupported("it puts elements into an open batch");
    }
    if (updates.shape().size() != places.length) {
      throw c.wrong("there is an update for each index; received " + c.shapes());
    }
    int n = data.shape().length();
    if (reduction.equals("none")) {
      int[] from = IntStream.range(0, n).toArray();
      for (int i = 0; i < places.length; i++) {
        from[places[i]] = n + i;
      }
      Value all = v.apply(new View.Concat(0), v.reshape(data, Shape.of(n)),
          v.reshape(updates, Shape.of(places.length)));
      return picked(c, all, data.shape(), from);
    }
    if (reduction.equals("add") && HostTensor.real(data.type())) {
      Value added = v.apply(new Gather.TakeInput(0, Arrays.stream(places).boxed().toList(), n),
          v.reshape(updates, Shape.of(places.length)));
      return v.typed(v.add(data, v.reshape(added, data.shape())), data.type());
    }
    HostTensor to = c.host(0);
    HostTensor by = c.host(2);
    double[] reals = to.reals().clone();
    for (int i = 0; i < places.length; i++) {
      double a = reals[places[i]];
      double b = by.reals()[i];
      reals[places[i]] = switch (reduction) {
        case "add" -> a + b;
        case "mul" -> a * b;
        case "max" -> Math.max(a, b);
        case "min" -> Math.min(a, b);
        default -> throw c.unsupported("attribute 'reduction' = '" + reduction + "'");
      };
    }
    return v.typed(new Value.Host(HostTensor.reals(ElementType.DOUBLE, to.shape(), reals)), to.type());
  }

  private static List<Value> topK(Call c) {
    HostTensor x = c.host(0);
    int axis = c.axis(c.whole("axis", -1), x.shape().rank());
    boolean largest = c.whole("largest", 1) == 1;
    c.ignore("sorted");
    long wanted = c.version() < 10 ? c.whole("k", 0) : c.wholes(1)[0];
    int extent = x.shape().dim(axis);
    if (wanted < 0 || wanted > extent) {
      throw c.wrong("k is from 0 to " + extent + "; received " + wanted);
    }
    int k = (int) wanted;
    int inner = Math.toIntExact(x.shape().size(axis + 1));
    Shape out = x.shape().with(axis, k);
    int[] places = new int[out.length()];
    long[] indices = new long[places.length];
    for (int line = 0; line < x.size() / Math.max(1, extent); line++) {
      int from = line / inner * extent * inner + line % inner;
      Comparator<Integer> order = x.real() ? Comparator.comparingDouble(i -> x.reals()[from + i * inner])
          : Comparator.comparingLong(i -> x.wholes()[from + i * inner]
          ^ (x.type() == ElementType.UINT64 ? Long.MIN_VALUE : 0));
      List<Integer> best = IntStream.range(0, extent).boxed().sorted(largest ? order.reversed() : order).limit(k)
          .toList();
      int to = line / inner * k * inner + line % inner;
      for (int i = 0; i < k; i++) {
        places[to + i * inner] = from + best.get(i) * inner;
        indices[to + i * inner] = best.get(i);
      }
    }
    return List.of(new Value.Host(x.take(out, places, 0)),
        new Value.Host(HostTensor.wholes(ElementType.INT64, out, indices)));
  }

  private static Value nonZero(Call c) {
    HostTensor x = c.host(0);
    double[] values = x.reals();
    int[] found = IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
    int rank = Math.max(1, x.shape().rank());
    int[] strides = x.shape().strides();
    long[] out = new long[rank * found.length];
    for (int i = 0; i < found.length; i++) {
      for (int a = 0; a < x.shape().rank(); a++) {
        out[a * found.length + i] = found[i] / strides[a] % x.shape().dim(a);
      }
    }
    return new Value.Host(HostTensor.wholes(ElementType.INT64, Shape.of(rank, found.length), out));
  }

  private static Value compress(Call c) {
    long[] keep = c.wholes(1);
    Value x = c.input(0);
    boolean flat = !c.set("axis");
    Value data = flat ? c.values().reshape(x, Shape.of(x.shape().length())) : x;
    int axis = flat ? 0 : c.axis(c.whole("axis", 0), x.shape().rank());
    int extent = data.shape().dim(axis);
    return Moving.take(c.values(), data, axis, IntStream.range(0, Math.min(extent, keep.length))
        .filter(i -> keep[i] != 0).boxed().toList());
  }

  private static Value reverseSequence(Call c) {
    Shape shape = c.shape(0);
    int time = c.axis(c.whole("time_axis", 0), shape.rank());
    int batch = c.axis(c.whole("batch_axis", 1), shape.rank());
    long[] lengths = c.wholes(1);
    int[] strides = shape.strides();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < shape.length(); i++) {
      int t = i / strides[time] % shape.dim(time);
      long length = lengths[i / strides[batch] % shape.dim(batch)];
      places.add(t < length ? i + (int) (length - 1 - 2L * t) * strides[time] : i);
    }
    return picked(c, c.input(0), shape, places.stream().mapToInt(Integer::intValue).toArray());
  }
}
