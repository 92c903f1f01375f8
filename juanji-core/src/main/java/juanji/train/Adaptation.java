package juanji.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import juanji.data.Dataset;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A trained model, used to samples of another kind without being told their classes: the running statistics of its
/// batch normalisations become those of the new samples, and nothing else changes.
///
/// What differs between cameras, microphones, rooms or speakers moves and scales what layers give, channel by channel;
/// normalising by the new samples' own mean and variance takes most of it off. Each statistic is the mean of those of
/// batches of about 100 samples, as training would see them with a rate of 0. Source: Li, Wang, Shi, Liu and Hou,
/// *Revisiting batch normalization for practical domain adaptation*, 2016.
///
/// ```java
/// Model used = Adaptation.of(model, recordings, workers);       // the labels are not looked at
/// ```
///
/// Constraints: C1 the samples have the model's shape; C2 the model has batch normalisations that are not frozen; C3
/// there are at least 2 samples. The result depends on the samples and their order alone, not on the number of threads.
public final class Adaptation {
  private static final int BATCH = 100;
  /// What the order of the samples is drawn from: they often lie class by class, and a batch should be like the whole.
  private static final long SEED = 1;

  private Adaptation() {
  }

  /// The model with the samples' statistics.
  ///
  /// @throws IllegalArgumentException if a constraint is not met
  public static Model of(Model model, Dataset data, Workers workers) {
    return of(model, data, Target.best(), workers, (_, _) -> { });
  }

  /// The model with the samples' statistics, computed by the given kernels.
  ///
  /// @param progress is told how far it is
  /// @throws IllegalArgumentException if a constraint is not met
  public static Model of(Model model, Dataset data, Target target, Workers workers, Evaluation.Progress progress) {
    check(model);
    check(model, data);
    Graph graph = graph(model);
    // A run moves the running statistics: they are copies here.
    Map<String, Tensor> tensors = new LinkedHashMap<>(model.weights().tensors());
    model.parameters().stream().filter(Declaration::state)
        .forEach(d -> tensors.put(d.name(), tensors.get(d.name()).copy()));
    Map<String, double[]> sums = new LinkedHashMap<>();
    int batches = Math.ceilDiv(data.size(), BATCH);
    int[] order = Batches.shuffled(data.size(), SEED, 0);
    try (Batches reader = new Batches(data, Math.ceilDiv(data.size(), batches))) {
      Session session = null;
      int done = 0;
      for (int b = 0; b < reader.count(); b++) {
        Tensor x = reader.read(b, order).x();
        int n = x.shape().dim(0);
        if (session == null || n != session.plan().batch()) {
          session = new Session(Compiler.compile(graph, n, target), tensors, workers);
        }
        add(session.run(given(graph, x, b)), n, sums);
        done += n;
        progress.done(done, data.size());
      }
    }
    Weights weights = model.weights();
    for (Map.Entry<String, double[]> sum : sums.entrySet()) {
      float[] mean = new float[sum.getValue().length];
      for (int i = 0; i < mean.length; i++) {
        mean[i] = (float) (sum.getValue()[i] / data.size());
      }
      weights = weights.with(sum.getKey(), Tensor.of(Shape.of(mean.length), mean));
    }
    return model.withWeights(weights);
  }

  /// The network in training mode, whose outputs are the batch's statistics.
  private static Graph graph(Model model) {
    GraphBuilder b = new GraphBuilder();
    Model.Traced traced = model.trace(b, b.input("x", model.input().shape().batched()), true, SEED);
    traced.trace().followed().forEach(b::output);
    return b.build();
  }

  /// Checks that a model can be adapted.
  ///
  /// @throws IllegalArgumentException if it has no batch normalisations that are not frozen (C2)
  public static void check(Model model) {
    if (graph(model).outputs().isEmpty()) {
      throw new IllegalArgumentException("this model cannot be adapted.\n"
          + "  C2: it has batch normalisations that are not frozen, whose statistics are taken anew; received none.\n"
          + "  Train it on some of the new samples instead.");
    }
  }

  private static void check(Model model, Dataset data) {
    if (!model.input().shape().equals(data.shape())) {
      throw new IllegalArgumentException("this model cannot be adapted to this data.\n"
          + "  C1: the samples have the model's shape, " + model.input().shape() + "; received " + data.shape() + ".\n"
          + "  Bring the samples to that shape.");
    }
    if (data.size() < 2) {
      throw new IllegalArgumentException("this model cannot be adapted to so few samples.\n"
          + "  C3: statistics are of at least 2 samples, better of 100; received " + data.size() + ".\n"
          + "  Give more samples.");
    }
  }

  private static Map<String, Tensor> given(Graph graph, Tensor x, int step) {
    Map<String, Tensor> given = new LinkedHashMap<>(Map.of("x", x));
    if (graph.inputs().stream().anyMatch(i -> i.name().equals("step"))) {
      given.put("step", Tensor.scalar(step));
    }
    return given;
  }

  private static void add(Map<String, Tensor> statistics, int samples, Map<String, double[]> sums) {
    statistics.forEach((name, values) -> {
      double[] sum = sums.computeIfAbsent(name, _ -> new double[values.data().length]);
      Arrays.setAll(sum, i -> sum[i] + (double) samples * values.data()[i]);
    });
  }
}
