package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.nn.Input;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Tuning;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.TrainingGraph;
import org.junit.jupiter.api.Test;

/// Kernels that are chosen by timing.
class TuningTest {
  private static final Model MODEL = Model.of(new Input(Shape.of(16, 12, 12)), Layers.conv(16, 3).same(), Layers.relu(),
      Layers.conv(16, 3).same(), Layers.flatten(), Layers.dense(10)).initialize(3);
  private static final Graph STEP = TrainingGraph.of(MODEL, Loss.crossEntropy(), Optimizer.sgd(0.1), 1);
  private static final int BATCH = 4;

  private static Plan plan(Tuning tuning) {
    return Compiler.compile(STEP, BATCH, Target.best().tuned(tuning));
  }

  @Test void whatIsKnownIsNotTimedAgainAndGivesTheSamePlan() {
    List<Tuning.Found> found = new ArrayList<>();
    Tuning first = Tuning.of(Map.of(), 2, found::add);
    Plan plan = plan(first);
    // Forward, both gradients and products: each kind of them has candidates.
    assertTrue(found.size() >= 4, found.toString());
    assertEquals(found.size(), first.choices().size());
    for (Tuning.Found f : found) {
      assertEquals(f.kernel(), first.choices().get(f.task()));
      assertTrue(f.timings().contains(f.kernel()) && f.timings().contains(", "), f.toString());
    }
    List<Tuning.Found> again = new ArrayList<>();
    Plan same = plan(Tuning.of(first.choices(), 2, again::add));
    assertEquals(List.of(), again);
    assertEquals(plan.toString(), same.toString());
  }

  @Test void aChoiceIsFollowedWhateverTheEstimateSays() {
    Map<String, String> choices = new LinkedHashMap<>(Timed.CHOICES);
    String estimate = Compiler.compile(STEP, BATCH, Target.best()).toString();
    assertFalse(estimate.contains("winograd"), estimate);
    choices.replaceAll((task, kernel) -> candidates(task).stream().filter(k -> !k.contains("winograd")).findFirst()
        .orElse(kernel));
    assertFalse(plan(Tuning.of(choices, 2, _ -> {
    })).toString().contains("winograd"));
    choices.replaceAll((task, kernel) -> candidates(task).stream().filter(k -> k.startsWith("winograd")).findFirst()
        .orElse(kernel));
    assertTrue(plan(Tuning.of(choices, 2, _ -> {
    })).toString().contains("winograd"));
  }

  @Test void aKernelThatNoLongerExistsIsTimedAnew() {
    Map<String, String> choices = new LinkedHashMap<>(Timed.CHOICES);
    choices.replaceAll((task, kernel) -> "of an older version");
    List<Tuning.Found> found = new ArrayList<>();
    Tuning tuning = Tuning.of(choices, 2, found::add);
    plan(tuning);
    assertEquals(choices.size(), found.size());
    assertFalse(tuning.choices().containsValue("of an older version"));
  }

  @Test void resultsAreThoseOfTheEstimate() {
    double expected = loss(Compiler.compile(STEP, BATCH, Target.best()));
    assertEquals(expected, loss(plan(timed())), 1e-4 * expected);
  }

  /// The loss after a step.
  private static double loss(Plan plan) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    MODEL.weights().tensors().forEach((name, tensor) -> state.put(name, tensor.copy()));
    STEP.parameters().forEach(p -> state.computeIfAbsent(p.name(), _ -> Tensor.zeros(p.shape())));
    Shape shape = MODEL.input().shape().prepend(BATCH);
    Map<String, Tensor> given = Map.of("x", new Exact(shape, new Draw(4).numbers(shape, Values.SIGNED)).toTensor(),
        "classes", Tensor.of(Shape.of(BATCH), 1, 3, 0, 9), "rate", Tensor.scalar(0.05f));
    try (Workers workers = Workers.of(2)) {
      Session session = new Session(plan, state, workers);
      session.run(given);
      return session.run(given).get("loss").data()[0];
    }
  }

  @Test void exactTargetsTimeNoAlgorithmsThatRoundMore() {
    Plan plan = Compiler.compile(STEP, BATCH, Target.best().exact().tuned(Tuning.of(2)));
    assertFalse(plan.toString().contains("winograd"));
    assertFalse(Compiler.compile(STEP, BATCH, Target.best().tuned(timed()).exact()).toString()
        .contains("winograd"));
  }

  @Test void threadsAreChecked() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Tuning.of(0)).getMessage().contains("1 to 1024"));
  }

  /// Choices that were timed once, for all tests that do not ask how.
  private static final class Timed {
    private static final Map<String, String> CHOICES = choices();

    private static Map<String, String> choices() {
      Tuning tuning = Tuning.of(2);
      plan(tuning);
      return tuning.choices();
    }
  }

  private static Tuning timed() {
    return Tuning.of(Timed.CHOICES, 2, _ -> {
    });
  }

  private static List<String> candidates(String task) {
    return List.of(task.substring(task.lastIndexOf(": ") + 2).split(", "));
  }
}
