package juanji.op;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.tensor.Shape;

/// Convolutions whose weights differ from place to place: one trilinear form Σ x·w·y with three faces, as in
/// [Contraction], of which each one's gradients are the other two.
///
/// There are `tiles` sets of weights along each spatial axis, which repeat across the places: the window at place p
/// uses set p mod tiles. With one set this is a convolution; with as many sets as places each place has its own
/// weights (a locally connected layer); in between it is a tiled convolution.
///
/// | | computes | from |
/// |---|---|---|
/// | [LocalConv] | y | x, w |
/// | [LocalInput] | x | y, w |
/// | [LocalFilter] | w | x, y |
///
/// Axes: x is N × C × spatial, y is N × K × out, and w is tiles × C × kernel × K, so 2·r + 2 axes for r spatial ones.
/// The filters lie innermost: a place is then a product of matrices, (N × C·taps) · (C·taps × K), whose second matrix
/// is read once, in order.
///
/// Constraints of all: C1 x and y have r + 2 axes and w has 2·r + 2; C2 w's channels and filters are those of x and y,
/// and x and y have the same batch; C3 w's extents are tiles × C × kernel × K; C5 the window fits into the padded
/// input; C6 the window takes exactly y's positions over x; C7 along each axis there are from 1 set to as many sets as
/// places.
///
/// Sources: Taigman et al., *DeepFace*, 2014; Ngiam et al., *Tiled convolutional neural networks*, 2010.
public sealed interface LocalContraction extends Contraction {
  /// Where the window goes, over x.
  Window window();

  /// How many sets of weights there are along each spatial axis.
  Shape tiles();

  /// The shape of the weights for the given numbers of channels and filters.
  static Shape weights(Window window, Shape tiles, int channels, int filters) {
    return Shape.of(Stream.of(tiles.toArray(), new int[] {channels}, window.kernel().toArray(), new int[] {filters})
        .flatMapToInt(IntStream::of).toArray());
  }

  /// The number of the weights' set at each place, places and sets in row-major order.
  static int[] sets(Shape tiles, Shape out) {
    int[] sets = new int[out.length()];
    int[] steps = tiles.strides();
    for (int p = 0; p < sets.length; p++) {
      int rest = p;
      for (int i = out.rank() - 1; i >= 0; i--) {
        sets[p] += rest % out.dim(i) % tiles.dim(i) * steps[i];
        rest /= out.dim(i);
      }
    }
    return sets;
  }

  private static void check(LocalContraction op, Shape x, Shape y, List<Shape> shapes) {
    Shape out = y.slice(2, y.rank());
    Geometry.checkPositions(op, op.window(), x.slice(2, x.rank()), y, shapes);
    boolean fits = op.tiles().rank() == out.rank();
    for (int i = 0; fits && i < out.rank(); i++) {
      fits = op.tiles().dim(i) >= 1 && op.tiles().dim(i) <= out.dim(i);
    }
    if (!fits) {
      throw new ShapeException(op.label(), "C7: along each axis there are from 1 set of weights to as many as places; "
          + "received " + op.tiles() + " sets for " + out + " places.", "Use at most " + out + " sets.", shapes);
    }
  }

  private static void checkWeights(LocalContraction op, Shape w, int channels, int filters, List<Shape> shapes) {
    Shape expected = weights(op.window(), op.tiles(), channels, filters);
    if (!w.equals(expected)) {
      throw new ShapeException(op.label(), "C3: the weights are sets × channels × kernel × filters, " + expected
          + "; received " + w + ".", "Use weights of " + expected + ".", shapes);
    }
  }

  /// w's channels, after a check of its rank.
  private static int channels(LocalContraction op, Shape w, List<Shape> shapes) {
    int rank = op.window().rank();
    if (w.rank() != 2 * rank + 2) {
      throw new ShapeException(op.label(), "C1: the weights of a window over " + rank + " axes have "
          + (2 * rank + 2) + " axes (sets, channels, kernel, filters); received " + w + ".",
          "Use one extent of sets and one of the kernel per spatial axis.", shapes);
    }
    return w.dim(rank);
  }

  /// All products x · w · y of the form.
  private static void products(LocalContraction op, Shape x, Shape y, Geometry.Product product) {
    int taps = op.window().taps();
    int channels = x.dim(1);
    int filters = y.dim(1);
    int xPlane = (int) x.size(2);
    int yPlane = (int) y.size(2);
    int[] sets = sets(op.tiles(), y.slice(2, y.rank()));
    Geometry.forEachCell(x, y, op.window(), (xi, yi, tap) -> {
      for (int n = 0; n < x.dim(0); n++) {
        for (int c = 0; c < channels; c++) {
          int w = ((sets[yi] * channels + c) * taps + tap) * filters;
          for (int k = 0; k < filters; k++) {
            product.at((n * channels + c) * xPlane + xi, w + k, (n * filters + k) * yPlane + yi);
          }
        }
      }
    });
  }

  /// y[n, k, p] = Σ over c, t of x[n, c, p·stride + t·dilation − before] · w[p mod tiles, c, t, k].
  ///
  /// Inputs: x of N × C × spatial and w of tiles × C × kernel × K. Output: N × K × out. Constraints: C1 to C7.
  ///
  /// @param window where the window goes
  /// @param tiles how many sets of weights there are along each spatial axis
  record LocalConv(Window window, Shape tiles) implements LocalContraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape x = shapes.get(0);
      Shape w = shapes.get(1);
      Geometry.checkRank(this, window, "an input", shapes, x.rank());
      LocalContraction.channels(this, w, shapes);
      Shape y = Geometry.windowed(this, window, x, w.dim(-1));
      LocalContraction.check(this, x, y, shapes);
      LocalContraction.checkWeights(this, w, x.dim(1), w.dim(-1), shapes);
      return y;
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shape(shapes);
      double[] out = new double[y.length()];
      double[] x = values.get(0);
      double[] w = values.get(1);
      LocalContraction.products(this, shapes.get(0), y, (xi, wi, yi) -> out[yi] += x[xi] * w[wi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Shape x = algebra.shape(in.get(0));
      return List.of(
          Optional.of(algebra.apply(new LocalInput(window, tiles, x.slice(2, x.rank())), gradient, in.get(1))),
          Optional.of(algebra.apply(new LocalFilter(window, tiles), in.get(0), gradient)));
    }
  }

  /// x[n, c, q] = Σ over k, t of y[n, k, p] · w[p mod tiles, c, t, k] where q = p·stride + t·dilation − before.
  ///
  /// Inputs: y of N × K × out and w of tiles × C × kernel × K. Output: N × C × `spatial`. Constraints: C1 to C3, C6
  /// and C7.
  ///
  /// @param window where the window goes, over x
  /// @param tiles how many sets of weights there are along each spatial axis
  /// @param spatial x's spatial extents, which stride and padding leave open
  record LocalInput(Window window, Shape tiles, Shape spatial) implements LocalContraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape y = shapes.get(0);
      Shape w = shapes.get(1);
      Geometry.checkRank(this, window, "y", shapes, y.rank());
      int channels = LocalContraction.channels(this, w, shapes);
      Shape x = Geometry.planes(y.dim(0), channels, spatial);
      LocalContraction.check(this, x, y, shapes);
      LocalContraction.checkWeights(this, w, channels, y.dim(1), shapes);
      return x;
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shape(shapes);
      double[] out = new double[x.length()];
      double[] y = values.get(0);
      double[] w = values.get(1);
      LocalContraction.products(this, x, shapes.get(0), (xi, wi, yi) -> out[xi] += y[yi] * w[wi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new LocalConv(window, tiles), gradient, in.get(1))),
          Optional.of(algebra.apply(new LocalFilter(window, tiles), gradient, in.get(0))));
    }
  }

  /// w[s, c, t, k] = Σ over n and the places p of set s of x[n, c, p·stride + t·dilation − before] · y[n, k, p].
  ///
  /// Inputs: x of N × C × spatial and y of N × K × out. Output: tiles × C × kernel × K. Constraints: C1, C2, C6, C7.
  ///
  /// @param window where the window goes, over x
  /// @param tiles how many sets of weights there are along each spatial axis
  record LocalFilter(Window window, Shape tiles) implements LocalContraction {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape x = shapes.get(0);
      Shape y = shapes.get(1);
      Geometry.checkRank(this, window, "x and y", shapes, x.rank(), y.rank());
      if (x.dim(0) != y.dim(0)) {
        throw new ShapeException(label(), "C2: x and y have the same batch; received " + x + " and " + y + ".",
            "Use the output that belongs to the input.", shapes);
      }
      LocalContraction.check(this, x, y, shapes);
      return LocalContraction.weights(window, tiles, x.dim(1), y.dim(1));
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape w = shape(shapes);
      double[] out = new double[w.length()];
      double[] x = values.get(0);
      double[] y = values.get(1);
      LocalContraction.products(this, shapes.get(0), shapes.get(1), (xi, wi, yi) -> out[wi] += x[xi] * y[yi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Shape x = algebra.shape(in.get(0));
      return List.of(
          Optional.of(algebra.apply(new LocalInput(window, tiles, x.slice(2, x.rank())), in.get(1), gradient)),
          Optional.of(algebra.apply(new LocalConv(window, tiles), in.get(0), gradient)));
    }
  }
}
