package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.View;
import juanji.tensor.Shape;

/// Operators that change how elements are counted: shapes, axes, and their order.
final class Reshaping {
  private Reshaping() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Reshape", Operator.of(Reshaping::reshape));
    table.put("Flatten", Operator.of(Reshaping::flatten));
    table.put("Squeeze", Operator.of(Reshaping::squeeze));
    table.put("Unsqueeze", Operator.of(Reshaping::unsqueeze));
    table.put("Transpose", Operator.of(Reshaping::transpose));
    table.put("DepthToSpace", Operator.of(Reshaping::depthToSpace));
    table.put("SpaceToDepth", Operator.of(Reshaping::spaceToDepth));
    table.put("Identity", Operator.of(c -> c.input(0)));
    table.put("Shape", Operator.of(Reshaping::shape));
    table.put("Size", Operator.of(Reshaping::size));
  }

  private static Value reshape(Call c) {
    long[] target = c.has(1) ? c.wholes(1) : c.longs("shape").orElseThrow(() -> c.wrong("a target shape is given"));
    boolean zeroIsCopy = c.whole("allowzero", 0) == 0;
    c.ignore("consumed_inputs");
    Shape in = c.shape(0);
    long[] dims = target.clone();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0 && zeroIsCopy) {
        if (i >= in.rank()) {
          throw c.wrong("an extent of 0 is copied from the input; received " + Arrays.toString(target) + " for " + in);
        }
        dims[i] = in.dim(i) == Shape.UNBOUND ? OpenBatch.OPEN : in.dim(i);
      }
    }
    Value y = reshaped(c, c.input(0), dims);
    c.within().maxima().of(c.input(0)).ifPresent(found -> c.within().maxima().put(y, found));
    return y;
  }

  /// The value under extents of which one may be −1, and another the open batch.
  static Value reshaped(Call c, Value x, long[] dims) {
    Shape in = x.shape();
    long[] to = dims.clone();
    int rest = IntStream.range(0, to.length).filter(i -> to[i] == -1).findFirst().orElse(-1);
    boolean open = Arrays.stream(to).anyMatch(d -> d == OpenBatch.OPEN);
    if (!in.bound() && !open) {
      // A file made for one batch size names it where it means the batch.
      long rows = c.within().fixedBatch();
      if (to.length > 0 && rows > 0 && to[0] == rows
          && (rest > 0 || product(to, 1) == known(in))) {
        to[0] = OpenBatch.OPEN;
      } else if (rest >= 0 && product(to, 0) == known(in)) {
        to[rest] = OpenBatch.OPEN;
        rest = -1;
      } else {
        throw c.unsupported("the target " + Arrays.toString(dims) + " mixes the batch of " + in
            + " with other axes; the network can be run, but not become a model of any batch");
      }
    }
    if (rest >= 0) {
      long others = product(to, 0);
      long all = known(in);
      if (others == 0 || all % others != 0) {
        throw c.wrong("the target has as many elements as the input; received " + Arrays.toString(dims) + " for "
            + in);
      }
      to[rest] = all / others;
    }
    if (Arrays.stream(to).anyMatch(d -> d < 0 && d != OpenBatch.OPEN || d > Integer.MAX_VALUE)
        || in.bound() && product(to, 0) != in.size()) {
      throw c.wrong("the target has as many elements as the input; received " + Arrays.toString(dims) + " for " + in);
    }
    return c.values().reshape(x, OpenBatch.shape(to));
  }

  /// The product of what is known.
  private static long product(long[] dims, int from) {
    return Arrays.stream(dims, from, dims.length).filter(d -> d >= 0).reduce(1, Math::multiplyExact);
  }

  private static long known(Shape shape) {
    return product(OpenBatch.numbers(shape), 0);
  }

  private static Value flatten(Call c) {
    Shape in = c.shape(0);
    long axis = c.whole("axis", 1);
    int at = axis == in.rank() ? in.rank() : c.axis(axis, Math.max(1, in.rank()));
    long[] dims = OpenBatch.numbers(in);
    boolean open = Arrays.stream(dims, 0, at).anyMatch(d -> d == OpenBatch.OPEN);
    long first = open ? at == 1 ? OpenBatch.OPEN : -2 : product(Arrays.copyOf(dims, at), 0);
    if (first == -2) {
      throw c.unsupported("it joins the batch with other axes");
    }
    return reshaped(c, c.input(0), new long[] {first, product(dims, at)});
  }

  private static Value squeeze(Call c) {
    Shape in = c.shape(0);
    List<Integer> axes = c.ints("axes", 1).map(a -> c.axes(a, in.rank())).orElseGet(() ->
        IntStream.range(0, in.rank()).filter(a -> in.dim(a) == 1).boxed().toList());
    for (int axis : axes) {
      if (in.dim(axis) != 1 && !(in.dim(axis) == Shape.UNBOUND && c.within().fixedBatch() == 1)) {
        throw c.wrong("a squeezed axis has an extent of 1; received axis " + axis + " of " + in);
      }
      if (in.dim(axis) == Shape.UNBOUND) {
        throw c.unsupported("it removes the batch; the network can be run, but not become a model of any batch");
      }
    }
    return c.values().reshape(c.input(0), Shape.of(IntStream.range(0, in.rank()).filter(a -> !axes.contains(a))
        .map(in::dim).toArray()));
  }

  private static Value unsqueeze(Call c) {
    Shape in = c.shape(0);
    int[] given = c.ints("axes", 1).orElseThrow(() -> c.wrong("axes are given"));
    List<Integer> axes = c.axes(given, in.rank() + given.length);
    return c.values().reshape(c.input(0), unsqueezed(in, axes));
  }

  /// A shape with extents of 1 at the given axes of the result.
  static Shape unsqueezed(Shape in, List<Integer> axes) {
    List<Integer> dims = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < in.rank() + axes.size(); i++) {
      dims.add(axes.contains(i) ? 1 : in.dim(next++));
    }
    return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Value transpose(Call c) {
    int rank = c.shape(0).rank();
    List<Integer> order = c.ints("perm").map(p -> c.axes(p, rank)).orElseGet(() ->
        IntStream.range(0, rank).mapToObj(i -> rank - 1 - i).toList());
    if (order.size() != rank) {
      throw c.wrong("the order names every axis; received " + order + " for " + c.shape(0));
    }
    return permuted(c.values(), c.input(0), order);
  }

  static Value permuted(Values values, Value x, List<Integer> order) {
    boolean same = IntStream.range(0, order.size()).allMatch(i -> order.get(i) == i);
    return same ? x : values.apply(new View.Permute(order), x);
  }

  private static Value depthToSpace(Call c) {
    int b = block(c);
    Shape x = c.shape(0);
    boolean columnsFirst = switch (c.text("mode", "DCR")) {
      case "DCR" -> false;
      case "CRD" -> true;
      default -> throw c.unsupported("attribute 'mode' = '" + c.text("mode", "") + "'");
    };
    if (x.dim(1) % (b * b) != 0) {
      throw c.wrong("the square of blocksize divides the channels; received " + b + " for " + x);
    }
    int channels = x.dim(1) / (b * b);
    Values v = c.values();
    int[] cut = columnsFirst ? new int[] {x.dim(0), channels, b, b, x.dim(2), x.dim(3)}
        : new int[] {x.dim(0), b, b, channels, x.dim(2), x.dim(3)};
    Value parts = v.reshape(c.input(0), Shape.of(cut));
    Value ordered = v.apply(new View.Permute(columnsFirst ? List.of(0, 1, 4, 2, 5, 3) : List.of(0, 3, 4, 1, 5, 2)),
        parts);
    return v.reshape(ordered, Shape.of(x.dim(0), channels, x.dim(2) * b, x.dim(3) * b));
  }

  private static int block(Call c) {
    int b = c.integer("blocksize", 0);
    if (b < 1 || b > 1 << 14 || c.shape(0).rank() != 4) {
      throw c.wrong("the input has four axes and blocksize is 1 or more; received " + b + " for " + c.shape(0));
    }
    return b;
  }

  private static Value spaceToDepth(Call c) {
    int b = block(c);
    Shape x = c.shape(0);
    if (x.dim(2) % b != 0 || x.dim(3) % b != 0) {
      throw c.wrong("blocksize divides height and width; received " + b + " for " + x);
    }
    Values v = c.values();
    Value parts = v.reshape(c.input(0), Shape.of(x.dim(0), x.dim(1), x.dim(2) / b, b, x.dim(3) / b, b));
    Value ordered = v.apply(new View.Permute(List.of(0, 3, 5, 1, 2, 4)), parts);
    return v.reshape(ordered, Shape.of(x.dim(0), x.dim(1) * b * b, x.dim(2) / b, x.dim(3) / b));
  }

  private static Value shape(Call c) {
    Shape in = c.shape(0);
    int from = bounded(c.whole("start", 0), in.rank());
    int to = bounded(c.whole("end", in.rank()), in.rank());
    return new Value.Host(HostTensor.row(OpenBatch.numbers(from < to ? in.slice(from, to) : Shape.of())));
  }

  private static int bounded(long index, int rank) {
    return Math.clamp(index < 0 ? index + rank : index, 0, rank);
  }

  private static Value size(Call c) {
    if (!c.shape(0).bound()) {
      throw c.unsupported("it counts the elements of the batch, which is open");
    }
    return new Value.Host(HostTensor.wholes(ElementType.INT64, Shape.of(), c.shape(0).size()));
  }

  /// A shape of rank `rank` with extents of 1 in front.
  static Shape widened(Shape shape, int rank) {
    List<Integer> dims = new ArrayList<>(Collections.nCopies(Math.max(0, rank - shape.rank()), 1));
    Arrays.stream(shape.toArray()).forEach(dims::add);
    return Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
  }
}
