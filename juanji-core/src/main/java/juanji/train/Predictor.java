package juanji.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import juanji.graph.Graph;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Runs a model on batches of any size. Thread-safe: calls wait for each other.
///
/// ```java
/// try (Workers workers = Workers.all()) {
///   Predictor predictor = Predictor.of(model, workers);
///   Tensor probabilities = predictor.probabilities(batch);   // N × K
/// }
/// ```
public final class Predictor {
  /// Plans are kept for this many batch sizes; a rarely used size is planned again.
  private static final int PLANS = 4;

  private final Graph graph;
  private final Map<String, Tensor> weights;
  private final Target target;
  private final Workers workers;
  private final Shape sample;
  private final Map<Map<String, Integer>, Session> sessions = new LinkedHashMap<>(PLANS, 0.75f, true) {
    private static final long serialVersionUID = 1;

    @Override protected boolean removeEldestEntry(Map.Entry<Map<String, Integer>, Session> eldest) {
      return size() > PLANS;
    }
  };

  private Predictor(Model model, Target target, Workers workers) {
    this.graph = model.graph();
    this.weights = model.weights().tensors();
    this.target = target;
    this.workers = workers;
    this.sample = model.input().shape();
  }

  /// A predictor with the best kernels at hand.
  public static Predictor of(Model model, Workers workers) {
    return new Predictor(model, Target.best(), workers);
  }

  /// A predictor with the given kernels.
  public static Predictor of(Model model, Target target, Workers workers) {
    return new Predictor(model, target, workers);
  }

  /// The network's outputs.
  ///
  /// @param batch N × sample, N at least 1
  /// @return N × the model's output shape
  public Tensor scores(Tensor batch) {
    return scores(batch, Map.of());
  }

  /// The outputs of a network that takes more than its samples, such as the `regions` of roiPool and roiAlign.
  ///
  /// @param batch N × sample, N at least 1
  /// @param others the other inputs by their names; their first extents may differ from N
  public synchronized Tensor scores(Tensor batch, Map<String, Tensor> others) {
    Shape shape = batch.shape();
    if (shape.rank() != sample.rank() + 1 || !shape.sample().equals(sample) || shape.dim(0) < 1) {
      throw new IllegalArgumentException("the network cannot take this batch.\n"
          + "  C1: a batch is 1 or more samples of " + sample + "; received " + shape + ".\n"
          + "  Resize the samples, or reshape a single one to " + sample.prepend(1) + ".");
    }
    Map<String, Integer> sizes = new TreeMap<>();
    others.forEach((name, tensor) -> sizes.put(name, tensor.shape().rank() == 0 ? 1 : tensor.shape().dim(0)));
    Map<String, Integer> key = new TreeMap<>(sizes);
    key.put("x", shape.dim(0));
    Session session = sessions.computeIfAbsent(key,
        _ -> new Session(Compiler.compile(graph, shape.dim(0), sizes, target), weights, workers));
    Map<String, Tensor> given = new LinkedHashMap<>(others);
    given.put("x", batch);
    return session.run(given).get("y");
  }

  /// The outputs as probabilities: softmax over the last axis.
  ///
  /// @param batch N × sample
  /// @return N × classes, each row summing to 1
  public Tensor probabilities(Tensor batch) {
    Tensor scores = scores(batch);
    int classes = scores.shape().dim(-1);
    float[] p = scores.data();
    for (int row = 0; row < p.length; row += classes) {
      softmax(p, row, classes);
    }
    return scores;
  }

  private static void softmax(float[] p, int from, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + n; i++) {
      max = Math.max(max, p[i]);
    }
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      p[i] = (float) StrictMath.exp(p[i] - max);
      sum += p[i];
    }
    for (int i = from; i < from + n; i++) {
      p[i] = (float) (p[i] / sum);
    }
  }

  /// Says that the model's weights were changed.
  synchronized void refresh() {
    sessions.values().forEach(Session::refresh);
  }
}
