package juanji.onnx.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Gather;
import juanji.op.Op;
import juanji.op.Padding;
import juanji.op.Reduction;
import juanji.op.Summarizing;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import org.junit.jupiter.api.Test;

/// Pooling of every kind, and unpooling, is ONNX Runtime's.
class PoolingPeerTest {
  private static final int OPSET = 22;

  private interface Case {
    Comparison of(Draw draw, Sliding sliding, Shape x);
  }

  private static void check(long seed, int times, Case each) {
    Comparison.all(seed, times, draw -> {
      int rank = draw.of(List.of(1, 2, 2, 3));
      Sliding sliding = Sliding.draw(draw, rank, true);
      return each.of(draw, sliding, draw.spatial(rank).prepend(draw.channels()).prepend(draw.between(1, 3)));
    });
  }

  private static OnnxModel model(Shape x) {
    return new OnnxModel(OPSET).input("x", x).output("y", false, x.rank());
  }

  private static Comparison comparison(Op op, OnnxModel model, Draw draw, Shape x) {
    GraphBuilder b = new GraphBuilder();
    Node y = b.apply(op, b.input("x", x));
    return new Comparison(op + " of " + x, model, b.output("y", y).build(),
        Map.of("x", Comparison.numbers(draw, x)), Map.of());
  }

  @Test void maxima() {
    check(1, 300, (draw, sliding, x) -> {
      OnnxModel model = model(x).output("places", true, x.rank());
      sliding.ceiling(sliding.onto(model.node("MaxPool", List.of("x"), List.of("y", "places"))));
      GraphBuilder b = new GraphBuilder();
      Node in = b.input("x", x);
      float[] numbers = new float[x.length()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
      Node places = b.apply(new Gather.Pick(sliding.window()), in, b.constant(Tensor.of(x, numbers)));
      Node y = b.apply(new Windowed.MaxPool(sliding.window()), in);
      return new Comparison("maxPool " + sliding.window() + " of " + x, model,
          b.output("y", y).output("places", places).build(), Map.of("x", Comparison.numbers(draw, x)), Map.of());
    });
  }

  @Test void means() {
    check(2, 400, (draw, sliding, x) -> {
      boolean counting = draw.oneIn(2);
      OnnxModel model = model(x);
      sliding.ceiling(sliding.onto(model.node("AveragePool", List.of("x"), List.of("y"))))
          .number("count_include_pad", counting ? 1 : 0);
      return comparison(new Windowed.AvgPool(sliding.window(), counting ? Windowed.Divisor.WINDOW
          : Windowed.Divisor.INSIDE), model, draw, x);
    });
  }

  @Test void norms() {
    check(3, 200, (draw, sliding, x) -> {
      int exponent = draw.between(1, 3);
      OnnxModel model = model(x);
      sliding.ceiling(sliding.onto(model.node("LpPool", List.of("x"), List.of("y")))).number("p", exponent);
      return comparison(new Summarizing.LpPool(sliding.window(), exponent), model, draw, x);
    });
  }

  @Test void wholePlanes() {
    Comparison.all(4, 90, draw -> {
      int rank = draw.between(1, 3);
      Shape x = draw.spatial(rank).prepend(draw.channels()).prepend(draw.between(1, 3));
      List<Integer> axes = IntStream.range(2, x.rank()).boxed().toList();
      // ONNX Runtime has no GlobalLpPool of opset 22.
      OnnxModel model = new OnnxModel(13).input("x", x).output("y", false, x.rank());
      return switch (draw.between(0, 2)) {
        case 0 -> {
          model.node("GlobalAveragePool", List.of("x"), List.of("y"));
          yield comparison(new Reduction.Mean(axes), model, draw, x);
        }
        case 1 -> {
          model.node("GlobalMaxPool", List.of("x"), List.of("y"));
          yield comparison(new Reduction.Max(axes), model, draw, x);
        }
        default -> {
          int exponent = draw.between(1, 3);
          model.node("GlobalLpPool", List.of("x"), List.of("y")).number("p", exponent);
          Window whole = new Window(axes.stream().map(a -> Axis.of(x.dim(a))).toList());
          yield comparison(new Summarizing.LpPool(whole, exponent), model, draw, x);
        }
      };
    });
  }

  /// Where windows do not overlap, each place is written once, which is all that ONNX defines.
  @Test void unpooling() {
    Comparison.all(5, 150, draw -> {
      int rank = draw.of(List.of(1, 2, 2, 3));
      List<Axis> axes = new ArrayList<>();
      for (int i = 0; i < rank; i++) {
        int kernel = draw.between(1, 4);
        axes.add(Axis.of(kernel).withStride(draw.between(kernel, kernel + 1)).withPadding(
            Padding.of(draw.between(0, kernel - 1), draw.between(0, kernel - 1))));
      }
      Window window = new Window(axes);
      Shape x = draw.spatial(rank).prepend(draw.channels()).prepend(draw.between(1, 3));
      Shape z = new Windowed.MaxPool(window).shape(List.of(x));
      OnnxModel model = model(x).input("z", z).numbers("shape", IntStream.of(x.toArray()).asLongStream().toArray());
      // ONNX Runtime wants the size that follows from the pooled one to exist, though another is given.
      Comparison.demand(IntStream.range(0, rank)
          .allMatch(i -> axes.get(i).transposed(z.dim(2 + i), 0) >= 1));
      Sliding sliding = new Sliding(window, "");
      sliding.onto(model.node("MaxPool", List.of("x"), List.of("pooled", "places")));
      model.node("MaxUnpool", List.of("z", "places", "shape"), List.of("y"))
          .numbers("kernel_shape", axes.stream().mapToInt(Axis::kernel).toArray())
          .numbers("strides", axes.stream().mapToInt(Axis::stride).toArray()).numbers("pads", sliding.pads());
      GraphBuilder b = new GraphBuilder();
      Node y = b.apply(new Windowed.MaxPoolInput(window), b.input("x", x), b.input("z", z));
      return new Comparison("unpooling " + window + " to " + x, model, b.output("y", y).build(),
          Map.of("x", Comparison.numbers(draw, x), "z", Comparison.numbers(draw, z)), Map.of());
    });
  }
}
