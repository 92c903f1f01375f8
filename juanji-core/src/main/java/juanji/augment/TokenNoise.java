package juanji.augment;

import java.util.Locale;
import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// Tokens of a text dropped, forgotten or put in another order, each with a probability. Samples are the numbers of
/// tokens, with −1 behind the last.
///
/// | words | what happens to a token |
/// |---|---|
/// | `drop-words:0.1` | it is left out, and those behind it move up |
/// | `forget-words:0.1` | it becomes unknown, number 0 (word dropout) |
/// | `swap-words:0.1` | it changes places with the one behind it |
///
/// Constraints: C0 samples have one axis; C1 0 ≤ p ≤ 1. Source: Wei and Zou, *EDA: easy data augmentation*, 2019, but
/// for its synonyms.
///
/// @param kind what happens
/// @param probability to each token
public record TokenNoise(Kind kind, double probability) implements Augmentation {
  /// What happens to a token.
  public enum Kind {
    /// Left out.
    DROP,
    /// Made unknown.
    FORGET,
    /// Swapped with the next.
    SWAP
  }

  /// Checks C1.
  public TokenNoise {
    Bounds.check(probability >= 0 && probability <= 1, "token noise", "C1", "p is from 0 to 1", probability,
        "Use 0.1.");
  }

  @Override public void apply(float[] values, int offset, Shape shape, SplittableRandom random) {
    if (shape.rank() != 1) {
      throw new IllegalArgumentException("'" + this + "' cannot be applied to samples of " + shape + ".\n"
          + "  C0: samples are texts, of one axis; received " + shape + ".\n"
          + "  Use augmentations for this kind of data.");
    }
    int length = shape.length();
    int words = 0;
    while (words < length && values[offset + words] >= 0) {
      words++;
    }
    int kept = 0;
    for (int i = 0; i < words; i++) {
      boolean hit = random.nextDouble() < probability;
      int at = offset + i;
      switch (kind) {
        case DROP -> {
          // The last word that is left stays: a text of nothing has no class.
          if (!hit || kept == 0 && i == words - 1) {
            values[offset + kept++] = values[at];
          }
        }
        case FORGET -> values[at] = hit ? 0 : values[at];
        case SWAP -> {
          if (hit && i + 1 < words) {
            float next = values[at + 1];
            values[at + 1] = values[at];
            values[at] = next;
          }
        }
      }
    }
    for (int i = kept; i < words && kind == Kind.DROP; i++) {
      values[offset + i] = -1;
    }
  }

  @Override public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + "-words:" + Bounds.literal(probability);
  }
}
