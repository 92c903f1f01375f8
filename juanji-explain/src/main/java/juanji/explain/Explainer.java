package juanji.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Why a network gives an answer: which places of the input its score rests on. An ordinary client of graph and
/// gradient, it works on every model.
///
/// ```java
/// Explainer explainer = Explainer.of(model, workers);
/// Relevance seen = explainer.explain(Method.GRAD_CAM, photo, 3);       // photo: 1 × C × height × width
/// double[] curve = Faithfulness.of(explainer, photo, 3, seen).deletion();
/// ```
///
/// Of a text, whose tokens are numbers, the vectors that the network makes of them are looked at, and what is found is
/// a number for each token.
///
/// Constraints: C1 the input has channels and one or two spatial axes, or is a list of numbers that the first layers
/// make vectors of; C2 methods that look at a layer need one whose output has spatial axes.
public final class Explainer {
  private static final int BATCH = 16;
  private static final int COPIES = 32;
  private static final int STEPS = 32;
  private static final double NOISE = 0.15;

  private final Model whole;
  /// The network behind the vectors of a text; else all of it.
  private final Model model;
  private final Optional<WordVectors> words;
  private final Workers workers;
  private final Optional<String> layer;
  private final Optional<Tensor> baseline;
  private final Map<String, Probe> probes = new LinkedHashMap<>();

  private Explainer(Model whole, Workers workers, Optional<String> layer, Optional<Tensor> baseline) {
    this.whole = whole;
    this.words = WordVectors.of(whole);
    this.model = words.map(WordVectors::rest).orElse(whole);
    this.workers = workers;
    this.layer = layer;
    this.baseline = baseline;
    int rank = model.input().shape().rank();
    if (rank != 2 && rank != 3) {
      throw new IllegalArgumentException("this network's answers cannot be explained.\n"
          + "  C1: the input has channels and one or two spatial axes, or is the numbers of a text; received "
          + whole.input().shape() + ".\n  Use a network for pictures, sound or texts.");
    }
  }

  /// An explainer that looks at the last layer with spatial axes and takes zeros for nothing.
  public static Explainer of(Model model, Workers workers) {
    return new Explainer(model, workers, Optional.empty(), Optional.empty());
  }

  /// One that looks at another layer.
  public Explainer layer(String path) {
    return new Explainer(whole, workers, Optional.of(path), baseline);
  }

  /// One that takes another input for nothing, such as a blurred picture: 1 × sample; of a text, 1 × its vectors.
  public Explainer baseline(Tensor nothing) {
    return new Explainer(whole, workers, layer, Optional.of(nothing));
  }

  /// What is explained.
  public Model model() {
    return whole;
  }

  /// What explanations look at: the sample itself, or the vectors of a text, 1 × features × length.
  ///
  /// @param sample 1 × sample
  public Tensor seen(Tensor sample) {
    return words.map(w -> probe("vectors", () -> Probe.of(w.vectors(), List.of(), List.of(), workers)).run(sample)
        .output()).orElse(sample);
  }

  /// What stands for nothing: 1 × what is looked at.
  public Tensor nothing() {
    return baseline.orElseGet(() -> Tensor.zeros(model.input().shape().prepend(1)));
  }

  /// Rows of places that explanations name; 1 for sound along its length and for texts.
  public int height() {
    return model.input().shape().rank() == 3 ? model.input().shape().dim(1) : 1;
  }

  /// Columns of places, or places along the length.
  public int width() {
    return model.input().shape().dim(-1);
  }

  private Probe probe(String key, Supplier<Probe> maker) {
    return probes.computeIfAbsent(key, _ -> maker.get());
  }

  /// The network's outputs for some of what is looked at.
  Tensor scores(Tensor batch) {
    return probe("scores", () -> Probe.of(model, List.of(), List.of(), workers)).run(batch).output();
  }

  /// The probability of an output element: by softmax over all of them, computed from scores; of a single score by the
  /// logistic function.
  double[] probabilities(Tensor batch, int element) {
    Tensor y = scores(batch);
    int n = batch.shape().dim(0);
    int k = y.data().length / n;
    double[] p = new double[n];
    for (int i = 0; i < n; i++) {
      if (k == 1) {
        p[i] = 1 / (1 + StrictMath.exp(-y.data()[i]));
        continue;
      }
      double most = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < k; j++) {
        most = Math.max(most, y.data()[i * k + j]);
      }
      double sum = 0;
      for (int j = 0; j < k; j++) {
        sum += StrictMath.exp(y.data()[i * k + j] - most);
      }
      p[i] = StrictMath.exp(y.data()[i * k + element] - most) / sum;
    }
    return p;
  }

  /// Which places an output element rests on.
  ///
  /// @param sample 1 × sample
  /// @param element the output's number, such as a class
  public Relevance explain(Method method, Tensor sample, int element) {
    Tensor x = seen(sample);
    return switch (method) {
      case GRAD_CAM, GRAD_CAM_PLUS, LAYER_CAM -> byGradient(method, x, element);
      case SCORE_CAM -> byScore(x, element);
      case SALIENCY -> strongest(gradient(x, element));
      case GUIDED_BACKPROPAGATION -> strongest(probe("guided",
          () -> Probe.guided(model, List.of(Probe.INPUT), workers)).run(x, Probe.oneOf(model, element)).gradients()
          .get(Probe.INPUT).data());
      case SMOOTH_GRAD -> smooth(x, element);
      case INTEGRATED_GRADIENTS -> summed(alongTheWay(x, element));
      case OCCLUSION -> occluded(x, element);
    };
  }

  private String path() {
    return layer.or(() -> Probe.lastSpatial(model)).orElseThrow(() -> new IllegalArgumentException(
        "this network has no maps to look at.\n  C2: a layer's output has spatial axes; received none.\n"
        + "  Use saliency, integrated-gradients or occlusion."));
  }

  private float[] gradient(Tensor batch, int element) {
    return probe("gradient", () -> Probe.of(model, List.of(), List.of(Probe.INPUT), workers))
        .run(batch, Probe.oneOf(model, element)).gradients().get(Probe.INPUT).data();
  }

  /// The largest magnitude over the channels of one sample.
  private Relevance strongest(float[] values) {
    int plane = height() * width();
    float[] most = new float[plane];
    for (int i = 0; i < values.length; i++) {
      most[i % plane] = Math.max(most[i % plane], Math.abs(values[i]));
    }
    return Relevance.of(height(), width(), most);
  }

  /// The sum over the channels of one sample; what speaks against counts as nothing.
  private Relevance summed(float[] values) {
    int plane = height() * width();
    float[] sum = new float[plane];
    for (int i = 0; i < values.length; i++) {
      sum[i % plane] += values[i];
    }
    return Relevance.of(height(), width(), sum);
  }

  private Relevance byGradient(Method method, Tensor sample, int element) {
    String path = path();
    Probe.Seen seen = probe("layer", () -> Probe.of(model, List.of(path), List.of(path), workers))
        .run(sample, Probe.oneOf(model, element));
    Tensor maps = checked(seen.values().get(path), path);
    float[] a = maps.data();
    float[] g = seen.gradients().get(path).data();
    int channels = maps.shape().dim(1);
    int plane = a.length / channels;
    float[] map = new float[plane];
    for (int c = 0; c < channels; c++) {
      double weight = method == Method.GRAD_CAM ? mean(g, c * plane, plane)
          : method == Method.GRAD_CAM_PLUS ? counted(a, g, c * plane, plane) : 0;
      for (int i = 0; i < plane; i++) {
        int at = c * plane + i;
        map[i] += (float) (method == Method.LAYER_CAM ? Math.max(0, g[at]) * a[at] : weight * a[at]);
      }
    }
    return enlarged(map, maps.shape());
  }

  private static Tensor checked(Tensor maps, String path) {
    if (maps.shape().rank() < 3) {
      throw new IllegalArgumentException("the layer '" + path + "' has no maps to look at.\n"
          + "  C2: its output has spatial axes; received " + maps.shape() + ".\n"
          + "  Name a convolution or a pooling layer.");
    }
    return maps;
  }

  private static double mean(float[] values, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += values[i];
    }
    return sum / n;
  }

  /// Σ α · max(0, g) with α = g² / (2g² + g³ Σ a): the weights of Grad-CAM++.
  private static double counted(float[] a, float[] g, int from, int n) {
    double total = 0;
    for (int i = from; i < from + n; i++) {
      total += a[i];
    }
    double weight = 0;
    for (int i = from; i < from + n; i++) {
      double square = (double) g[i] * g[i];
      double below = 2 * square + square * g[i] * total;
      if (Math.abs(below) > 1e-20) {
        weight += square / below * Math.max(0, g[i]);
      }
    }
    return weight;
  }

  /// A map of a layer at the input's size, by linear interpolation.
  private Relevance enlarged(float[] map, Shape layerShape) {
    int h = layerShape.rank() == 4 ? layerShape.dim(2) : 1;
    int w = layerShape.dim(-1);
    return Relevance.of(height(), width(), enlarged(map, h, w));
  }

  private float[] enlarged(float[] map, int h, int w) {
    return h == height() && w == width() ? map
        : h == 1 && height() == 1 ? Probe.apply(Layers.resize(width()), Tensor.of(Shape.of(1, w), map)).data()
        : Probe.apply(Layers.resize(height(), width()), Tensor.of(Shape.of(1, h, w), map)).data();
  }

  private Relevance byScore(Tensor sample, int element) {
    String path = path();
    Tensor maps = checked(probe("maps", () -> Probe.of(model, List.of(path), List.of(), workers)).run(sample).values()
        .get(path), path);
    int channels = maps.shape().dim(1);
    int plane = maps.data().length / channels;
    int h = maps.shape().rank() == 4 ? maps.shape().dim(2) : 1;
    float[][] masks = new float[channels][];
    for (int c = 0; c < channels; c++) {
      float[] map = new float[plane];
      System.arraycopy(maps.data(), c * plane, map, 0, plane);
      masks[c] = stretched(enlarged(map, h, plane / h));
    }
    double before = probabilities(nothing(), element)[0];
    float[] sum = new float[height() * width()];
    for (int first = 0; first < channels; first += BATCH) {
      int n = Math.min(BATCH, channels - first);
      Tensor batch = Tensor.zeros(sample.shape().with(0, n));
      for (int i = 0; i < n; i++) {
        masked(batch.data(), i, sample.data(), masks[first + i]);
      }
      double[] p = probabilities(batch, element);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < sum.length; j++) {
          sum[j] += (float) ((p[i] - before) * masks[first + i][j]);
        }
      }
    }
    return Relevance.of(height(), width(), sum);
  }

  private static float[] stretched(float[] map) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float v : map) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    float[] result = new float[map.length];
    for (int i = 0; i < map.length; i++) {
      result[i] = high > low ? (map[i] - low) / (high - low) : 0;
    }
    return result;
  }

  private void masked(float[] batch, int place, float[] sample, float[] mask) {
    float[] nothing = nothing().data();
    for (int i = 0; i < sample.length; i++) {
      float m = mask[i % mask.length];
      batch[place * sample.length + i] = m * sample[i] + (1 - m) * nothing[i];
    }
  }

  private Relevance smooth(Tensor sample, int element) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float v : sample.data()) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    Random random = new Random(1);
    int length = sample.data().length;
    float[] sum = new float[length];
    for (int first = 0; first < COPIES; first += BATCH) {
      Tensor batch = Tensor.zeros(sample.shape().with(0, BATCH));
      for (int i = 0; i < batch.data().length; i++) {
        batch.data()[i] = sample.data()[i % length] + (float) (NOISE * (high - low) * random.nextGaussian());
      }
      float[] g = gradient(batch, element);
      for (int i = 0; i < g.length; i++) {
        sum[i % length] += g[i];
      }
    }
    return strongest(sum);
  }

  /// (x − nothing) · the mean gradient along the way, by the midpoint rule. Its sum is the difference of the scores.
  ///
  /// @param sample 1 × sample
  /// @return one number per element of what is looked at
  public float[] integrated(Tensor sample, int element) {
    return alongTheWay(seen(sample), element);
  }

  private float[] alongTheWay(Tensor sample, int element) {
    int length = sample.data().length;
    float[] nothing = nothing().data();
    double[] sum = new double[length];
    for (int first = 0; first < STEPS; first += BATCH) {
      Tensor batch = Tensor.zeros(sample.shape().with(0, BATCH));
      for (int i = 0; i < batch.data().length; i++) {
        float t = (first + i / length + 0.5f) / STEPS;
        batch.data()[i] = nothing[i % length] + t * (sample.data()[i % length] - nothing[i % length]);
      }
      float[] g = gradient(batch, element);
      for (int i = 0; i < g.length; i++) {
        sum[i % length] += g[i];
      }
    }
    float[] result = new float[length];
    for (int i = 0; i < length; i++) {
      result[i] = (float) (sum[i] / STEPS * (sample.data()[i] - nothing[i]));
    }
    return result;
  }

  /// A patch of about a fifth of each side goes over the input by half its size; of a text, a token at a time.
  private Relevance occluded(Tensor sample, int element) {
    int h = height();
    int w = width();
    int patchHeight = Math.max(1, Math.min(h, (h + 4) / 5));
    int patchWidth = words.isPresent() ? 1 : Math.max(1, Math.min(w, (w + 4) / 5));
    int down = Math.max(1, patchHeight / 2);
    int across = Math.max(1, patchWidth / 2);
    double whole = probabilities(sample, element)[0];
    float[] fall = new float[h * w];
    float[] times = new float[h * w];
    int rows = (h - patchHeight + down - 1) / down + 1;
    int columns = (w - patchWidth + across - 1) / across + 1;
    for (int first = 0; first < rows * columns; first += BATCH) {
      int n = Math.min(BATCH, rows * columns - first);
      Tensor batch = Tensor.zeros(sample.shape().with(0, n));
      float[][] masks = new float[n][];
      for (int i = 0; i < n; i++) {
        int y = Math.min((first + i) / columns * down, h - patchHeight);
        int x = Math.min((first + i) % columns * across, w - patchWidth);
        masks[i] = new float[h * w];
        for (int p = 0; p < h * w; p++) {
          boolean covered = p / w >= y && p / w < y + patchHeight && p % w >= x && p % w < x + patchWidth;
          masks[i][p] = covered ? 0 : 1;
        }
        masked(batch.data(), i, sample.data(), masks[i]);
      }
      double[] p = probabilities(batch, element);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < fall.length; j++) {
          fall[j] += (1 - masks[i][j]) * (float) (whole - p[i]);
          times[j] += 1 - masks[i][j];
        }
      }
    }
    for (int j = 0; j < fall.length; j++) {
      fall[j] /= Math.max(1, times[j]);
    }
    return Relevance.of(h, w, fall);
  }
}
