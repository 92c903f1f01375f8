package juanji.nn;

import static juanji.nn.Layers.channelShuffle;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.multiply;
import static juanji.nn.Layers.pad;
import static juanji.nn.Layers.permute;
import static juanji.nn.Layers.pixelShuffle;
import static juanji.nn.Layers.pixelUnshuffle;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.reshape;
import static juanji.nn.Layers.resize;
import static juanji.nn.Layers.slice;
import static juanji.nn.Layers.split;
import static juanji.nn.Layers.upsample;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RearrangementTest {
  static Stream<List<Object>> sources() {
    return Stream.of(
        List.of(reshape(3, -1), "reshape(3, -1)"),
        List.of(permute(2, 1), "permute(2, 1)"),
        List.of(slice(1, 0, 3), "slice(1, 0, 3)"),
        List.of(pad(2), "pad(2)"),
        List.of(pad(2, 1).reflect(), "pad(2, 1).reflect()"),
        List.of(pad(2).circular(), "pad(2).circular()"),
        List.of(pad(2).replicate(), "pad(2).replicate()"),
        List.of(split(identity(), conv(3, 1)), "split(identity(), conv(3, 1))"),
        List.of(multiply(identity(), globalAvgPool()), "multiply(identity(), globalAvgPool())"),
        List.of(resize(7, 9), "resize(7, 9)"),
        List.of(resize(7).byNearest(), "resize(7).byNearest()"),
        List.of(upsample(2), "upsample(2)"),
        List.of(upsample(2, 3).linear().alignCorners(), "upsample(2, 3).linear().alignCorners()"),
        List.of(pixelShuffle(2), "pixelShuffle(2)"),
        List.of(pixelUnshuffle(2), "pixelUnshuffle(2)"),
        List.of(channelShuffle(3), "channelShuffle(3)"),
        List.of(embedding(100, 8), "embedding(100, 8)"));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void textIsSource(List<Object> sample) {
    assertEquals(sample.get(1), sample.get(0).toString());
    assertEquals(sample.get(0), Architecture.parse(sample.get(1).toString()));
  }

  private static Tensor counting(int... extents) {
    Tensor x = Tensor.zeros(Shape.of(extents));
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = i;
    }
    return x;
  }

  private static double[] infer(Tensor x, Layer... layers) {
    return LayerRuns.infer(Model.of(input(x.shape().sample().toArray()), layers), x);
  }

  @Test void elementsMove() {
    Tensor x = counting(1, 2, 3);
    assertEquals(Shape.of(3, 2), Model.of(input(2, 3), reshape(3, -1)).outputShape());
    assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5}, infer(x, permute(2, 1)));
    assertArrayEquals(new double[] {1, 2, 4, 5}, infer(x, slice(2, 1, 3)));
    assertArrayEquals(new double[] {0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 5, 0}, infer(x, pad(2, 1)));
    assertArrayEquals(new double[] {2, 1, 0, 1, 2, 1, 5, 4, 3, 4, 5, 4}, infer(x, pad(2, 1).reflect()));
    assertArrayEquals(new double[] {0, 0, 0, 1, 2, 2, 3, 3, 3, 4, 5, 5}, infer(x, pad(2, 1).replicate()));
    assertArrayEquals(new double[] {1, 2, 0, 1, 2, 0, 4, 5, 3, 4, 5, 3}, infer(x, pad(2, 1).circular()));
  }

  @Test void branchesTakePartsOrAreMultiplied() {
    Tensor x = Tensor.of(Shape.of(1, 2, 3), -1, 2, -3, -4, 5, -6);
    assertArrayEquals(new double[] {-1, 2, -3, 0, 5, 0}, infer(x, split(identity(), relu())));
    assertArrayEquals(new double[] {1, 4, 9, 16, 25, 36}, infer(x, multiply(identity(), identity())));
    double a = -2.0 / 3;
    double b = -5.0 / 3;
    assertArrayEquals(new double[] {-a, 2 * a, -3 * a, -4 * b, 5 * b, -6 * b},
        infer(x, multiply(identity(), globalAvgPool())), 1e-12);
  }

  @Test void channelsBecomeArea() {
    Tensor x = counting(1, 8, 2, 3);
    double[] y = infer(x, pixelShuffle(2));
    for (int c = 0; c < 2; c++) {
      for (int h = 0; h < 4; h++) {
        for (int w = 0; w < 6; w++) {
          assertEquals(x.at(0, c * 4 + h % 2 * 2 + w % 2, h / 2, w / 2), y[(c * 4 + h) * 6 + w]);
        }
      }
    }
    double[] back = infer(x, pixelShuffle(2), pixelUnshuffle(2));
    for (int i = 0; i < back.length; i++) {
      assertEquals(i, back[i]);
    }
    assertEquals(Shape.of(3, 8), Model.of(input(6, 4), pixelShuffle(2)).outputShape());
    assertEquals(Shape.of(48, 2, 1, 3), Model.of(input(6, 4, 2, 6), pixelUnshuffle(2)).outputShape());
  }

  @Test void groupsTakeTurns() {
    assertArrayEquals(new double[] {0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11}, infer(counting(1, 6, 2), channelShuffle(2)));
  }

  @Test void sizesChangeByTheNearestCell() {
    assertArrayEquals(new double[] {0, 0, 1, 1, 2, 2}, infer(counting(1, 1, 3), upsample(2)));
    assertArrayEquals(new double[] {1, 4}, infer(counting(1, 1, 6), resize(2).byNearest()));
    assertArrayEquals(new double[] {0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3}, infer(counting(1, 1, 2, 2),
        upsample(2)));
  }

  @Test void sizesChangeByInterpolation() {
    assertArrayEquals(new double[] {0, 0.25, 0.75, 1}, infer(counting(1, 1, 2), upsample(2).linear()), 1e-7);
    assertArrayEquals(new double[] {0, 1 / 3.0, 2 / 3.0, 1}, infer(counting(1, 1, 2),
        upsample(2).linear().alignCorners()), 1e-7);
    assertArrayEquals(new double[] {0.5, 2.5}, infer(counting(1, 1, 4), resize(2)), 1e-7);
    Tensor x = LayerRuns.random(Shape.of(1, 2, 5, 4), 1);
    double[] y = infer(x, resize(7, 9));
    for (int i = 0; i < y.length; i++) {
      double h = Math.min(Math.max((i / 9 % 7 + 0.5) * 5 / 7 - 0.5, 0), 4);
      double w = Math.min(Math.max((i % 9 + 0.5) * 4 / 9 - 0.5, 0), 3);
      int c = i / 63;
      double sum = 0;
      for (int a = 0; a < 5; a++) {
        for (int b = 0; b < 4; b++) {
          sum += x.at(0, c, a, b) * Math.max(0, 1 - Math.abs(h - a)) * Math.max(0, 1 - Math.abs(w - b));
        }
      }
      assertEquals(sum, y[i], 1e-6);
    }
  }

  @Test void tokensBecomeVectors() {
    Model model = Model.of(input(4), embedding(5, 3)).initialize(1);
    assertEquals(Shape.of(3, 4), model.outputShape());
    Tensor table = model.weights().tensor("embedding1.weight");
    double[] y = LayerRuns.infer(model, Tensor.of(Shape.of(2, 4), 0, 4, 4, -1, 2, 2, 2, 5));
    for (int d = 0; d < 3; d++) {
      assertEquals(table.at(4, d), y[d * 4 + 2]);
      assertEquals(0, y[d * 4 + 3]);
      assertEquals(table.at(2, d), y[12 + d * 4 + 1]);
    }
    double[] gradient = LayerRuns.gradients(model, Tensor.of(Shape.of(1, 4), 4, 1, 4, 4)).weight("embedding1.weight");
    for (int d = 0; d < 3; d++) {
      assertEquals(0, gradient[d]);
      assertEquals(table.at(1, d), gradient[3 + d], 1e-6);
      assertEquals(3 * table.at(4, d), gradient[12 + d], 1e-6);
    }
  }

  private static String refused(Layer layer, int... input) {
    return assertThrows(ShapeException.class, () -> Model.of(input(input), layer)).getMessage();
  }

  @Test void c1InputsFit() {
    assertEquals("""
        reshape 'reshape1' cannot take its input.
          C1: a sample keeps its 6 elements, and at most one extent is -1; received [4, -1] for N × 2 × 3.
          Give extents whose product is 6.""", refused(reshape(4, -1), 2, 3));
    assertEquals("""
        permute 'permute1' cannot take its input.
          C1: the order names each axis from 1 to 2 once; received [0, 1] for N × 2 × 3.
          Name every axis but the batch once.""", refused(permute(0, 1), 2, 3));
    assertEquals("""
        slice 'slice1' cannot take its input.
          C1: the axis is from 1 to 2; received 0 for N × 2 × 3.
          Name one of the input's axes other than the batch.""", refused(slice(0, 0, 1), 2, 3));
    assertEquals("""
        channelShuffle 'channelShuffle1' cannot take its input.
          C1: the groups divide the channels; received 4 for N × 6 × 2.
          Use a number of groups that divides the channels.""", refused(channelShuffle(4), 6, 2));
    assertEquals("""
        embedding 'embedding1' cannot take its input.
          C1: the input is batch × length; received N × 2 × 3.
          Give token ids.""", refused(embedding(5, 2), 2, 3));
    assertEquals("""
        multiply 'multiply1' cannot take its input.
          C1: both branches have equal extents, or 1; received N × 2 × 3 and N × 3 × 2.
          Give a number per channel, such as globalAvgPool() makes, or equal shapes.""",
        refused(multiply(identity(), permute(2, 1)), 2, 3));
  }

  @Test void c2ArgumentsFit() {
    assertEquals("""
        slice 'slice1' cannot take its input.
          C2: 0 ≤ from < to ≤ 3; received 1 and 4 for axis 2 of N × 2 × 3.
          Cut inside the input.""", refused(slice(2, 1, 4), 2, 3));
    assertEquals("""
        pad 'pad1' cannot take its input.
          C2: the border is 0 or more cells, and narrower than the input where it is reflected; received 3 and 3 for \
        axis 2 of N × 2 × 3.
          Pad by less, or use replicate() or circular().""", refused(pad(3).reflect(), 2, 3));
    assertEquals("""
        split 'split1' cannot take its input.
          C2: 2 branches divide the channels evenly; received N × 3 × 2.
          Use a number of branches that divides the channels.""", refused(split(identity(), identity()), 3, 2));
    assertEquals("""
        pixelShuffle 'pixelShuffle1' cannot take its input.
          C2: the factor is from 1 to 1024 and divides the channels once per spatial axis; received 2 for N × 6 × 2 × 2.
          Use another factor, or another number of channels, such as 4.""", refused(pixelShuffle(2), 6, 2, 2));
    assertThrows(IllegalArgumentException.class, () -> resize(0));
    assertThrows(IllegalArgumentException.class, () -> embedding(0, 1));
    assertThrows(IllegalArgumentException.class, () -> split());
  }
}
