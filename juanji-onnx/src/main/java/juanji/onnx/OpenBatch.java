package juanji.onnx;

import java.util.Arrays;
import juanji.tensor.Shape;

/// The batch's extent among the whole numbers of a graph's shape arithmetic, while it is open.
///
/// Files compute shapes from shapes. While a network is translated its batch is not known; where it stands among
/// numbers, [#OPEN] stands for it. It may be moved and compared, but not calculated with.
final class OpenBatch {
  /// A number that no shape arithmetic gives by itself.
  static final long OPEN = -0x4a4e4f50454eL;

  private OpenBatch() {
  }

  /// Extents as numbers.
  static long[] numbers(Shape shape) {
    return Arrays.stream(shape.toArray()).mapToLong(d -> d == Shape.UNBOUND ? OPEN : d).toArray();
  }

  /// A number as an extent.
  static int extent(long number) {
    return number == OPEN ? Shape.UNBOUND : Math.toIntExact(number);
  }

  /// Numbers as a shape.
  static Shape shape(long... numbers) {
    return Shape.of(Arrays.stream(numbers).mapToInt(OpenBatch::extent).toArray());
  }
}
