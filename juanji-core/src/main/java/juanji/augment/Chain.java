package juanji.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import juanji.tensor.Shape;

/// Several augmentations, one after the other.
///
/// @param steps the augmentations in their order
public record Chain(List<Augmentation> steps) implements Augmentation {
  /// Chains within are opened.
  public Chain {
    List<Augmentation> flat = new ArrayList<>();
    steps.forEach(s -> flat.addAll(s instanceof Chain c ? c.steps : List.of(s)));
    steps = List.copyOf(flat);
  }

  @Override public void apply(float[] values, int offset, Shape shape, SplittableRandom random) {
    for (Augmentation step : steps) {
      // Each step has numbers of its own: one that draws fewer than before does not change those after it.
      step.apply(values, offset, shape, random.split());
    }
  }

  @Override public String toString() {
    return steps.stream().map(Augmentation::toString).collect(Collectors.joining(" + "));
  }
}
