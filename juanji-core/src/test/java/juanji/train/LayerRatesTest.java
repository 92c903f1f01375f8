package juanji.train;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.op.Composite;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class LayerRatesTest {
  private static final Model NET = Model.of(input(1, 4, 4), conv(2, 3).named("a"), relu(), conv(3, 2).named("ab"),
      flatten(), dense(2).named("fc")).initialize(9);

  private static Map<String, Tensor> after(Optimizer optimizer, int count) {
    Tensor x = Tensor.zeros(Shape.of(3, 1, 4, 4));
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (i * 7 % 11 - 5) / 5f;
    }
    Tensor wanted = Tensor.of(Shape.of(3, 2), 1, 0, 0, 1, -1, 2);
    try (Workers workers = Workers.all()) {
      Steps steps = Steps.of(NET, optimizer, (b, y) -> b.apply(new Composite.MeanSquaredError(), y,
          b.input("wanted", Shape.of(2).batched())), 1, workers);
      for (int i = 0; i < count; i++) {
        steps.step(Map.of("x", x, "wanted", wanted));
      }
      return steps.model().weights().tensors();
    }
  }

  @Test void factorsMultiplyTheRate() {
    Map<String, Double> factors = new LinkedHashMap<>(Map.of("a", 0.25, "fc", 0.0));
    Map<String, Tensor> plain = after(Optimizer.sgd(0.1), 1);
    Map<String, Tensor> slow = after(Optimizer.sgd(0.025), 1);
    Map<String, Tensor> mixed = after(Optimizer.sgd(0.1).layerRates(factors), 1);
    assertArrayEquals(slow.get("a.weight").data(), mixed.get("a.weight").data(), 1e-6f);
    assertArrayEquals(plain.get("ab.weight").data(), mixed.get("ab.weight").data());
    assertArrayEquals(NET.weights().tensor("fc.weight").data(), mixed.get("fc.weight").data());
  }

  @Test void theyHoldForEveryOptimizerAndItsAverages() {
    Map<String, Double> still = Map.of("ab", 0.0);
    for (Optimizer o : new Optimizer[] {Optimizer.adam(0.01), Optimizer.adamW(0.01).average(0.9),
        Optimizer.sgd(0.1).momentum(0.9).clipNorm(1), Optimizer.lars(1)}) {
      Map<String, Tensor> moved = after(o.layerRates(still), 3);
      assertArrayEquals(NET.weights().tensor("ab.weight").data(), moved.get("ab.weight").data(), 1e-6f,
          o.toString());
      assertArrayEquals(after(o, 1).get("a.bias").data(), after(o.layerRates(still), 1).get("a.bias").data());
    }
    assertEquals("sgd(0.1).layerRates({ab=0.0})", Optimizer.sgd(0.1).layerRates(still).toString());
    assertEquals(0.2, Optimizer.sgd(0.1).layerRates(still).rate(0.2).rate());
  }

  @Test void c1FactorsAndPathsAreChecked() {
    var e = assertThrows(IllegalArgumentException.class, () -> Optimizer.sgd(0.1).layerRates(Map.of("a", -1.0)));
    assertEquals("the layer 'a' cannot learn -1.0 times as fast.\n"
        + "  C1: factors are finite and at least 0; received -1.0.\n"
        + "  Use a factor such as 0.1, or freeze the layer.", e.getMessage());
    e = assertThrows(IllegalArgumentException.class, () -> after(Optimizer.sgd(0.1).layerRates(Map.of("b", 1.0)), 1));
    assertTrue(e.getMessage().startsWith("no layer 'b' is trained.\n  C1: rates are given for layers with trained "
        + "weights; received 'b', the weights are a.weight, a.bias, ab.weight, "), e.getMessage());
  }

  @Test void stepsLowerTheLossAndLeaveTheModelAlone() {
    Weights before = NET.weights();
    Tensor x = Tensor.full(Shape.of(2, 1, 4, 4), 0.5f);
    Tensor wanted = Tensor.of(Shape.of(2, 2), 1, 0, 1, 0);
    try (Workers workers = Workers.all()) {
      Steps steps = Steps.of(NET, Optimizer.sgd(0.05).momentum(0.9), (b, y) -> b.apply(
          new Composite.MeanSquaredError(), y, b.input("wanted", Shape.of(2).batched())), 1, workers);
      double first = steps.step(Map.of("x", x, "wanted", wanted));
      double last = first;
      for (int i = 0; i < 50; i++) {
        last = steps.step(Map.of("x", x, "wanted", wanted));
      }
      assertTrue(last < first / 10, first + " to " + last);
      assertEquals(NET.initialize(9).weights(), before);
      steps.rateFactor(0);
      Weights kept = steps.model().weights();
      steps.step(Map.of("x", x, "wanted", wanted));
      assertEquals(kept, steps.model().weights());
      var e = assertThrows(IllegalArgumentException.class, () -> steps.step(Map.of("wanted", wanted)));
      assertEquals("a step needs samples.\n  C1: a tensor is given as 'x'; received [wanted].\n"
          + "  Give one with a batch axis in front.", e.getMessage());
    }
  }
}
