package juanji.vector;

import java.util.ArrayList;
import java.util.List;
import juanji.op.Axis;

/// One axis of a contraction with a window, seen from its target: which source cells each target cell sums.
///
/// The target cells fall into residue classes modulo the target's step; within a class, cell number j is at
/// first + j · targetStep and reads the source cells j · sourceStep + shift, one per tap. A convolution has one class
/// and sourceStep = stride; its input gradient has `stride` classes and sourceStep = 1.
///
/// @param kernel cells of the window
/// @param source cells of the source
/// @param target cells of the target
/// @param residues the classes
/// @param low the smallest shift
/// @param high the largest shift
record AxisPlan(int kernel, int source, int target, int sourceStep, int targetStep, List<Residue> residues, int low,
    int high) {
  /// Target cells with the same taps.
  ///
  /// @param first the first cell
  /// @param count the number of cells
  /// @param taps the cells of the window that take part
  /// @param shifts where each tap's source cell is, seen from j · sourceStep
  record Residue(int first, int count, int[] taps, int[] shifts) {
  }

  /// The axis of a convolution over `in` cells: from x to y.
  static AxisPlan forward(Axis axis, int in) {
    Axis.Placed placed = axis.over(in);
    int[] taps = new int[axis.kernel()];
    int[] shifts = new int[axis.kernel()];
    for (int t = 0; t < taps.length; t++) {
      taps[t] = t;
      shifts[t] = t * axis.dilation() - placed.before();
    }
    return of(axis.kernel(), in, placed.out(), axis.stride(), 1, List.of(new Residue(0, placed.out(), taps, shifts)));
  }

  /// The axis of a convolution's input gradient, where x has `in` cells: from y to x.
  static AxisPlan backward(Axis axis, int in) {
    Axis.Placed placed = axis.over(in);
    int stride = axis.stride();
    List<Residue> residues = new ArrayList<>();
    for (int first = 0; first < Math.min(stride, in); first++) {
      List<Integer> taps = new ArrayList<>();
      for (int t = 0; t < axis.kernel(); t++) {
        if (Math.floorMod(first + placed.before() - t * axis.dilation(), stride) == 0) {
          taps.add(t);
        }
      }
      int at = first + placed.before();
      int[] shifts = taps.stream().mapToInt(t -> Math.floorDiv(at - t * axis.dilation(), stride)).toArray();
      residues.add(new Residue(first, (in - first - 1) / stride + 1, taps.stream().mapToInt(t -> t).toArray(),
          shifts));
    }
    return of(axis.kernel(), placed.out(), in, 1, stride, residues);
  }

  private static AxisPlan of(int kernel, int source, int target, int sourceStep, int targetStep,
      List<Residue> residues) {
    int low = Integer.MAX_VALUE;
    int high = Integer.MIN_VALUE;
    for (Residue r : residues) {
      for (int shift : r.shifts()) {
        low = Math.min(low, shift);
        high = Math.max(high, shift);
      }
    }
    boolean none = low > high;
    return new AxisPlan(kernel, source, target, sourceStep, targetStep, residues, none ? 0 : low, none ? 0 : high);
  }

  /// The cells of the largest class.
  int positions() {
    return residues.isEmpty() ? 0 : residues.getFirst().count();
  }

  /// The source cells under `count` neighbouring cells of a class, counting those between taps.
  int reach(int count) {
    return (count - 1) * sourceStep + high - low + 1;
  }

  /// Whether no target cell reads beyond the source.
  boolean inside() {
    return low >= 0 && (positions() - 1) * sourceStep + high < source;
  }
}
