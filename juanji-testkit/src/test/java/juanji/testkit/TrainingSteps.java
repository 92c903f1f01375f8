package juanji.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import juanji.nn.Model;
import juanji.op.Exact;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Optimizer;

/// A few steps of a training on drawn numbers, to compare what plans of one training graph do.
final class TrainingSteps {
  /// Classes are drawn from so many.
  private static final int CLASSES = 10;

  private TrainingSteps() {
  }

  /// Trains a copy of a model's weights. Working memory is full of NaN before the first step, and of large numbers
  /// before the others.
  ///
  /// @return the parameters after the last step, by name, and each step's loss as `loss 0`, `loss 1`, …
  static Map<String, Tensor> run(Model model, Plan plan, Optimizer optimizer, int steps, int threads) {
    Map<String, Tensor> state = new LinkedHashMap<>();
    model.weights().tensors().forEach((name, tensor) -> state.put(name, tensor.copy()));
    plan.graph().parameters().forEach(p -> state.computeIfAbsent(p.name(), _ -> Tensor.zeros(p.shape())));
    Draw draw = new Draw(7);
    try (Workers workers = Workers.of(threads)) {
      Session session = new Session(plan, state, workers);
      for (int step = 0; step < steps; step++) {
        Map<String, Tensor> given = new LinkedHashMap<>();
        Shape shape = model.input().shape().prepend(plan.batch());
        given.put("x", new Exact(shape, draw.numbers(shape, Values.SIGNED)).toTensor());
        given.put("classes", classes(plan.batch()));
        given.put("rate", Tensor.scalar((float) optimizer.rate()));
        given.put("step", Tensor.scalar(step));
        optimizer.scalars(step + 1).forEach((name, value) -> given.put(name, Tensor.scalar(value)));
        session.poison(step == 0 ? Float.NaN : 1e30f);
        state.put("loss " + step, session.run(given).get("loss"));
      }
    }
    return state;
  }

  private static Tensor classes(int batch) {
    float[] classes = new float[batch];
    for (int i = 0; i < batch; i++) {
      classes[i] = (3 * i + 1) % CLASSES;
    }
    return Tensor.of(Shape.of(batch), classes);
  }
}
