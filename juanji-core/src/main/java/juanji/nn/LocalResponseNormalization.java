package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Normalizing;

/// Local response normalisation: each element divided by a power of the squares around it along the channels, as
/// AlexNet does; formula, constraints (C1, C2) and how PyTorch's constants differ are with [Normalizing.LocalResponse].
///
/// x and y: N × C × …. Source: Krizhevsky et al., *ImageNet classification with deep convolutional neural networks*,
/// 2012, with n = 5, α = 10⁻⁴, β = 0.75, k = 2.
///
/// @param size channels summed over
/// @param alpha the weight of the sum, not divided by the size
/// @param beta the exponent
/// @param k what is added to the sum
public record LocalResponseNormalization(int size, double alpha, double beta, double k) implements Layer {
  /// Checks C1.
  public LocalResponseNormalization {
    new Normalizing.LocalResponse(size, alpha, beta, k).inputs();
  }

  /// The layer with another weight of the sum.
  public LocalResponseNormalization alpha(double value) {
    return new LocalResponseNormalization(size, value, beta, k);
  }

  /// The layer with another exponent.
  public LocalResponseNormalization beta(double value) {
    return new LocalResponseNormalization(size, alpha, value, k);
  }

  /// The layer with another number added to the sum.
  public LocalResponseNormalization k(double value) {
    return new LocalResponseNormalization(size, alpha, beta, value);
  }

  @Override public Node apply(Trace trace, Node x) {
    return trace.apply(new Normalizing.LocalResponse(size, alpha, beta, k), List.of(x));
  }

  @Override public String kind() {
    return "localResponseNorm";
  }

  @Override public String toString() {
    return Source.call("localResponseNorm", List.of(size)) + Source.wither(alpha != 1e-4, "alpha", List.of(alpha))
        + Source.wither(beta != 0.75, "beta", List.of(beta)) + Source.wither(k != 2, "k", List.of(k));
  }
}
