package juanji.nn;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.depthwise;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.separable;
import static juanji.nn.Layers.sides;
import static juanji.nn.Layers.spatiallySeparable;
import static juanji.nn.Layers.tiledConv;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionKindsTest {
  static Stream<List<Object>> sources() {
    return Stream.of(
        List.of(conv(6, 5).same().reflect(), "conv(6, 5).same().reflect()"),
        List.of(conv(6, 5).padding(2).replicate().turned(), "conv(6, 5).padding(2).replicate().turned()"),
        List.of(conv(6, 5).full().circular().noBias(), "conv(6, 5).full().circular().noBias()"),
        List.of(depthwise(3), "depthwise(3)"),
        List.of(depthwise(3, 5).multiplier(2).stride(2, 1).reflect().same().noBias(),
            "depthwise(3, 5).multiplier(2).stride(2, 1).same().reflect().noBias()"),
        List.of(separable(8, 3).same(), "separable(8, 3).same()"),
        List.of(separable(8, 3, 5).pointwiseFirst().multiplier(2).dilation(2),
            "separable(8, 3, 5).multiplier(2).pointwiseFirst().dilation(2)"),
        List.of(spatiallySeparable(8, 7).padding(sides(1, 2)), "spatiallySeparable(8, 7).padding(sides(1, 2))"),
        List.of(convTransposed(8, 4).stride(2).padding(1), "convTransposed(8, 4).stride(2).padding(1)"),
        List.of(convTransposed(8, 3).stride(2).same().outputPadding(0).groups(2).initializer(Initializer.zeros()),
            "convTransposed(8, 3).outputPadding(0).groups(2).stride(2).same().initializer(zeros())"),
        List.of(locallyConnected(16, 9), "locallyConnected(16, 9)"),
        List.of(locallyConnected(16, 7).stride(2).full().circular(), "locallyConnected(16, 7).stride(2).full()"
            + ".circular()"),
        List.of(tiledConv(16, 5), "tiledConv(16, 5)"),
        List.of(tiledConv(16, 5).regions(2), "tiledConv(16, 5).regions(2)"),
        List.of(tiledConv(16, 5).regions(3, 4).same(), "tiledConv(16, 5).regions(3, 4).same()"),
        List.of(tiledConv(16, 5, 3).tiles(3, 2).causal(), "tiledConv(16, 5, 3).tiles(3, 2).causal()"));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void textIsSource(List<Object> sample) {
    assertEquals(sample.get(1), sample.get(0).toString());
    assertEquals(sample.get(0), Architecture.parse(sample.get(1).toString()));
  }

  private static Shape shape(Layer layer, int... input) {
    return Model.of(input(input), layer).outputShape();
  }

  @Test void oneLayerServesOneTwoAndThreeAxes() {
    for (Layer layer : List.of(depthwise(3).multiplier(2), separable(6, 3), separable(6, 3).pointwiseFirst(),
        spatiallySeparable(6, 3), locallyConnected(6, 3), tiledConv(6, 3))) {
      assertEquals(Shape.of(6, 7), shape(layer, 3, 9), layer.toString());
      assertEquals(Shape.of(6, 7, 5), shape(layer, 3, 9, 7), layer.toString());
      assertEquals(Shape.of(6, 7, 5, 2), shape(layer, 3, 9, 7, 4), layer.toString());
    }
    assertEquals(Shape.of(6, 11), shape(convTransposed(6, 3), 3, 9));
    assertEquals(Shape.of(6, 11, 9), shape(convTransposed(6, 3), 3, 9, 7));
    assertEquals(Shape.of(6, 11, 9, 6), shape(convTransposed(6, 3), 3, 9, 7, 4));
  }

  @Test void separableWeightsAreThoseOfBothOrders() {
    // H·W·C + C·K and (H·W + C)·K against H·W·C·K.
    assertEquals(3 * 5 * 7 + 7 * 11, Model.of(input(7, 9, 9), separable(11, 3, 5).noBias()).weightCount());
    assertEquals((3 * 5 + 7) * 11, Model.of(input(7, 9, 9), separable(11, 3, 5).pointwiseFirst().noBias())
        .weightCount());
    assertEquals(3 * 5 * 7 * 11, Model.of(input(7, 9, 9), conv(11, 3, 5).noBias()).weightCount());
    assertEquals(3 * 7 * 11 + 5 * 11 * 11, Model.of(input(7, 9, 9), spatiallySeparable(11, 3, 5).noBias())
        .weightCount());
    assertEquals(11, Model.of(input(7, 9, 9), separable(11, 3)).weights().tensor("separable1.pointwise.bias").shape()
        .dim(0));
  }

  @Test void depthwiseConvolvesEachChannelAlone() {
    Model model = Model.of(input(2, 4, 5), depthwise(2, 3).multiplier(2)).initialize(3);
    Tensor w = model.weights().tensor("depthwise1.weight");
    assertEquals(Shape.of(4, 1, 2, 3), w.shape());
    Tensor x = LayerRuns.random(Shape.of(1, 2, 4, 5), 4);
    double[] y = LayerRuns.infer(model, x);
    double sum = 0;
    for (int h = 0; h < 2; h++) {
      for (int v = 0; v < 3; v++) {
        sum += (double) x.at(0, 1, 1 + h, 2 + v) * w.at(3, 0, h, v);
      }
    }
    assertEquals(sum, y[(3 * 3 + 1) * 3 + 2], 1e-9);
  }

  @Test void transposedConvolutionLaysKernelsOverEachOther() {
    Model model = Model.of(input(2, 2, 3), convTransposed(3, 4, 2).stride(3, 2).dilation(1, 2).noBias()).initialize(1);
    assertEquals(Shape.of(3, 7, 7), model.outputShape());
    Tensor w = model.weights().tensor("convTransposed1.weight");
    Tensor x = LayerRuns.random(Shape.of(1, 2, 2, 3), 2);
    double[] expected = new double[3 * 7 * 7];
    for (int c = 0; c < 2; c++) {
      for (int i = 0; i < 6; i++) {
        for (int k = 0; k < 3; k++) {
          for (int t = 0; t < 8; t++) {
            expected[(k * 7 + i / 3 * 3 + t / 2) * 7 + i % 3 * 2 + t % 2 * 2] +=
                (double) x.at(0, c, i / 3, i % 3) * w.at(c, k, t / 2, t % 2);
          }
        }
      }
    }
    assertArrayEquals(expected, LayerRuns.infer(model, x), 1e-6);
  }

  @Test void transposedSizes() {
    assertEquals(Shape.of(1, 7, 7), shape(convTransposed(1, 4).stride(3), 1, 2, 2));
    assertEquals(Shape.of(1, 8, 8), shape(convTransposed(1, 4).stride(2).padding(1), 1, 4, 4));
    assertEquals(Shape.of(1, 8, 8), shape(convTransposed(1, 3).stride(2).same(), 1, 4, 4));
    assertEquals(Shape.of(1, 7, 7), shape(convTransposed(1, 3).stride(2).same().outputPadding(0), 1, 4, 4));
    assertEquals(Shape.of(1, 8, 7), shape(convTransposed(1, 3).stride(2).padding(1).outputPadding(1, 0), 1, 4, 4));
    // (in − 1) · stride + dilation · (k − 1) + 1 − padding + outputPadding, whatever a convolution makes of it is `in`.
    for (int in = 1; in < 9; in++) {
      for (int k = 1; k < 6; k++) {
        for (int s = 1; s < 4; s++) {
          for (int d = 1; d < 4; d++) {
            for (int o = 0; o < s; o++) {
              int out = (in - 1) * s + d * (k - 1) + 1 + o;
              assertEquals(Shape.of(1, out),
                  shape(convTransposed(1, k).stride(s).dilation(d).outputPadding(o), 1, in));
              assertEquals(Shape.of(1, in), shape(conv(1, k).stride(s).dilation(d), 1, out));
            }
          }
        }
      }
    }
  }

  @Test void transposedGroupsStayApart() {
    Model model = Model.of(input(4, 3), convTransposed(6, 2).groups(2).noBias()).initialize(1);
    assertEquals(Shape.of(4, 3, 2), model.parameters().getFirst().shape());
    Tensor x = Tensor.of(Shape.of(1, 4, 3), 1, 2, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0);
    double[] y = LayerRuns.infer(model, x);
    for (int i = 12; i < 24; i++) {
      assertEquals(0, y[i]);
    }
  }

  /// A picture's cell with its border as told.
  private static double cell(Tensor x, int h, int w, String border) {
    int rows = x.shape().dim(2);
    int columns = x.shape().dim(3);
    int i = switch (border) {
      case "reflect" -> h < 0 ? -h : h >= rows ? 2 * (rows - 1) - h : h;
      case "replicate" -> Math.min(Math.max(h, 0), rows - 1);
      default -> Math.floorMod(h, rows);
    };
    int j = switch (border) {
      case "reflect" -> w < 0 ? -w : w >= columns ? 2 * (columns - 1) - w : w;
      case "replicate" -> Math.min(Math.max(w, 0), columns - 1);
      default -> Math.floorMod(w, columns);
    };
    return x.at(0, 0, i, j);
  }

  @Test void bordersAndTurnedKernels() {
    Tensor x = LayerRuns.random(Shape.of(1, 1, 4, 6), 7);
    for (String border : List.of("reflect", "replicate", "circular")) {
      for (boolean turned : new boolean[] {false, true}) {
        Convolution layer = conv(1, 3, 5).padding(sides(2, 1), sides(3, 0)).stride(1, 2).noBias();
        layer = switch (border) {
          case "reflect" -> layer.reflect();
          case "replicate" -> layer.replicate();
          default -> layer.circular();
        };
        Model model = Model.of(input(1, 4, 6), turned ? layer.turned() : layer).initialize(5);
        Tensor w = model.weights().tensor("conv1.weight");
        assertEquals(Shape.of(1, 5, 3), model.outputShape());
        double[] y = LayerRuns.infer(model, x);
        for (int p = 0; p < 15; p++) {
          double sum = 0;
          for (int t = 0; t < 15; t++) {
            sum += cell(x, p / 3 + t / 5 - 2, p % 3 * 2 + t % 5 - 3, border)
                * (turned ? w.at(0, 0, 2 - t / 5, 4 - t % 5) : w.at(0, 0, t / 5, t % 5));
          }
          assertEquals(sum, y[p], 1e-6, border + p);
        }
      }
    }
  }

  @Test void aTrueConvolutionTurnsItsKernel() {
    // A single bright pixel through a kernel: cross-correlation gives the kernel turned, true convolution as it is.
    Model plain = Model.of(input(1, 5, 5), conv(1, 3).noBias());
    Tensor kernel = Tensor.of(Shape.of(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Tensor x = Tensor.zeros(Shape.of(1, 1, 5, 5));
    x.data()[12] = 1;
    assertArrayEquals(new double[] {9, 8, 7, 6, 5, 4, 3, 2, 1},
        LayerRuns.infer(plain.withWeights(Weights.of(Map.of("conv1.weight", kernel))), x));
    Model turned = Model.of(input(1, 5, 5), conv(1, 3).turned().noBias());
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9},
        LayerRuns.infer(turned.withWeights(Weights.of(Map.of("conv1.weight", kernel))), x));
  }

  @Test void dilatedBordersSeeWhatTheyShould() {
    assertEquals("5×5", Model.of(input(1, 9, 9), conv(1, 3).dilation(2)).summary().rows().getLast().field());
    assertEquals("5×5", Model.of(input(1, 9, 9), conv(1, 3).dilation(2).same().reflect()).summary().rows().getLast()
        .field());
    assertEquals(9, Model.of(input(1, 9, 9), conv(1, 3).dilation(2).noBias()).weightCount());
    assertEquals("5×5", Model.of(input(1, 9, 9), locallyConnected(1, 3), tiledConv(1, 3)).summary().rows().getLast()
        .field());
  }

  @Test void oneTileIsAConvolution() {
    Tensor x = LayerRuns.random(Shape.of(2, 3, 7, 6), 1);
    Model tiled = Model.of(input(3, 7, 6), tiledConv(4, 3, 2).tiles(1).stride(2, 1).same()).initialize(1);
    Model shared = Model.of(input(3, 7, 6), conv(4, 3, 2).stride(2, 1).same());
    Tensor w = tiled.weights().tensor("tiledConv1.weight");
    assertEquals(Shape.of(1, 1, 3, 3, 2, 4), w.shape());
    Tensor turned = Tensor.zeros(Shape.of(4, 3, 3, 2));
    for (int i = 0; i < turned.data().length; i++) {
      turned.data()[i] = w.data()[i % 18 * 4 + i / 18];
    }
    Tensor bias = LayerRuns.random(Shape.of(4), 2);
    tiled = tiled.withWeights(tiled.weights().with("tiledConv1.bias", bias.reshape(Shape.of(4, 1, 1))));
    shared = shared.withWeights(Weights.of(Map.of("conv1.weight", turned)).with("conv1.bias", bias));
    assertArrayEquals(LayerRuns.infer(shared, x), LayerRuns.infer(tiled, x), 1e-9);
    LayerRuns.Gradients own = LayerRuns.gradients(tiled, x);
    LayerRuns.Gradients other = LayerRuns.gradients(shared, x);
    assertArrayEquals(other.input(), own.input(), 1e-9);
    assertArrayEquals(other.weight("conv1.bias"), own.weight("tiledConv1.bias"), 1e-9);
    for (int i = 0; i < turned.data().length; i++) {
      assertEquals(other.weight("conv1.weight")[i], own.weight("tiledConv1.weight")[i % 18 * 4 + i / 18], 1e-9);
    }
  }

  @Test void asManyTilesAsPlacesAreLocallyConnected() {
    Tensor x = LayerRuns.random(Shape.of(2, 3, 7, 6), 1);
    Model local = Model.of(input(3, 7, 6), locallyConnected(4, 3, 2).dilation(2, 1)).initialize(1);
    Tensor bias = LayerRuns.random(Shape.of(4, 3, 5), 2);
    local = local.withWeights(local.weights().with("locallyConnected1.bias", bias));
    for (int tiles : new int[] {5, 9}) {
      Model tiled = Model.of(input(3, 7, 6), tiledConv(4, 3, 2).dilation(2, 1).tiles(tiles));
      tiled = tiled.withWeights(Weights.of(Map.of("tiledConv1.weight",
          local.weights().tensor("locallyConnected1.weight"))).with("tiledConv1.bias", bias));
      assertArrayEquals(LayerRuns.infer(local, x), LayerRuns.infer(tiled, x));
      LayerRuns.Gradients own = LayerRuns.gradients(tiled, x);
      LayerRuns.Gradients other = LayerRuns.gradients(local, x);
      assertArrayEquals(other.input(), own.input());
      assertArrayEquals(other.weight("locallyConnected1.weight"), own.weight("tiledConv1.weight"));
      assertArrayEquals(other.weight("locallyConnected1.bias"), own.weight("tiledConv1.bias"));
    }
  }

  @Test void tiledWeightsLieBetweenSharedAndOwn() {
    assertEquals(2 * 3 * 9 * 5 * 8 + 2 * 3 * 8, Model.of(input(5, 9, 9), tiledConv(8, 3).tiles(2, 3)).weightCount());
    assertEquals(Shape.of(8, 2, 3), Model.of(input(5, 9, 9), tiledConv(8, 3).tiles(2, 3)).parameters().getLast()
        .shape());
    Model tiled = Model.of(input(1, 7), tiledConv(2, 1).tiles(3)).initialize(1);
    double[] y = LayerRuns.infer(tiled.withWeights(tiled.weights().with("tiledConv1.bias",
        Tensor.of(Shape.of(2, 3), 1, 2, 3, 10, 20, 30))), Tensor.zeros(Shape.of(1, 1, 7)));
    assertArrayEquals(new double[] {1, 2, 3, 1, 2, 3, 1, 10, 20, 30, 10, 20, 30, 10}, y);
  }

  @Test void neighboursInARegionShareTheirWeights() {
    assertEquals(3 * 2 * (40 * 9 * 60) + 3 * 2 * 60, Model.of(input(40, 8, 6), tiledConv(60, 3).regions(2))
        .weightCount());
    Model regions = Model.of(input(1, 7), tiledConv(2, 1).regions(3)).initialize(1);
    double[] y = LayerRuns.infer(regions.withWeights(regions.weights().with("tiledConv1.bias",
        Tensor.of(Shape.of(2, 3), 1, 2, 3, 10, 20, 30))), Tensor.zeros(Shape.of(1, 1, 7)));
    assertArrayEquals(new double[] {1, 1, 1, 2, 2, 2, 3, 10, 10, 10, 20, 20, 20, 30}, y);
    // A region as large as the maps is a convolution, one of a single place a locally connected layer.
    Tensor x = LayerRuns.random(Shape.of(2, 3, 6, 5), 4);
    Model one = Model.of(input(3, 6, 5), tiledConv(4, 3).regions(9)).initialize(2);
    Model same = Model.of(input(3, 6, 5), tiledConv(4, 3).tiles(1)).initialize(2);
    assertArrayEquals(LayerRuns.infer(same, x), LayerRuns.infer(one, x), 1e-12);
    Model own = Model.of(input(3, 6, 5), locallyConnected(4, 3));
    assertEquals(own.weightCount(), Model.of(input(3, 6, 5), tiledConv(4, 3).regions(1)).weightCount());
  }

  @Test void aMillionUnitsInFourWays() {
    assertEquals(1_000_000_000_000L,
        Model.of(input(1, 1000, 1000), flatten(), Layers.dense(1_000_000).noBias()).weightCount());
    assertEquals(100_000_000L,
        Model.of(input(1, 1000, 1000), locallyConnected(1, 10).same().noBias()).weightCount());
    assertEquals(100, Model.of(input(1, 1000, 1000), conv(1, 10).same().noBias()).weightCount());
    assertEquals(400, Model.of(input(1, 1000, 1000), tiledConv(1, 10).same().noBias()).weightCount());
    // One bias per depth slice where weights are shared, one per unit where they are not.
    assertEquals(101, Model.of(input(1, 1000, 1000), conv(1, 10).same()).weightCount());
    assertEquals(101_000_000L, Model.of(input(1, 1000, 1000), locallyConnected(1, 10).same()).weightCount());
  }

  @Test void localWeightsStartFromTheFansOfOnePlace() {
    float[] w = Model.of(input(4, 20, 20), locallyConnected(8, 5)).weights().tensor("locallyConnected1.weight").data();
    double sum = 0;
    for (float v : w) {
      sum += (double) v * v;
    }
    assertEquals(1.0 / (3 * 4 * 25), sum / w.length, 1e-4);
  }

  private static String refused(Layer layer, int... input) {
    return assertThrows(ShapeException.class, () -> Model.of(input(input), layer)).getMessage();
  }

  @Test void c1TheInputHasAsManyAxesAsTheWindow() {
    assertEquals("""
        depthwise 'depthwise1' cannot take its input.
          C1: the input is batch × channels × 2 spatial axes; received N × 3 × 9.
          Give one number for all axes, or one per spatial axis.""", refused(depthwise(3, 3), 3, 9));
    assertEquals("""
        locallyConnected 'locallyConnected1' cannot take its input.
          C1: the input is batch × channels × 1 to 3 spatial axes; received N × 9.
          Put it before flatten().""", refused(locallyConnected(3, 3), 9));
  }

  @Test void c2NumbersArePositive() {
    for (Runnable wrong : List.<Runnable>of(() -> depthwise(3).multiplier(0), () -> separable(0, 3),
        () -> spatiallySeparable(0, 3), () -> convTransposed(0, 3), () -> locallyConnected(0, 3),
        () -> tiledConv(3, 3).tiles(0))) {
      String[] lines = assertThrows(IllegalArgumentException.class, wrong::run).getMessage().split("\n");
      assertEquals(3, lines.length);
      assertEquals("  C2: ", lines[1].substring(0, 6));
    }
    assertEquals("""
        tiledConv 'tiledConv1' cannot take its input.
          C2: there is one number of sets for all axes, or one per axis; received [2, 3] for N × 1 × 9.
          Give one number, or one per spatial axis.""", refused(tiledConv(3, 3).tiles(2, 3), 1, 9));
  }

  @Test void c3GroupsDivideChannelsAndFilters() {
    assertEquals("""
        convTransposed 'convTransposed1' cannot take its input.
          C3: groups = 2 must divide channels and filters, but the input is N × 3 × 9 and there are 4 filters.
          Use a number of groups that divides both.""", refused(convTransposed(4, 3).groups(2), 3, 9));
  }

  @Test void c4OutputPaddingIsLessThanTheStride() {
    assertEquals("""
        convTransposed 'convTransposed1' cannot take its input.
          C4: the output padding is from 0 to stride − 1, one for all axes or one per axis; received [2] for 3 stride 2.
          Use less output padding or a larger stride.""",
        refused(convTransposed(4, 3).stride(2).outputPadding(2), 3, 9));
  }

  @Test void c5WindowsFit() {
    assertEquals("""
        convTransposed 'convTransposed1' cannot take its input.
          C5: the padding leaves at least one output cell; received 3 pad 2 for N × 3 × 2.
          Use less padding or a larger input.""", refused(convTransposed(4, 3).padding(2), 3, 2));
    assertEquals("""
        locallyConnected 'locallyConnected1' cannot take its input.
          C5: the window fits into the padded input; received 5 for N × 3 × 4.
          Use a smaller kernel, more padding, or a larger input.""", refused(locallyConnected(4, 5), 3, 4));
  }

  @Test void c6ReflectedBordersAreNarrowerThanTheInput() {
    assertEquals("""
        conv 'conv1' cannot take its input.
          C6: a reflected border is narrower than the input; received 4 and 4 cells for 4 along spatial axis 0 of \
        N × 3 × 4.
          Pad by less, or use replicate() or circular().""", refused(conv(4, 5).full().reflect(), 3, 4));
  }

  @Test void c7WeightsCanBeCounted() {
    assertEquals("""
        locallyConnected 'locallyConnected1' cannot take its input.
          C7: the number of weights fits in 63 bits; received N × 1000000 × 1000000 × 1000000.
          Pool or stride before it.""", refused(locallyConnected(1_000_000, 2), 1_000_000, 1_000_000, 1_000_000));
  }
}
