package juanji.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.tensor.Tensor;

/// Everything that a training needs to go on as if it had never stopped.
final class TrainingState {
  /// Weights, running statistics and what the optimiser keeps, by name.
  final Map<String, Tensor> tensors = new LinkedHashMap<>();
  /// The weights and running statistics of the best epoch.
  final Map<String, Tensor> best = new LinkedHashMap<>();
  /// The completed epochs.
  final List<Epoch> history = new ArrayList<>();
  /// Steps done since the beginning.
  long steps;
  /// Batches done of the current epoch.
  int batches;
  /// The sum of the current epoch's losses, one per sample.
  double lossSum;
  /// The samples of the current epoch told rightly.
  int correct;
  /// Time spent in the current epoch by runs that were interrupted.
  double seconds;
  /// The number of the best epoch; 0 if none is complete.
  int bestEpoch;
}
