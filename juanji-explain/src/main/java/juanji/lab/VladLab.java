package juanji.lab;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.netVlad;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.softmax;
import static juanji.nn.Layers.vlad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.Mark;
import juanji.draw.Png;
import juanji.explain.Features;
import juanji.explain.Illustrations;
import juanji.nn.Model;
import juanji.nn.VladClusters;
import juanji.nn.Weights;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// NetVLAD's soft assignment of the places of a picture to clusters, and what is summed of it.
///
/// The features of a place are the mean of each channel and of the rising and falling edges along four directions in a
/// window around it; the clusters are those of k-means over the picture's own places.
///
/// Source: Arandjelović et al., *NetVLAD*, 2016.
final class VladLab {
  static final Laboratory LAB = new Laboratory("vlad", "21", new Words("NetVLAD's soft assignment", "NetVLAD 的软分配"),
      new Words("each place belongs a little to each cluster; the descriptor has K·D numbers for any size",
      "每个位置以不同程度属于各个聚类；描述子对任何大小都是 K·D 个数"),
      List.of(Choice.number("clusters", 6, 2, 12, "Clusters of features."),
          Choice.number("window", 8, 2, 64, "The side of the window that makes a place's features."),
          Choice.picture("A picture instead of built-in digits.")), VladLab::run);
  /// Differences along four directions, at the middle of 3 × 3.
  private static final float[][] EDGES = {{0, 0, 0, -1, 0, 1, 0, 0, 0}, {0, -1, 0, 0, 0, 0, 0, 1, 0},
      {-1, 0, 0, 0, 0, 0, 0, 0, 1}, {0, 0, -1, 0, 0, 0, 1, 0, 0}};
  private static final double SIDE = 300;
  private static final int DIGITS_DOWN = 3;
  private static final int DIGITS_ACROSS = 4;

  private VladLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    Tensor x = setup.picture().orElseGet(() -> scene(desk));
    int clusters = setup.number("clusters");
    int window = setup.number("window");
    int h = x.shape().dim(1);
    int w = x.shape().dim(2);
    if (window > Math.min(h, w) / 2) {
      throw new IllegalArgumentException("the window is too large for the picture.\n"
          + "  C1: it is at most half of its shorter side; received " + window + " for " + x.shape() + ".\n"
          + "  Take a smaller one.");
    }
    Tensor features = desk.sample(seeing(x.shape(), window), x);
    int d = features.shape().dim(0);
    int rows = features.shape().dim(1);
    int columns = features.shape().dim(2);
    VladClusters centers = VladClusters.of(VladClusters.features(features.reshape(features.shape().prepend(1))),
        clusters, 1);
    Model net = Model.of(input(d, rows, columns), netVlad(clusters));
    net = net.withWeights(centers.into(net.weights(), "netVlad1"));
    Tensor shares = shares(desk, net.weights(), features, clusters);
    assigned(shares, clusters, result);
    drawings(x, shares, clusters, result);
    described(desk, net, features, shares, clusters, result);
    lengths(desk, x, window, clusters, result);
  }

  /// Twelve digits as one picture.
  private static Tensor scene(Desk desk) {
    int side = 28;
    Tensor scene = Tensor.zeros(Shape.of(1, DIGITS_DOWN * side, DIGITS_ACROSS * side));
    for (int i = 0; i < DIGITS_DOWN * DIGITS_ACROSS; i++) {
      float[] digit = desk.digit(i).data();
      for (int p = 0; p < digit.length; p++) {
        scene.data()[(i / DIGITS_ACROSS * side + p / side) * DIGITS_ACROSS * side + i % DIGITS_ACROSS * side + p % side]
            = digit[p];
      }
    }
    return scene;
  }

  /// What makes the features: means of channels, and of edges rising and falling along four directions.
  private static Model seeing(Shape picture, int window) {
    int channels = picture.dim(0);
    int step = Math.max(1, window / 2);
    Model model = Model.of(input(picture.toArray()), concat(avgPool(window).stride(step),
        chain(conv(2 * EDGES.length, 3).same().replicate().noBias(), relu(), avgPool(window).stride(step))));
    Tensor weight = Tensor.zeros(model.parameters().getFirst().shape());
    for (int k = 0; k < 2 * EDGES.length; k++) {
      for (int i = 0; i < 9 * channels; i++) {
        weight.data()[k * 9 * channels + i] = (k % 2 == 0 ? 1f : -1f) * EDGES[k / 2][i % 9] / channels;
      }
    }
    return model.withWeights(Weights.of(Map.of(model.parameters().getFirst().name(), weight)));
  }

  /// The assignment by its formula: softmax over the clusters of w · x + b.
  private static Tensor shares(Desk desk, Weights weights, Tensor features, int clusters) {
    int d = features.shape().dim(0);
    Map<String, Tensor> taken = new LinkedHashMap<>();
    taken.put("conv1.weight", weights.tensor("netVlad1.weight").reshape(Shape.of(clusters, d, 1, 1)));
    taken.put("conv1.bias", weights.tensor("netVlad1.bias"));
    return desk.sample(Model.of(input(features.shape().toArray()), conv(clusters, 1), softmax())
        .withWeights(Weights.of(taken)), features);
  }

  private static void assigned(Tensor shares, int clusters, Result result) {
    int places = shares.data().length / clusters;
    double off = 0;
    int sure = 0;
    for (int p = 0; p < places; p++) {
      double sum = 0;
      double most = 0;
      for (int k = 0; k < clusters; k++) {
        sum += shares.data()[k * places + p];
        most = Math.max(most, shares.data()[k * places + p]);
      }
      off = Math.max(off, Math.abs(sum - 1));
      sure += most > 0.9 ? 1 : 0;
    }
    result.finding("More precisely: the denominator of the soft assignment is a sum over the clusters, so that at each "
        + "place the assignments add up to 1; each divided by its own exponential alone would be 1, and they would add "
        + "up to K", "更准确地说：软分配的分母是对各聚类求和，使每个位置的分配之和为 1；若只除以自己的指数，每个都是 1，和为 K",
        String.format(Locale.ROOT, "|Σ a − 1| ≤ %.1e; K = %d", off, clusters), off < 1e-5);
    result.finding("The assignment is soft: some places belong to one cluster, others to several",
        "分配是软的：有的位置属于一个聚类，有的属于几个",
        String.format(Locale.ROOT, "a > 0.9: %d / %d", sure, places), sure > 0 && sure < places);
  }

  private static void drawings(Tensor x, Tensor shares, int clusters, Result result) {
    int h = x.shape().dim(1);
    int w = x.shape().dim(2);
    double scale = SIDE / Math.max(h, w);
    result.exhibit("The picture", "图片", Features.picture(x, SIDE));
    result.exhibit("The strongest cluster of each place, the fuller the surer", "每个位置最强的聚类，颜色越满越确定",
        Drawing.of(w * scale, h * scale, new Mark.Image(0, 0, w * scale, h * scale, false, painted(x, shares,
        clusters))));
    int rows = shares.shape().dim(1);
    int columns = shares.shape().dim(2);
    List<Drawing> maps = new ArrayList<>();
    for (int k = 0; k < clusters; k++) {
      float[] map = new float[rows * columns];
      System.arraycopy(shares.data(), k * map.length, map, 0, map.length);
      maps.add(HeatMap.of(rows, columns, map).range(0, 1).side(120).drawing().captioned("a" + (k + 1)));
    }
    result.exhibit("How much each place belongs to each cluster: dark 0, yellow 1", "每个位置属于各聚类的程度：深色为 0，黄色为 1",
        Drawing.tiles(6, 12, maps));
  }

  /// The picture in grey under the colours of its clusters.
  private static Png painted(Tensor x, Tensor shares, int clusters) {
    int channels = x.shape().dim(0);
    int h = x.shape().dim(1);
    int w = x.shape().dim(2);
    int rows = shares.shape().dim(1);
    int columns = shares.shape().dim(2);
    byte[] pixels = new byte[3 * h * w];
    for (int i = 0; i < h * w; i++) {
      int place = Math.min(rows - 1, i / w * rows / h) * columns + Math.min(columns - 1, i % w * columns / w);
      int best = 0;
      for (int k = 1; k < clusters; k++) {
        best = shares.data()[k * rows * columns + place] > shares.data()[best * rows * columns + place] ? k : best;
      }
      double share = 0.7 * shares.data()[best * rows * columns + place];
      double grey = 0;
      for (int c = 0; c < channels; c++) {
        grey += 255.0 * x.data()[c * h * w + i] / channels;
      }
      int colour = Integer.parseInt(Colour.series(best).light().substring(1), 16);
      for (int c = 0; c < 3; c++) {
        pixels[c * h * w + i] = (byte) Math.clamp(Math.round((1 - share) * grey + share
            * (colour >> 16 - 8 * c & 255)), 0, 255);
      }
    }
    return Png.of(3, h, w, pixels);
  }

  private static void described(Desk desk, Model net, Tensor features, Tensor shares, int clusters, Result result) {
    int d = features.shape().dim(0);
    int places = features.data().length / d;
    float[] centers = net.weights().tensor("netVlad1.centers").data();
    double[] v = new double[clusters * d];
    for (int k = 0; k < clusters; k++) {
      double square = 1e-24;
      for (int j = 0; j < d; j++) {
        for (int p = 0; p < places; p++) {
          v[k * d + j] += shares.data()[k * places + p] * (features.data()[j * places + p] - centers[k * d + j]);
        }
        square += v[k * d + j] * v[k * d + j];
      }
      for (int j = 0; j < d; j++) {
        v[k * d + j] /= Math.sqrt(square) * Math.sqrt(clusters);
      }
    }
    float[] y = desk.sample(net, features).data();
    double most = 0;
    double length = 0;
    for (int i = 0; i < y.length; i++) {
      most = Math.max(most, Math.abs(v[i] - y[i]));
      length += y[i] * y[i];
    }
    result.finding("The layer gives Σ a_k(x)·(x − c_k), each cluster and then the whole brought to length 1",
        "该层给出 Σ a_k(x)·(x − c_k)，先对每个聚类、再对整体归一化为长度 1", String.format(Locale.ROOT, "max |Δ| = %.1e, ‖V‖ = %.6f",
        most, Math.sqrt(length)), most < 1e-3 && Math.abs(Math.sqrt(length) - 1) < 1e-4);
    long soft = net.weightCount();
    long hard = Model.of(input(features.shape().toArray()), vlad(clusters)).weightCount();
    result.finding("Three parameters: W of K×D, b of K, c of K×D; hard assignment has c alone",
        "三个参数：W 为 K×D，b 为 K，c 为 K×D；硬分配只有 c", soft + "; " + hard, soft == 2L * clusters * d + clusters
        && hard == (long) clusters * d);
    result.exhibit("The descriptor: a row for each cluster", "描述子：每个聚类一行", HeatMap.signed(clusters, d, y).cell(18)
        .cells());
  }

  /// Descriptors of parts of the picture.
  private static void lengths(Desk desk, Tensor x, int window, int clusters, Result result) {
    List<String> lengths = new ArrayList<>();
    for (int part = 2; part >= 0; part--) {
      Shape shape = Shape.of(x.shape().dim(0), x.shape().dim(1) - part * window / 2, x.shape().dim(2) - part);
      Shape features = seeing(shape, window).outputShape();
      lengths.add(shape + " → " + Model.of(input(features.toArray()), netVlad(clusters)).outputShape());
    }
    result.finding("K·D numbers for any height and width", "任意高宽都是 K·D 个数", String.join("; ", lengths),
        lengths.stream().map(l -> l.replaceFirst(".*→ ", "")).distinct().count() == 1);
    result.exhibit("In two dimensions: features, centres, and what is summed", "二维的情形：特征、中心，以及被累加的差",
        Illustrations.of("vlad-residuals"));
    result.exhibit("Descriptors by hard and soft assignment", "硬分配与软分配的描述子", Illustrations.of("vlad-descriptors"));
  }
}
