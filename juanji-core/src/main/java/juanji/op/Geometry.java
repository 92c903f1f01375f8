package juanji.op;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// What the operations with windows have in common: their constraints and the walk over all their products.
final class Geometry {
  private Geometry() {
  }

  /// Receives the element indices of one product x · w · y.
  interface Product {
    void at(int x, int w, int y);
  }

  static void checkRank(Op op, Window window, String who, List<Shape> shapes, int... ranks) {
    for (int rank : ranks) {
      if (rank != window.rank() + 2) {
        throw new ShapeException(op.label(), "C1: a window over " + window.rank() + " axes takes " + who + " of rank "
            + (window.rank() + 2) + " (batch or filters, channels, " + window.rank() + " spatial); received "
            + String.join(" and ", shapes.stream().map(Shape::toString).toList()) + ".",
            "Use a window with as many axes as the input has spatial axes, or reshape the input.", shapes);
      }
    }
  }

  static void checkFilters(Op op, Window window, int groups, Shape w, List<Shape> shapes) {
    if (!w.slice(2, w.rank()).equals(window.kernel())) {
      throw new ShapeException(op.label(), "C4: the filters' extents are the window's, " + window.kernel()
          + "; received filters of " + w + ".", "Use filters of … × " + window.kernel() + ".", shapes);
    }
  }

  static void checkChannels(Op op, int groups, int channels, int filters, List<Shape> shapes) {
    boolean divides = groups >= 1 && channels % groups == 0;
    if (!divides || filters % groups != 0) {
      int common = gcd(channels, filters);
      String choices = String.join(", ", IntStream.rangeClosed(1, Math.min(common, 4096))
          .filter(g -> common % g == 0).limit(12).mapToObj(Integer::toString).toList());
      throw new ShapeException(op.label(), divides
          ? "C3: groups = " + groups + " must divide the filters, but there are " + filters + "."
          : "C3: groups = " + groups + " must divide the channels, but there are " + channels + " in "
              + shapes.getFirst() + ".",
          "Use " + (common == 1 ? "1 group" : "groups " + choices)
              + (divides ? ", or change the number of filters." : ", or change the previous layer's filters."), shapes);
    }
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  static void checkPositions(Op op, Window window, Shape spatial, Shape y, List<Shape> shapes) {
    Shape expected = window.output(spatial);
    if (spatial.rank() != window.rank() || !expected.equals(y.slice(2, y.rank()))) {
      throw new ShapeException(op.label(), "C6: the window " + window + " takes " + expected + " positions over "
          + spatial + "; received " + y + ".", "Use the spatial extents that belong to the output.", shapes);
    }
  }

  /// The output's shape of a window over x, for `channels` channels.
  static Shape windowed(Op op, Window window, Shape x, int channels) {
    Shape out = window.output(x.slice(2, x.rank()));
    for (int i = 0; i < out.rank(); i++) {
      if (out.dim(i) < 1) {
        Axis axis = window.axes().get(i);
        Axis.Placed placed = axis.over(x.dim(2 + i));
        int padded = placed.before() + placed.in() + placed.after();
        throw new ShapeException(op.label(), "C5: the window spans " + axis.span() + " cells along spatial axis " + i
            + ", but the input " + x + " has only " + padded + " there, padding included.",
            "Use a kernel of at most " + Math.max(1, (padded - 1) / axis.dilation() + 1) + " there, more padding, or a "
                + "larger input.", List.of(x));
      }
    }
    return planes(x.dim(0), channels, out);
  }

  static Shape planes(int first, int second, Shape spatial) {
    return spatial.prepend(second).prepend(first);
  }

  /// All products x · w · y of a convolution, outputs outermost.
  static void forEachProduct(Shape x, Shape w, Shape y, Window window, int groups, Product product) {
    int taps = window.taps();
    int channels = w.dim(1);
    int filters = w.dim(0) / groups;
    int xPlane = (int) x.size(2);
    int yPlane = (int) y.size(2);
    int[] xs = new int[yPlane * taps];
    Arrays.fill(xs, -1);
    forEachCell(x, y, window, (xi, yi, tap) -> xs[yi * taps + tap] = xi);
    for (int n = 0; n < y.dim(0); n++) {
      for (int k = 0; k < w.dim(0); k++) {
        for (int p = 0; p < yPlane; p++) {
          for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
              int xi = xs[p * taps + t];
              if (xi >= 0) {
                product.at((n * x.dim(1) + k / filters * channels + c) * xPlane + xi, (k * channels + c) * taps + t,
                    (n * w.dim(0) + k) * yPlane + p);
              }
            }
          }
        }
      }
    }
  }

  /// Receives one cell that lies inside the input: its index in a plane of x, the position's index in a plane of y,
  /// and its number in the window.
  interface PlaneCell {
    void at(int x, int y, int tap);
  }

  /// All cells inside the input of all positions of a window, in one plane; cells in the window's order.
  static void forEachCell(Shape x, Shape y, Window window, PlaneCell cell) {
    int rank = window.rank();
    Shape kernel = window.kernel();
    Shape out = y.slice(2, y.rank());
    int taps = window.taps();
    int[] before = window.over(x.slice(2, x.rank())).stream().mapToInt(Axis.Placed::before).toArray();
    int[] tap = new int[rank];
    int[] position = new int[rank];
    for (int p = 0; p < out.length(); p++) {
      unravel(p, out, position);
      for (int t = 0; t < taps; t++) {
        unravel(t, kernel, tap);
        int xi = 0;
        boolean inside = true;
        for (int i = 0; i < rank; i++) {
          Axis axis = window.axes().get(i);
          int at = position[i] * axis.stride() + tap[i] * axis.dilation() - before[i];
          inside &= at >= 0 && at < x.dim(2 + i);
          xi = xi * x.dim(2 + i) + at;
        }
        if (inside) {
          cell.at(xi, p, t);
        }
      }
    }
  }

  private static void unravel(int flat, Shape shape, int[] index) {
    int rest = flat;
    for (int i = shape.rank() - 1; i >= 0; i--) {
      index[i] = rest % shape.dim(i);
      rest /= shape.dim(i);
    }
  }
}
