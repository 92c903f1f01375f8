package juanji.bench.peers;

import java.util.List;
import java.util.Optional;
import juanji.op.Axis;

/// How another system writes the layers that the benchmark networks have. Weights are named as Juanji names them.
///
/// @param <V> what a value is
interface Dialect<V> {
  /// A convolution without or with a bias.
  V conv(V x, String weight, Optional<String> bias, List<Axis.Placed> places, List<Axis> axes, int groups);

  /// Batch normalisation.
  V batchNorm(V x, String scope, double epsilon, double momentum);

  /// max(0, x). May be done in place.
  V relu(V x);

  /// The largest values of windows.
  V maxPool(V x, List<Axis.Placed> places, List<Axis> axes);

  /// The mean of each channel, spatial axes kept.
  V globalMean(V x);

  /// The largest value of each channel, spatial axes kept.
  V globalMax(V x);

  /// All axes but the batch as one.
  V flatten(V x);

  /// A fully connected layer with a bias.
  V dense(V x, String weight, String bias);

  /// The sum of a body, which may be overwritten, and a shortcut.
  V add(V body, V shortcut);

  /// Values joined along the channels.
  V concat(List<V> parts);

  /// Rows of a table, channels first.
  V embedding(V ids, String weight);

  /// Dropout in training.
  V dropout(V x, double p);

  /// Says that a value is not needed any more by the layers to come.
  default void release(V value) {
  }
}
