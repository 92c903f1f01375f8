package juanji.explain;

import java.util.Arrays;
import java.util.List;
import juanji.data.Dataset;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// How choosy the units of a layer are: what turns the way from edges over parts to whole things into numbers.
public final class Selectivity {
  private static final int ANGLES = 12;

  private Selectivity() {
  }

  /// How much each filter on a plane prefers one direction of a grating over others, 0 to 1: 1 minus the circular
  /// variance of its responses over 12 directions, at the spatial frequency that it likes best.
  ///
  /// Source: Ringach, Shapley and Hawken, *Orientation selectivity in macaque V1*, 2002.
  ///
  /// @param weight filters × channels × height × width
  public static double[] orientation(Tensor weight) {
    Shape s = weight.shape();
    int taps = s.dim(2) * s.dim(3);
    double[] result = new double[s.dim(0)];
    for (int k = 0; k < s.dim(0); k++) {
      double best = 0;
      for (double frequency = 0.1; frequency <= 0.41; frequency += 0.05) {
        double cos = 0;
        double sin = 0;
        double sum = 1e-12;
        for (int a = 0; a < ANGLES; a++) {
          double angle = Math.PI * a / ANGLES;
          double power = 0;
          for (int c = 0; c < s.dim(1); c++) {
            double re = 0;
            double im = 0;
            for (int t = 0; t < taps; t++) {
              double phase = 2 * Math.PI * frequency
                  * (t % s.dim(3) * Math.cos(angle) + t / s.dim(3) * Math.sin(angle));
              double w = weight.data()[(k * s.dim(1) + c) * taps + t];
              re += w * Math.cos(phase);
              im += w * Math.sin(phase);
            }
            power += re * re + im * im;
          }
          double response = Math.sqrt(power);
          cos += response * Math.cos(2 * angle);
          sin += response * Math.sin(2 * angle);
          sum += response;
        }
        best = Math.max(best, Math.hypot(cos, sin) / sum);
      }
      result[k] = best;
    }
    return result;
  }

  /// How much each unit of a layer prefers one class: (m − r) / (m + r) for the mean response m to the class it likes
  /// best and the mean r to the others, with responses counted from the unit's least one. A unit's response to a sample
  /// is its mean over places.
  ///
  /// Source: Morcos et al., *On the importance of single directions for generalization*, 2018.
  ///
  /// @param samples how many samples are looked at
  public static double[] classes(Model model, String path, Dataset data, int samples, Workers workers) {
    Probe probe = Probe.of(model, List.of(path), List.of(), workers);
    int kinds = data.classes().size();
    int n = Math.min(samples, data.size());
    float[][] responses = null;
    for (int first = 0; first < n; first += 50) {
      int count = Math.min(50, n - first);
      Tensor values = probe.run(Features.batch(data, first, count)).values().get(path);
      int units = values.shape().dim(1);
      int plane = values.data().length / count / units;
      responses = responses == null ? new float[units][n] : responses;
      for (int i = 0; i < count; i++) {
        for (int u = 0; u < units; u++) {
          float sum = 0;
          for (int p = 0; p < plane; p++) {
            sum += values.data()[(i * units + u) * plane + p];
          }
          responses[u][first + i] = sum / plane;
        }
      }
    }
    return Arrays.stream(responses == null ? new float[0][] : responses).mapToDouble(r -> choosy(r, data, kinds))
        .toArray();
  }

  private static double choosy(float[] responses, Dataset data, int kinds) {
    double[] sums = new double[kinds];
    int[] counts = new int[kinds];
    float least = Float.POSITIVE_INFINITY;
    for (float r : responses) {
      least = Math.min(least, r);
    }
    for (int i = 0; i < responses.length; i++) {
      sums[data.label(i)] += responses[i] - least;
      counts[data.label(i)]++;
    }
    int best = 0;
    double all = 0;
    int seen = 0;
    for (int k = 0; k < kinds; k++) {
      all += sums[k];
      seen += counts[k];
      best = sums[k] / Math.max(1, counts[k]) > sums[best] / Math.max(1, counts[best]) ? k : best;
    }
    double own = sums[best] / Math.max(1, counts[best]);
    double others = (all - sums[best]) / Math.max(1, seen - counts[best]);
    return own + others > 0 ? (own - others) / (own + others) : 0;
  }
}
