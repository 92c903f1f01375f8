package juanji.data;

import java.util.List;
import java.util.function.IntFunction;
import juanji.tensor.Shape;

/// Pictures kept in memory at one byte a value; byte `b` reads as `(b & 255) / 255`.
///
/// Constraints: C1 the shape is channels × height × width, each at least 1; C2 every picture has as many bytes as the
/// shape has elements; C3 there is one label per picture, within the classes.
///
/// ```java
/// var two = Pictures.of(Shape.of(1, 1, 2), List.of("dark", "light"),
///     new byte[][] {{0, 3}, {(byte) 250, (byte) 255}}, new int[] {0, 1}, i -> "picture " + i);
/// ```
public final class Pictures implements Dataset {
  private static final float[] UNIT = new float[256];

  static {
    for (int i = 0; i < 256; i++) {
      UNIT[i] = i / 255f;
    }
  }

  private final Shape shape;
  private final List<String> classes;
  private final byte[][] pixels;
  private final int[] labels;
  private final IntFunction<String> source;

  private Pictures(Shape shape, List<String> classes, byte[][] pixels, int[] labels, IntFunction<String> source) {
    this.shape = shape;
    this.classes = classes;
    this.pixels = pixels;
    this.labels = labels;
    this.source = source;
  }

  /// A dataset over the given arrays, which are not copied.
  ///
  /// @param shape channels × height × width
  /// @param pixels one array per picture, row-major in the order of the shape
  /// @param source names a picture by its number, for messages
  /// @throws IllegalArgumentException if a constraint is broken
  public static Pictures of(Shape shape, List<String> classes, byte[][] pixels, int[] labels,
      IntFunction<String> source) {
    if (shape.rank() != 3 || !shape.bound() || shape.size() < 1) {
      throw new IllegalArgumentException("pictures cannot have the shape " + shape + ".\n"
          + "  C1: the shape is channels × height × width, each at least 1.\n"
          + "  Give Shape.of(channels, height, width).");
    }
    if (labels.length != pixels.length) {
      throw new IllegalArgumentException(pixels.length + " pictures cannot take " + labels.length + " labels.\n"
          + "  C3: there is one label per picture.\n"
          + "  Give as many labels as pictures.");
    }
    int length = shape.length();
    for (int i = 0; i < pixels.length; i++) {
      if (pixels[i].length != length) {
        throw new IllegalArgumentException("picture " + i + " does not have the shape " + shape + ".\n"
            + "  C2: every picture has " + length + " bytes; received " + pixels[i].length + ".\n"
            + "  Resize all pictures to one size first.");
      }
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException("picture " + i + " has a label outside the classes.\n"
            + "  C3: labels are from 0 to " + (classes.size() - 1) + "; received " + labels[i] + ".\n"
            + "  Name every class, or correct the label.");
      }
    }
    return new Pictures(shape, List.copyOf(classes), pixels, labels, source);
  }

  @Override public Shape shape() {
    return shape;
  }

  @Override public List<String> classes() {
    return classes;
  }

  @Override public int size() {
    return pixels.length;
  }

  @Override public int label(int index) {
    return labels[index];
  }

  @Override public void read(int index, float[] into, int offset) {
    byte[] picture = pixels[index];
    for (int i = 0; i < picture.length; i++) {
      into[offset + i] = UNIT[picture[i] & 255];
    }
  }

  /// A copy of a picture's bytes, channels × height × width in row-major order.
  public byte[] bytes(int index) {
    return pixels[index].clone();
  }

  @Override public String source(int index) {
    return source.apply(index);
  }

  @Override public String toString() {
    return "Pictures(" + size() + " of " + shape + ", " + classes.size() + " classes)";
  }
}
