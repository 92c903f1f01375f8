package juanji.augment;

import java.util.List;
import java.util.SplittableRandom;
import juanji.data.Dataset;
import juanji.tensor.Shape;

/// A dataset whose samples are changed anew in each epoch of a training. Read without an epoch, they are as they were.
///
/// What a sample looks like in an epoch depends on the seed, the epoch and the sample's number alone: not on the order
/// of reading, the number of threads, or whether the training was interrupted.
///
/// ```java
/// Dataset varied = Augmented.of(train, Augmentation.named("crop:4 + flip"), 42);
/// varied.readVaried(7, 3, values, 0);       // sample 7 as epoch 3 sees it
/// ```
public final class Augmented implements Dataset {
  private final Dataset plain;
  private final Augmentation augmentation;
  private final long seed;

  private Augmented(Dataset plain, Augmentation augmentation, long seed) {
    this.plain = plain;
    this.augmentation = augmentation;
    this.seed = seed;
  }

  /// The dataset with its samples changed.
  ///
  /// @param plain samples with values from 0 to 1, not normalised yet
  /// @param seed what is drawn from
  public static Augmented of(Dataset plain, Augmentation augmentation, long seed) {
    return new Augmented(plain, augmentation, seed);
  }

  @Override public void readVaried(int index, int epoch, float[] into, int offset) {
    plain.readVaried(index, epoch, into, offset);
    augmentation.apply(into, offset, plain.shape(), random(seed, epoch, index));
  }

  /// The numbers that one sample's changes are drawn from in one epoch.
  public static SplittableRandom random(long seed, int epoch, int index) {
    return new SplittableRandom(mix(mix(seed * 0x9e3779b97f4a7c15L + epoch) + index));
  }

  /// Spreads neighbouring numbers over all 64 bits (the finaliser of SplitMix64).
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  @Override public String variation() {
    String before = plain.variation();
    return (before.isEmpty() ? "" : before + " + ") + augmentation + ", seed " + seed;
  }

  @Override public void read(int index, float[] into, int offset) {
    plain.read(index, into, offset);
  }

  @Override public Shape shape() {
    return plain.shape();
  }

  @Override public List<String> classes() {
    return plain.classes();
  }

  @Override public int size() {
    return plain.size();
  }

  @Override public int label(int index) {
    return plain.label(index);
  }

  @Override public String source(int index) {
    return plain.source(index);
  }

  @Override public String toString() {
    return "Augmented(" + plain + ", " + augmentation + ")";
  }
}
