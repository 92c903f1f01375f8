package juanji.nn;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.frozen;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ModelTest {
  private static final Model LENET = SampleNetworks.lenet5(Shape.of(1, 28, 28), 10);

  private static List<String> names(Model model) {
    return model.parameters().stream().map(Declaration::name).toList();
  }

  @Test void lenetHasThePublishedNumberOfWeights() {
    assertEquals(61_706, LENET.weightCount());
    assertEquals(Shape.of(10), LENET.outputShape());
    assertEquals(List.of("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "dense1.weight", "dense1.bias",
        "dense2.weight", "dense2.bias", "dense3.weight", "dense3.bias"), names(LENET));
    assertEquals(Shape.of(16, 6, 5, 5), LENET.parameters().get(2).shape());
    assertEquals(Shape.of(120, 400), LENET.parameters().get(4).shape());
  }

  @Test void theDocumentedExampleHasItsWeights() {
    assertEquals(47_206, Model.of(input(1, 28, 28), conv(6, 5).same(), relu(), flatten(), dense(10)).weightCount());
  }

  @Test void anotherInputKeepsTheWeights() {
    Model any = Model.of(input(3, 8, 8), conv(4, 3).named("stem"), globalAvgPool(), flatten(), dense(2));
    Model trained = any.withWeights(any.initialize(7).weights());
    Model wider = trained.withInput(Shape.of(3, 31, 17));
    assertEquals(Shape.of(3, 31, 17), wider.input().shape());
    assertEquals(trained.weights(), wider.weights());
    Model fixed = LENET.withWeights(LENET.weights());
    var e = assertThrows(WeightsException.class, () -> fixed.withInput(Shape.of(1, 32, 32)));
    assertEquals(List.of("dense1.weight: 120 × 400 instead of 120 × 576"), e.mismatched());
    assertEquals(Shape.of(120, 576), LENET.withInput(Shape.of(1, 32, 32)).parameters().get(4).shape());
  }

  @Test void countingAllocatesNothing() {
    Model huge = Model.of(input(3, 1000, 1000), flatten(), dense(1_000_000).noBias());
    assertEquals(3_000_000_000_000L, huge.weightCount());
  }

  @Test void groupingLayersRenamesNothing() {
    Model plain = Model.of(input(3, 9, 9), conv(4, 3), relu(), conv(5, 3), flatten(), dense(2));
    Model grouped = Model.of(input(3, 9, 9), chain(conv(4, 3), chain(relu(), conv(5, 3))), flatten().then(dense(2)));
    assertEquals(plain, grouped);
    assertEquals(names(plain), names(grouped));
  }

  @Test void scopesAndNamesMakePaths() {
    Model model = Model.of(input(3, 9, 9),
        chain(conv(4, 3).named("0"), relu().named("1"), batchNorm()).named("features"),
        concat(conv(2, 1).then(relu()), conv(3, 1)).named("mixed.0"),
        residual(conv(5, 3).same(), conv(5, 1).noBias()));
    assertEquals(List.of("features.0.weight", "features.0.bias", "features.batchNorm1.weight",
        "features.batchNorm1.bias", "features.batchNorm1.running_mean", "features.batchNorm1.running_var",
        "mixed.0.conv1.weight", "mixed.0.conv1.bias", "mixed.0.conv2.weight", "mixed.0.conv2.bias",
        "residual1.conv1.weight", "residual1.conv1.bias", "residual1.shortcut.weight"), names(model));
  }

  @Test void c1TwoLayersOfOneNameAreRefused() {
    var e = assertThrows(IllegalArgumentException.class,
        () -> Model.of(input(3, 9, 9), conv(4, 3).named("a"), conv(4, 3).named("a")));
    assertEquals("""
        two layers are named 'a'.
          C1: a name stands for one layer of its scope; received conv(4, 3).named("a").
          Name one of them differently.""", e.getMessage());
  }

  @Test void errorsNameTheLayer() {
    var e = assertThrows(ShapeException.class,
        () -> Model.of(input(6, 9, 9), conv(9, 3).groups(3), concat(conv(8, 1).groups(4))));
    assertEquals("""
        conv 'concat1.conv1' cannot take its input.
          C3: groups = 4 must divide the channels, but there are 9 in N × 9 × 7 × 7.
          Use 1 group, or change the previous layer's filters.""", e.getMessage());
    var dense = assertThrows(ShapeException.class, () -> Model.of(input(6, 9, 9), conv(9, 3), dense(4)));
    assertTrue(dense.getMessage().startsWith("dense 'dense1' cannot take its input.\n  C2: "), dense.getMessage());
  }

  @Test void decayLeavesBiasesAndNormalisationsAlone() {
    Model model = Model.of(input(3, 9, 9), conv(4, 3), batchNorm(), flatten(), dense(2), frozen(dense(3)));
    assertEquals(List.of("conv1.weight", "dense1.weight"),
        model.parameters().stream().filter(Declaration::decays).map(Declaration::name).toList());
    assertEquals(List.of("conv1.weight", "conv1.bias", "batchNorm1.weight", "batchNorm1.bias", "dense1.weight",
        "dense1.bias"), model.parameters().stream().filter(Declaration::trainable).map(Declaration::name).toList());
    assertEquals(List.of("batchNorm1.running_mean", "batchNorm1.running_var"),
        model.parameters().stream().filter(Declaration::state).map(Declaration::name).toList());
  }

  @Test void weightsDependOnSeedAndNameAlone() {
    Model one = LENET.initialize(7);
    assertEquals(one.weights(), LENET.initialize(7).weights());
    assertNotEquals(one.weights(), LENET.initialize(8).weights());
    Model longer = Model.of(input(1, 28, 28), batchNorm(), conv(6, 5).same()).initialize(7);
    assertArrayEquals(one.weights().tensor("conv1.weight").data(), longer.weights().tensor("conv1.weight").data());
    assertSame(one.weights(), one.weights());
  }

  @Test void initializersHaveTheirVariance() {
    Shape shape = Shape.of(64, 32, 3, 5);
    double in = 32 * 15;
    double both = in + 64 * 15;
    Map<Initializer, Double> variances = new LinkedHashMap<>(Map.of(Initializer.heNormal(), 2 / in,
        Initializer.heUniform(), 2 / in, Initializer.xavierNormal(), 2 / both, Initializer.xavierUniform(), 2 / both,
        Initializer.fanInUniform(), 1 / (3 * in)));
    variances.forEach((initializer, expected) -> {
      float[] values = initializer.weights(shape, 3, "a").data();
      double mean = 0;
      double square = 0;
      for (float v : values) {
        mean += v / values.length;
        square += (double) v * v / values.length;
      }
      assertEquals(0, mean, 0.03 * Math.sqrt(expected), initializer.toString());
      assertEquals(expected, square, 0.03 * expected, initializer.toString());
    });
  }

  @Test void c1WeightsAreThoseOfTheNetwork() {
    Weights weights = LENET.weights();
    Map<String, Tensor> changed = new LinkedHashMap<>(weights.tensors());
    changed.remove("conv1.bias");
    changed.put("extra", Tensor.scalar(1));
    changed.put("dense3.bias", Tensor.zeros(Shape.of(9)));
    var e = assertThrows(WeightsException.class, () -> LENET.withWeights(Weights.of(changed)));
    assertEquals(List.of("conv1.bias"), e.missing());
    assertEquals(List.of("extra"), e.unexpected());
    assertEquals(List.of("dense3.bias: 9 instead of 10"), e.mismatched());
    assertEquals("""
        the weights do not fit the network.
          C1: names and shapes are the network's; received 1 missing (conv1.bias); 1 unexpected (extra); \
        1 of another shape (dense3.bias: 9 instead of 10).
          Use the weights of this architecture, or the architecture of these weights.""", e.getMessage());
    assertEquals(LENET, LENET.withWeights(weights));
  }

  @Test void whatIsCutOffIsForgotten() {
    Model whole = Model.of(input(2, 8, 8), conv(3, 3), globalAvgPool(), flatten(), dense(4)).initialize(5);
    Model trained = whole.withWeights(whole.weights().with("dense1.weight", Tensor.full(Shape.of(4, 3), 2)));
    Model trunk = trained.upTo("conv1");
    assertEquals(Shape.of(3, 11, 7), trunk.withInput(Shape.of(2, 13, 9)).outputShape());
    assertArrayEquals(whole.weights().tensor("conv1.weight").data(), trunk.weights().tensor("conv1.weight").data());
    Model other = trunk.then(globalAvgPool(), flatten(), dense(4));
    assertArrayEquals(whole.weights().tensor("dense1.weight").data(), other.weights().tensor("dense1.weight").data(),
        "a new layer of the same name and shape is fresh");
  }

  @Test void cuttingAndGoingOnKeepWeights() {
    Model base = LENET.initialize(5);
    Model trained = base.withWeights(base.weights().with("conv1.bias", Tensor.full(Shape.of(6), 2)));
    Model trunk = trained.upTo("conv2");
    assertEquals(Shape.of(16, 10, 10), trunk.outputShape());
    Model other = trunk.then(flatten(), dense(3));
    assertEquals(List.of("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "dense1.weight", "dense1.bias"),
        names(other));
    assertEquals(2, other.weights().tensor("conv1.bias").at(0));
    assertEquals(List.of("dense1.weight", "dense1.bias"), trunk.freeze().then(flatten(), dense(3)).parameters()
        .stream().filter(Declaration::trainable).map(Declaration::name).toList());
  }

  @Test void cuttingReachesIntoNamedChainsButNotIntoBranches() {
    Model model = Model.of(input(3, 9, 9), chain(conv(4, 3), relu(), conv(5, 3)).named("features"),
        concat(conv(1, 1), conv(2, 1)));
    assertEquals(Shape.of(4, 7, 7), model.upTo("features.relu1").outputShape());
    assertEquals(List.of("features.conv1.weight", "features.conv1.bias"), names(model.upTo("features.conv1")));
    var branch = assertThrows(IllegalArgumentException.class, () -> model.upTo("concat1.conv2"));
    assertTrue(branch.getMessage().contains("C2: "), branch.getMessage());
    var absent = assertThrows(IllegalArgumentException.class, () -> model.upTo("conv9"));
    assertTrue(absent.getMessage().contains("C1: there is a layer of that name; the layers are features, concat1."),
        absent.getMessage());
  }

  @Test void trainingGraphsUpdateStatisticsUnlessFrozen() {
    Model model = Model.of(input(3, 9, 9), conv(4, 3), batchNorm());
    assertEquals(2, model.graph(true, 0).updates().size());
    assertTrue(model.graph().updates().isEmpty());
    assertTrue(model.freeze().graph(true, 0).updates().isEmpty());
    assertFalse(model.graph(true, 0).toString().isEmpty());
  }
}
