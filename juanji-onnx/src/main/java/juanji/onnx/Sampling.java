package juanji.onnx;

import java.util.List;
import java.util.Optional;
import juanji.op.Algebra;
import juanji.op.Axis;
import juanji.op.CustomOp;
import juanji.op.ShapeException;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Operations that read a picture at places between its cells, which another input says, and their gradients.
///
/// | | reads | its gradients |
/// |---|---|---|
/// | [Grid] | at the places of a grid | [GridGradient] |
/// | [Columns] | each cell of each window, moved by an offset | [ColumnsGradient] |
///
/// A place is split by axis: along each, some cells have a weight that depends on the place. Plans run them by their
/// definition.
public sealed interface Sampling extends CustomOp {
  /// Cells along an axis with their weights, and how these change with the coordinate.
  record Taps(int[] cells, double[] weights, double[] slopes) {
  }

  /// How cells are mixed.
  enum Mode {
    /// The nearest cell, halves to even.
    NEAREST,
    /// The two cells around.
    LINEAR,
    /// Four cells by Keys' kernel of a = −0.75.
    CUBIC
  }

  /// What lies outside.
  enum Outside {
    /// Zeros.
    ZEROS,
    /// The outermost cells.
    BORDER,
    /// The picture mirrored.
    REFLECTION
  }

  /// Receives a product of an input cell, an output cell and a weight, with the weight's slope along each axis.
  interface Term {
    void at(int x, int y, double weight, double[] slopes, int place);
  }

  /// Receives the cells of a place.
  interface Cell {
    void at(int plane, double weight, double[] slopes);
  }

  /// The linear weights of a coordinate; outside is 0.
  static Taps linear(double at, int extent) {
    int floor = (int) Math.floor(at);
    double up = at - floor;
    return new Taps(new int[] {inside(floor, extent), inside(floor + 1, extent)}, new double[] {1 - up, up},
        new double[] {-1, 1});
  }

  private static int inside(int cell, int extent) {
    return cell >= 0 && cell < extent ? cell : -1;
  }

  /// All combinations of the axes' cells.
  static void mix(Taps[] taps, Shape spatial, Cell cell) {
    int rank = taps.length;
    int[] index = new int[rank];
    while (true) {
      int plane = 0;
      double weight = 1;
      double[] slopes = new double[rank];
      boolean inside = true;
      for (int a = 0; a < rank; a++) {
        int at = taps[a].cells[index[a]];
        inside &= at >= 0;
        plane = plane * spatial.dim(a) + at;
        weight *= taps[a].weights[index[a]];
        slopes[a] = taps[a].slopes[index[a]];
        for (int b = 0; b < rank; b++) {
          slopes[a] *= b == a ? 1 : taps[b].weights[index[b]];
        }
      }
      if (inside) {
        cell.at(plane, weight, slopes);
      }
      int a = rank - 1;
      while (a >= 0 && ++index[a] == taps[a].cells.length) {
        index[a--] = 0;
      }
      if (a < 0) {
        return;
      }
    }
  }

  /// y[n, c, p] = x[n, c] at grid[n, p], whose last axis counts from the last spatial axis and whose coordinates go
  /// from −1 to 1 over the picture.
  ///
  /// Inputs: x of N × C × spatial and the grid of N × out × rank. Output: N × C × out. Constraints: C1 there are 2 or 3
  /// spatial axes, and a coordinate for each. Source: Jaderberg et al., *Spatial transformer networks*, 2015.
  ///
  /// @param mode how cells are mixed
  /// @param outside what lies outside
  /// @param corners whether −1 and 1 are the centres of the outermost cells instead of their edges
  record Grid(Mode mode, Outside outside, boolean corners) implements Sampling {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      Shape x = shapes.get(0);
      Shape grid = shapes.get(1);
      int rank = x.rank() - 2;
      if (rank < 1 || rank > 3 || grid.rank() != x.rank() || grid.dim(-1) != rank || grid.dim(0) != x.dim(0)) {
        throw new ShapeException(label(), "C1: there is a coordinate for each of 1 to 3 spatial axes; received " + x
            + " and " + grid + ".", "Give a grid of N × height × width × 2 for pictures.", shapes);
      }
      return Moving.joined(x.slice(0, 2), grid.slice(1, grid.rank() - 1));
    }

    private Taps taps(double coordinate, int extent) {
      double at = corners ? (coordinate + 1) / 2 * (extent - 1) : ((coordinate + 1) * extent - 1) / 2;
      double scale = corners ? (extent - 1) / 2.0 : extent / 2.0;
      double low = corners ? 0 : -0.5;
      double high = corners ? extent - 1 : extent - 0.5;
      double place = mode == Mode.NEAREST ? Math.rint(at) : at;
      // Cubic weights belong to the place itself: at the border, the cells are moved and not the place.
      if ((place < low || place > high) && !(outside == Outside.BORDER && mode == Mode.CUBIC)) {
        double moved = switch (outside) {
          case ZEROS -> place;
          case BORDER -> Math.clamp(place, 0, extent - 1);
          case REFLECTION -> reflected(place, low, high);
        };
        // A mirrored coordinate goes the other way in every second copy.
        scale *= outside == Outside.ZEROS ? 1 : outside == Outside.BORDER ? 0
            : (int) ((place < low ? low - place : place - high) / Math.max(1e-30, high - low)) % 2 == 0 ? -1 : 1;
        place = moved;
      }
      if (mode == Mode.NEAREST) {
        return new Taps(new int[] {mapped((int) place, extent, low, high)}, new double[] {1}, new double[] {0});
      }
      int floor = (int) Math.floor(place);
      int first = mode == Mode.CUBIC ? floor - 1 : floor;
      int count = mode == Mode.CUBIC ? 4 : 2;
      int[] cells = new int[count];
      double[] weights = new double[count];
      double[] slopes = new double[count];
      for (int k = 0; k < count; k++) {
        cells[k] = mapped(first + k, extent, low, high);
        double d = place - (first + k);
        weights[k] = mode == Mode.CUBIC ? keys(Math.abs(d)) : 1 - Math.abs(d);
        slopes[k] = scale * (mode == Mode.CUBIC ? Math.signum(d) * keysSlope(Math.abs(d)) : k == 0 ? -1 : 1);
      }
      return new Taps(cells, weights, slopes);
    }

    private static double keys(double d) {
      double a = -0.75;
      return d < 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
    }

    private static double keysSlope(double d) {
      double a = -0.75;
      return d < 1 ? (3 * (a + 2) * d - 2 * (a + 3)) * d : (3 * a * d - 10 * a) * d + 8 * a;
    }

    private int mapped(int cell, int extent, double low, double high) {
      return cell >= 0 && cell < extent ? cell : switch (outside) {
        case ZEROS -> -1;
        case BORDER -> Math.clamp(cell, 0, extent - 1);
        case REFLECTION -> Math.clamp((int) reflected(cell, low, high), 0, extent - 1);
      };
    }

    private static double reflected(double at, double low, double high) {
      double range = high - low;
      if (range <= 0) {
        return low;
      }
      double beyond = at < low ? low - at : at - high;
      if (at >= low && at <= high) {
        return at;
      }
      long turns = (long) (beyond / range);
      double rest = beyond - turns * range;
      return (turns % 2 == 0) == at < low ? low + rest : high - rest;
    }

    /// All products; the slopes are with respect to the grid's coordinates, in the order of the spatial axes.
    void forEachTerm(Shape x, Shape grid, double[] places, Term term) {
      int rank = x.rank() - 2;
      Shape spatial = x.slice(2, x.rank());
      int plane = spatial.length();
      int out = grid.slice(1, rank + 1).length();
      for (int p = 0; p < x.dim(0) * out; p++) {
        Taps[] taps = new Taps[rank];
        for (int a = 0; a < rank; a++) {
          taps[a] = taps(places[p * rank + rank - 1 - a], spatial.dim(a));
        }
        int n = p / out;
        int place = p;
        mix(taps, spatial, (cell, weight, slopes) -> {
          for (int c = 0; c < x.dim(1); c++) {
            term.at((n * x.dim(1) + c) * plane + cell, (n * x.dim(1) + c) * out + place % out, weight, slopes, place);
          }
        });
      }
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      double[] y = new double[shape(shapes).length()];
      forEachTerm(shapes.get(0), shapes.get(1), inputs.get(1), (xi, yi, weight, slopes, place) ->
          y[yi] += weight * inputs.get(0)[xi]);
      return y;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      List<V> all = List.of(in.get(0), in.get(1), gradient);
      return List.of(Optional.of(algebra.apply(new GridGradient(this, false), all)),
          Optional.of(algebra.apply(new GridGradient(this, true), all)));
    }
  }

  /// The gradient of [Grid] with respect to x, or to the grid.
  ///
  /// Inputs: x, the grid, dy. Output: of x's or the grid's shape. It has no gradient of its own.
  ///
  /// @param forward what it is the gradient of
  /// @param places whether it is the grid's
  record GridGradient(Grid forward, boolean places) implements Sampling {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 3);
      forward.shape(shapes.subList(0, 2));
      return shapes.get(places ? 1 : 0);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      double[] result = new double[shapes.get(places ? 1 : 0).length()];
      double[] x = inputs.get(0);
      double[] dy = inputs.get(2);
      int rank = shapes.get(0).rank() - 2;
      forward.forEachTerm(shapes.get(0), shapes.get(1), inputs.get(1), (xi, yi, weight, slopes, place) -> {
        if (places) {
          for (int a = 0; a < rank; a++) {
            result[place * rank + rank - 1 - a] += slopes[a] * x[xi] * dy[yi];
          }
        } else {
          result[xi] += weight * dy[yi];
        }
      });
      return result;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /// y[n, c · taps + t, p] = mask · x[n, c] at the place of cell t of the window at p, moved by its offset: what
  /// deformable convolution multiplies with its filters.
  ///
  /// Inputs: x of N × C × H × W, offsets of N × (groups · taps · 2) × out (rows, then columns) and a mask of
  /// N × (groups · taps) × out. Output: N × (C · taps) × out. Places outside are 0. Constraints: C1 there are two
  /// spatial axes; C2 the groups divide the channels, and offsets and mask are as said.
  /// Source: Zhu et al., *Deformable ConvNets v2*, 2019.
  ///
  /// @param window where the window goes
  /// @param groups groups of channels with offsets of their own
  record Columns(Window window, int groups) implements Sampling {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 3);
      Shape x = shapes.get(0);
      if (x.rank() != 4 || window.rank() != 2) {
        throw new ShapeException(label(), "C1: there are two spatial axes; received " + x + ".", "Use pictures.",
            shapes);
      }
      Shape out = window.output(x.slice(2, 4));
      Shape each = Moving.joined(Shape.of(x.dim(0), groups * window.taps()), out);
      if (groups < 1 || x.dim(1) % groups != 0 || !shapes.get(2).equals(each)
          || !shapes.get(1).equals(each.with(1, 2 * each.dim(1)))) {
        throw new ShapeException(label(), "C2: the groups divide the channels, and there are two offsets and one mask "
            + "value for each cell of a window; received " + shapes.get(1) + " and " + shapes.get(2) + " for " + x
            + ".", "Give offsets of " + each.with(1, 2 * each.dim(1)) + ".", shapes);
      }
      return Moving.joined(Shape.of(x.dim(0), x.dim(1) * window.taps()), out);
    }

    /// All products, without the mask; the place is that of the mask's value.
    void forEachTerm(Shape x, double[] offsets, Term term) {
      Shape spatial = x.slice(2, 4);
      Shape out = window.output(spatial);
      List<Axis.Placed> placed = window.over(spatial);
      int taps = window.taps();
      int positions = out.length();
      int columns = window.axes().get(1).kernel();
      int perGroup = x.dim(1) / groups;
      for (int i = 0; i < x.dim(0) * groups * taps * positions; i++) {
        int p = i % positions;
        int t = i / positions % taps;
        int group = i / positions / taps % groups;
        int n = i / positions / taps / groups;
        int first = ((n * groups + group) * taps + t) * 2 * positions + p;
        Axis rows = window.axes().get(0);
        Axis cells = window.axes().get(1);
        double h = p / out.dim(1) * rows.stride() - placed.get(0).before() + t / columns * rows.dilation()
            + offsets[first];
        double w = p % out.dim(1) * cells.stride() - placed.get(1).before() + t % columns * cells.dilation()
            + offsets[first + positions];
        int place = i;
        mix(new Taps[] {linear(h, spatial.dim(0)), linear(w, spatial.dim(1))}, spatial, (cell, weight, slopes) -> {
          for (int c = group * perGroup; c < (group + 1) * perGroup; c++) {
            term.at((n * x.dim(1) + c) * spatial.length() + cell, ((n * x.dim(1) + c) * taps + t) * positions + p,
                weight, slopes, place);
          }
        });
      }
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      double[] y = new double[shape(shapes).length()];
      forEachTerm(shapes.get(0), inputs.get(1), (xi, yi, weight, slopes, place) ->
          y[yi] += weight * inputs.get(2)[place] * inputs.get(0)[xi]);
      return y;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      List<V> all = List.of(in.get(0), in.get(1), in.get(2), gradient);
      return List.of(Optional.of(algebra.apply(new ColumnsGradient(this, 0), all)),
          Optional.of(algebra.apply(new ColumnsGradient(this, 1), all)),
          Optional.of(algebra.apply(new ColumnsGradient(this, 2), all)));
    }
  }

  /// The gradient of [Columns] with respect to one of its inputs.
  ///
  /// Inputs: x, the offsets, the mask, dy. Output: of that input's shape. It has no gradient of its own.
  ///
  /// @param forward what it is the gradient of
  /// @param input 0 for x, 1 for the offsets, 2 for the mask
  record ColumnsGradient(Columns forward, int input) implements Sampling {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 4);
      forward.shape(shapes.subList(0, 3));
      return shapes.get(input);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      double[] result = new double[shapes.get(input).length()];
      double[] x = inputs.get(0);
      double[] mask = inputs.get(2);
      double[] dy = inputs.get(3);
      int positions = (int) shapes.get(1).size(2);
      forward.forEachTerm(shapes.get(0), inputs.get(1), (xi, yi, weight, slopes, place) -> {
        switch (input) {
          case 0 -> result[xi] += weight * mask[place] * dy[yi];
          case 1 -> {
            int first = place / positions * 2 * positions + place % positions;
            result[first] += slopes[0] * mask[place] * x[xi] * dy[yi];
            result[first + positions] += slopes[1] * mask[place] * x[xi] * dy[yi];
          }
          default -> result[place] += weight * x[xi] * dy[yi];
        }
      });
      return result;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }
}
