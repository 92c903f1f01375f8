package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Sums of products of two inputs: linear in each of them.
///
/// Convolution is one trilinear form Σ x·w·y with three faces, and the gradients of each face are the other two:
///
/// | | computes | from |
/// |---|---|---|
/// | [Conv] | y | x, w |
/// | [ConvInput] | x | y, w — the gradient of the input, and transposed convolution |
/// | [ConvFilter] | w | x, y — the gradient of the filters |
///
/// Axes: x is N × C × spatial, w is K × C/groups × kernel, y is N × K × spatial, with 1 to 3 spatial axes. Like all
/// networks, these cross-correlate: the kernel is not turned by 180°.
public sealed interface Contraction extends Op permits Contraction.Conv, Contraction.ConvInput,
    Contraction.ConvFilter, Contraction.MatMul, LocalContraction {
  /// y[n, k, p] = Σ over c, t of x[n, c, p·stride + t·dilation − before] · w[k, c, t].
  ///
  /// Inputs: x of N × C × spatial and w of K × C/groups × kernel. Output: N × K × out. Without bias or activation: it
  /// is exactly bilinear.
  ///
  /// Constraints: C1 x and w have two axes more than the window; C2 w's channels times the groups are x's channels;
  /// C3 the groups divide x's channels and w's filters; C4 w's kernel extents are the window's; C5 the window fits into
  /// the padded input.
  ///
  /// @param window where the kernel goes
  /// @param groups into how many independent parts channels and filters are divided
  record Conv(Window window, int groups) implements Contraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape x = shapes.get(0);
      Shape w = shapes.get(1);
      Geometry.checkRank(this, window, "x and w", shapes, x.rank(), w.rank());
      Geometry.checkFilters(this, window, groups, w, shapes);
      Geometry.checkChannels(this, groups, x.dim(1), w.dim(0), shapes);
      if (w.dim(1) * groups != x.dim(1)) {
        throw new ShapeException(label(), "C2: the filters' channels times the groups are the input's channels; "
            + "received " + w.dim(1) + " · " + groups + " for an input of " + x + ".",
            "Use filters of " + x.dim(1) / groups + " channels.", shapes);
      }
      return Geometry.windowed(this, window, x, w.dim(0));
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shape(shapes);
      double[] out = new double[y.length()];
      double[] x = values.get(0);
      double[] w = values.get(1);
      Geometry.forEachProduct(shapes.get(0), shapes.get(1), y, window, groups,
          (xi, wi, yi) -> out[yi] += x[xi] * w[wi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Shape x = algebra.shape(in.get(0));
      return List.of(
          Optional.of(algebra.apply(new ConvInput(window, groups, x.slice(2, x.rank())), gradient, in.get(1))),
          Optional.of(algebra.apply(new ConvFilter(window, groups), in.get(0), gradient)));
    }
  }

  /// x[n, c, q] = Σ over k, t of y[n, k, p] · w[k, c, t] where q = p·stride + t·dilation − before.
  ///
  /// Inputs: y of N × K × out and w of K × C/groups × kernel. Output: N × C × `spatial`.
  ///
  /// Constraints: C1 and C3 to C5 of [Conv]; C2 w's filters are y's channels; C6 the window takes exactly y's positions
  /// over `spatial`.
  ///
  /// @param window where the kernel goes, over x
  /// @param groups into how many independent parts channels and filters are divided
  /// @param spatial x's spatial extents, which stride and padding leave open
  record ConvInput(Window window, int groups, Shape spatial) implements Contraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape y = shapes.get(0);
      Shape w = shapes.get(1);
      Geometry.checkRank(this, window, "y and w", shapes, y.rank(), w.rank());
      Geometry.checkFilters(this, window, groups, w, shapes);
      if (w.dim(0) != y.dim(1)) {
        throw new ShapeException(label(), "C2: there are as many filters as channels of y; received " + w.dim(0)
            + " filters for " + y + ".", "Use " + y.dim(1) + " filters.", shapes);
      }
      Geometry.checkChannels(this, groups, w.dim(1) * groups, w.dim(0), shapes);
      Geometry.checkPositions(this, window, spatial, y, shapes);
      return Geometry.planes(y.dim(0), w.dim(1) * groups, spatial);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shape(shapes);
      double[] out = new double[x.length()];
      double[] y = values.get(0);
      double[] w = values.get(1);
      Geometry.forEachProduct(x, shapes.get(1), shapes.get(0), window, groups,
          (xi, wi, yi) -> out[xi] += y[yi] * w[wi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new Conv(window, groups), gradient, in.get(1))),
          Optional.of(algebra.apply(new ConvFilter(window, groups), gradient, in.get(0))));
    }
  }

  /// w[k, c, t] = Σ over n, p of x[n, c, p·stride + t·dilation − before] · y[n, k, p].
  ///
  /// Inputs: x of N × C × spatial and y of N × K × out. Output: K × C/groups × kernel.
  ///
  /// Constraints: C1 x and y have two axes more than the window; C2 they have the same batch; C3 the groups divide x's
  /// and y's channels; C6 the window takes exactly y's positions over x.
  ///
  /// @param window where the kernel goes, over x
  /// @param groups into how many independent parts channels and filters are divided
  record ConvFilter(Window window, int groups) implements Contraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape x = shapes.get(0);
      Shape y = shapes.get(1);
      Geometry.checkRank(this, window, "x and y", shapes, x.rank(), y.rank());
      if (x.dim(0) != y.dim(0)) {
        throw new ShapeException(label(), "C2: x and y have the same batch; received " + x + " and " + y + ".",
            "Use the output that belongs to the input.", shapes);
      }
      Geometry.checkChannels(this, groups, x.dim(1), y.dim(1), shapes);
      Geometry.checkPositions(this, window, x.slice(2, x.rank()), y, shapes);
      return Geometry.planes(y.dim(1), x.dim(1) / groups, window.kernel());
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape w = shape(shapes);
      double[] out = new double[w.length()];
      double[] x = values.get(0);
      double[] y = values.get(1);
      Geometry.forEachProduct(shapes.get(0), w, shapes.get(1), window, groups,
          (xi, wi, yi) -> out[wi] += x[xi] * y[yi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Shape x = algebra.shape(in.get(0));
      return List.of(
          Optional.of(algebra.apply(new ConvInput(window, groups, x.slice(2, x.rank())), in.get(1), gradient)),
          Optional.of(algebra.apply(new Conv(window, groups), in.get(0), gradient)));
    }
  }

  /// y = a · b for matrices, or for each pair of matrices of two equal stacks.
  ///
  /// Inputs: a of … × M × K (… × K × M if transposed) and b of … × K × N (… × N × K if transposed), with the same
  /// leading extents. Output: … × M × N.
  ///
  /// Constraints: C1 both have the same rank, 2 or more, and the same leading extents; C2 the inner extents agree.
  ///
  /// @param transposeA whether a's last two axes are exchanged first
  /// @param transposeB whether b's last two axes are exchanged first
  record MatMul(boolean transposeA, boolean transposeB) implements Contraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape a = shapes.get(0);
      Shape b = shapes.get(1);
      int rank = a.rank();
      if (rank < 2 || b.rank() != rank || !a.slice(0, rank - 2).equals(b.slice(0, rank - 2))) {
        throw new ShapeException(label(), "C1: both have the same rank of 2 or more and the same leading extents; "
            + "received " + a + " and " + b + ".", "Reshape them to matrices or to equal stacks of matrices.", shapes);
      }
      if (inner(a, transposeA, true) != inner(b, transposeB, false)) {
        throw new ShapeException(label(), "C2: the inner extents agree; received "
            + inner(a, transposeA, true) + " of " + a + " and " + inner(b, transposeB, false) + " of " + b + ".",
            "Transpose one of them, or change the number of inputs of the layer.", shapes);
      }
      return a.with(rank - 2, inner(a, transposeA, false)).with(rank - 1, inner(b, transposeB, true));
    }

    /// The last extent of the matrix that is meant, or the one before.
    private static int inner(Shape s, boolean transposed, boolean last) {
      return s.dim(last != transposed ? -1 : -2);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shape(shapes);
      int m = y.dim(-2);
      int n = y.dim(-1);
      int k = inner(shapes.get(0), transposeA, true);
      double[] a = values.get(0);
      double[] b = values.get(1);
      double[] out = new double[y.length()];
      for (int i = 0; i < out.length; i++) {
        int column = i % n;
        int row = i / n % m;
        int stack = i / n / m;
        for (int j = 0; j < k; j++) {
          out[i] += a[stack * m * k + (transposeA ? j * m + row : row * k + j)]
              * b[stack * k * n + (transposeB ? column * k + j : j * n + column)];
        }
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V a = in.get(0);
      V b = in.get(1);
      V first = transposeA ? algebra.apply(new MatMul(transposeB, true), b, gradient)
          : algebra.apply(new MatMul(false, !transposeB), gradient, b);
      V second = transposeB ? algebra.apply(new MatMul(true, transposeA), gradient, a)
          : algebra.apply(new MatMul(!transposeA, false), a, gradient);
      return List.of(Optional.of(first), Optional.of(second));
    }
  }
}
