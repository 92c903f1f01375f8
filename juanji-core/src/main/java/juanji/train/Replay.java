package juanji.train;

import java.util.HashMap;
import java.util.Map;

/// Remembers the state of a training a few steps ago, so that what led to a failure can be computed again. Large
/// networks are not remembered.
final class Replay {
  private static final int STEPS = 32;
  private static final long MOST_VALUES = 1 << 23;

  private final Map<String, float[]> values = new HashMap<>();
  private long steps = -1;
  private int batches;

  /// Called before each step.
  void before(TrainingState state) {
    if (state.batches % STEPS != 0 && steps >= 0) {
      return;
    }
    if (state.tensors.values().stream().mapToLong(t -> t.data().length).sum() > MOST_VALUES) {
      return;
    }
    state.tensors.forEach((name, tensor) -> {
      float[] copy = values.computeIfAbsent(name, _ -> new float[tensor.data().length]);
      System.arraycopy(tensor.data(), 0, copy, 0, copy.length);
    });
    steps = state.steps;
    batches = state.batches;
  }

  /// Brings back what was remembered, of the same epoch.
  ///
  /// @return whether something was
  boolean back(TrainingState state) {
    if (steps < 0 || state.steps - steps != state.batches - batches) {
      return false;
    }
    state.tensors.forEach((name, tensor) ->
        System.arraycopy(values.get(name), 0, tensor.data(), 0, tensor.data().length));
    state.steps = steps;
    state.batches = batches;
    return true;
  }
}
