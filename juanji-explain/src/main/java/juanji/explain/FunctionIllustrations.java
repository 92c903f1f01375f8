package juanji.explain;

import static juanji.nn.Layers.channelDropout;
import static juanji.nn.Layers.dropBlock;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.input;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import juanji.draw.Chart;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.NumberGrid;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Activation;
import juanji.nn.Layer;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Loss;

/// Drawings of activations, normalisation, dropout and losses.
final class FunctionIllustrations {
  private static final double ROOM = 16;
  private static final int POINTS = 121;

  private FunctionIllustrations() {
  }

  static void into(Map<String, Supplier<Drawing>> all) {
    all.put("activations-relu", () -> curves(Activation.Function.RELU, Activation.Function.RELU6,
        Activation.Function.LEAKY_RELU, Activation.Function.ELU, Activation.Function.CELU, Activation.Function.SELU));
    all.put("activations-smooth", () -> curves(Activation.Function.GELU, Activation.Function.GELU_TANH,
        Activation.Function.SILU, Activation.Function.MISH, Activation.Function.HARD_SWISH,
        Activation.Function.SOFTPLUS));
    all.put("activations-bounded", () -> curves(Activation.Function.SIGMOID, Activation.Function.HARD_SIGMOID,
        Activation.Function.TANH, Activation.Function.SOFTSIGN));
    all.put("normalisation", FunctionIllustrations::normalisation);
    all.put("dropout", FunctionIllustrations::dropping);
    all.put("losses-difference", FunctionIllustrations::differences);
    all.put("losses-classes", FunctionIllustrations::classes);
  }

  /// A function's values and slopes at points, computed by the library.
  static double[][] values(Activation.Function function, double[] x) {
    GraphBuilder builder = new GraphBuilder();
    Node in = builder.input("x", Shape.of(x.length, 1));
    Node y = new Trace(builder, false, 0).layer(new Activation(function), in);
    Node sum = builder.apply(new Reduction.Sum(List.of(0, 1)), y);
    Node total = builder.reshape(sum, Shape.of());
    builder.output("y", y).output("slope", builder.gradients(total, List.of(in)).getFirst().orElseThrow());
    try (Workers workers = Workers.of(1)) {
      Map<String, Tensor> results = new Session(Compiler.compile(builder.build(), 1, Target.scalar()), Map.of(),
          workers).run(Map.of("x", Tensor.of(Shape.of(x.length, 1), floats(x))));
      return new double[][] {doubles(results.get("y").data()), doubles(results.get("slope").data())};
    }
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static double[] places(double from, double to) {
    double[] x = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      x[i] = from + (to - from) * i / (POINTS - 1);
    }
    return x;
  }

  private static Drawing curves(Activation.Function... functions) {
    double[] x = places(-4, 4);
    List<Drawing> charts = new ArrayList<>();
    for (Activation.Function f : functions) {
      double[][] y = values(f, x);
      charts.add(Chart.of("x", "").line("y", x, y[0]).line("dy/dx", x, y[1]).size(250, 210).drawing()
          .titled(new Activation(f).toString()));
    }
    return Drawing.tiles(3, 14, charts).framed(ROOM);
  }

  /// Which elements are normalised together with the first one of the second sample and third channel: those whose
  /// change moves it. Found by the gradient of that one output.
  private static double[][] together(Layer layer, int samples, int channels, int cells) {
    GraphBuilder builder = new GraphBuilder();
    Node in = builder.input("x", Shape.of(samples, channels, cells));
    Model model = Model.of(input(channels, cells), layer);
    Node y = model.trace(builder, in, true, 1).output();
    Node mix = builder.input("mix", y.shape());
    builder.output("g", builder.gradients(y, mix, List.of(in)).getFirst().orElseThrow());
    Tensor x = Tensor.zeros(Shape.of(samples, channels, cells));
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) Math.sin(1 + 3.7 * i * i);
    }
    Tensor one = Tensor.zeros(x.shape());
    one.data()[(1 * channels + 2) * cells] = 1;
    try (Workers workers = Workers.of(1)) {
      float[] g = new Session(Compiler.compile(builder.build(), samples, Target.scalar()), model.weights().tensors(),
          workers).run(Map.of("x", x, "mix", one)).get("g").data();
      double[][] moved = new double[samples * channels][cells];
      for (int i = 0; i < g.length; i++) {
        moved[i / cells][i % cells] = g[i] != 0 ? 1 : 0;
      }
      return moved;
    }
  }

  private static Drawing normalisation() {
    int samples = 3;
    int channels = 4;
    int cells = 5;
    List<Drawing> columns = new ArrayList<>();
    for (Layer layer : List.of(Layers.batchNorm(), Layers.layerNorm(), Layers.groupNorm(2), Layers.instanceNorm(),
        Layers.l2Norm(), Layers.localResponseNorm(3))) {
      double[][] moved = together(layer, samples, channels, cells);
      List<Drawing> rows = new ArrayList<>();
      for (int n = 0; n < samples; n++) {
        NumberGrid grid = NumberGrid.of(Arrays.copyOfRange(moved, n * channels, (n + 1) * channels)).format(_ -> "")
            .cell(15);
        for (int c = 0; c < channels; c++) {
          for (int i = 0; i < cells; i++) {
            grid = moved[n * channels + c][i] != 0 ? grid.highlight(c, i, 1, 1, Colour.BLUE) : grid;
          }
        }
        grid = n == 1 ? grid.frame(2, 0, 1, 1, Colour.VERMILLION) : grid;
        rows.add(grid.drawing());
      }
      columns.add(Drawing.column(6, rows).titled(layer.kind()));
    }
    return Drawing.row(20, columns).framed(ROOM);
  }

  private static Drawing dropping() {
    List<Drawing> grids = new ArrayList<>();
    for (Layer layer : List.of(dropout(0.25), channelDropout(0.25), dropBlock(0.25, 3))) {
      Model model = Model.of(input(4, 10, 10), layer);
      GraphBuilder builder = new GraphBuilder();
      Node in = builder.input("x", model.input().shape().batched());
      builder.output("y", model.trace(builder, in, true, 7).output());
      try (Workers workers = Workers.of(1)) {
        float[] y = new Session(Compiler.compile(builder.build(), 1, Target.scalar()), Map.of(), workers)
            .run(Map.of("x", Tensor.full(Shape.of(1, 4, 10, 10), 1), "step", Tensor.scalar(6))).get("y").data();
        List<Drawing> planes = new ArrayList<>();
        for (int c = 0; c < 4; c++) {
          planes.add(NumberGrid.of(10, 10, Arrays.copyOfRange(y, c * 100, (c + 1) * 100)).cell(8).format(_ -> "")
              .shaded().drawing());
        }
        grids.add(Drawing.tiles(2, 8, planes).titled(layer.toString()));
      }
    }
    return Drawing.row(30, grids).framed(ROOM);
  }

  private interface Scored {
    Node of(GraphBuilder builder, Node score);
  }

  /// A loss for one sample at each of many scores.
  private static double[] losses(double[] x, Scored scored) {
    double[] y = new double[x.length];
    GraphBuilder builder = new GraphBuilder();
    Node score = builder.input("x", Shape.of(1, 1));
    builder.output("y", scored.of(builder, score));
    try (Workers workers = Workers.of(1)) {
      Session session = new Session(Compiler.compile(builder.build(), 1, Target.scalar()), Map.of(), workers);
      for (int i = 0; i < x.length; i++) {
        y[i] = session.run(Map.of("x", Tensor.of(Shape.of(1, 1), (float) x[i]))).get("y").data()[0];
      }
    }
    return y;
  }

  private static Drawing differences() {
    double[] x = places(-3, 3);
    Chart chart = Chart.of("score − target", "loss");
    for (Loss loss : List.of(Loss.meanSquaredError(), Loss.meanAbsoluteError(), Loss.huber(1))) {
      chart = chart.line(loss.toString(), x, losses(x,
          (b, s) -> loss.of(b, s, b.constant(Tensor.of(Shape.of(1, 1), 0)))));
    }
    return chart.drawing().framed(ROOM);
  }

  private static Drawing classes() {
    double[] x = places(-4, 4);
    Chart chart = Chart.of("score of the right class − score of the other", "loss");
    for (Loss loss : List.of(Loss.crossEntropy(), Loss.crossEntropy().smoothing(0.1), Loss.focal(), Loss.hinge())) {
      chart = chart.line(loss.toString(), x, losses(x, (b, s) -> loss.of(b,
          b.apply(new View.Concat(1), b.apply(new Pointwise.Affine(0.5, 0), s),
              b.apply(new Pointwise.Affine(-0.5, 0), s)), b.constant(Tensor.of(Shape.of(1), 0)))));
    }
    return chart.size(620, 320).drawing().framed(ROOM);
  }
}
