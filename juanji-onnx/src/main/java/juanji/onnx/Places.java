package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import juanji.onnx.proto.ElementType;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Regional;
import juanji.op.View;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Operators that read pictures at given places: grids, regions, deformed windows.
final class Places {
  private Places() {
  }

  static void register(Map<String, Operator> table) {
    table.put("GridSample", Operator.real(Places::gridSample));
    table.put("AffineGrid", Operator.real(Places::affineGrid));
    table.put("DeformConv", Operator.real(Places::deformConv));
    table.put("RoiAlign", Operator.real(Places::roiAlign));
    table.put("MaxRoiPool", Operator.real(Places::maxRoiPool));
  }

  private static Value gridSample(Call c) {
    String named = c.text("mode", "linear");
    Sampling.Mode mode = switch (named) {
      case "linear", "bilinear" -> Sampling.Mode.LINEAR;
      case "nearest" -> Sampling.Mode.NEAREST;
      case "cubic", "bicubic" -> Sampling.Mode.CUBIC;
      default -> throw c.unsupported("attribute 'mode' = '" + named + "'");
    };
    String padding = c.text("padding_mode", "zeros");
    Sampling.Outside outside = switch (padding) {
      case "zeros" -> Sampling.Outside.ZEROS;
      case "border" -> Sampling.Outside.BORDER;
      case "reflection" -> Sampling.Outside.REFLECTION;
      default -> throw c.unsupported("attribute 'padding_mode' = '" + padding + "'");
    };
    return c.values().apply(new Sampling.Grid(mode, outside, c.whole("align_corners", 0) == 1), c.input(0),
        c.input(1));
  }

  /// theta · (x, y, 1) for the centres of cells.
  private static Value affineGrid(Call c) {
    long[] size = c.wholes(1);
    boolean corners = c.whole("align_corners", 0) == 1;
    int rank = size.length - 2;
    Shape theta = c.shape(0);
    if (rank < 2 || rank > 3 || theta.rank() != 3 || theta.dim(1) != rank || theta.dim(2) != rank + 1) {
      throw c.wrong("theta is N × 2 × 3 for pictures and N × 3 × 4 for volumes; received " + c.shapes());
    }
    int[] spatial = Arrays.stream(size, 2, size.length).mapToInt(Math::toIntExact).toArray();
    Shape out = Constants.limited(c, Shape.of(spatial));
    int count = out.length();
    double[] places = new double[(rank + 1) * count];
    for (int i = 0; i < count; i++) {
      int rest = i;
      for (int a = rank - 1; a >= 0; a--) {
        int n = spatial[a];
        int cell = rest % n;
        rest /= n;
        places[(rank - 1 - a) * count + i] = !corners ? (2.0 * cell + 1) / n - 1
            : n == 1 ? 0 : -1 + 2.0 * cell / (n - 1);
      }
      places[rank * count + i] = 1;
    }
    Values v = c.values();
    Value points = new Value.Host(HostTensor.reals(ElementType.FLOAT, Shape.of(rank + 1, count), places));
    Value moved = Products.matMul(c, c.input(0), points);
    Value last = v.apply(new View.Permute(List.of(0, 2, 1)), moved);
    return v.reshape(last, Moving.joined(Shape.of(theta.dim(0)), out, Shape.of(rank)));
  }

  private static Value deformConv(Call c) {
    Values v = c.values();
    Value w = v.weight(c.input(1), Ground.Use.TRAINED);
    Shape x = c.shape(0);
    if (x.rank() != 4 || w.shape().rank() != 4) {
      throw c.unsupported("it has " + (x.rank() - 2) + " spatial axes; 2 are possible");
    }
    int[] kernel = w.shape().slice(2, 4).toArray();
    c.ignore("kernel_shape");
    Window window = Windows.window(c, kernel);
    int groups = c.integer("group", 1);
    int offsetGroups = c.integer("offset_group", 1);
    int taps = window.taps();
    Shape offsets = c.shape(2);
    Value mask = c.has(4) ? c.input(4)
        : new Value.Host(HostTensor.uniform(ElementType.FLOAT, Shape.of(1), 1));
    if (!c.has(4)) {
      long[] dims = OpenBatch.numbers(offsets.with(1, offsets.dim(1) / 2));
      mask = Moving.expanded(c, mask, dims);
    }
    Value columns = v.apply(new Sampling.Columns(window, offsetGroups), List.of(c.input(0), c.input(2), mask));
    Value filters = v.reshape(w, Shape.of(w.shape().dim(0), w.shape().dim(1) * taps, 1, 1));
    Value y = v.apply(new Contraction.Conv(Window.of(2, Axis.of(1)), groups), columns, filters);
    return c.has(3) ? Windows.biased(c, y, c.input(3)) : y;
  }

  private static Value roiAlign(Call c) {
    Values v = c.values();
    int height = c.integer("output_height", 1);
    int width = c.integer("output_width", 1);
    int samples = c.integer("sampling_ratio", 0);
    double scale = c.real("spatial_scale", 1);
    String mode = c.text("mode", "avg");
    String coordinates = c.text("coordinate_transformation_mode", c.version() < 16 ? "output_half_pixel"
        : "half_pixel");
    if (!mode.equals("avg")) {
      throw c.unsupported("attribute 'mode' = '" + mode + "'");
    }
    boolean aligned = switch (coordinates) {
      case "half_pixel" -> true;
      case "output_half_pixel" -> false;
      default -> throw c.unsupported("attribute 'coordinate_transformation_mode' = '" + coordinates + "'");
    };
    Value numbers = v.reshape(v.typed(c.input(2), ElementType.FLOAT), Shape.of(c.shape(2).dim(0), 1));
    Value regions = v.apply(new View.Concat(1), numbers, c.input(1));
    return v.apply(new Regional.RoiAlign(height, width, scale, samples, aligned), c.input(0), regions);
  }

  private static Value maxRoiPool(Call c) {
    int[] pooled = c.ints("pooled_shape").orElseThrow(() -> c.wrong("attribute 'pooled_shape' is given"));
    if (pooled.length != 2) {
      throw c.wrong("attribute 'pooled_shape' is height and width; received " + Arrays.toString(pooled));
    }
    return c.values().apply(new Regional.RoiPool(pooled[0], pooled[1], c.real("spatial_scale", 1)), c.input(0),
        c.input(1));
  }
}
