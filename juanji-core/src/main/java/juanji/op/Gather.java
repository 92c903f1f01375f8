package juanji.op;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// Views that take elements in any order, more than once or not at all, and their adjoints, which add what was taken
/// back to where it came from, always in the same order.
///
/// | | takes | its adjoint |
/// |---|---|---|
/// | [Take] | slices at fixed places | [TakeInput] |
/// | [Lookup] | rows that another input names | [LookupInput] |
/// | [Pick] | elements where another input is largest in its window | [Windowed.MaxPoolInput] |
public sealed interface Gather extends View {
  /// y[…, i, …] = x[…, index[i], …] along one axis, 0 where index[i] is −1: reflected and repeated borders, turned
  /// kernels, nearest neighbours, windows of unequal size.
  ///
  /// Constraints: C1 the axis exists and its extent is known; C2 every index is −1 or a place of the axis, and there is
  /// at least one.
  ///
  /// @param axis the axis taken from
  /// @param index where each slice of the output comes from
  record Take(int axis, List<Integer> index) implements Gather {
    /// Takes a copy of the list.
    public Take {
      index = List.copyOf(index);
    }

    /// Along an axis of the given extent, its slices in reverse order.
    public static Take reversed(int axis, int extent) {
      return new Take(axis, IntStream.range(0, extent).mapToObj(i -> extent - 1 - i).toList());
    }

    /// How far the slices are moved where all of them follow each other somewhere, as within the border of an input:
    /// slice 0 is then at this place, slice 1 behind it, and so on.
    public OptionalInt shift() {
      int last = index.stream().mapToInt(Integer::intValue).max().orElse(-1);
      for (int i = 0; last >= 0 && i + last < index.size(); i++) {
        int from = i;
        if (IntStream.rangeClosed(0, last).allMatch(j -> index.get(from + j) == j)) {
          return OptionalInt.of(i);
        }
      }
      return OptionalInt.empty();
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape x = shapes.getFirst();
      Gather.check(this, axis, index, axis < 0 || axis >= x.rank() ? Shape.UNBOUND : x.dim(axis), x, shapes);
      return x.with(axis, index.size());
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shape(shapes);
      double[] out = new double[y.length()];
      int inner = (int) y.size(axis + 1);
      int extent = shapes.getFirst().dim(axis);
      double[] x = values.getFirst();
      for (int i = 0; i < out.length; i++) {
        int from = index.get(i / inner % index.size());
        int outer = i / inner / index.size();
        out[i] = from < 0 ? 0 : x[(outer * extent + from) * inner + i % inner];
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new TakeInput(axis, index, algebra.shape(in.getFirst()).dim(axis)),
          gradient)));
    }
  }

  /// The adjoint of [Take]: x[…, j, …] = Σ of y[…, i, …] over all i with index[i] = j.
  ///
  /// Constraints: those of [Take] for an axis of `extent`; C3 y has as many slices as there are indices.
  ///
  /// @param axis the axis
  /// @param index where each slice of the input goes
  /// @param extent the output's extent along the axis
  record TakeInput(int axis, List<Integer> index, int extent) implements Gather {
    /// Takes a copy of the list.
    public TakeInput {
      index = List.copyOf(index);
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape y = shapes.getFirst();
      Gather.check(this, axis, index, axis < 0 || axis >= y.rank() ? Shape.UNBOUND : extent, y, shapes);
      if (y.dim(axis) != index.size()) {
        throw new ShapeException(label(), "C3: there are as many slices as indices, " + index.size() + "; received "
            + y + " for axis " + axis + ".", "Use the output that belongs to the input.", shapes);
      }
      return y.with(axis, extent);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shape(shapes);
      double[] out = new double[x.length()];
      int inner = (int) x.size(axis + 1);
      double[] y = values.getFirst();
      for (int i = 0; i < y.length; i++) {
        int to = index.get(i / inner % index.size());
        if (to >= 0) {
          out[(i / inner / index.size() * extent + to) * inner + i % inner] += y[i];
        }
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new Take(axis, index), gradient)));
    }
  }

  private static void check(Gather op, int axis, List<Integer> index, int extent, Shape x, List<Shape> shapes) {
    if (extent == Shape.UNBOUND) {
      throw new ShapeException(op.label(), "C1: the axis exists and its extent is known; received axis " + axis
          + " of " + x + ".", "Name one of the input's axes other than the batch.", shapes);
    }
    Optional<Integer> wrong = index.stream().filter(i -> i < -1 || i >= extent).findFirst();
    if (index.isEmpty() || wrong.isPresent()) {
      throw new ShapeException(op.label(), "C2: every index is −1 or from 0 to " + (extent - 1) + "; received "
          + wrong.map(String::valueOf).orElse("none") + " for axis " + axis + " of " + x + ".",
          "Take slices that the input has.", shapes);
    }
  }

  /// y[i…, d] = table[id[i…], d]: what class numbers, token ids and words stand for. An id that is not a whole number
  /// of the table's rows, such as the −1 of a padded sentence, gives zeros.
  ///
  /// Inputs: ids of any shape S and a table of V × D. Output: S × D. Constraints: C1 the table has two axes.
  ///
  /// Gradient: the table's is [LookupInput]; the ids have none.
  record Lookup() implements Gather {
    /// The row that an id names, or −1.
    public static int row(double id, int rows) {
      return id >= 0 && id < rows && id == (int) id ? (int) id : -1;
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape table = shapes.get(1);
      if (table.rank() != 2) {
        throw new ShapeException(label(), "C1: the table is rows × features; received " + table + ".",
            "Give a table of two axes behind the ids.", shapes);
      }
      return Gather.appended(shapes.get(0), table.dim(1));
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      int rows = shapes.get(1).dim(0);
      int width = shapes.get(1).dim(1);
      double[] out = new double[shape(shapes).length()];
      for (int i = 0; i < values.get(0).length; i++) {
        int row = row(values.get(0)[i], rows);
        if (row >= 0) {
          System.arraycopy(values.get(1), row * width, out, i * width, width);
        }
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.of(algebra.apply(
          new LookupInput(algebra.shape(in.get(1)).dim(0)), in.get(0), gradient)));
    }
  }

  /// The adjoint of [Lookup]: table[v, d] = Σ of y[i…, d] over all i whose id is v, in the order of the ids.
  ///
  /// Inputs: ids of any shape S and y of S × D. Output: rows × D. Constraints: C2 y has the ids' extents and one more.
  ///
  /// @param rows the table's rows
  record LookupInput(int rows) implements Gather {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape y = shapes.get(1);
      if (y.rank() != shapes.get(0).rank() + 1 || !y.slice(0, y.rank() - 1).equals(shapes.get(0))) {
        throw new ShapeException(label(), "C2: there is one row of features per id; received ids of " + shapes.get(0)
            + " and " + y + ".", "Use the output that belongs to the ids.", shapes);
      }
      return Shape.of(rows, y.dim(-1));
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      int width = shapes.get(1).dim(-1);
      double[] out = new double[rows * width];
      for (int i = 0; i < values.get(0).length; i++) {
        int row = Lookup.row(values.get(0)[i], rows);
        for (int d = 0; row >= 0 && d < width; d++) {
          out[row * width + d] += values.get(1)[i * width + d];
        }
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.of(algebra.apply(new Lookup(), in.get(0), gradient)));
    }
  }

  /// y[n, c, p] = v at the place of the first largest x in the window at p: what max unpooling put there, what a
  /// maximum was chosen for, or, of v = 0, 1, 2, …, the places of the maxima themselves.
  ///
  /// Inputs: x and v of N × C × spatial. Output: N × C × out. It is the adjoint of [Windowed.MaxPoolInput] with respect
  /// to its gradient. Constraints: those of [Windowed.MaxPool] for x; C3 v has x's shape.
  ///
  /// Gradient: v's is [Windowed.MaxPoolInput]; x has none.
  ///
  /// @param window where the window goes
  record Pick(Window window) implements Gather {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape y = new Windowed.MaxPool(window).shape(shapes.subList(0, 1));
      if (!shapes.get(1).equals(shapes.get(0))) {
        throw new ShapeException(label(), "C3: there is one value for each element that is searched; received "
            + shapes.get(1) + " for " + shapes.get(0) + ".", "Give both inputs the same shape.", shapes);
      }
      return y;
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shapes.getFirst();
      Shape y = shape(shapes);
      double[] in = values.getFirst();
      double[] out = new double[y.length()];
      int xPlane = (int) x.size(2);
      int yPlane = (int) y.size(2);
      int[] best = new int[yPlane];
      for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
        int xo = plane * xPlane;
        Arrays.fill(best, -1);
        Geometry.forEachCell(x, y, window, (xi, yi, t) -> {
          if (best[yi] < 0 || in[xo + xi] > in[xo + best[yi]]) {
            best[yi] = xi;
          }
        });
        for (int p = 0; p < yPlane; p++) {
          out[plane * yPlane + p] = values.get(1)[xo + best[p]];
        }
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(),
          Optional.of(algebra.apply(new Windowed.MaxPoolInput(window), in.get(0), gradient)));
    }
  }

  private static Shape appended(Shape shape, int extent) {
    int[] dims = Arrays.copyOf(shape.toArray(), shape.rank() + 1);
    dims[shape.rank()] = extent;
    return Shape.of(dims);
  }
}
