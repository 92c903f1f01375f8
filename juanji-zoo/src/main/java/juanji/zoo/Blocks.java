package juanji.zoo;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.relu;

import java.util.stream.IntStream;
import juanji.nn.Convolution;
import juanji.nn.Layer;
import juanji.nn.Sequence;

/// What the networks here are put together from.
public final class Blocks {
  private Blocks() {
  }

  /// Layers one after the other, named by their place: `0`, `1`, `2`, …, as PyTorch's `Sequential` names them, so that
  /// the weights of a chain called `features` are `features.0.weight` and so on.
  public static Sequence numbered(Layer... layers) {
    return chain(IntStream.range(0, layers.length).mapToObj(i -> layers[i].named(Integer.toString(i)))
        .toArray(Layer[]::new));
  }

  /// A convolution without bias, batch normalisation and ReLU, named by their place.
  public static Sequence convNormRelu(Convolution conv) {
    return numbered(conv.noBias(), batchNorm(), relu());
  }

  /// A convolution without bias (`conv`), batch normalisation with an ε of 0.001 (`bn`) and ReLU: what the Inception
  /// networks consist of.
  ///
  /// @param name what the weights' names begin with
  static Layer unit(String name, Convolution conv) {
    return chain(conv.noBias().named("conv"), batchNorm().epsilon(1e-3).named("bn"), relu()).named(name);
  }
}
