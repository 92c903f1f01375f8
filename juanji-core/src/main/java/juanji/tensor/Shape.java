package juanji.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The extents of a tensor, one per axis, outermost axis first.
///
/// The extent of a batch axis may be left open ([#UNBOUND], printed `N`) until a plan binds it; every other extent is
/// known when a graph is built. An extent of 0 is an empty tensor and is allowed.
///
/// Constraints: C1 every extent is at least 0, or UNBOUND; C2 the number of elements fits in a `long`.
///
/// ```java
/// Shape image = Shape.of(3, 224, 224);
/// long values = image.size();               // 150,528
/// Shape batch = image.batched();            // N × 3 × 224 × 224
/// Shape eight = batch.bind(8);              // 8 × 3 × 224 × 224
/// ```
public final class Shape {
  /// The extent of an axis whose length is not known yet: the batch.
  public static final int UNBOUND = -1;

  private static final Shape SCALAR = new Shape();

  private final int[] dims;

  private Shape(int... dims) {
    this.dims = dims;
  }

  /// A shape with the given extents; no extents make the shape of a scalar.
  ///
  /// @throws IllegalArgumentException if an extent is below 0 and not [#UNBOUND], or the size exceeds a `long`
  public static Shape of(int... dims) {
    long size = 1;
    for (int d : dims) {
      if (d < UNBOUND) {
        throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " has an extent below zero.\n"
            + "  C1: every extent is at least 0, or Shape.UNBOUND for a batch; received " + d + ".\n"
            + "  Give the number of elements along each axis.");
      }
      if (d > 0) {
        if (size > Long.MAX_VALUE / d) {
          throw new IllegalArgumentException("shape " + Arrays.toString(dims) + " is too large.\n"
              + "  C2: the number of elements fits in 63 bits.\n"
              + "  Use smaller extents.");
        }
        size *= d;
      }
    }
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  /// The number of axes.
  public int rank() {
    return dims.length;
  }

  /// The extent of an axis; negative axes count from the last.
  ///
  /// @throws IndexOutOfBoundsException if there is no such axis
  public int dim(int axis) {
    return dims[axis < 0 ? axis + dims.length : axis];
  }

  /// The number of elements: the product of all extents.
  ///
  /// @throws IllegalStateException if an extent is [#UNBOUND]
  public long size() {
    return size(0);
  }

  /// The number of elements of one slice through the first `axis` axes: the product of the extents from `axis` on.
  ///
  /// @throws IllegalStateException if one of these extents is [#UNBOUND]
  public long size(int axis) {
    long size = 1;
    for (int i = axis; i < dims.length; i++) {
      if (dims[i] == UNBOUND) {
        throw new IllegalStateException("the size of " + this + " is not known before its batch is bound");
      }
      size *= dims[i];
    }
    return size;
  }

  /// The size as an array length.
  ///
  /// @throws IllegalArgumentException if it exceeds what one Java array can hold
  public int length() {
    long size = size();
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("a tensor of " + this + " does not fit in memory as one array.\n"
          + "  It has " + size + " elements; an array holds at most " + (Integer.MAX_VALUE - 8) + ".\n"
          + "  Use a smaller batch or smaller extents.");
    }
    return (int) size;
  }

  /// Whether every extent is known.
  public boolean bound() {
    return Arrays.stream(dims).noneMatch(d -> d == UNBOUND);
  }

  /// This shape with every open extent set to `batch`.
  public Shape bind(int batch) {
    return bound() ? this : Shape.of(Arrays.stream(dims).map(d -> d == UNBOUND ? batch : d).toArray());
  }

  /// This shape behind an open batch axis.
  public Shape batched() {
    return prepend(UNBOUND);
  }

  /// This shape behind one more axis.
  public Shape prepend(int extent) {
    int[] result = new int[dims.length + 1];
    result[0] = extent;
    System.arraycopy(dims, 0, result, 1, dims.length);
    return Shape.of(result);
  }

  /// This shape with one extent replaced; negative axes count from the last.
  public Shape with(int axis, int extent) {
    int[] result = dims.clone();
    result[axis < 0 ? axis + dims.length : axis] = extent;
    return Shape.of(result);
  }

  /// The axes from `from` (inclusive) to `to` (exclusive).
  public Shape slice(int from, int to) {
    return Shape.of(Arrays.copyOfRange(dims, from, to));
  }

  /// Everything behind the first axis: the shape of one sample of a batch.
  public Shape sample() {
    return slice(1, dims.length);
  }

  /// The extents, as a fresh array.
  public int[] toArray() {
    return dims.clone();
  }

  /// The distance in elements between neighbours along each axis of a row-major array.
  public int[] strides() {
    int[] strides = new int[dims.length];
    int step = 1;
    for (int i = dims.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= dims[i];
    }
    return strides;
  }

  @Override public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /// As people write it: `8 × 3 × 224 × 224`; `N` for an open batch, `scalar` for no axes.
  @Override public String toString() {
    return dims.length == 0 ? "scalar" : IntStream.of(dims).mapToObj(d -> d == UNBOUND ? "N" : Integer.toString(d))
        .collect(Collectors.joining(" × "));
  }
}
