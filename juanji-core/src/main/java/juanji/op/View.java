package juanji.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Operations that move elements and compute nothing.
public sealed interface View extends Op permits View.Reshape, View.Permute, View.Slice, View.Pad, View.Concat,
    View.Expand, Gather {
  /// The same elements in the same order under another shape.
  ///
  /// Constraints: C1 at most one extent of `target` is [Shape#UNBOUND], and takes what is left; C2 both shapes have the
  /// same number of elements.
  ///
  /// @param target the new shape
  record Reshape(Shape target) implements View {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape x = shapes.getFirst();
      long from = known(x);
      long to = known(target);
      long openInput = Arrays.stream(x.toArray()).filter(d -> d == Shape.UNBOUND).count();
      long openTarget = Arrays.stream(target.toArray()).filter(d -> d == Shape.UNBOUND).count();
      boolean fits = openTarget <= 1 && openInput <= openTarget
          && (openTarget == 0 || openInput == openTarget ? from == to : to != 0 && from % to == 0);
      if (!fits) {
        throw new ShapeException(label(), (openTarget > 1 ? "C1: at most one extent is left open"
            : "C2: the number of elements stays the same") + "; received " + x + " for a target of " + target + ".",
            "Choose a target with as many elements as the input.", shapes);
      }
      return openInput == 1 ? target : openTarget == 0 ? target : target.bind((int) (from / Math.max(1, to)));
    }

    private static long known(Shape s) {
      return Arrays.stream(s.toArray()).filter(d -> d != Shape.UNBOUND).asLongStream().reduce(1, (a, b) -> a * b);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      return values.getFirst().clone();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.reshape(gradient, algebra.shape(in.getFirst()))));
    }
  }

  /// The axes in another order: axis i of the output is axis order[i] of the input.
  ///
  /// Constraints: C1 `order` names each axis of the input once.
  ///
  /// @param order where each axis of the output comes from
  record Permute(List<Integer> order) implements View {
    /// Takes a copy of the list.
    public Permute {
      order = List.copyOf(order);
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape x = shapes.getFirst();
      if (order.size() != x.rank() || order.stream().distinct().count() != x.rank()
          || order.stream().anyMatch(a -> a < 0 || a >= x.rank())) {
        throw new ShapeException(label(), "C1: the order names each axis from 0 to " + (x.rank() - 1)
            + " once; received " + order + " for " + x + ".", "Name every axis once.", shapes);
      }
      return Shape.of(order.stream().mapToInt(x::dim).toArray());
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      int[] own = shapes.getFirst().strides();
      int[] from = Strided.indices(shape(shapes), order.stream().mapToInt(a -> own[a]).toArray());
      return Arrays.stream(from).mapToDouble(i -> values.getFirst()[i]).toArray();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Integer[] back = new Integer[order.size()];
      for (int i = 0; i < back.length; i++) {
        back[order.get(i)] = i;
      }
      return List.of(Optional.of(algebra.apply(new Permute(List.of(back)), gradient)));
    }
  }

  /// The elements from `from` (inclusive) to `to` (exclusive) along one axis.
  ///
  /// Constraints: C1 the axis exists and 0 ≤ from < to ≤ its extent.
  ///
  /// @param axis the axis cut
  /// @param from the first index kept
  /// @param to the first index behind
  record Slice(int axis, int from, int to) implements View {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape x = shapes.getFirst();
      if (axis < 0 || axis >= x.rank() || from < 0 || from >= to || to > x.dim(axis)) {
        throw new ShapeException(label(), "C1: the axis exists and 0 ≤ from < to ≤ its extent; received axis " + axis
            + " from " + from + " to " + to + " for " + x + ".", "Cut inside the input.", shapes);
      }
      return x.with(axis, to - from);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      int[] steps = shapes.getFirst().strides();
      int[] at = Strided.indices(shape(shapes), steps);
      return Arrays.stream(at).mapToDouble(i -> values.getFirst()[i + from * steps[axis]]).toArray();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      int size = algebra.shape(in.getFirst()).dim(axis);
      return List.of(Optional.of(algebra.apply(new Pad(axis, from, size - to, 0), gradient)));
    }
  }

  /// The input with constant elements before and behind it along one axis.
  ///
  /// Constraints: C1 the axis exists and both numbers are at least 0.
  ///
  /// @param axis the axis made longer
  /// @param before elements added in front
  /// @param after elements added behind
  /// @param value what they are
  record Pad(int axis, int before, int after, double value) implements View {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape x = shapes.getFirst();
      if (axis < 0 || axis >= x.rank() || before < 0 || after < 0 || x.dim(axis) == Shape.UNBOUND) {
        throw new ShapeException(label(), "C1: the axis exists and is padded by 0 or more; received axis " + axis
            + " by " + before + " and " + after + " for " + x + ".", "Use Slice to make an axis shorter.", shapes);
      }
      return x.with(axis, before + x.dim(axis) + after);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shape(shapes);
      double[] out = new double[y.length()];
      Arrays.fill(out, value);
      int[] steps = y.strides();
      int[] at = Strided.indices(shapes.getFirst(), steps);
      for (int i = 0; i < at.length; i++) {
        out[at[i] + before * steps[axis]] = values.getFirst()[i];
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      int size = algebra.shape(in.getFirst()).dim(axis);
      return List.of(Optional.of(before == 0 && after == 0 ? gradient
          : algebra.apply(new Slice(axis, before, before + size), gradient)));
    }
  }

  /// The inputs one behind the other along one axis.
  ///
  /// Constraints: C1 there is at least one input; C2 all extents but that of the axis agree; C3 that one is known.
  ///
  /// @param axis the axis along which they are joined
  record Concat(int axis) implements View {
    @Override public Shape shape(List<Shape> shapes) {
      Shape first = shapes.isEmpty() ? Shape.of() : shapes.getFirst();
      int total = 0;
      for (Shape s : shapes) {
        if (axis < 0 || s.rank() != first.rank() || axis >= s.rank() || !s.with(axis, 1).equals(first.with(axis, 1))) {
          throw new ShapeException(label(), "C2: the inputs agree in all extents but that of axis " + axis
              + "; received " + String.join(" and ", shapes.stream().map(Shape::toString).toList()) + ".",
              "Give all branches the same spatial size, for example with same padding and equal strides.", shapes);
        }
        if (s.dim(axis) == Shape.UNBOUND) {
          throw new ShapeException(label(), "C3: the extents along the axis are known; received " + s + " for axis "
              + axis + ".", "Join along another axis than the batch.", shapes);
        }
        total += s.dim(axis);
      }
      if (shapes.isEmpty()) {
        throw new ShapeException(label(), "C1: there is at least one input; received none.", "Join something.", shapes);
      }
      return first.with(axis, total);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shape(shapes);
      double[] out = new double[y.length()];
      int outer = y.slice(0, axis).length();
      int rows = (int) y.size(axis);
      int at = 0;
      for (int i = 0; i < shapes.size(); i++) {
        int own = (int) shapes.get(i).size(axis);
        for (int o = 0; o < outer; o++) {
          System.arraycopy(values.get(i), o * own, out, o * rows + at, own);
        }
        at += own;
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      List<Optional<V>> parts = new ArrayList<>();
      int at = 0;
      for (V part : in) {
        int size = algebra.shape(part).dim(axis);
        parts.add(Optional.of(in.size() == 1 ? gradient : algebra.apply(new Slice(axis, at, at + size), gradient)));
        at += size;
      }
      return parts;
    }
  }

  /// The first input repeated to the shape of the second, whose elements do not matter; divided by the number of
  /// repetitions if `averaging`. It is the gradient of [Reduction.Sum], or of [Reduction.Mean].
  ///
  /// Constraints: C1 the first input broadcasts to the second's shape.
  ///
  /// @param averaging whether each element is divided by how often it is repeated
  record Expand(boolean averaging) implements View {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      if (!Broadcast.of(label(), shapes).equals(shapes.get(1))) {
        throw new ShapeException(label(), "C1: the first input broadcasts to the second's shape; received "
            + shapes.get(0) + " and " + shapes.get(1) + ".", "Use a value with extents of 1 where it is repeated.",
            shapes);
      }
      return shapes.get(1);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] from = values.getFirst();
      int[] at = Broadcast.indices(shapes.get(0), shape(shapes));
      double scale = averaging ? (double) from.length / at.length : 1;
      return Arrays.stream(at).mapToDouble(i -> from[i] * scale).toArray();
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Shape from = algebra.shape(in.getFirst());
      List<Integer> axes = Broadcast.axes(algebra.shape(output), from);
      V back = axes.isEmpty() ? gradient
          : algebra.apply(averaging ? new Reduction.Mean(axes) : new Reduction.Sum(axes), gradient);
      return List.of(Optional.of(algebra.reshape(back, from)), Optional.empty());
    }
  }
}
