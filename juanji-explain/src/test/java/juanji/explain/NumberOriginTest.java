package juanji.explain;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.roiAlign;
import static juanji.nn.Layers.roiPool;
import static juanji.nn.Layers.softmax;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.RegionPooling;
import juanji.nn.Weights;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.LayerCheck;
import juanji.testkit.LayerSamples;
import org.junit.jupiter.api.Test;

/// A number is the sum of the products that are shown.
final class NumberOriginTest {
  private static final Set<String> SUMS = Set.of("conv", "depthwise", "separable", "spatiallySeparable",
      "convTransposed", "locallyConnected", "tiledConv", "dense", "batchNorm", "maxPool", "avgPool", "sumPool",
      "globalAvgPool", "globalMaxPool", "globalSumPool", "adaptiveAvgPool", "adaptiveMaxPool", "spatialPyramid",
      "flatten", "identity", "dropout", "channelDropout", "dropBlock", "reshape", "permute", "slice", "pad", "crop",
      "padChannels", "pixelShuffle", "pixelUnshuffle", "channelShuffle", "resize", "upsample", "relu", "prelu",
      "leakyRelu");

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
    Tensor x = Tensor.of(Shape.of(1, 3), 1, -0.5f, 0.2f);
    NumberOrigin share = NumberOrigin.of(Model.of(input(3), softmax()), "softmax1", new int[] {1}, x,
        TrainedDigits.WORKERS);
    assertFalse(share.linear());
    assertTrue(share.toString().contains("the layer is not linear: weights are slopes at this input"));
    NumberOrigin word = NumberOrigin.of(Model.of(input(4), embedding(5, 2)), "embedding1", new int[] {1, 2},
        Tensor.of(Shape.of(1, 4), 0, 1, 2, 3), TrainedDigits.WORKERS);
    assertTrue(word.toString().contains("looked up or chosen"), word.toString());
  }

  /// What is added to the products is the shift of a normalisation, or what the layers inside add.
  @Test void whatLayersAddIsTheirBias() {
    NumberOrigin norm = NumberOrigin.of(TrainedDigits.MODEL, "batchNorm1", new int[] {1, 9, 9}, TrainedDigits.digit(3),
        TrainedDigits.WORKERS);
    assertEquals(1, norm.terms().size());
    assertTrue(norm.linear() && norm.bias() != 0, norm.toString());
    assertEquals(0, norm.remainder(), 1e-6);
    Model two = Model.of(input(2, 6, 6), residual(chain(conv(2, 3).same(), conv(2, 3).same()))).initialize(1);
    Map<String, Tensor> weights = new LinkedHashMap<>(two.weights().tensors());
    weights.replaceAll((name, t) -> name.endsWith("bias") ? Tensor.full(t.shape(), 0.7f) : t);
    NumberOrigin sum = NumberOrigin.of(two.withWeights(Weights.of(weights)), "residual1", new int[] {1, 3, 3},
        Tensor.full(Shape.of(1, 2, 6, 6), 0.3f), TrainedDigits.WORKERS);
    assertTrue(sum.linear() && Math.abs(sum.bias()) > 0.1, sum.toString());
    assertEquals(50, sum.terms().size());
  }

  @Test void c3ofRegionsNamesTheInputThatIsMissing() {
    Model model = Model.of(input(2, 8, 8), conv(3, 3).same(), roiAlign(2, 2), flatten(), dense(2)).initialize(1);
    Tensor x = Tensor.full(Shape.of(1, 2, 8, 8), 0.5f);
    assertTrue(NumberOrigin.of(model, "conv1", new int[] {1, 4, 4}, x, TrainedDigits.WORKERS).linear());
    assertEquals("the numbers of layer 'roiAlign1' cannot be traced.\n  C3: what leads to the layer is given, of one "
        + "row; 'regions' of 1 × 5 does, too, and received none.\n  Give one row of 'regions', or name a layer that it "
        + "does not lead to.", assertThrows(IllegalArgumentException.class, () ->
            NumberOrigin.of(model, "roiAlign1", new int[] {1, 0, 0}, x, TrainedDigits.WORKERS)).getMessage());
  }

  @Test void numbersBehindRegionsComeFromTheRegion() {
    for (Layer pooling : List.of(roiAlign(2, 3), roiPool(2, 3))) {
      Model model = Model.of(input(2, 9, 11), conv(3, 3).same(), pooling, flatten(), dense(2)).initialize(1);
      Tensor x = Tensor.zeros(Shape.of(1, 2, 9, 11));
      for (int i = 0; i < x.data().length; i++) {
        x.data()[i] = (float) Math.sin(1 + i);
      }
      Map<String, Tensor> region = Map.of(RegionPooling.REGIONS, Tensor.of(Shape.of(1, 5), 0, 2, 1, 7, 5));
      NumberOrigin bin = NumberOrigin.of(model, pooling.kind() + "1", new int[] {1, 0, 2}, x, region,
          TrainedDigits.WORKERS);
      assertTrue(bin.linear(), bin.toString());
      assertEquals(bin.value(), bin.sum(), 1e-5);
      assertEquals(1, bin.terms().stream().mapToDouble(NumberOrigin.Term::weight).sum(), 1e-5);
      assertTrue(bin.terms().stream().allMatch(t -> t.place().getFirst() == 1 && t.place().get(1) <= 4
          && t.place().get(2) >= 4), bin.toString());
      NumberOrigin score = NumberOrigin.of(model, "dense1", new int[] {1}, x, region, TrainedDigits.WORKERS);
      assertEquals(18, score.terms().size());
      assertEquals(score.value(), score.sum() + score.bias(), 1e-5);
    }
  }

  /// Any number of any kind of layer has an origin, and that of a sum of products is one.
  @Test void everyKindOfLayerHasOrigins() {
    Set<String> summed = new TreeSet<>();
    for (Layer kind : LayerSamples.kinds()) {
      for (LayerCheck check : LayerSamples.of(kind)) {
        Model model = check.model();
        List<String> paths = Probe.paths(model);
        // Regions come as a second input; see numbersBehindRegionsComeFromTheRegion.
        if (paths.isEmpty() || kind instanceof RegionPooling) {
          continue;
        }
        String path = paths.getLast();
        Shape out = Probe.places(model).getLast().output().shape().sample();
        int[] place = new int[out.rank()];
        for (int i = 0; i < place.length; i++) {
          place[i] = out.dim(i) / 2;
        }
        Tensor x = Tensor.zeros(model.input().shape().prepend(1));
        for (int i = 0; i < x.data().length; i++) {
          x.data()[i] = kind.kind().equals("embedding") ? i % 2 : (float) (0.6 + Math.sin(1 + i));
        }
        NumberOrigin origin = NumberOrigin.of(model, path, place, x, TrainedDigits.WORKERS);
        assertFalse(origin.drawing().svg(path).isEmpty());
        String name = path.replaceAll("[0-9]+$", "");
        if (SUMS.contains(name)) {
          summed.add(name);
          assertTrue(origin.linear(), check.layer() + " on " + check.sample() + "\n" + origin);
          assertEquals(origin.value(), origin.sum() + origin.bias(), 1e-4 * (1 + Math.abs(origin.value())));
        }
      }
    }
    assertTrue(summed.size() > 25, "found are only " + summed);
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
