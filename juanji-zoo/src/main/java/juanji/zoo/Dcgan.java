package juanji.zoo;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.leakyRelu;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.tanh;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.TransposedConvolution;
import juanji.tensor.Shape;

/// DCGAN: a generator that turns a vector of random numbers into a picture by transposed convolutions, and the network
/// that learns to tell its pictures from real ones.
///
/// Its windows of 4 × 4 at a stride of 2 cover each cell equally often: where the stride does not divide the window, a
/// checkerboard shows. Source: Radford, Metz and Chintala, *Unsupervised representation learning with deep
/// convolutional generative adversarial networks*, 2016, with the windows of PyTorch's example, whose names the weights
/// have.
public final class Dcgan {
  private Dcgan() {
  }

  /// The generator: from a vector to a picture of channels × side × side with values from −1 to 1. Of 100 numbers,
  /// width 64 and 3 × 64 × 64 it has 3,576,704 weights, as PyTorch's example; width 128 is the paper's.
  ///
  /// Constraints: C1 the side is 4 · 2ⁿ, from 8 on.
  ///
  /// @param numbers the length of the vector, which is the input of numbers × 1 × 1
  /// @param width filters of the last layer but one; each before has twice as many
  public static Model generator(int numbers, int width, int channels, int side) {
    int doublings = doublings(side);
    List<Layer> layers = new ArrayList<>(List.of(up(width << doublings - 1).stride(1).padding(0), batchNorm(), relu()));
    for (int i = doublings - 2; i >= 0; i--) {
      layers.addAll(List.of(up(width << i), batchNorm(), relu()));
    }
    layers.addAll(List.of(up(channels), tanh()));
    return Model.of(new Input(Shape.of(numbers, 1, 1)), Blocks.numbered(layers.toArray(Layer[]::new)).named("main"));
  }

  /// The network that tells real pictures from generated ones: one score, above 0 for real. Of width 64 and
  /// 3 × 64 × 64 it has 2,765,568 weights, as PyTorch's example.
  ///
  /// Constraints: C1 the side is 4 · 2ⁿ, from 8 on.
  ///
  /// @param width filters of the first layer; each behind has twice as many
  public static Model discriminator(int width, int channels, int side) {
    int doublings = doublings(side);
    List<Layer> layers = new ArrayList<>(List.of(down(width), leakyRelu(0.2)));
    for (int i = 1; i < doublings; i++) {
      layers.addAll(List.of(down(width << i), batchNorm(), leakyRelu(0.2)));
    }
    layers.add(down(1).stride(1).padding(0));
    return Model.of(new Input(Shape.of(channels, side, side)),
        Blocks.numbered(layers.toArray(Layer[]::new)).named("main"), flatten());
  }

  private static TransposedConvolution up(int filters) {
    return convTransposed(filters, 4).stride(2).padding(1).noBias().initializer(Initializer.xavierNormal());
  }

  private static Convolution down(int filters) {
    return conv(filters, 4).stride(2).padding(1).noBias().initializer(Initializer.xavierNormal());
  }

  private static int doublings(int side) {
    int doublings = Integer.numberOfTrailingZeros(side) - 2;
    if (side < 8 || side > 1 << 12 || Integer.bitCount(side) != 1) {
      throw new IllegalArgumentException("a DCGAN of pictures with a side of " + side + " does not exist.\n"
          + "  C1: the side is 4 · 2ⁿ, from 8 to 4096; received " + side + ".\n"
          + "  Use 32 or 64.");
    }
    return doublings;
  }
}
