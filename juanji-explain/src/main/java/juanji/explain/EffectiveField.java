package juanji.explain;

import java.util.List;
import java.util.Random;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.graph.ReceptiveField;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// How much of what one element can see it really looks at: the magnitude of the gradient of a layer's middle element
/// with respect to the input, averaged over random inputs and signs. It is a bell within the receptive field, a box.
///
/// Source: Luo et al., *Understanding the effective receptive field in deep convolutional neural networks*, 2016.
///
/// ```java
/// EffectiveField field = EffectiveField.of(model, "conv3", 8, workers);
/// double width = field.width();             // cells, not more than field.theory() has
/// ```
///
/// Constraints: C1 input and layer have two spatial axes.
///
/// @param path the layer
/// @param rows of the input
/// @param columns of the input
/// @param sensitivity the mean magnitude of the gradient at each cell of the input, 1 at most
/// @param top the first row that the middle element can see, of the padding too
/// @param left the first column that it can see
/// @param fieldRows how many rows it can see
/// @param fieldColumns how many columns it can see
public record EffectiveField(String path, int rows, int columns, float[] sensitivity, int top, int left, int fieldRows,
    int fieldColumns) {
  /// The share of the largest magnitude from which a cell counts as looked at: 2σ of a bell.
  private static final double SHARE = 1 - 0.9545;

  /// The field of the middle element of a layer.
  ///
  /// @param inputs how many random inputs are averaged
  public static EffectiveField of(Model model, String path, int inputs, Workers workers) {
    Trace.Place place = Probe.places(model).stream().filter(p -> p.path().equals(path)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the network has no layer '" + path + "'.\n"
            + "  C1: a layer's path; the layers are " + String.join(", ", Probe.paths(model)) + ".\n"
            + "  Name one of these."));
    Shape out = place.output().shape();
    Shape in = model.input().shape();
    if (in.rank() != 3 || out.rank() != 4) {
      throw new IllegalArgumentException("the layer '" + path + "' has no field of view on a plane.\n"
          + "  C1: input and layer have two spatial axes; received " + in + " and " + out.sample() + ".\n"
          + "  Name a convolution or a pooling layer of a network for pictures.");
    }
    int channels = out.dim(1);
    int plane = out.dim(2) * out.dim(3);
    int middle = out.dim(2) / 2 * out.dim(3) + out.dim(3) / 2;
    Random random = new Random(1);
    Tensor batch = Tensor.zeros(in.prepend(inputs));
    for (int i = 0; i < batch.data().length; i++) {
      batch.data()[i] = (float) random.nextGaussian();
    }
    Tensor mix = Tensor.zeros(out.bind(inputs));
    for (int n = 0; n < inputs; n++) {
      for (int c = 0; c < channels; c++) {
        mix.data()[(n * channels + c) * plane + middle] = random.nextBoolean() ? 1 : -1;
      }
    }
    float[] g = LayerSlope.of(model, path, workers).run(batch, mix).data();
    int cells = in.dim(1) * in.dim(2);
    float[] sum = new float[cells];
    float most = 0;
    for (int i = 0; i < g.length; i++) {
      sum[i % cells] += Math.abs(g[i]);
      most = Math.max(most, sum[i % cells]);
    }
    for (int i = 0; i < cells; i++) {
      sum[i] = most > 0 ? sum[i] / most : 0;
    }
    return of(model, path, in, sum, out);
  }

  private static EffectiveField of(Model model, String path, Shape in, float[] sum, Shape out) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", in.batched());
    Node y = model.trace(builder, x, false, 0).trace().outputs().get(path);
    List<ReceptiveField.Along> axes = ReceptiveField.of(builder.output("y", y).build(), x).get(y).axes();
    int[] from = new int[2];
    int[] size = new int[2];
    for (int i = 0; i < 2; i++) {
      ReceptiveField.Along along = axes.get(i);
      double first = along.start() + out.dim(i + 2) / 2 * along.jump();
      from[i] = (int) Math.floor(first);
      size[i] = (int) Math.ceil(first + along.size()) - from[i];
    }
    return new EffectiveField(path, in.dim(1), in.dim(2), sum, from[0], from[1], size[0], size[1]);
  }

  /// The rows that are looked at: how many lie between the first and the last cell that counts.
  public int height() {
    return extent(true);
  }

  /// The columns that are looked at.
  public int width() {
    return extent(false);
  }

  private int extent(boolean down) {
    int first = Integer.MAX_VALUE;
    int last = -1;
    for (int i = 0; i < sensitivity.length; i++) {
      if (sensitivity[i] > SHARE) {
        int at = down ? i / columns : i % columns;
        first = Math.min(first, at);
        last = Math.max(last, at);
      }
    }
    return Math.max(0, last - first + 1);
  }

  /// Whether the gradient is 0 wherever the receptive field says that nothing is seen.
  public boolean insideTheory() {
    for (int i = 0; i < sensitivity.length; i++) {
      int r = i / columns;
      int c = i % columns;
      boolean seen = r >= top && r < top + fieldRows && c >= left && c < left + fieldColumns;
      if (!seen && sensitivity[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
