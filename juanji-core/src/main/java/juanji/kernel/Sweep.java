package juanji.kernel;

import java.util.List;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A window's way over an input of given extents, always seen as three axes: depth, height, width. Missing axes have an
/// extent of 1. A window of one cell that moves by one cell without padding sees the whole plane as one row.
///
/// @param in cells of the input per axis
/// @param out positions of the window per axis
/// @param kernel cells of the window per axis
/// @param stride distance between positions per axis
/// @param dilation distance between cells of the window per axis
/// @param before cells of padding in front per axis
/// @param padded cells of the input and its padding per axis, without those that an incomplete last window hangs over
record Sweep(int[] in, int[] out, int[] kernel, int[] stride, int[] dilation, int[] before, int[] padded) {
  /// The window over the spatial extents of an input.
  static Sweep of(Window window, Shape spatial) {
    Sweep sweep = unmerged(window, spatial);
    boolean plain = IntStream.range(0, 3).allMatch(i -> sweep.kernel[i] == 1 && sweep.stride[i] == 1
        && sweep.in[i] == sweep.out[i]);
    int cells = sweep.inPlane();
    return plain ? new Sweep(new int[] {1, 1, cells}, new int[] {1, 1, cells}, sweep.kernel, sweep.stride,
        sweep.dilation, sweep.before, new int[] {1, 1, cells}) : sweep;
  }

  /// The window over the spatial extents of an input, always along its own axes.
  static Sweep unmerged(Window window, Shape spatial) {
    List<Axis> axes = window.axes();
    List<Axis.Placed> placed = window.over(spatial);
    int[] in = {1, 1, 1};
    int[] out = {1, 1, 1};
    int[] kernel = {1, 1, 1};
    int[] stride = {1, 1, 1};
    int[] dilation = {1, 1, 1};
    int[] before = {0, 0, 0};
    int[] padded = {1, 1, 1};
    int missing = 3 - axes.size();
    for (int i = 0; i < axes.size(); i++) {
      in[missing + i] = placed.get(i).in();
      out[missing + i] = placed.get(i).out();
      kernel[missing + i] = axes.get(i).kernel();
      stride[missing + i] = axes.get(i).stride();
      dilation[missing + i] = axes.get(i).dilation();
      before[missing + i] = placed.get(i).before();
      padded[missing + i] = placed.get(i).padded();
    }
    return new Sweep(in, out, kernel, stride, dilation, before, padded);
  }

  /// Cells of a plane of the input.
  int inPlane() {
    return in[0] * in[1] * in[2];
  }

  /// Positions in a plane of the output.
  int outPlane() {
    return out[0] * out[1] * out[2];
  }

  /// Cells of the window.
  int taps() {
    return kernel[0] * kernel[1] * kernel[2];
  }

  /// The taps that lie in the input or its padding at a position.
  int counted(int axis, int position) {
    return Math.min(kernel[axis], Math.ceilDiv(padded[axis] - position * stride[axis], dilation[axis]));
  }

  /// The input cell under a tap at position 0; it may lie in the padding.
  int shift(int axis, int tap) {
    return tap * dilation[axis] - before[axis];
  }

  /// The first position whose tap lies inside the input.
  int from(int axis, int tap) {
    return Math.max(0, Math.ceilDiv(-shift(axis, tap), stride[axis]));
  }

  /// The first position behind [#from] whose tap lies inside the input no more; at least `from`.
  int to(int axis, int tap) {
    int behind = Math.floorDiv(in[axis] - 1 - shift(axis, tap), stride[axis]) + 1;
    return Math.max(from(axis, tap), Math.min(out[axis], behind));
  }

  /// The first tap that lies inside the input at a position.
  int firstTap(int axis, int position) {
    return Math.max(0, Math.ceilDiv(before[axis] - position * stride[axis], dilation[axis]));
  }

  /// The first tap behind [#firstTap] that lies inside the input no more; at least `firstTap`.
  int endTap(int axis, int position) {
    int behind = Math.floorDiv(in[axis] - 1 + before[axis] - position * stride[axis], dilation[axis]) + 1;
    return Math.max(firstTap(axis, position), Math.min(kernel[axis], behind));
  }

  /// The position whose tap is the given input cell, or −1 if there is none.
  int position(int axis, int tap, int cell) {
    int way = cell - shift(axis, tap);
    return way < 0 || way % stride[axis] != 0 || way / stride[axis] >= out[axis] ? -1 : way / stride[axis];
  }
}
