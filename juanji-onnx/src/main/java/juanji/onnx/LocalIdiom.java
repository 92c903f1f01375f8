package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.NodeProto;
import juanji.op.Axis;
import juanji.op.LocalContraction;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A convolution with weights of their own for each place, or for each place of a tile ([WindowWriter]):
///
/// ```text
/// cells = Gather(Reshape(Pad(x)), numbers)            the window's cells, place by place
/// rows = Reshape(Transpose(cells))
/// matrices = Gather(Reshape(w), sets)                 or Reshape(w) alone, where each place has its own
/// y = Reshape(Transpose(MatMul(rows, matrices)))
/// ```
///
/// The window is found from the numbers: from the cells of the first place and those of its neighbours.
///
/// @param pad the names of the numbers of cells around x, and of what these cells hold; empty where there are none
/// @param flat the name of the shape of the planes as rows
/// @param numbers the name of the numbers of the cells
/// @param lines the name of the shape of the cells as rows
/// @param matrices the name of the shape of the weights as matrices
/// @param sets the name of the numbers of the sets of weights; empty where each place has its own
/// @param shape the name of the result's shape
record LocalIdiom(List<NodeProto> nodes, NodeProto whole, List<String> pad, String flat, String numbers,
    String lines, String matrices, Optional<String> sets, String shape) implements Idioms.Idiom {
  /// Extents and pads up to which their sums are whole numbers of 32 bits.
  private static final int MOST = Integer.MAX_VALUE / 4;

  static Optional<LocalIdiom> of(Idioms in, NodeProto last) {
    Optional<NodeProto> back = in.maker(last, 0, "Transpose");
    Optional<NodeProto> product = back.flatMap(n -> in.maker(n, 0, "MatMul"));
    Optional<NodeProto> rows = product.flatMap(n -> in.maker(n, 0, "Reshape"));
    Optional<NodeProto> turned = rows.flatMap(n -> in.maker(n, 0, "Transpose"));
    Optional<NodeProto> cells = turned.flatMap(n -> in.maker(n, 0, "Gather"));
    Optional<NodeProto> flat = cells.flatMap(n -> in.maker(n, 0, "Reshape"));
    Optional<NodeProto> pad = flat.flatMap(n -> in.maker(n, 0, "Pad"))
        .filter(n -> n.inputs().size() == 3 && n.attributes().isEmpty());
    Optional<NodeProto> picked = product.flatMap(n -> in.maker(n, 1, "Gather"));
    Optional<NodeProto> matrices = picked.isPresent() ? in.maker(picked.get(), 0, "Reshape")
        : product.flatMap(n -> in.maker(n, 1, "Reshape"));
    if (flat.isEmpty() || matrices.isEmpty() || picked.isPresent() && !Idioms.only(picked.get(), Map.of("axis", 0L))
        || !Idioms.only(back.get(), Map.of("perm", List.of(1L, 2L, 0L)))
        || !Idioms.only(turned.get(), Map.of("perm", List.of(2L, 0L, 1L, 3L)))
        || !Idioms.only(cells.get(), Map.of("axis", 2L)) || !plain(last, rows.get(), flat.get(), matrices.get())) {
      return Optional.empty();
    }
    List<NodeProto> nodes = new ArrayList<>();
    pad.ifPresent(nodes::add);
    nodes.addAll(List.of(flat.get(), cells.get(), turned.get(), rows.get(), matrices.get()));
    picked.ifPresent(nodes::add);
    nodes.addAll(List.of(product.get(), back.get()));
    List<String> around = pad.map(n -> n.inputs().subList(1, 3)).orElse(List.of());
    NodeProto whole = NodeProto.of(last.name(), "LocalConv", List.of(pad.orElse(flat.get()).inputs().getFirst(),
        matrices.get().inputs().getFirst()), last.outputs());
    return Optional.of(new LocalIdiom(nodes, whole, around, flat.get().inputs().get(1), cells.get().inputs().get(1),
        rows.get().inputs().get(1), matrices.get().inputs().get(1), picked.map(n -> n.inputs().get(1)),
        last.inputs().get(1)));
  }

  private static boolean plain(NodeProto... reshapes) {
    return Arrays.stream(reshapes).allMatch(n -> n.inputs().size() == 2 && n.attributes().isEmpty());
  }

  @Override public Optional<Operator> meaning(Map<String, Value> scope) {
    Shape x = scope.get(whole.inputs().get(0)).shape();
    Shape w = scope.get(whole.inputs().get(1)).shape();
    Optional<long[]> cells = Idioms.known(scope, numbers).map(HostTensor::wholes);
    Optional<long[]> result = Idioms.known(scope, shape).map(HostTensor::wholes);
    int rank = x.rank() - 2;
    if (rank < 1 || w.rank() != 2 * rank + 2 || !w.bound() || !x.sample().bound()
        || x.dim(1) != w.dim(rank) || cells.isEmpty() || result.isEmpty() || result.get().length != x.rank()) {
      return Optional.empty();
    }
    long[] around = pad.isEmpty() ? new long[2 * x.rank()]
        : Idioms.known(scope, pad.getFirst()).map(HostTensor::wholes).orElse(new long[0]);
    if (!pad.isEmpty() && Idioms.known(scope, pad.get(1)).filter(t -> t.size() == 1 && t.reals()[0] == 0).isEmpty()) {
      return Optional.empty();
    }
    if (around.length != 2 * x.rank() || around[0] != 0 || around[1] != 0 || around[x.rank()] != 0
        || around[x.rank() + 1] != 0 || Arrays.stream(around).anyMatch(p -> p < 0 || p > MOST)
        || Arrays.stream(x.toArray()).anyMatch(d -> d > MOST)
        || Arrays.stream(result.get()).skip(2).anyMatch(d -> d < 1 || d > MOST)) {
      return Optional.empty();
    }
    Shape padded = Shape.of(IntStream.range(2, x.rank()).map(i -> x.dim(i) + (int) (around[i] + around[x.rank() + i]))
        .toArray());
    Shape out = Shape.of(Arrays.stream(result.get()).skip(2).mapToInt(d -> (int) d).toArray());
    Shape kernel = w.slice(rank + 1, 2 * rank + 1);
    return window(cells.get(), kernel, padded, out).filter(inner -> means(scope, inner, padded, out, x, w)).map(inner ->
        Operator.of(c -> c.values().apply(new LocalContraction.LocalConv(around(inner, around, x.rank()),
            w.slice(0, rank)), c.input(0), c.values().weight(c.input(1), Ground.Use.TRAINED))));
  }

  /// The window over what is padded, of which the first cells tell strides and dilations.
  private static Optional<Window> window(long[] cells, Shape kernel, Shape padded, Shape out) {
    long taps = kernel.size();
    if (padded.size() > Integer.MAX_VALUE || out.size() * taps != cells.length) {
      return Optional.empty();
    }
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < kernel.rank(); i++) {
      long step = padded.size(i + 1);
      long dilation = kernel.dim(i) == 1 ? 1 : cells[(int) kernel.size(i + 1)] / step;
      long span = dilation * (kernel.dim(i) - 1) + 1;
      // Where there is one place alone, the next one would lie beyond the end.
      long stride = out.dim(i) > 1 ? cells[(int) (out.size(i + 1) * taps)] / step : padded.dim(i) - span + 1;
      if (dilation < 1 || stride < 1 || stride > padded.dim(i) || span > padded.dim(i)) {
        return Optional.empty();
      }
      axes.add(Axis.of(kernel.dim(i)).withStride((int) stride).withDilation((int) dilation));
    }
    Window window = new Window(axes);
    return Optional.of(window).filter(w -> w.output(padded).equals(out)
        && Arrays.equals(WindowWriter.cells(w, padded, out), cells));
  }

  private static Window around(Window inner, long[] pads, int rank) {
    return new Window(IntStream.range(0, inner.rank()).mapToObj(i -> inner.axes().get(i).withPadding(
        new Padding.Explicit((int) pads[2 + i], (int) pads[rank + 2 + i]))).toList());
  }

  /// Whether all the other numbers are as this library writes them.
  private boolean means(Map<String, Value> scope, Window inner, Shape padded, Shape out, Shape x, Shape w) {
    Shape tiles = w.slice(0, inner.rank());
    long channels = x.dim(1);
    long taps = channels * inner.taps();
    long[] all = IntStream.of(out.prepend(w.dim(-1)).prepend(Shape.UNBOUND).toArray()).asLongStream().toArray();
    boolean fits = numbers(scope, shape, all) && numbers(scope, flat, -1, channels, padded.size())
        && numbers(scope, lines, out.size(), -1, taps) && numbers(scope, matrices, tiles.size(), taps, w.dim(-1));
    boolean tiled = IntStream.range(0, tiles.rank()).allMatch(i -> tiles.dim(i) <= out.dim(i));
    return fits && tiled && (sets.isPresent() ? numbers(scope, sets.get(), IntStream.of(LocalContraction.sets(tiles,
        out)).asLongStream().toArray()) : tiles.equals(out));
  }

  private static boolean numbers(Map<String, Value> scope, String name, long... expected) {
    return Idioms.known(scope, name).filter(t -> HostTensor.whole(t.type()) && Arrays.equals(t.wholes(), expected))
        .isPresent();
  }
}
