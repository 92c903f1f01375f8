package juanji.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import juanji.data.Dataset;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.Mark;
import juanji.draw.Png;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.graph.ReceptiveField;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What the units of a layer respond to: their filters, their maps, the patches that excite them most, and inputs made
/// to excite them.
///
/// ```java
/// List<Drawing> filters = Features.filters(model, "conv1");
/// Tensor dream = Features.exciting(model, "conv3", 5, 60, 1, workers);
/// ```
public final class Features {
  private static final int BATCH = 50;
  private static final double SIDE = 64;

  private Features() {
  }

  /// The learned filters of a layer on a plane, filters × channels × height × width, whatever they are called.
  ///
  /// @param path a layer, or a node of an imported graph
  /// @return nothing if it has none
  public static Optional<Tensor> weight(Model model, String path) {
    Map<String, String> owners = model.owners();
    return model.parameters().stream().map(Declaration::name)
        .filter(n -> owners.get(n).equals(path) && (n.equals(path + ".weight") || !n.startsWith(path + ".")))
        .map(model.weights()::tensor).filter(t -> t.shape().rank() == 4).findFirst();
  }

  /// The learned filters of a convolution as pictures: in colour over three channels, in grey over one, else the
  /// channels below each other; empty where a layer has no filters on a plane.
  public static List<Drawing> filters(Model model, String path) {
    Optional<Tensor> found = weight(model, path);
    if (found.isEmpty()) {
      return List.of();
    }
    Tensor weight = found.get();
    Shape s = weight.shape();
    int taps = s.dim(2) * s.dim(3);
    List<Drawing> drawings = new ArrayList<>();
    for (int k = 0; k < s.dim(0); k++) {
      int size = s.dim(1) * taps;
      float[] filter = Arrays.copyOfRange(weight.data(), k * size, (k + 1) * size);
      if (s.dim(1) == 3) {
        drawings.add(picture(Tensor.of(Shape.of(3, s.dim(2), s.dim(3)), filter), 48));
      } else {
        List<Drawing> planes = new ArrayList<>();
        for (int c = 0; c < Math.min(s.dim(1), 8); c++) {
          planes.add(HeatMap.signed(s.dim(2), s.dim(3), Arrays.copyOfRange(filter, c * taps, (c + 1) * taps))
              .side(s.dim(1) == 1 ? 48 : 24).drawing());
        }
        drawings.add(Drawing.column(2, planes));
      }
    }
    return drawings;
  }

  /// A tensor of 1 or 3 planes as a picture, its values spread from dark to light.
  public static Drawing picture(Tensor planes, double side) {
    int h = planes.shape().dim(1);
    int w = planes.shape().dim(2);
    int channels = planes.shape().dim(0) == 3 ? 3 : 1;
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < channels * h * w; i++) {
      low = Math.min(low, planes.data()[i]);
      high = Math.max(high, planes.data()[i]);
    }
    byte[] bytes = new byte[channels * h * w];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(high > low ? 255 * (planes.data()[i] - low) / (high - low) : 128);
    }
    double scale = side / Math.max(h, w);
    return Drawing.of(w * scale, h * scale,
        new Mark.Image(0, 0, w * scale, h * scale, false, Png.of(channels, h, w, bytes)));
  }

  /// A layer's maps for one input, the first so many of them.
  public static List<Drawing> maps(Model model, String path, Tensor sample, int most, Workers workers) {
    Tensor maps = Probe.of(model, List.of(path), List.of(), workers).run(sample).values().get(path);
    int h = maps.shape().dim(2);
    int w = maps.shape().dim(3);
    List<Drawing> drawings = new ArrayList<>();
    for (int c = 0; c < Math.min(most, maps.shape().dim(1)); c++) {
      drawings.add(HeatMap.of(h, w, Arrays.copyOfRange(maps.data(), c * h * w, (c + 1) * h * w)).side(SIDE).drawing());
    }
    return drawings;
  }

  /// Where a unit responds most.
  ///
  /// @param sample the sample's number in the dataset
  /// @param row the first row of what it saw
  /// @param column the first column
  /// @param patch what it saw, C × height × width; outside the picture 0
  /// @param response the unit's value
  public record Excitement(int sample, int row, int column, Tensor patch, double response) {
  }

  /// The patches of a dataset that excite each unit of a layer most, one per sample, the strongest first.
  ///
  /// @param samples how many samples are looked at
  /// @param units how many units
  /// @param most how many patches for each
  public static List<List<Excitement>> patches(Model model, String path, Dataset data, int samples, int units, int most,
      Workers workers) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Node layer = model.trace(builder, x, false, 0).trace().outputs().get(path);
    List<ReceptiveField.Along> field = ReceptiveField.of(builder.output("y", layer).build(), x).get(layer).axes();
    int planes = layer.shape().rank() == 4 ? layer.shape().dim(2) * layer.shape().dim(3) : 1;
    int wide = layer.shape().rank() == 4 ? layer.shape().dim(3) : 1;
    int channels = Math.min(units, layer.shape().dim(1));
    record Peak(int sample, int place, float value) {
    }

    List<List<Peak>> peaks = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      peaks.add(new ArrayList<>());
    }
    Probe probe = Probe.of(model, List.of(path), List.of(), workers);
    for (int first = 0; first < Math.min(samples, data.size()); first += BATCH) {
      int n = Math.min(BATCH, Math.min(samples, data.size()) - first);
      Tensor values = probe.run(batch(data, first, n)).values().get(path);
      int all = layer.shape().dim(1);
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < channels; c++) {
          int best = 0;
          int from = (i * all + c) * planes;
          for (int p = 1; p < planes; p++) {
            best = values.data()[from + p] > values.data()[from + best] ? p : best;
          }
          peaks.get(c).add(new Peak(first + i, best, values.data()[from + best]));
        }
      }
    }
    return peaks.stream().map(list -> list.stream().sorted(Comparator.comparing((Peak p) -> -p.value)).limit(most)
        .map(p -> {
          int row = (int) Math.floor(field.get(0).start() + p.place / wide * field.get(0).jump());
          int column = (int) Math.floor(field.get(1).start() + p.place % wide * field.get(1).jump());
          return new Excitement(p.sample, row, column, cut(batch(data, p.sample, 1), row, column,
              (int) Math.ceil(field.get(0).size()), (int) Math.ceil(field.get(1).size())), p.value);
        }).toList()).toList();
  }

  /// Some samples of a dataset: n × sample.
  public static Tensor batch(Dataset data, int first, int n) {
    Tensor batch = Tensor.zeros(data.shape().prepend(n));
    int length = data.shape().length();
    for (int i = 0; i < n; i++) {
      data.read(first + i, batch.data(), i * length);
    }
    return batch;
  }

  private static Tensor cut(Tensor sample, int row, int column, int height, int width) {
    int channels = sample.shape().dim(1);
    int h = sample.shape().dim(2);
    int w = sample.shape().dim(3);
    int ph = Math.min(height, h);
    int pw = Math.min(width, w);
    int top = height >= h ? 0 : row;
    int left = width >= w ? 0 : column;
    Tensor patch = Tensor.zeros(Shape.of(channels, ph, pw));
    for (int i = 0; i < patch.data().length; i++) {
      int y = top + i / pw % ph;
      int x = left + i % pw;
      if (y >= 0 && y < h && x >= 0 && x < w) {
        patch.data()[i] = sample.data()[(i / pw / ph * h + y) * w + x];
      }
    }
    return patch;
  }

  /// An input made to excite a unit: gradient ascent from faint noise, with a decay that keeps values small and shifts
  /// that keep single pixels from standing out.
  ///
  /// Source: Yosinski et al., *Understanding neural networks through deep visualization*, 2015.
  ///
  /// @param unit the channel; of a plane its middle place is asked for
  /// @return C × height × width
  public static Tensor exciting(Model model, String path, int unit, int steps, long seed, Workers workers) {
    Shape out = Probe.places(model).stream().filter(p -> p.path().equals(path)).findFirst().orElseThrow().output()
        .shape();
    Shape in = model.input().shape();
    int h = in.dim(1);
    int w = in.dim(2);
    Random random = new Random(seed);
    float[] x = new float[in.length()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (0.1 * random.nextGaussian());
    }
    Tensor mix = Tensor.zeros(out.bind(1));
    int plane = out.rank() == 4 ? out.dim(2) * out.dim(3) : 1;
    mix.data()[unit * plane + (out.rank() == 4 ? out.dim(2) / 2 * out.dim(3) + out.dim(3) / 2 : 0)] = 1;
    LayerSlope slope = LayerSlope.of(model, path, workers);
    for (int s = 0; s < steps; s++) {
      int dy = random.nextInt(3) - 1;
      int dx = random.nextInt(3) - 1;
      float[] g = slope.run(Tensor.of(in.prepend(1), rolled(x, h, w, dy, dx)), mix).data();
      float[] back = rolled(g, h, w, -dy, -dx);
      double norm = 1e-12;
      for (float v : back) {
        norm += v * v;
      }
      double step = 1.5 * Math.sqrt(x.length / norm) / 10;
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) Math.clamp(0.97 * x[i] + step * back[i], -3, 3);
      }
      if (s % 4 == 3) {
        x = softened(x, h, w);
      }
    }
    return Tensor.of(in, x);
  }

  private static float[] rolled(float[] values, int h, int w, int dy, int dx) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int y = Math.floorMod(i / w % h + dy, h);
      int x = Math.floorMod(i % w + dx, w);
      result[(i / w / h * h + y) * w + x] = values[i];
    }
    return result;
  }

  private static float[] softened(float[] values, int h, int w) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int y = i / w % h;
      int x = i % w;
      float around = values[y > 0 ? i - w : i] + values[y < h - 1 ? i + w : i] + values[x > 0 ? i - 1 : i]
          + values[x < w - 1 ? i + 1 : i];
      result[i] = 0.6f * values[i] + 0.1f * around;
    }
    return result;
  }
}
