package juanji.nn;

import java.util.List;
import java.util.Optional;
import juanji.op.Padding;
import juanji.tensor.Shape;

/// The words to write networks with; meant to be imported statically.
///
/// ```java
/// static Layer inception(int c1, int r3, int c3, int r5, int c5, int pool) {
///   return concat(conv(c1, 1).then(relu()),
///       chain(conv(r3, 1), relu(), conv(c3, 3).same(), relu()),
///       chain(conv(r5, 1), relu(), conv(c5, 5).same(), relu()),
///       chain(maxPool(3).stride(1).same(), conv(pool, 1), relu()));
/// }
/// ```
public final class Layers {
  private Layers() {
  }

  /// What the network takes: the extents of one sample, such as channels, height and width.
  public static Input input(int... extents) {
    return new Input(Shape.of(extents));
  }

  /// A convolution whose kernel is as large along each spatial axis of its input.
  public static Convolution conv(int filters, int kernel) {
    return new Convolution(filters, Sliding.of(kernel), 1, true, Optional.empty());
  }

  /// A convolution with a kernel extent per spatial axis: height and width, or depth, height and width.
  public static Convolution conv(int filters, int first, int... others) {
    int[] kernel = new int[others.length + 1];
    kernel[0] = first;
    System.arraycopy(others, 0, kernel, 1, others.length);
    return new Convolution(filters, Sliding.of(kernel), 1, true, Optional.empty());
  }

  /// The largest value of each window; one extent for all spatial axes, or one per axis.
  public static Pooling maxPool(int... window) {
    return Pooling.of(Pooling.Summary.MAX, window);
  }

  /// The mean of each window; one extent for all spatial axes, or one per axis.
  public static Pooling avgPool(int... window) {
    return Pooling.of(Pooling.Summary.AVERAGE, window);
  }

  /// The sum of each window; one extent for all spatial axes, or one per axis.
  public static Pooling sumPool(int... window) {
    return Pooling.of(Pooling.Summary.SUM, window);
  }

  /// The mean of each channel.
  public static GlobalPooling globalAvgPool() {
    return new GlobalPooling(true);
  }

  /// The largest value of each channel.
  public static GlobalPooling globalMaxPool() {
    return new GlobalPooling(false);
  }

  /// max(0, x).
  public static Activation relu() {
    return new Activation(Activation.Function.RELU);
  }

  /// tanh x.
  public static Activation tanh() {
    return new Activation(Activation.Function.TANH);
  }

  /// 1 / (1 + e⁻ˣ).
  public static Activation sigmoid() {
    return new Activation(Activation.Function.SIGMOID);
  }

  /// Probabilities over the channels. Losses on class numbers take the scores before it.
  public static Activation softmax() {
    return new Activation(Activation.Function.SOFTMAX);
  }

  /// Logarithms of probabilities over the channels.
  public static Activation logSoftmax() {
    return new Activation(Activation.Function.LOG_SOFTMAX);
  }

  /// All axes of a sample as one.
  public static Flattening flatten() {
    return new Flattening();
  }

  /// A fully connected layer.
  public static Linear dense(int units) {
    return new Linear(units, true, Optional.empty());
  }

  /// In training, each element is 0 with probability p.
  public static Dropping dropout(double p) {
    return new Dropping(p);
  }

  /// Batch normalisation with an ε of 1e-5 and a momentum of 0.1.
  public static BatchNormalization batchNorm() {
    return new BatchNormalization(1e-5, 0.1);
  }

  /// Layers one after the other.
  public static Sequence chain(Layer... layers) {
    return new Sequence(List.of(layers));
  }

  /// The same input through several branches, joined along the channels.
  public static Concatenation concat(Layer... branches) {
    return new Concatenation(List.of(branches));
  }

  /// x + body(x).
  public static Residual residual(Layer body) {
    return new Residual(body, new Identity());
  }

  /// shortcut(x) + body(x).
  public static Residual residual(Layer body, Layer shortcut) {
    return new Residual(body, shortcut);
  }

  /// A layer whose weights training leaves as they are.
  public static Frozen frozen(Layer layer) {
    return new Frozen(layer);
  }

  /// y = x.
  public static Identity identity() {
    return new Identity();
  }

  /// Padding of different numbers of cells in front and behind, for `padding(sides(0, 1))`.
  public static Padding sides(int before, int after) {
    return Padding.of(before, after);
  }
}
