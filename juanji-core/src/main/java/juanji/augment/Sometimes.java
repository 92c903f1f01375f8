package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// An augmentation that is applied with a probability.
///
/// Constraints: C1 the probability is from 0 to 1; C2 it is a single step, not a chain, as `?` belongs to one word.
///
/// @param step what is applied
/// @param probability how often
record Sometimes(Augmentation step, double probability) implements Augmentation {
  Sometimes {
    Bounds.check(probability >= 0 && probability <= 1, "an augmentation", "C1", "a probability is from 0 to 1",
        probability, "Write it as in flip?0.5.");
    Bounds.check(!(step instanceof Chain), "an augmentation with a probability", "C2", "it is one step", step,
        "Give each step its own probability.");
  }

  @Override public void apply(float[] values, int offset, Shape shape, SplittableRandom random) {
    if (random.nextDouble() < probability) {
      step.apply(values, offset, shape, random);
    }
  }

  @Override public String toString() {
    return step + "?" + Bounds.literal(probability);
  }
}
