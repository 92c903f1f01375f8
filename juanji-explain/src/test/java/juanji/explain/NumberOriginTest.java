package juanji.explain;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// A number is the sum of the products that are shown.
final class NumberOriginTest {
  @Test void everyLinearLayerAddsUp() {
    Tensor digit = TrainedDigits.digit(3);
    for (String path : List.of("conv1", "conv2", "conv3", "dense1", "globalAvgPool1", "maxPool1")) {
      int[] place = path.equals("dense1") ? new int[] {4} : path.startsWith("global") ? new int[] {2, 0, 0}
          : new int[] {5, 6, 4};
      NumberOrigin origin = NumberOrigin.of(TrainedDigits.MODEL, path, place, digit, TrainedDigits.WORKERS);
      assertTrue(origin.linear(), path + " " + origin.remainder());
      assertTrue(origin.drawing().svg(path).contains("Σ x·w"), path);
    }
  }

  @Test void termsAreTheWeightsTimesTheWindow() {
    Tensor digit = TrainedDigits.digit(3);
    NumberOrigin origin = NumberOrigin.of(TrainedDigits.MODEL, "conv1", new int[] {7, 10, 12}, digit,
        TrainedDigits.WORKERS);
    Tensor weight = TrainedDigits.MODEL.weights().tensor("conv1.weight");
    assertEquals(25, origin.terms().size());
    for (NumberOrigin.Term t : origin.terms()) {
      int r = t.place().get(1);
      int c = t.place().get(2);
      assertEquals(weight.at(7, 0, r - 8, c - 10), t.weight(), 1e-6);
      assertEquals(digit.at(0, 0, r, c), t.x(), 1e-6);
    }
    assertTrue(origin.toString().startsWith("conv1 [7, 10, 12] of conv(8, 5).same() = "), origin.toString());
    assertTrue(origin.toString().contains("(the number, to rounding)"));
  }

  @Test void otherKindsOfConvolutionAddUp() {
    for (Layer layer : List.of(convTransposed(2, 3).stride(2), locallyConnected(2, 3), conv(2, 3).groups(2))) {
      Model model = Model.of(input(2, 5, 6), layer);
      Tensor x = Tensor.zeros(Shape.of(1, 2, 5, 6));
      for (int i = 0; i < 60; i++) {
        x.data()[i] = (float) Math.cos(i);
      }
      assertTrue(NumberOrigin.of(model, layer.kind() + "1", new int[] {1, 2, 3}, x, TrainedDigits.WORKERS).linear(),
          layer.toString());
    }
  }

  @Test void whatIsNotLinearSaysSo() {
    NumberOrigin norm = NumberOrigin.of(TrainedDigits.MODEL, "batchNorm1", new int[] {1, 9, 9}, TrainedDigits.digit(3),
        TrainedDigits.WORKERS);
    assertEquals(1, norm.terms().size());
    assertFalse(norm.linear() && Math.abs(norm.remainder()) > 1e-3);
  }

  @Test void c1c2nameWhatThereIs() {
    String layer = assertThrows(IllegalArgumentException.class, () -> NumberOrigin.of(TrainedDigits.FRESH, "conv9",
        new int[] {0}, TrainedDigits.digit(0), TrainedDigits.WORKERS)).getMessage();
    assertTrue(layer.startsWith("the network has no layer 'conv9'.\n  C1: a layer's path; the layers are conv1, "),
        layer);
    String place = assertThrows(IllegalArgumentException.class, () -> NumberOrigin.of(TrainedDigits.FRESH, "conv1",
        new int[] {0, 28, 0}, TrainedDigits.digit(0), TrainedDigits.WORKERS)).getMessage();
    assertEquals("the layer 'conv1' has no such number.\n  C2: its output is 8 × 28 × 28, counted from 0; received "
        + "[0, 28, 0].\n  Give an index below each extent, such as [0, 0, 0].", place);
  }
}
