package juanji.op;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Operations that summarise each window of each channel, and their gradients.
///
/// Axes: x is N × C × spatial, y is N × C × out, with 1 to 3 spatial axes. Padded cells take no part in a maximum and
/// count as zeros in a sum.
public sealed interface Windowed extends Op {
  /// Where the window goes.
  Window window();

  /// The shape rule of the pooling operations, for one input of N × C × spatial.
  private static Shape pooled(Op op, Window window, List<Shape> shapes) {
    op.arity(shapes, 1);
    Shape x = shapes.getFirst();
    Geometry.checkRank(op, window, "an input", shapes, x.rank());
    Shape y = Geometry.windowed(op, window, x, x.dim(1));
    for (int i = 0; i < window.rank(); i++) {
      Axis axis = window.axes().get(i);
      Axis.Placed placed = axis.over(x.dim(2 + i));
      if (misses(axis, placed)) {
        throw new ShapeException(op.label(), "C2: every window holds a cell of the input; with " + window + " over " + x
            + " one lies wholly in the padding.", "Pad by less than the window's span of " + axis.span()
                + " cells, and dilate by less than the input's extent.", shapes);
      }
    }
    return y;
  }

  /// Whether a position of the window has no cell inside the input.
  private static boolean misses(Axis axis, Axis.Placed placed) {
    for (int position = 0; position < placed.out(); position++) {
      int start = position * axis.stride() - placed.before();
      int tap = Math.max(0, Math.ceilDiv(-start, axis.dilation()));
      if (tap >= axis.kernel() || start + tap * axis.dilation() >= placed.in()) {
        return true;
      }
    }
    return false;
  }

  /// y[n, c, p] = the largest x in the window at p.
  ///
  /// Constraints: C1 the input has two axes more than the window; C2 every window holds a cell of the input; C5 the
  /// window fits into the padded input. The gradient goes to the first of equal maxima, in the window's order.
  ///
  /// @param window where the window goes
  record MaxPool(Window window) implements Windowed {
    @Override public Shape shape(List<Shape> shapes) {
      return pooled(this, window, shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shapes.getFirst();
      Shape y = shape(shapes);
      double[] in = values.getFirst();
      double[] out = new double[y.length()];
      Arrays.fill(out, Double.NEGATIVE_INFINITY);
      int xPlane = (int) x.size(2);
      int yPlane = (int) y.size(2);
      for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
        int xo = plane * xPlane;
        int yo = plane * yPlane;
        Geometry.forEachCell(x, y, window, (xi, yi, t) -> out[yo + yi] = Math.max(out[yo + yi], in[xo + xi]));
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new MaxPoolInput(window), in.getFirst(), gradient)));
    }
  }

  /// The gradient of [MaxPool] with respect to its input: each window's dy goes to its first maximum.
  ///
  /// Where windows do not overlap, this is max unpooling: each value goes back to where its window had its maximum, and
  /// the other cells are 0.
  ///
  /// Inputs: x of N × C × spatial and dy of N × C × out. Output: of x's shape. Constraints: those of [MaxPool]; C6 dy
  /// has the shape of the pooled x. Gradient: dy's is [Gather.Pick]; x has none.
  ///
  /// @param window where the window goes
  record MaxPoolInput(Window window) implements Windowed {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape y = pooled(this, window, shapes.subList(0, 1));
      if (!y.equals(shapes.get(1))) {
        throw new ShapeException(label(), "C6: the gradient has the shape of the pooled input, " + y + "; received "
            + shapes.get(1) + ".", "Use the output that belongs to the input.", shapes);
      }
      return shapes.getFirst();
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shapes.get(0);
      Shape y = shapes.get(1);
      double[] in = values.get(0);
      double[] dy = values.get(1);
      double[] dx = new double[in.length];
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
          dx[xo + best[p]] += dy[plane * yPlane + p];
        }
      }
      return dx;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.of(algebra.apply(new Gather.Pick(window), in.get(0), gradient)));
    }
  }

  /// What a window's sum is divided by.
  enum Divisor {
    /// By the number of cells inside the input: the mean of what is there.
    INSIDE,
    /// By the number of cells of the window, padding counted as zeros; the cells by which an incomplete last window
    /// hangs over the padded input are not counted ([Axis#counted]), as in PyTorch and ONNX.
    WINDOW,
    /// By nothing: sum pooling.
    NONE
  }

  /// y[n, c, p] = Σ of x in the window at p, divided as `divisor` says: average and sum pooling.
  ///
  /// Constraints: as [MaxPool].
  ///
  /// @param window where the window goes
  /// @param divisor what each sum is divided by
  record AvgPool(Window window, Divisor divisor) implements Windowed {
    @Override public Shape shape(List<Shape> shapes) {
      return pooled(this, window, shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape x = shapes.getFirst();
      Shape y = shape(shapes);
      double[] scale = scales(x, y);
      double[] in = values.getFirst();
      double[] out = new double[y.length()];
      int xPlane = (int) x.size(2);
      int yPlane = (int) y.size(2);
      for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
        int xo = plane * xPlane;
        int yo = plane * yPlane;
        Geometry.forEachCell(x, y, window, (xi, yi, t) -> out[yo + yi] += in[xo + xi] * scale[yi]);
      }
      return out;
    }

    /// What the sum at each position is multiplied by.
    private double[] scales(Shape x, Shape y) {
      double[] scale = new double[(int) y.size(2)];
      switch (divisor) {
        case NONE -> Arrays.fill(scale, 1);
        case WINDOW -> counted(x, y, scale);
        case INSIDE -> {
          Geometry.forEachCell(x, y, window, (xi, yi, t) -> scale[yi]++);
          Arrays.setAll(scale, i -> 1 / scale[i]);
        }
      }
      return scale;
    }

    /// 1 / the cells of each position's window that lie in the padded input.
    private void counted(Shape x, Shape y, double[] scale) {
      List<Axis.Placed> placed = window.over(x.slice(2, x.rank()));
      Arrays.fill(scale, 1);
      for (int p = 0; p < scale.length; p++) {
        int rest = p;
        for (int i = window.rank() - 1; i >= 0; i--) {
          scale[p] /= window.axes().get(i).counted(placed.get(i), rest % y.dim(2 + i));
          rest /= y.dim(2 + i);
        }
      }
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      Shape x = algebra.shape(in.getFirst());
      return List.of(Optional.of(algebra.apply(new AvgPoolInput(window, divisor, x.slice(2, x.rank())), gradient)));
    }
  }

  /// The gradient of [AvgPool] with respect to its input: each dy is spread evenly over its window.
  ///
  /// Input: dy of N × C × out. Output: N × C × `spatial`. Constraints: C1 dy has two axes more than the window; C6 the
  /// window takes exactly dy's positions over `spatial`.
  ///
  /// @param window where the window goes, over the output
  /// @param divisor what each sum was divided by
  /// @param spatial the output's spatial extents
  record AvgPoolInput(Window window, Divisor divisor, Shape spatial) implements Windowed {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape y = shapes.getFirst();
      Geometry.checkRank(this, window, "a gradient", shapes, y.rank());
      Geometry.checkPositions(this, window, spatial, y, shapes);
      return Geometry.planes(y.dim(0), y.dim(1), spatial);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      Shape y = shapes.getFirst();
      Shape x = shape(shapes);
      double[] scale = new AvgPool(window, divisor).scales(x, y);
      double[] dy = values.getFirst();
      double[] dx = new double[x.length()];
      int xPlane = (int) x.size(2);
      int yPlane = (int) y.size(2);
      for (int plane = 0; plane < x.dim(0) * x.dim(1); plane++) {
        int xo = plane * xPlane;
        int yo = plane * yPlane;
        Geometry.forEachCell(x, y, window, (xi, yi, t) -> dx[xo + xi] += dy[yo + yi] * scale[yi]);
      }
      return dx;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new AvgPool(window, divisor), gradient)));
    }
  }
}
