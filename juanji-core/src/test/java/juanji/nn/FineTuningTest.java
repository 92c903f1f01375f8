package juanji.nn;

import static juanji.nn.Layers.auxiliary;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.unscoped;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// What becomes of a trained network that goes on with something else.
class FineTuningTest {
  private static final Model NET = Model.of(input(2, 6, 6),
      conv(3, 3).same().named("stem"), batchNorm().named("bn"), relu(),
      chain(residual(chain(conv(3, 1).named("conv1"), batchNorm().named("bn1")), conv(3, 1)).named("0"), relu(),
          chain(conv(2, 1).named("squeeze"), unscoped(concat(conv(2, 1).named("left"), conv(3, 3).same()))).named("1"))
          .named("layer1"),
      auxiliary(chain(globalAvgPool(), flatten(), dense(4)), 0.3).named("aux"),
      globalAvgPool(), flatten(), dense(4).named("fc")).initialize(5);

  private static List<String> names(Model model) {
    return model.parameters().stream().map(Declaration::name).toList();
  }

  private static List<String> trained(Model model) {
    return model.parameters().stream().filter(Declaration::trainable).map(Declaration::name).toList();
  }

  @Test void unscopedLayersOpenNoScope() {
    assertEquals(List.of("layer1.1.squeeze.weight", "layer1.1.squeeze.bias", "layer1.1.left.weight",
        "layer1.1.left.bias", "layer1.1.conv1.weight", "layer1.1.conv1.bias"),
        names(NET).stream().filter(n -> n.startsWith("layer1.1")).toList());
  }

  @Test void freezingLeavesNamesAndOtherLayersAlone() {
    Model frozen = NET.freeze(path -> path.equals("stem") || path.equals("layer1.0"));
    assertEquals(names(NET), names(frozen));
    assertEquals(trained(NET).stream().filter(n -> !n.startsWith("stem") && !n.startsWith("layer1.0.")).toList(),
        trained(frozen));
    assertEquals(NET.weights(), frozen.weights());
    assertEquals(frozen.toString(), Architecture.model(frozen.toString()).toString());
    assertEquals(names(NET), names(NET.freeze(path -> path.endsWith("layer1.0.shortcut"))));
    var e = assertThrows(IllegalArgumentException.class, () -> NET.freeze("stam"::equals));
    assertTrue(e.getMessage().startsWith("nothing of the network can be frozen.\n"
        + "  C1: there is a layer of that name; the layers are stem, bn, relu1, layer1, layer1.0, "), e.getMessage());
  }

  @Test void frozenNormsNormaliseByTheirStatistics() {
    Model frozen = NET.freezeNorms();
    assertEquals(names(NET), names(frozen));
    assertEquals(trained(NET).stream().filter(n -> !n.startsWith("bn") && !n.contains(".bn1")).toList(),
        trained(frozen));
    assertTrue(frozen.graph(true, 0).updates().isEmpty());
    assertFalse(NET.graph(true, 0).updates().isEmpty());
  }

  @Test void aNewHeadIsFreshAndTheRestStays() {
    Model trainedNet = NET.withWeights(NET.weights());
    Model other = trainedNet.withClasses(7);
    assertEquals("fc", NET.head());
    assertEquals(Shape.of(7), other.outputShape());
    assertSame(trainedNet.weights().tensor("stem.weight"), other.weights().tensor("stem.weight"));
    assertEquals(Shape.of(7, 5), other.weights().tensor("fc.weight").shape());
    Model same = trainedNet.withClasses(4);
    assertNotEquals(trainedNet.initialize(5), same);
    Model plain = Model.of(input(2, 6, 6), conv(5, 3).noBias(), globalAvgPool(), flatten());
    assertEquals(Shape.of(9), plain.withClasses(9).outputShape());
    assertEquals("fc", trainedNet.replace("fc", dense(3).noBias()).head());
    var e = assertThrows(IllegalArgumentException.class, () -> NET.replace("fd", dense(3)));
    assertTrue(e.getMessage().startsWith("the network has no layer 'fd' to replace.\n"), e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> Model.of(input(2), relu()).head());
    assertTrue(e.getMessage().startsWith("the network has no head.\n  C1: "), e.getMessage());
  }

  @Test void auxiliaryHeadsCountInTrainingOnly() {
    for (boolean training : List.of(false, true)) {
      GraphBuilder b = new GraphBuilder();
      Node x = b.input("x", NET.input().shape().batched());
      Trace trace = NET.trace(b, x, training, 0).trace();
      assertEquals(training ? List.of(0.3) : List.of(),
          trace.auxiliaries().stream().map(Trace.Scores::weight).toList());
    }
    assertTrue(names(NET).contains("aux.dense1.weight"));
    assertFalse(NET.graph().parameters().stream().anyMatch(p -> p.name().startsWith("aux")));
    var e = assertThrows(IllegalArgumentException.class, () -> auxiliary(relu(), -1));
    assertEquals("an auxiliary head cannot count -1.0 times.\n"
        + "  C1: the weight is finite and at least 0; received -1.0.\n  Use 0.3.", e.getMessage());
    var f = assertThrows(IllegalArgumentException.class, () -> Model.of(input(2, 3, 3), auxiliary(relu(), 1)));
    assertTrue(f.getMessage().contains("C2: the head gives one score per class; received N × 2 × 3 × 3."),
        f.getMessage());
  }

  @Test void aChainIsCutBehindUnscopedLayers() {
    assertEquals(Shape.of(5, 6, 6), NET.upTo("layer1.1").outputShape());
    var e = assertThrows(IllegalArgumentException.class, () -> NET.upTo("layer1.1.left"));
    assertTrue(e.getMessage().startsWith("the network cannot be cut at"), e.getMessage());
  }
}
