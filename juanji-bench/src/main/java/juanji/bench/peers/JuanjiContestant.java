package juanji.bench.peers;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import juanji.graph.Graph;
import juanji.nn.Model;
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
    Session checked = session(workload.checked().get());
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
