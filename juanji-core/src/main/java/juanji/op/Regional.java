package juanji.op;

import java.util.List;
import java.util.Optional;
import juanji.tensor.Shape;

/// Operations that cut rectangles out of pictures and bring them to one size, and their gradients with respect to the
/// pictures.
///
/// | | | its gradient |
/// |---|---|---|
/// | [RoiPool] | maxima over whole cells | [RoiPoolInput] |
/// | [RoiAlign] | means of bilinear samples | [RoiAlignInput] |
///
/// Axes: x is N × C × H × W; the regions are R × 5, each the number of its picture in the batch and x1, y1, x2, y2 in
/// the coordinates of the original picture, which `scale` takes to those of x; y is R × C × `height` × `width`. The
/// regions have no gradient.
///
/// Every region has a value: one of no area is made one cell large (by RoiAlign with `aligned` it is a point, or 0 if
/// the number of samples follows its size), parts outside x are 0, and so is all of a region whose picture number is
/// not a whole number from 0 to N − 1.
///
/// Constraints of all: C1 x has four axes; C2 the regions are R × 5, with R at least 1; C3 y is R × C × `height` ×
/// `width`; C4 height and width are at least 1, the scale is above 0, and there are at most 64 samples along each axis
/// of a bin.
public sealed interface Regional extends Op {
  /// Rows of bins.
  int height();

  /// Columns of bins.
  int width();

  /// What coordinates of regions are multiplied by.
  double scale();

  /// The picture of a region, or −1 if there is none.
  static int picture(double number, int pictures) {
    return Gather.Lookup.row(number, pictures);
  }

  private static void checkSize(int height, int width, double scale, int samples) {
    if (height < 1 || width < 1 || !(scale > 0 && scale < 1e9) || samples < 0 || samples > 64) {
      throw new IllegalArgumentException("regions cannot be brought to " + height + " × " + width + " by a scale of "
          + scale + " and " + samples + " samples.\n"
          + "  C4: height and width are at least 1, the scale is above 0, and there are 0 (as many as cells) to 64 "
          + "samples; received " + height + ", " + width + ", " + scale + " and " + samples + ".\n"
          + "  Use positive numbers, such as 7, 7, 1.0 / 16 and 2.");
    }
  }

  private static Shape pooled(Regional op, Shape x, Shape regions, List<Shape> shapes) {
    if (x.rank() != 4) {
      throw new ShapeException(op.label(), "C1: x is batch × channels × height × width; received " + x + ".",
          "Give pictures or feature maps of two spatial axes.", shapes);
    }
    if (regions.rank() != 2 || regions.dim(1) != 5 || regions.dim(0) == 0) {
      throw new ShapeException(op.label(), "C2: the regions are R × 5 (picture, x1, y1, x2, y2), R at least 1; "
          + "received " + regions + ".", "Give one row of five numbers per region.", shapes);
    }
    return Shape.of(regions.dim(0), x.dim(1), op.height(), op.width());
  }

  private static Shape unpooled(Regional op, List<Shape> shapes) {
    op.arity(shapes, 3);
    Shape y = pooled(op, shapes.get(0), shapes.get(1), shapes);
    if (!shapes.get(2).equals(y)) {
      throw new ShapeException(op.label(), "C3: the gradient has the shape of the output, " + y + "; received "
          + shapes.get(2) + ".", "Use the output that belongs to the input.", shapes);
    }
    return shapes.get(0);
  }

  /// The largest cell of each bin. The region's corners are rounded to whole cells, both included; bin i of n takes the
  /// cells from ⌊i · size / n⌋ to ⌈(i + 1) · size / n⌉, so that bins may overlap; an empty one is 0.
  ///
  /// Inputs: x, regions. Constraints: C1, C2, C4. Source: Girshick, *Fast R-CNN*, 2015; ONNX MaxRoiPool.
  ///
  /// @param height rows of bins
  /// @param width columns of bins
  /// @param scale cells of x per unit of the regions' coordinates
  record RoiPool(int height, int width, double scale) implements Regional {
    /// Checks C4.
    public RoiPool {
      checkSize(height, width, scale, 0);
    }

    /// The first cell of a bin along an axis.
    ///
    /// @param low the region's lower coordinate
    /// @param high its upper one
    /// @param bin the bin's number of `bins`
    /// @param extent x's cells along the axis
    public static int first(double low, double high, double scale, int bin, int bins, int extent) {
      long start = round(low * scale);
      long size = Math.max(1, round(high * scale) - start + 1);
      return (int) Math.clamp(start + Math.floorDiv(bin * size, bins), 0L, extent);
    }

    /// The first cell behind a bin along an axis.
    public static int end(double low, double high, double scale, int bin, int bins, int extent) {
      long start = round(low * scale);
      long size = Math.max(1, round(high * scale) - start + 1);
      return (int) Math.clamp(start + Math.ceilDiv((bin + 1) * size, bins), 0L, extent);
    }

    /// To the nearest whole number, halves away from 0; a picture's coordinates fit in an int.
    private static int round(double v) {
      return (int) (v < 0 ? -Math.floor(0.5 - v) : Math.floor(v + 0.5));
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      return pooled(this, shapes.get(0), shapes.get(1), shapes);
    }

    /// Receives the place of a bin's first largest cell in x, or −1 if the bin is empty.
    private interface Found {
      void at(int y, int x);
    }

    private void search(Shape x, double[] in, double[] regions, Found found) {
      int count = regions.length / 5;
      for (int r = 0; r < count; r++) {
        int picture = picture(regions[r * 5], x.dim(0));
        for (int c = 0; c < x.dim(1); c++) {
          for (int bin = 0; bin < height * width; bin++) {
            int best = -1;
            int from = first(regions[r * 5 + 2], regions[r * 5 + 4], scale, bin / width, height, x.dim(2));
            int to = end(regions[r * 5 + 2], regions[r * 5 + 4], scale, bin / width, height, x.dim(2));
            int left = first(regions[r * 5 + 1], regions[r * 5 + 3], scale, bin % width, width, x.dim(3));
            int right = end(regions[r * 5 + 1], regions[r * 5 + 3], scale, bin % width, width, x.dim(3));
            for (int h = from; picture >= 0 && h < to; h++) {
              for (int w = left; w < right; w++) {
                int at = ((picture * x.dim(1) + c) * x.dim(2) + h) * x.dim(3) + w;
                best = best < 0 || in[at] > in[best] ? at : best;
              }
            }
            found.at((r * x.dim(1) + c) * height * width + bin, best);
          }
        }
      }
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] out = new double[shape(shapes).length()];
      double[] x = values.get(0);
      search(shapes.get(0), x, values.get(1), (y, at) -> out[y] = at < 0 ? 0 : x[at]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new RoiPoolInput(height, width, scale),
          List.of(in.get(0), in.get(1), gradient))), Optional.empty());
    }
  }

  /// The gradient of [RoiPool] with respect to x: each bin's dy goes to its first largest cell.
  ///
  /// Inputs: x, regions, dy. Output: of x's shape. Constraints: C1 to C4. It has no gradient of its own.
  ///
  /// @param height rows of bins
  /// @param width columns of bins
  /// @param scale cells of x per unit of the regions' coordinates
  record RoiPoolInput(int height, int width, double scale) implements Regional {
    /// Checks C4.
    public RoiPoolInput {
      checkSize(height, width, scale, 0);
    }

    @Override public Shape shape(List<Shape> shapes) {
      return unpooled(this, shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] dx = new double[values.get(0).length];
      double[] dy = values.get(2);
      new RoiPool(height, width, scale).search(shapes.get(0), values.get(0), values.get(1), (y, at) -> {
        if (at >= 0) {
          dx[at] += dy[y];
        }
      });
      return dx;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      throw new UnsupportedOperationException("roiPoolInput has no gradient of its own.\n"
          + "  C5: second derivatives through the maxima of regions are not offered.\n"
          + "  Use roiAlign where a gradient's gradient is needed.");
    }
  }

  /// The mean of bilinear samples in each bin, at even distances and without rounding any coordinate. A sample more
  /// than a cell outside x is 0; others are moved onto x's border.
  ///
  /// Inputs: x, regions. Constraints: C1, C2, C4. Source: He et al., *Mask R-CNN*, 2017; ONNX RoiAlign in mode `avg`,
  /// with half_pixel for `aligned` and output_half_pixel otherwise.
  ///
  /// @param height rows of bins
  /// @param width columns of bins
  /// @param scale cells of x per unit of the regions' coordinates
  /// @param samples samples along each axis of a bin; 0 for as many as the bin has cells, at most twice x's extent
  /// @param aligned whether coordinates are those of pixel centres less half a pixel, and no smallest size holds
  record RoiAlign(int height, int width, double scale, int samples, boolean aligned) implements Regional {
    /// Checks C4.
    public RoiAlign {
      checkSize(height, width, scale, samples);
    }

    /// Where a region begins along an axis.
    public double start(double low) {
      return low * scale - (aligned ? 0.5 : 0);
    }

    /// How long a bin is along an axis.
    public double bin(double low, double high, int bins) {
      double size = high * scale - low * scale;
      return (aligned ? size : Math.max(size, 1)) / bins;
    }

    /// How many samples a bin has along an axis; those of bins far larger than x are bounded. Whether a bin takes one
    /// more sample is a matter of rounding, which is single everywhere.
    public int grid(double bin, int extent) {
      return samples > 0 ? samples : (int) Math.clamp(Math.ceil((float) bin), 0, Math.max(2 * extent, 256));
    }

    /// Whether a sample at a coordinate has a value.
    public static boolean inside(double at, int extent) {
      return extent > 0 && at >= -1 && at <= extent;
    }

    /// A coordinate, moved onto x.
    public static double moved(double at, int extent) {
      return Math.clamp(at, 0, extent - 1);
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      return pooled(this, shapes.get(0), shapes.get(1), shapes);
    }

    /// Receives one product of x and y.
    private interface Term {
      void at(int x, int y, double weight);
    }

    private void forEachTerm(Shape x, double[] regions, Term term) {
      for (int r = 0; r < regions.length / 5; r++) {
        int picture = picture(regions[r * 5], x.dim(0));
        double binHeight = bin(regions[r * 5 + 2], regions[r * 5 + 4], height);
        double binWidth = bin(regions[r * 5 + 1], regions[r * 5 + 3], width);
        int rows = grid(binHeight, x.dim(2));
        int columns = grid(binWidth, x.dim(3));
        for (int i = 0; picture >= 0 && i < height * width * rows * columns; i++) {
          int bin = i / (rows * columns);
          double h = start(regions[r * 5 + 2])
              + (bin / width + (i / columns % rows + 0.5) / rows) * binHeight;
          double w = start(regions[r * 5 + 1])
              + (bin % width + (i % columns + 0.5) / columns) * binWidth;
          if (inside(h, x.dim(2)) && inside(w, x.dim(3))) {
            sample(x, picture, moved(h, x.dim(2)), moved(w, x.dim(3)), r, bin, 1.0 / (rows * columns), term);
          }
        }
      }
    }

    private void sample(Shape x, int picture, double h, double w, int region, int bin, double share, Term term) {
      for (int corner = 0; corner < 4; corner++) {
        int ih = Math.min((int) h + corner / 2, x.dim(2) - 1);
        int iw = Math.min((int) w + corner % 2, x.dim(3) - 1);
        double up = h - (int) h;
        double right = w - (int) w;
        double weight = share * (corner / 2 == 1 ? up : 1 - up) * (corner % 2 == 1 ? right : 1 - right);
        for (int c = 0; c < x.dim(1); c++) {
          term.at(((picture * x.dim(1) + c) * x.dim(2) + ih) * x.dim(3) + iw,
              (region * x.dim(1) + c) * height * width + bin, weight);
        }
      }
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] out = new double[shape(shapes).length()];
      double[] x = values.get(0);
      forEachTerm(shapes.get(0), values.get(1), (xi, yi, weight) -> out[yi] += weight * x[xi]);
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new RoiAlignInput(this), List.of(in.get(0), in.get(1), gradient))),
          Optional.empty());
    }
  }

  /// The adjoint of [RoiAlign] with respect to x: each bin's dy is spread over the cells that it was sampled from.
  ///
  /// Inputs: x, whose elements do not matter, regions, dy. Output: of x's shape. Constraints: C1 to C4.
  ///
  /// @param forward what it is the adjoint of
  record RoiAlignInput(RoiAlign forward) implements Regional {
    @Override public int height() {
      return forward.height();
    }

    @Override public int width() {
      return forward.width();
    }

    @Override public double scale() {
      return forward.scale();
    }

    @Override public Shape shape(List<Shape> shapes) {
      return unpooled(this, shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> values) {
      double[] dx = new double[shapes.get(0).length()];
      double[] dy = values.get(2);
      forward.forEachTerm(shapes.get(0), values.get(1), (xi, yi, weight) -> dx[xi] += weight * dy[yi]);
      return dx;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty(), Optional.empty(),
          Optional.of(algebra.apply(forward, gradient, in.get(1))));
    }
  }
}
