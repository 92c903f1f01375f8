package juanji.op;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// A window sliding along all spatial axes of its input: one [Axis] each for length, height × width, or
/// depth × height × width.
///
/// Constraints: C1 there are 1 to 3 axes.
///
/// @param axes one window axis per spatial axis, in the order of the tensor's axes
public record Window(List<Axis> axes) {
  /// Checks C1.
  public Window {
    axes = List.copyOf(axes);
    if (axes.isEmpty() || axes.size() > 3) {
      throw new IllegalArgumentException("a window over " + axes.size() + " axes does not exist.\n"
          + "  C1: a window has 1, 2 or 3 axes; received " + axes.size() + ".\n"
          + "  Give one axis per spatial axis of the input.");
    }
  }

  /// A window with the given axes.
  public static Window of(Axis... axes) {
    return new Window(List.of(axes));
  }

  /// A window that is the same along `rank` axes.
  public static Window of(int rank, Axis axis) {
    return new Window(Collections.nCopies(rank, axis));
  }

  /// The number of spatial axes.
  public int rank() {
    return axes.size();
  }

  /// The window's extents: kernel sizes in the order of the axes.
  public Shape kernel() {
    return Shape.of(axes.stream().mapToInt(Axis::kernel).toArray());
  }

  /// The number of cells in the window.
  public int taps() {
    return kernel().length();
  }

  /// The window over spatial extents, one place per axis.
  public List<Axis.Placed> over(Shape spatial) {
    return IntStream.range(0, rank()).mapToObj(i -> axes.get(i).over(spatial.dim(i))).toList();
  }

  /// The output's spatial extents over the given input's.
  public Shape output(Shape spatial) {
    return Shape.of(over(spatial).stream().mapToInt(Axis.Placed::out).toArray());
  }

  @Override public String toString() {
    Axis first = axes.getFirst();
    if (axes.stream().allMatch(first::equals)) {
      String size = IntStream.range(0, rank()).mapToObj(i -> Integer.toString(first.kernel()))
          .collect(Collectors.joining("×"));
      return size + first.toString().substring(Integer.toString(first.kernel()).length());
    }
    return axes.stream().map(Axis::toString).collect(Collectors.joining(" × ", "(", ")"));
  }
}
