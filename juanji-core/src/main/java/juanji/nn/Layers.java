package juanji.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import juanji.op.Border;
import juanji.op.Padding;
import juanji.op.Regional;
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

  /// A convolution of each channel on its own; one kernel extent for all spatial axes, or one per axis.
  public static DepthwiseConvolution depthwise(int... kernel) {
    return new DepthwiseConvolution(1, Sliding.of(kernel), true, Optional.empty());
  }

  /// A depthwise and a 1×1 convolution; one kernel extent for all spatial axes, or one per axis.
  public static SeparableConvolution separable(int filters, int... kernel) {
    return new SeparableConvolution(filters, 1, false, Sliding.of(kernel), true, Optional.empty());
  }

  /// A convolution per spatial axis: k × 1, then 1 × k; one kernel extent for all spatial axes, or one per axis.
  public static SpatiallySeparableConvolution spatiallySeparable(int filters, int... kernel) {
    return new SpatiallySeparableConvolution(filters, Sliding.of(kernel), true, Optional.empty());
  }

  /// A transposed convolution; one kernel extent for all spatial axes, or one per axis.
  public static TransposedConvolution convTransposed(int filters, int... kernel) {
    return new TransposedConvolution(filters, Sliding.of(kernel), 1, List.of(), true, Optional.empty());
  }

  /// A convolution with weights of its own at each place; one kernel extent for all spatial axes, or one per axis.
  public static LocallyConnected locallyConnected(int filters, int... kernel) {
    return new LocallyConnected(filters, Sliding.of(kernel), true, Optional.empty());
  }

  /// A convolution with 2 sets of weights along each axis, which repeat; one kernel extent for all spatial axes, or one
  /// per axis.
  public static TiledConvolution tiledConv(int filters, int... kernel) {
    return new TiledConvolution(filters, List.of(2), Sliding.of(kernel), true, Optional.empty());
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

  /// (Σ |x|ᵖ)^(1/p) of each window; one extent for all spatial axes, or one per axis.
  public static Pooling lpPool(double exponent, int... window) {
    return Pooling.norm(exponent, window);
  }

  /// In training a value of each window drawn in proportion to it, in inference their weighted mean; one extent for all
  /// spatial axes, or one per axis.
  public static Pooling stochasticPool(int... window) {
    return Pooling.of(Pooling.Summary.STOCHASTIC, window);
  }

  /// The sum of each channel.
  public static GlobalSummary globalSumPool() {
    return new GlobalSummary(Pooling.Summary.SUM, 0);
  }

  /// (Σ |x|ᵖ)^(1/p) of each channel.
  public static GlobalSummary globalLpPool(double exponent) {
    return new GlobalSummary(Pooling.Summary.LP, exponent);
  }

  /// In training a value of each channel drawn in proportion to it, in inference their weighted mean.
  public static GlobalSummary globalStochasticPool() {
    return new GlobalSummary(Pooling.Summary.STOCHASTIC, 0);
  }

  /// The means of a given number of bins; one number for all spatial axes, or one per axis.
  public static AdaptivePooling adaptiveAvgPool(int... bins) {
    return new AdaptivePooling(true, Arrays.stream(bins).boxed().toList());
  }

  /// The largest values of a given number of bins; one number for all spatial axes, or one per axis.
  public static AdaptivePooling adaptiveMaxPool(int... bins) {
    return new AdaptivePooling(false, Arrays.stream(bins).boxed().toList());
  }

  /// Maxima over grids of several sizes as one vector.
  public static SpatialPyramid spatialPyramid(int... levels) {
    return new SpatialPyramid(Arrays.stream(levels).boxed().toList());
  }

  /// Maxima over the bins of regions, which are the graph's input `regions`.
  public static RegionPooling roiPool(int height, int width) {
    return new RegionPooling(new Regional.RoiPool(height, width, 1));
  }

  /// Means of bilinear samples in the bins of regions, which are the graph's input `regions`.
  public static RegionPooling roiAlign(int height, int width) {
    return new RegionPooling(new Regional.RoiAlign(height, width, 1, 0, false));
  }

  /// Max pooling, a body, and max unpooling.
  public static Unpooling unpool(Pooling pool, Layer body) {
    return new Unpooling(pool, body);
  }

  /// Differences from the nearest of so many centres, summed by centre.
  public static Vlad vlad(int clusters) {
    return new Vlad(Vlad.Kind.HARD, clusters, 0);
  }

  /// Differences from so many centres, weighed by a softmax and summed by centre.
  public static Vlad netVlad(int clusters) {
    return new Vlad(Vlad.Kind.SOFT, clusters, 0);
  }

  /// As netVlad, with further clusters that are thrown away.
  public static Vlad ghostVlad(int clusters, int ghosts) {
    return new Vlad(Vlad.Kind.GHOST, clusters, ghosts);
  }

  /// As netVlad, over time and space.
  public static Vlad actionVlad(int clusters) {
    return new Vlad(Vlad.Kind.ACTION, clusters, 0);
  }

  /// The elements of a sample under other extents, of which one may be −1.
  public static Rearrangement.Reshaping reshape(int... extents) {
    return new Rearrangement.Reshaping(Arrays.stream(extents).boxed().toList());
  }

  /// The axes of a sample in another order, numbered from 1.
  public static Rearrangement.Permuting permute(int... order) {
    return new Rearrangement.Permuting(Arrays.stream(order).boxed().toList());
  }

  /// The elements from one index to before another along an axis; axis 1 are the channels.
  public static Rearrangement.Slicing slice(int axis, int from, int to) {
    return new Rearrangement.Slicing(axis, from, to);
  }

  /// As many zeros on both sides of each spatial axis.
  public static Rearrangement.Bordering pad(int cells) {
    return pad(cells, cells);
  }

  /// Zeros in front and behind each spatial axis.
  public static Rearrangement.Bordering pad(int before, int after) {
    return new Rearrangement.Bordering(before, after, Border.ZERO);
  }

  /// The input without as many cells at either end of each spatial axis.
  public static Cropping crop(int cells) {
    return new Cropping(cells);
  }

  /// The input with as many channels of zeros behind its own.
  public static ChannelPadding padChannels(int channels) {
    return new ChannelPadding(channels);
  }

  /// The channels divided evenly among branches, joined again.
  public static Rearrangement.Splitting split(Layer... branches) {
    return new Rearrangement.Splitting(List.of(branches));
  }

  /// first(x) · second(x).
  public static Rearrangement.Multiplying multiply(Layer first, Layer second) {
    return new Rearrangement.Multiplying(first, second);
  }

  /// The spatial axes at another size, by linear interpolation; one number for all, or one per axis.
  public static Resizing resize(int... size) {
    return new Resizing(Arrays.stream(size).boxed().toList(), false, false, false);
  }

  /// Each cell repeated; one factor for all spatial axes, or one per axis.
  public static Resizing upsample(int... factor) {
    return new Resizing(Arrays.stream(factor).boxed().toList(), true, true, false);
  }

  /// Channels to area.
  public static Rearrangement.PixelShuffling pixelShuffle(int factor) {
    return new Rearrangement.PixelShuffling(factor, false);
  }

  /// Area to channels.
  public static Rearrangement.PixelShuffling pixelUnshuffle(int factor) {
    return new Rearrangement.PixelShuffling(factor, true);
  }

  /// The channels of several groups in turn.
  public static Rearrangement.ChannelShuffling channelShuffle(int groups) {
    return new Rearrangement.ChannelShuffling(groups);
  }

  /// A vector for each token.
  public static Rearrangement.Embedding embedding(int tokens, int features) {
    return new Rearrangement.Embedding(tokens, features);
  }

  /// max(0, x).
  public static Activation relu() {
    return new Activation(Activation.Function.RELU);
  }

  /// x limited to 0 … 6.
  public static Activation relu6() {
    return new Activation(Activation.Function.RELU6);
  }

  /// x, or 0.01 · x below 0.
  public static Activation leakyRelu() {
    return new Activation(Activation.Function.LEAKY_RELU);
  }

  /// x, or negative · x below 0.
  public static Activation leakyRelu(double negative) {
    return new Activation(Activation.Function.LEAKY_RELU, negative);
  }

  /// x, or a · x below 0, with a learned slope a per channel that starts from 0.25.
  public static ParametricRelu prelu() {
    return prelu(0.25);
  }

  /// x, or a · x below 0, with a learned slope a per channel.
  public static ParametricRelu prelu(double start) {
    return new ParametricRelu(start, false);
  }

  /// x, or α (eˣ − 1) below 0; α = 1 is usual.
  public static Activation elu(double alpha) {
    return new Activation(Activation.Function.ELU, alpha);
  }

  /// x, or α (e^(x / α) − 1) below 0; α = 1 is usual.
  public static Activation celu(double alpha) {
    return new Activation(Activation.Function.CELU, alpha);
  }

  /// The scaled ELU of self-normalising networks.
  public static Activation selu() {
    return new Activation(Activation.Function.SELU);
  }

  /// x · Φ(x), with Φ by the error function.
  public static Activation gelu() {
    return new Activation(Activation.Function.GELU);
  }

  /// x · Φ(x), with Φ approximated by tanh.
  public static Activation geluTanh() {
    return new Activation(Activation.Function.GELU_TANH);
  }

  /// x · sigmoid(x), also called swish.
  public static Activation silu() {
    return new Activation(Activation.Function.SILU);
  }

  /// x · tanh(ln(1 + eˣ)).
  public static Activation mish() {
    return new Activation(Activation.Function.MISH);
  }

  /// x · hardSigmoid(x).
  public static Activation hardSwish() {
    return new Activation(Activation.Function.HARD_SWISH);
  }

  /// x / 6 + ½ limited to 0 … 1.
  public static Activation hardSigmoid() {
    return new Activation(Activation.Function.HARD_SIGMOID);
  }

  /// ln(1 + eˣ).
  public static Activation softplus() {
    return new Activation(Activation.Function.SOFTPLUS);
  }

  /// x / (1 + |x|).
  public static Activation softsign() {
    return new Activation(Activation.Function.SOFTSIGN);
  }

  /// The largest of each `pieces` neighbouring channels.
  public static Activation maxout(int pieces) {
    return new Activation(Activation.Function.MAXOUT, pieces);
  }

  /// The first half of the channels times the sigmoid of the second half.
  public static Activation glu() {
    return new Activation(Activation.Function.GLU);
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

  /// In training, each channel of a sample is 0 with probability p.
  public static Dropping channelDropout(double p) {
    return new Dropping(p, Dropping.Sharing.CHANNELS);
  }

  /// In training, each sample is 0 with probability p: at the end of a residual's body, its block is skipped.
  public static Dropping stochasticDepth(double p) {
    return new Dropping(p, Dropping.Sharing.SAMPLES);
  }

  /// In training, square blocks of each channel are 0, a share of p in all.
  public static BlockDropping dropBlock(double p, int block) {
    return new BlockDropping(p, block);
  }

  /// Batch normalisation with an ε of 1e-5 and a momentum of 0.1.
  public static BatchNormalization batchNorm() {
    return new BatchNormalization(1e-5, 0.1);
  }

  /// Layer normalisation over whole samples, with an ε of 1e-5.
  public static LayerNormalization layerNorm() {
    return new LayerNormalization(1e-5, false);
  }

  /// Group normalisation with an ε of 1e-5.
  public static GroupNormalization groupNorm(int groups) {
    return new GroupNormalization(groups, 1e-5);
  }

  /// Instance normalisation without weights, with an ε of 1e-5.
  public static InstanceNormalization instanceNorm() {
    return new InstanceNormalization(1e-5, false);
  }

  /// Local response normalisation over `size` channels, with AlexNet's alpha of 1e-4, beta of 0.75 and k of 2.
  public static LocalResponseNormalization localResponseNorm(int size) {
    return new LocalResponseNormalization(size, 1e-4, 0.75, 2);
  }

  /// The channels of each position scaled to length 1.
  public static UnitLengthScaling l2Norm() {
    return new UnitLengthScaling(1e-12);
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

  /// A layer that opens no scope: those inside are named as if they stood in its place.
  public static Unscoped unscoped(Layer layer) {
    return new Unscoped(layer);
  }

  /// A head beside the network whose scores training holds against the classes, too; y = x.
  public static Auxiliary auxiliary(Layer head, double weight) {
    return new Auxiliary(head, weight);
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
