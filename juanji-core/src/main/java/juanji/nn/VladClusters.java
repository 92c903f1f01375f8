package juanji.nn;

import java.util.Arrays;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Centres of features by k-means, and how sharply features should be assigned to them: what a [Vlad] layer starts
/// from.
///
/// The first centres are drawn by k-means++ (each with a probability in proportion to its squared distance from those
/// before); then each feature is given to its nearest centre and each centre moved to the mean of its features, until
/// nothing changes or for 100 rounds; a centre without features is moved to the feature farthest from its own.
///
/// With W = 2αc and b = −α‖c‖², the softmax assigns in proportion to exp(−α‖x − c‖²). α is such that the nearest centre
/// gets 100 times the share of the second nearest for the mean gap between the squared distances:
/// α = ln 100 / mean(d₂² − d₁²); 1 where there is no second centre or no gap.
///
/// The same features, number and seed give the same bits.
///
/// Sources: Arthur and Vassilvitskii, *k-means++*, 2007; Arandjelović et al., *NetVLAD*, 2016.
///
/// ```java
/// VladClusters clusters = VladClusters.of(VladClusters.features(maps), 64, 42);
/// model = model.withWeights(clusters.into(model.weights(), "netVlad1"));
/// ```
///
/// @param centers K × D
/// @param alpha how sharply features are assigned
public record VladClusters(Tensor centers, double alpha) {
  private static final int ROUNDS = 100;

  /// Features as rows: N × D × spatial becomes M × D.
  public static Tensor features(Tensor maps) {
    Shape shape = maps.shape();
    int places = (int) shape.size(2);
    int width = shape.dim(1);
    Tensor rows = Tensor.zeros(Shape.of(shape.dim(0) * places, width));
    for (int i = 0; i < rows.data().length; i++) {
      int row = i / width;
      rows.data()[i] = maps.data()[(row / places * width + i % width) * places + row % places];
    }
    return rows;
  }

  /// The centres of features.
  ///
  /// Constraints: C1 the features are M × D, finite, and at least as many as the clusters.
  ///
  /// @param features M × D
  /// @param clusters K, with ghost clusters K + G
  /// @param seed what the first centres are drawn from
  public static VladClusters of(Tensor features, int clusters, long seed) {
    if (features.shape().rank() != 2 || clusters < 1 || features.shape().dim(0) < clusters
        || !allFinite(features.data())) {
      throw new IllegalArgumentException("features cannot be divided into " + clusters + " clusters.\n"
          + "  C1: the features are rows of finite numbers, at least as many as the clusters; received "
          + features.shape() + " for " + clusters + ".\n"
          + "  Give more features, or ask for fewer clusters.");
    }
    int rows = features.shape().dim(0);
    int width = features.shape().dim(1);
    double[][] centers = first(features.data(), rows, width, clusters, Salt.of(seed, "k-means++"));
    int[] nearest = new int[rows];
    Arrays.fill(nearest, -1);
    for (int round = 0; round < ROUNDS && assign(features.data(), width, centers, nearest); round++) {
      move(features.data(), width, centers, nearest);
    }
    Tensor result = Tensor.zeros(Shape.of(clusters, width));
    for (int i = 0; i < clusters * width; i++) {
      result.data()[i] = (float) centers[i / width][i % width];
    }
    return new VladClusters(result, sharpness(features.data(), rows, width, centers));
  }

  private static boolean allFinite(float[] values) {
    for (float v : values) {
      if (!Float.isFinite(v)) {
        return false;
      }
    }
    return true;
  }

  private static double distance(float[] x, int at, double[] center) {
    double sum = 0;
    for (int j = 0; j < center.length; j++) {
      sum += (x[at + j] - center[j]) * (x[at + j] - center[j]);
    }
    return sum;
  }

  private static double[][] first(float[] x, int rows, int width, int clusters, long stream) {
    double[][] centers = new double[clusters][width];
    double[] least = new double[rows];
    Arrays.fill(least, 1);
    for (int k = 0; k < clusters; k++) {
      double rest = Salt.uniform(stream, k) * Arrays.stream(least).sum();
      int chosen = 0;
      for (int i = 0; i < rows && rest >= 0; i++) {
        rest -= least[i];
        chosen = least[i] > 0 ? i : chosen;
      }
      for (int j = 0; j < width; j++) {
        centers[k][j] = x[chosen * width + j];
      }
      for (int i = 0; i < rows; i++) {
        double d = distance(x, i * width, centers[k]);
        least[i] = k == 0 ? d : Math.min(least[i], d);
      }
    }
    return centers;
  }

  /// Gives each row its nearest centre, the first of equal ones; whether one changed.
  private static boolean assign(float[] x, int width, double[][] centers, int[] nearest) {
    boolean changed = false;
    for (int i = 0; i < nearest.length; i++) {
      int best = 0;
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < centers.length; k++) {
        double d = distance(x, i * width, centers[k]);
        if (d < least) {
          least = d;
          best = k;
        }
      }
      changed |= nearest[i] != best;
      nearest[i] = best;
    }
    return changed;
  }

  private static void move(float[] x, int width, double[][] centers, int[] nearest) {
    double[][] sums = new double[centers.length][width];
    int[] counts = new int[centers.length];
    for (int i = 0; i < nearest.length; i++) {
      counts[nearest[i]]++;
      for (int j = 0; j < width; j++) {
        sums[nearest[i]][j] += x[i * width + j];
      }
    }
    for (int k = 0; k < centers.length; k++) {
      if (counts[k] > 0) {
        for (int j = 0; j < width; j++) {
          centers[k][j] = sums[k][j] / counts[k];
        }
      }
    }
    for (int k = 0; k < centers.length; k++) {
      if (counts[k] == 0) {
        int far = 0;
        for (int i = 1; i < nearest.length; i++) {
          if (distance(x, i * width, centers[nearest[i]]) > distance(x, far * width, centers[nearest[far]])) {
            far = i;
          }
        }
        for (int j = 0; j < width; j++) {
          centers[k][j] = x[far * width + j];
        }
        nearest[far] = k;
      }
    }
  }

  private static double sharpness(float[] x, int rows, int width, double[][] centers) {
    double gaps = 0;
    for (int i = 0; i < rows && centers.length > 1; i++) {
      double least = Double.POSITIVE_INFINITY;
      double second = Double.POSITIVE_INFINITY;
      for (double[] center : centers) {
        double d = distance(x, i * width, center);
        second = Math.min(second, Math.max(least, d));
        least = Math.min(least, d);
      }
      gaps += second - least;
    }
    return gaps > 0 ? Math.log(100) * rows / gaps : 1;
  }

  /// Weights with those of a [Vlad] layer replaced: `centers` by the first K centres and, where they are there,
  /// `weight` by W = 2αc and `bias` by b = −α‖c‖² of all.
  ///
  /// Constraints: C2 the layer has as many clusters and ghost clusters as there are centres, and as many features.
  ///
  /// @param path the layer's path, such as `netVlad1`
  public Weights into(Weights weights, String path) {
    Shape kept = weights.tensor(path + ".centers").shape();
    boolean soft = weights.tensors().containsKey(path + ".weight");
    Shape all = soft ? weights.tensor(path + ".weight").shape() : kept;
    if (!all.equals(centers.shape())) {
      throw new IllegalArgumentException("'" + Source.brief(path) + "' cannot start from these centres.\n"
          + "  C2: there is one centre per cluster and ghost cluster, of as many features; received "
          + centers.shape() + " for " + all + ".\n"
          + "  Ask for as many clusters as the layer has.");
    }
    Weights result = weights.with(path + ".centers",
        Tensor.of(kept, Arrays.copyOf(centers.data(), kept.length())));
    if (!soft) {
      return result;
    }
    int width = all.dim(1);
    Tensor w = Tensor.zeros(all);
    Tensor b = Tensor.zeros(all.slice(0, 1));
    for (int k = 0; k < all.dim(0); k++) {
      double square = 0;
      for (int j = 0; j < width; j++) {
        double c = centers.data()[k * width + j];
        w.data()[k * width + j] = (float) (2 * alpha * c);
        square += c * c;
      }
      b.data()[k] = (float) (-alpha * square);
    }
    return result.with(path + ".weight", w).with(path + ".bias", b);
  }
}
