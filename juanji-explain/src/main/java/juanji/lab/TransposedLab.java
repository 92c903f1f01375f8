package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.NumberGrid;
import juanji.nn.Convolution;
import juanji.nn.Model;
import juanji.nn.TransposedConvolution;
import juanji.nn.Weights;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A transposed convolution step by step, on the reader's own numbers.
///
/// Source: Dumoulin and Visin, *A guide to convolution arithmetic*, 2016.
final class TransposedLab {
  static final Laboratory LAB = new Laboratory("transposed", "14",
      new Words("Transposed convolution, step by step", "转置卷积，一步一步"),
      new Words("each input cell lays the kernel, times its value, on the output; sizes are reversed, values are not",
          "每个输入格把核乘以自己的值盖到输出上；大小反转，数值并不反转"),
      List.of(Choice.grid("numbers", "1 2; 3 4", 6, "The input."),
          Choice.grid("kernel", "1 1 1 1; 1 2 2 1; 1 2 2 1; 1 1 1 1", 7, "The kernel."),
          Choice.number("stride", 3, 1, 8, "How far the copies are apart."),
          Choice.number("crop", 0, 0, 6, "Cells that are cut off each side: what is called padding.")),
      TransposedLab::run);
  private static final int MOST_STEPS = 12;
  private static final float[] KERNEL = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  private TransposedLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    double[][] numbers = setup.grid("numbers");
    double[][] kernel = setup.grid("kernel");
    int stride = setup.number("stride");
    int crop = setup.number("crop");
    int h = numbers.length;
    int w = numbers[0].length;
    int kh = kernel.length;
    int kw = kernel[0].length;
    TransposedConvolution layer = convTransposed(1, kh, kw).stride(stride).noBias();
    Convolution back = conv(1, kh, kw).stride(stride).noBias();
    if (crop > 0) {
      layer = layer.padding(crop);
      back = back.padding(crop);
    }
    int rows = (h - 1) * stride + kh - 2 * crop;
    int columns = (w - 1) * stride + kw - 2 * crop;
    Tensor x = tensor(numbers);
    Tensor weight = tensor(kernel);
    Tensor y = desk.sample(weighted(Model.of(input(1, h, w), layer), weight), x);
    result.finding("The output has (in − 1)·s + k" + (crop > 0 ? " − 2·crop" : "") + " cells a side: " + rows + " × "
        + columns, "输出每边 (in − 1)·s + k" + (crop > 0 ? " − 2·crop" : "") + " 格：" + rows + " × " + columns,
        y.shape().toString(), y.shape().equals(Shape.of(1, rows, columns)));
    float[] sum = new float[rows * columns];
    List<Drawing> steps = steps(numbers, kernel, stride, crop, sum, columns);
    result.finding("It is the sum of the kernel's copies, one for each input cell", "它是核的各个拷贝之和，每个输入格一份",
        difference(sum, y.data()), close(sum, y.data()));
    result.exhibit("Step by step: the next copy is framed, and added to those before", "一步一步：框出的是下一份拷贝，加到之前的和上",
        Drawing.column(14, Drawing.row(20, NumberGrid.of(numbers).shaded().drawing().captioned("x"),
        NumberGrid.of(kernel).shaded().drawing().captioned("w")), Drawing.tiles(steps.size() > 4 ? 4 : 2, 18, steps)));
    float[] apart = apart(desk, numbers, kernel, stride, crop);
    result.finding("It is a wide convolution of the input with zeros between, the kernel turned by 180°",
        "它等于在输入之间插零、再用转了 180° 的核做宽卷积", difference(apart, y.data()), close(apart, y.data()));
    Tensor returned = desk.sample(weighted(Model.of(input(1, rows, columns), back), weight), y);
    result.finding("A convolution of the same kernel and stride leads back to the input's size", "同核、同步长的卷积回到输入的大小",
        returned.shape().toString(), returned.shape().equals(x.shape()));
    result.finding("But not to its values: it is no inverse", "但回不到原来的数值：它不是逆运算", numbers(returned.data()) + " ≠ "
        + numbers(x.data()), !close(returned.data(), x.data()));
    adjoint(desk, layer, back, weight, x, y, result);
    turned(desk, result);
  }

  private static Model weighted(Model model, Tensor weight) {
    return model.withWeights(Weights.of(Map.of(model.parameters().getFirst().name(), weight.reshape(
        model.parameters().getFirst().shape()))));
  }

  private static Tensor tensor(double[][] grid) {
    Tensor x = Tensor.zeros(Shape.of(1, grid.length, grid[0].length));
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) grid[i / grid[0].length][i % grid[0].length];
    }
    return x;
  }

  /// Adds one copy of the kernel after the other to a sum, with a drawing of each of the first steps.
  private static List<Drawing> steps(double[][] numbers, double[][] kernel, int stride, int crop, float[] sum,
      int columns) {
    List<Drawing> steps = new ArrayList<>();
    int rows = sum.length / columns;
    for (int i = 0; i < numbers.length; i++) {
      for (int j = 0; j < numbers[0].length; j++) {
        for (int r = 0; r < kernel.length; r++) {
          for (int c = 0; c < kernel[0].length; c++) {
            int y = i * stride + r - crop;
            int x = j * stride + c - crop;
            if (y >= 0 && y < rows && x >= 0 && x < columns) {
              sum[y * columns + x] += (float) (numbers[i][j] * kernel[r][c]);
            }
          }
        }
        if (steps.size() < MOST_STEPS) {
          int top = Math.max(0, i * stride - crop);
          int left = Math.max(0, j * stride - crop);
          int bottom = Math.min(rows, i * stride - crop + kernel.length);
          int right = Math.min(columns, j * stride - crop + kernel[0].length);
          steps.add(NumberGrid.of(rows, columns, sum).cell(Math.min(26, 260.0 / columns)).shaded()
              .frame(top, left, Math.max(0, bottom - top), Math.max(0, right - left), Colour.VERMILLION).drawing()
              .titled("+ " + NumberGrid.shortly(numbers[i][j]) + " · w"));
        }
      }
    }
    return steps;
  }

  /// The same by an ordinary convolution: zeros between the input's cells, padding of k − 1, the kernel turned.
  private static float[] apart(Desk desk, double[][] numbers, double[][] kernel, int stride, int crop) {
    int h = (numbers.length - 1) * stride + 1;
    int w = (numbers[0].length - 1) * stride + 1;
    Tensor wide = Tensor.zeros(Shape.of(1, h, w));
    for (int i = 0; i < numbers.length; i++) {
      for (int j = 0; j < numbers[0].length; j++) {
        wide.data()[i * stride * w + j * stride] = (float) numbers[i][j];
      }
    }
    Tensor y = desk.sample(weighted(Model.of(input(1, h, w), conv(1, kernel.length, kernel[0].length).full().turned()
        .noBias()), tensor(kernel)), wide);
    int columns = y.shape().dim(2);
    int inside = columns - 2 * crop;
    float[] cut = new float[(y.shape().dim(1) - 2 * crop) * inside];
    for (int i = 0; i < cut.length; i++) {
      cut[i] = y.data()[(i / inside + crop) * columns + i % inside + crop];
    }
    return cut;
  }

  private static void adjoint(Desk desk, TransposedConvolution layer, Convolution back, Tensor weight, Tensor x,
      Tensor y, Result result) {
    Tensor other = y.copy();
    for (int i = 0; i < other.data().length; i++) {
      other.data()[i] = (float) Math.sin(1 + i);
    }
    Model forward = weighted(Model.of(input(x.shape().toArray()), layer), weight);
    Model backward = weighted(Model.of(input(y.shape().toArray()), back), weight);
    double left = dot(desk.sample(forward, x).data(), other.data());
    double right = dot(x.data(), desk.sample(backward, other).data());
    result.finding("It is the convolution's transpose: ⟨Aᵀx, y⟩ = ⟨x, Ay⟩", "它是卷积的转置：⟨Aᵀx, y⟩ = ⟨x, Ay⟩",
        String.format(Locale.ROOT, "%.4f = %.4f", left, right),
        Math.abs(left - right) < 1e-4 * (1 + Math.abs(left)));
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void turned(Desk desk, Result result) {
    Tensor impulse = Tensor.zeros(Shape.of(1, 3, 3));
    impulse.data()[4] = 1;
    Tensor kernel = Tensor.of(Shape.of(1, 3, 3), KERNEL);
    float[] crossed = desk.sample(weighted(Model.of(input(1, 3, 3), conv(1, 3).same().noBias()), kernel), impulse)
        .data();
    float[] convolved = desk.sample(weighted(Model.of(input(1, 3, 3), conv(1, 3).same().noBias().turned()), kernel),
        impulse).data();
    result.finding("Networks cross-correlate: an impulse comes out as the kernel turned; true convolution, as it is",
        "网络做互相关：脉冲输出转了 180° 的核；真正的卷积输出核本身", numbers(crossed) + "; " + numbers(convolved),
        close(convolved, KERNEL) && crossed[0] == 9 && crossed[8] == 1);
  }

  private static String numbers(float[] values) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < Math.min(9, values.length); i++) {
      all.add(NumberGrid.shortly(values[i]));
    }
    return "[" + String.join(", ", all) + (values.length > 9 ? ", …" : "") + "]";
  }

  private static double most(float[] a, float[] b) {
    double most = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private static boolean close(float[] a, float[] b) {
    double size = 1;
    for (float v : b) {
      size = Math.max(size, Math.abs(v));
    }
    return most(a, b) <= 1e-5 * size;
  }

  private static String difference(float[] a, float[] b) {
    return String.format(Locale.ROOT, "max |Δ| = %.1e", most(a, b));
  }
}
