package juanji.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Nonlinearity;
import juanji.op.Normalizing;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.Summarizing;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Which cells of a graph's input one element of a node can see, along each spatial axis of the input.
///
/// The element at position p sees the cells from start + p · jump to start + p · jump + size − 1; those outside the
/// input are padding. A window of span k and stride s, padded by b cells in front, makes of (size, jump, start)
/// (size + (k − 1) · jump, jump · s, start − b · jump). Where branches meet, the field is the smallest that holds those
/// of all; where positions are mixed (fully connected layers, global pooling), it is what all positions see together.
///
/// Source: Araujo, Norris and Sim, *Computing receptive fields of convolutional neural networks*, 2019.
///
/// ```java
/// Map<Node, ReceptiveField> fields = ReceptiveField.of(graph, graph.inputs().getFirst());
/// String size = fields.get(graph.output("y")).toString();      // 14×14
/// ```
///
/// @param axes one entry per spatial axis of the input
public record ReceptiveField(List<Along> axes) {
  /// The field along one axis, in cells of the input.
  ///
  /// @param size how many cells one element sees
  /// @param jump how far the fields of neighbouring elements are apart; 0 if all elements see the same
  /// @param start the first cell that the first element sees; below 0 in the padding
  public record Along(double size, double jump, double start) {
    private Along over(Axis.Placed placed, Axis axis) {
      return new Along(size + (axis.span() - 1) * jump, jump * axis.stride(), start - placed.before() * jump);
    }

    /// The field of a transposed convolution, whose input is the output of `axis`: element p sees the positions from
    /// ⌈(p + before − span + 1) / stride⌉ to ⌊(p + before) / stride⌋. Which they are differs from element to element;
    /// without the rounding, the field holds all of them.
    private Along under(Axis.Placed placed, Axis axis) {
      double step = jump / axis.stride();
      return new Along(size + (axis.span() - 1) * step, step, start + (placed.before() - axis.span() + 1) * step);
    }

    /// The smallest field that holds this one and another that moves by the same steps.
    private Along union(Along other) {
      double from = Math.min(start, other.start);
      return new Along(Math.max(start + size, other.start + other.size) - from, jump, from);
    }

    /// What `positions` neighbouring elements see together, within an input of `cells`.
    private Along all(int positions, int cells) {
      double from = Math.max(0, start);
      return new Along(Math.max(0, Math.min(cells, start + (positions - 1) * jump + size) - from), 0, from);
    }
  }

  /// Takes a copy of the list.
  public ReceptiveField {
    axes = List.copyOf(axes);
  }

  /// The fields of all nodes that depend on an input of N × C × spatial.
  public static Map<Node, ReceptiveField> of(Graph graph, Node input) {
    return of(graph.nodes(), input);
  }

  /// The fields of those of the nodes that depend on an input of N × C × spatial.
  ///
  /// @param nodes each after its inputs
  public static Map<Node, ReceptiveField> of(List<Node> nodes, Node input) {
    Shape cells = input.shape();
    Map<Node, ReceptiveField> fields = new IdentityHashMap<>();
    fields.put(input, new ReceptiveField(Collections.nCopies(Math.max(0, cells.rank() - 2), new Along(1, 1, 0))));
    for (Node node : nodes) {
      if (node instanceof Node.Apply apply) {
        List<ReceptiveField> seen = new ArrayList<>();
        Shape from = null;
        for (Node each : apply.inputs()) {
          if (fields.containsKey(each)) {
            seen.add(fields.get(each).broadcast(each.shape(), node.shape(), cells));
            from = from == null || larger(each.shape(), from) ? each.shape() : from;
          }
        }
        if (!seen.isEmpty()) {
          Shape largest = from;
          fields.put(node, after(apply, seen.stream().reduce((a, b) -> a.union(b, largest, cells)).orElseThrow(), from,
              cells));
        }
      }
    }
    return fields;
  }

  /// The field of elements that repeat along an axis where there was one: all of them see what that one saw.
  private ReceptiveField broadcast(Shape from, Shape to, Shape cells) {
    return from.rank() != to.rank() || to.rank() < axes.size() + 2 ? this
        : new ReceptiveField(IntStream.range(0, axes.size())
            .mapToObj(i -> from.dim(i + 2) == 1 && to.dim(i + 2) > 1 ? all(i, from, cells) : axes.get(i)).toList());
  }

  /// Whether a shape has more axes, or as many and more positions.
  private static boolean larger(Shape shape, Shape other) {
    return shape.rank() > other.rank()
        || shape.rank() == other.rank() && shape.rank() > 2 && shape.size(2) > other.size(2);
  }

  /// The field where branches meet. Fields that move by different steps have no common one but all that they see.
  private ReceptiveField union(ReceptiveField other, Shape from, Shape cells) {
    return new ReceptiveField(IntStream.range(0, axes.size()).mapToObj(i -> axes.get(i).jump == other.axes.get(i).jump
        ? axes.get(i).union(other.axes.get(i)) : all(i, from, cells).union(other.all(i, from, cells))).toList());
  }

  /// What an operation makes of the field of its inputs, of shape `from`.
  private static ReceptiveField after(Node.Apply node, ReceptiveField field, Shape from, Shape cells) {
    return switch (node.op()) {
      case Contraction.Conv(Window window, int groups) -> field.over(window, from);
      case Contraction.ConvInput(Window window, int groups, Shape spatial) -> field.under(window, spatial);
      case LocalContraction.LocalConv local -> field.over(local.window(), from);
      case Windowed.MaxPool(Window window) -> field.over(window, from);
      case Windowed.AvgPool(Window window, Windowed.Divisor divisor) -> field.over(window, from);
      case Pointwise p -> field;
      case Random r -> field;
      case Reduction r -> field.mixed(r.axes(), from, cells);
      case Composite.Softmax(int axis) -> field.mixed(List.of(axis), from, cells);
      case Composite.LogSoftmax(int axis) -> field.mixed(List.of(axis), from, cells);
      case Composite.Normalize(List<Integer> axes, double epsilon) -> field.mixed(axes, from, cells);
      case View.Concat(int axis) -> axis < 2 ? field : field.mixed(List.of(axis), from, cells);
      case View.Slice(int axis, int first, int last) -> field.shifted(axis, first);
      case View.Pad(int axis, int before, int after, double value) -> field.shifted(axis, -before);
      case View.Expand e -> field;
      case View.Reshape(Shape target) -> node.shape().rank() == from.rank()
          && node.shape().slice(2, from.rank()).equals(from.slice(2, from.rank())) ? field : field.all(from, cells);
      case View.Permute p -> field.all(from, cells);
      case Gather.Take take -> take.shift().isPresent() ? field.shifted(take.axis(), -take.shift().getAsInt())
          : field.mixed(List.of(take.axis()), from, cells);
      case Gather.Pick(Window window) -> field.over(window, from);
      case Gather g -> field.all(from, cells);
      case Contraction c -> field.all(from, cells);
      case Windowed w -> field.all(from, cells);
      case Summarizing.LpPool(Window window, double exponent) -> field.over(window, from);
      case Nonlinearity.Glu(int axis) -> axis < 2 ? field : field.all(from, cells);
      case Nonlinearity n -> field;
      case Normalizing.LocalResponse n -> field;
      case Normalizing.UnitLength(List<Integer> axes, double epsilon) -> field.mixed(axes, from, cells);
      case Composite c -> field.all(from, cells);
      case Regional r -> field.all(from, cells);
      case CustomOp c -> field.all(from, cells);
    };
  }

  private ReceptiveField over(Window window, Shape from) {
    List<Axis.Placed> placed = window.over(from.slice(2, from.rank()));
    return new ReceptiveField(IntStream.range(0, axes.size())
        .mapToObj(i -> i < window.rank() ? axes.get(i).over(placed.get(i), window.axes().get(i)) : axes.get(i))
        .toList());
  }

  private ReceptiveField under(Window window, Shape spatial) {
    List<Axis.Placed> placed = window.over(spatial);
    return new ReceptiveField(IntStream.range(0, axes.size())
        .mapToObj(i -> i < window.rank() ? axes.get(i).under(placed.get(i), window.axes().get(i)) : axes.get(i))
        .toList());
  }

  /// The field where the positions along some axes are mixed.
  private ReceptiveField mixed(List<Integer> along, Shape from, Shape cells) {
    return new ReceptiveField(IntStream.range(0, axes.size())
        .mapToObj(i -> along.contains(i + 2) ? all(i, from, cells) : axes.get(i)).toList());
  }

  private ReceptiveField all(Shape from, Shape cells) {
    return new ReceptiveField(IntStream.range(0, axes.size()).mapToObj(i -> all(i, from, cells)).toList());
  }

  private Along all(int i, Shape from, Shape cells) {
    return axes.get(i).all(i + 2 < from.rank() ? from.dim(i + 2) : 1, cells.dim(i + 2));
  }

  private ReceptiveField shifted(int axis, int by) {
    return new ReceptiveField(IntStream.range(0, axes.size()).mapToObj(i -> i + 2 != axis ? axes.get(i)
        : new Along(axes.get(i).size, axes.get(i).jump, axes.get(i).start + by * axes.get(i).jump)).toList());
  }

  /// The sizes, such as `5×5`; empty if the input has no spatial axes.
  @Override public String toString() {
    return axes.stream().map(a -> Long.toString(Math.round(a.size))).collect(Collectors.joining("×"));
  }
}
