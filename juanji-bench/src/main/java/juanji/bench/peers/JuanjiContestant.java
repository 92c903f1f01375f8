package juanji.bench.peers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import juanji.graph.Graph;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.TrainingGraph;

/// This library.
final class JuanjiContestant implements Contestant {
  private static final int CHECKED_STEPS = 4;
  private static final int TRIALS = 3;
  private static final float ROUNDING = 1.2e-7f;

  private final Workload workload;
  private final Target target;
  private final Workers workers;
  private final Map<String, Tensor> given = new HashMap<>();
  private final Model network;
  private Session session;
  private Plan plan;
  private int steps;

  JuanjiContestant(Workload workload, Target target, int threads) {
    this.workload = workload;
    this.target = target;
    this.workers = Workers.of(threads);
    this.network = workload.model().get();
    given.put("x", workload.input(network));
    if (workload.training()) {
      given.put("classes", workload.classes(network));
      given.put("rate", Tensor.scalar(0.01f));
    }
  }

  private Session session(Model model) {
    Graph graph = workload.training()
        ? TrainingGraph.of(model, Loss.crossEntropy(), Optimizer.sgd(0.01).momentum(0.9), 1) : model.graph();
    plan = Compiler.compile(graph, workload.batch(), target);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    if (workload.training()) {
      // A model's weights are a value, and a training changes them.
      model.weights().tensors().forEach((name, tensor) -> parameters.put(name, tensor.copy()));
    } else {
      parameters.putAll(model.weights().tensors());
    }
    plan.graph().parameters().forEach(p -> parameters.computeIfAbsent(p.name(), _ -> Tensor.zeros(p.shape())));
    return new Session(plan, parameters, workers);
  }

  @Override public float[] check() {
    return check(workload.checked().get());
  }

  /// How far the numbers of [#check] move if each weight is moved by about one rounding, up or down by chance: the most
  /// of a few trials. Where a network magnifies such a difference within a step or two, as normalisation over few
  /// values does and each ReLU whose input rounds to the other side of 0, no two systems can agree more closely.
  float[] sensitivity() {
    float[] plain = check();
    float[] most = new float[plain.length];
    for (int trial = 0; trial < TRIALS; trial++) {
      Random random = new Random(trial);
      Model model = workload.checked().get();
      Map<String, Tensor> moved = new LinkedHashMap<>();
      model.weights().tensors().forEach((name, tensor) -> {
        Tensor copy = tensor.copy();
        for (int i = 0; i < copy.data().length; i++) {
          copy.data()[i] *= random.nextBoolean() ? 1 + ROUNDING : 1 - ROUNDING;
        }
        moved.put(name, copy);
      });
      float[] values = check(model.withWeights(Weights.of(moved)));
      for (int i = 0; i < most.length; i++) {
        most[i] = Math.max(most[i], Math.abs(values[i] - plain[i]));
      }
    }
    return most;
  }

  private float[] check(Model model) {
    steps = 0;
    Session checked = session(model);
    if (!workload.training()) {
      return step(checked).get("y").data();
    }
    float[] losses = new float[CHECKED_STEPS];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = step(checked).get("loss").data()[0];
    }
    return losses;
  }

  private Map<String, Tensor> step(Session on) {
    if (workload.training()) {
      given.put("step", Tensor.scalar(steps++));
    }
    return on.run(given);
  }

  @Override public String[] settings() {
    return new String[] {"as it is"};
  }

  @Override public void choose(int setting) {
    if (session == null) {
      session = session(network);
    }
  }

  @Override public void run() {
    step(session);
  }

  /// Nanoseconds of each step of the plan.
  long[] time() {
    if (workload.training()) {
      given.put("step", Tensor.scalar(steps++));
    }
    return session.time(given);
  }

  /// The plan, once a setting has been chosen.
  Plan plan() {
    return plan;
  }

  @Override public double flops() {
    return plan.flops();
  }

  @Override public String version() {
    return "Juanji on " + target + ", " + workers.threads() + " threads";
  }

  @Override public void close() {
    workers.close();
  }
}
