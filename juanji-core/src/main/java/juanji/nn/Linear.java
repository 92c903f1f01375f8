package juanji.nn;

import java.util.List;
import java.util.Optional;
import juanji.graph.Node;
import juanji.op.Contraction;
import juanji.tensor.Shape;

/// A fully connected layer: y = x · Wᵀ + b.
///
/// x: N × in, W (`weight`): units × in, b (`bias`): units, y: N × units. Weights start from
/// [Initializer#fanInUniform()] unless told otherwise, biases from 0.
///
/// Constraints: C1 there is at least one unit; C2 the input is batch × features.
///
/// @param units the number of outputs
/// @param bias whether b is there
/// @param initializer what the weights start from; empty for the default
public record Linear(int units, boolean bias, Optional<Initializer> initializer) implements Layer {
  /// Checks C1.
  public Linear {
    if (units < 1) {
      throw new IllegalArgumentException("dense(" + units + ") does not exist.\n"
          + "  C1: there is at least one unit; received " + units + ".\n"
          + "  Use a positive number.");
    }
  }

  /// The layer without b.
  public Linear noBias() {
    return new Linear(units, false, initializer);
  }

  /// The layer with other starting weights.
  public Linear initializer(Initializer start) {
    return new Linear(units, bias, Optional.of(start));
  }

  @Override public Node apply(Trace trace, Node x) {
    if (x.shape().rank() != 2) {
      throw trace.refusal(kind(), "C2: the input is batch × features; received " + x.shape() + ".",
          "Put flatten() before it.", x.shape());
    }
    Node weight = trace.parameter("weight", Shape.of(units, x.shape().dim(1)),
        initializer.orElse(Initializer.fanInUniform()));
    Node y = trace.apply(new Contraction.MatMul(false, true), x, weight);
    return bias ? trace.add(y, trace.parameter("bias", Shape.of(units), Initializer.zeros(), false)) : y;
  }

  @Override public String kind() {
    return "dense";
  }

  @Override public String toString() {
    return Source.call("dense", List.of(units))
        + initializer.map(i -> Source.wither(true, "initializer", List.of(i))).orElse("")
        + Source.wither(!bias, "noBias", List.of());
  }
}
