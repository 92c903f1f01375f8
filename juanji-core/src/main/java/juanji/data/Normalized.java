package juanji.data;

import java.util.List;
import juanji.tensor.Shape;

/// A dataset whose samples are normalised as they are read: `(x − mean) / std` per channel.
///
/// Constraint: C1 the dataset's samples have the size that the preprocessing brings pictures to, or are videos of such.
///
/// ```java
/// Dataset ready = Normalized.of(train, Preprocessing.measure(train));
/// ```
public final class Normalized implements Dataset {
  private final Dataset raw;
  private final Preprocessing steps;

  private Normalized(Dataset raw, Preprocessing steps) {
    this.raw = raw;
    this.steps = steps;
  }

  /// The dataset with its samples normalised.
  ///
  /// @throws IllegalArgumentException if the constraint is broken
  public static Normalized of(Dataset raw, Preprocessing steps) {
    if (!steps.fits(raw.shape())) {
      Shape expected = Shape.of(steps.channels(), steps.height(), steps.width());
      throw new IllegalArgumentException("these samples cannot be normalised.\n"
          + "  C1: samples are " + expected + "; received " + raw.shape() + ".\n"
          + "  Read the data at this size, or measure the preprocessing on it.");
    }
    return new Normalized(raw, steps);
  }

  @Override public Shape shape() {
    return raw.shape();
  }

  @Override public List<String> classes() {
    return raw.classes();
  }

  @Override public int size() {
    return raw.size();
  }

  @Override public int label(int index) {
    return raw.label(index);
  }

  private int frames() {
    return raw.shape().rank() == 4 ? raw.shape().dim(1) : 1;
  }

  @Override public void read(int index, float[] into, int offset) {
    raw.read(index, into, offset);
    steps.normalise(into, offset, frames());
  }

  @Override public void readVaried(int index, int epoch, float[] into, int offset) {
    raw.readVaried(index, epoch, into, offset);
    steps.normalise(into, offset, frames());
  }

  @Override public String variation() {
    return raw.variation();
  }

  @Override public String source(int index) {
    return raw.source(index);
  }

  @Override public String toString() {
    return "Normalized(" + raw + ")";
  }
}
