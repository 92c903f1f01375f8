package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import juanji.augment.Augmentation;
import juanji.augment.Augmented;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.data.Subset;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;
import juanji.json.Json;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Evaluation;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.Predictor;
import juanji.train.Trainer;
import juanji.zoo.DeepFace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji study faces`: layers with weights of their own at each place against the same layers with shared weights.
///
/// Of some people, a fifth of the pictures is kept to tell them by; of the others nothing is trained on, and the
/// question is whether two pictures show one person, by the cosine between the vectors of 128 numbers before the
/// scores, as DeepFace takes them: behind the rectifier, where many are 0. The mean of the pictures that were trained
/// on is taken off first, since what all faces share makes any two alike; of pixels it is the mean face. The area under
/// the curve (AUC) is the share of pairs of one person that are more alike than a pair of two.
@Command(name = "faces", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Trains a small DeepFace, whose upper layers have weights of their own at each place, and its twin",
        "with shared weights: how many pictures of known people it tells, and how well it tells whether two",
        "pictures of unknown people show one person (AUC). The pixels themselves are measured beside them.", ""})
final class FacesStudy implements Callable<Integer> {
  private static final double KEPT = 0.2;
  private static final String FEATURES = "f7";
  private static final String CHANGES =
      "affine:shift=0.06,rotate=8,scale=0.9/1.1 + flip + brightness:0.1 + contrast:0.2";
  private static final double SMOOTHING = 0.1;

  @Parameters(index = "0", paramLabel = "DATA", description = "A folder with a sub-folder of pictures per person.")
  private Path data;

  @Option(names = "--unseen", paramLabel = "N", description = "How many people are not trained on. Default: 10.")
  private int unseen = 10;

  @Option(names = "--size", paramLabel = "HxW", description = "What pictures are brought to. Default: 56x46.")
  private String size = "56x46";

  @Option(names = "--epochs", paramLabel = "N", description = "Default: 60.")
  private int epochs = 60;

  @Option(names = "--seeds", paramLabel = "N", description = "Trainings of each, with other people. Default: 5.")
  private int seeds = 5;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  FacesStudy() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    if (epochs < 1 || epochs > 10_000 || seeds < 1 || seeds > 100) {
      throw CommandException.usage("a study of " + epochs + " epochs and " + seeds + " seeds cannot be made.",
          "--epochs is from 1 to 10,000, --seeds from 1 to 100; received the above.", "Leave them out.");
    }
    int[] sides = new TrainSettings(Map.of("size", Json.of(size))).size().orElseThrow();
    Dataset all;
    try {
      all = ImageFolder.open(data, ImageSize.size(sides[0], sides[1]).grey());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    int people = all.classes().size();
    if (unseen < 2 || people - unseen < 2) {
      throw CommandException.usage("a study of " + people + " people cannot leave " + unseen + " out.",
          "--unseen is at least 2, and at least 2 others are trained on; received " + unseen + " of " + people + ".",
          "Use about a third of them.");
    }
    double[][] local = new double[seeds][];
    double[][] shared = new double[seeds][];
    double[][] pixels = new double[seeds][];
    long[] weights = new long[2];
    try (Workers workers = threads.open()) {
      for (int seed = 1; seed <= seeds; seed++) {
        screen.status("training " + seed + " of " + seeds);
        Parts parts = Parts.of(all, unseen, seed);
        local[seed - 1] = measured(true, parts, seed, weights, workers);
        shared[seed - 1] = measured(false, parts, seed, weights, workers);
        pixels[seed - 1] = new double[] {Double.NaN, auc(parts.strangers,
            centred(values(parts.strangers), values(parts.seen)))};
      }
    }
    screen.clear();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("network", "weights", "known people told", "AUC of unknown people"));
    rows.add(row("local layers", Numbers.count(weights[1]), local));
    rows.add(row("shared weights", Numbers.count(weights[0]), shared));
    rows.add(row("pixels", "", pixels));
    screen.result((people - unseen) + " people to train on, " + unseen + " unknown ones, " + epochs + " epochs; mean ± "
        + "standard deviation of " + seeds + (seeds == 1 ? " seed" : " seeds"));
    TextTables.of(rows, 1).forEach(screen::result);
    return 0;
  }

  private static List<String> row(String name, String weights, double[][] found) {
    return List.of(name, weights, Double.isNaN(found[0][0]) ? "" : spread(found, 0, 100, " %"),
        spread(found, 1, 1, ""));
  }

  private static String spread(double[][] found, int at, double factor, String unit) {
    double mean = Arrays.stream(found).mapToDouble(f -> factor * f[at]).average().orElse(0);
    double square = Arrays.stream(found).mapToDouble(f -> (factor * f[at] - mean) * (factor * f[at] - mean)).sum();
    double deviation = Math.sqrt(square / Math.max(1, found.length - 1));
    return factor == 1 ? String.format(Locale.ROOT, "%.4f ± %.4f", mean, deviation)
        : String.format(Locale.ROOT, "%.2f ± %.2f%s", mean, deviation, unit);
  }

  /// The pictures of known people to train on, as each epoch sees them and as they are, and to tell, and those of the
  /// others.
  private record Parts(Dataset train, Dataset seen, Dataset test, Dataset strangers) {
    static Parts of(Dataset all, int unseen, int seed) {
      var random = new SplittableRandom(seed);
      List<Integer> people = shuffled(all.classes().size(), random);
      List<Integer> train = new ArrayList<>();
      List<Integer> test = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      for (int p = 0; p < people.size(); p++) {
        List<Integer> own = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
          if (all.label(i) == people.get(p)) {
            own.add(i);
          }
        }
        List<Integer> order = shuffled(own.size(), random);
        long kept = Math.round(KEPT * own.size());
        for (int k = 0; k < own.size(); k++) {
          (p < unseen ? others : k < kept ? test : train).add(own.get(order.get(k)));
        }
      }
      Dataset seen = Subset.of(all, indices(train));
      Preprocessing steps = Preprocessing.measure(seen);
      Dataset varied = Augmented.of(seen, Augmentation.named(CHANGES), seed);
      return new Parts(Normalized.of(varied, steps), Normalized.of(seen, steps),
          Normalized.of(Subset.of(all, indices(test)), steps),
          Normalized.of(Subset.of(all, indices(others)), steps));
    }

    private static int[] indices(List<Integer> list) {
      return list.stream().mapToInt(i -> i).sorted().toArray();
    }

    private static List<Integer> shuffled(int count, SplittableRandom random) {
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        order.add(random.nextInt(i + 1), i);
      }
      return order;
    }
  }

  private double[] measured(boolean own, Parts parts, int seed, long[] weights, Workers workers) {
    Model model = DeepFace.small(own, parts.train.shape(), parts.train.classes().size()).initialize(seed);
    weights[own ? 1 : 0] = model.weightCount();
    Model trained = Trainer.of(model).optimizer(Optimizer.adam(0.001)).loss(Loss.crossEntropy().smoothing(SMOOTHING))
        .epochs(epochs).batch(16).seed(seed).workers(workers).fit(parts.train).last();
    Predictor features = Predictor.of(trained.upTo(FEATURES), workers);
    float[][] vectors = centred(described(features, parts.strangers), described(features, parts.seen));
    return new double[] {Evaluation.of(trained, parts.test, workers).accuracy(), auc(parts.strangers, vectors)};
  }

  private static float[][] described(Predictor features, Dataset data) {
    float[][] vectors = values(data);
    for (int i = 0; i < vectors.length; i++) {
      float[] own = features.scores(Tensor.of(data.shape().prepend(1), vectors[i])).data().clone();
      for (int k = 0; k < own.length; k++) {
        own[k] = Math.max(0, own[k]);
      }
      vectors[i] = own;
    }
    return vectors;
  }

  /// Vectors less the mean of others.
  private static float[][] centred(float[][] vectors, float[]... others) {
    double[] sum = new double[others[0].length];
    for (float[] other : others) {
      for (int k = 0; k < sum.length; k++) {
        sum[k] += other[k];
      }
    }
    for (float[] vector : vectors) {
      for (int k = 0; k < sum.length; k++) {
        vector[k] -= (float) (sum[k] / others.length);
      }
    }
    return vectors;
  }

  private static float[][] values(Dataset data) {
    float[][] values = new float[data.size()][data.shape().length()];
    for (int i = 0; i < values.length; i++) {
      data.read(i, values[i], 0);
    }
    return values;
  }

  /// The share of pairs (of one person, of two) in which the first are more alike; half where they are equally so.
  private static double auc(Dataset data, float[]... vectors) {
    List<double[]> pairs = new ArrayList<>();
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < i; j++) {
        pairs.add(new double[] {cosine(vectors[i], vectors[j]), data.label(i) == data.label(j) ? 1 : 0});
      }
    }
    pairs.sort((a, b) -> Double.compare(a[0], b[0]));
    double below = 0;
    double sum = 0;
    double same = 0;
    for (int from = 0; from < pairs.size();) {
      int to = from;
      double own = 0;
      double others = 0;
      while (to < pairs.size() && pairs.get(to)[0] == pairs.get(from)[0]) {
        own += pairs.get(to)[1];
        others += 1 - pairs.get(to)[1];
        to++;
      }
      sum += own * (below + others / 2);
      below += others;
      same += own;
      from = to;
    }
    return same == 0 || below == 0 ? Double.NaN : sum / (same * below);
  }

  private static double cosine(float[] a, float... b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
  }
}
