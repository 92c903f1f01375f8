package juanji.vector;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.Operands;
import juanji.op.Axis;
import juanji.op.LocalContraction;
import juanji.tensor.Shape;

/// Where the windows and the weights of a convolution with sets of weights lie, seen as three axes.
final class LocalPlaces {
  final int samples;
  final int channels;
  final int filters;
  final int[] in = {1, 1, 1};
  final int[] out = {1, 1, 1};
  final int[] kernel = {1, 1, 1};
  final int[] stride = {1, 1, 1};
  final int[] dilation = {1, 1, 1};
  final int[] before = {0, 0, 0};
  final int[] tiles = {1, 1, 1};

  LocalPlaces(LocalContraction op, Shape x, Shape y) {
    this.samples = x.dim(0);
    this.channels = x.dim(1);
    this.filters = y.dim(1);
    List<Axis.Placed> placed = op.window().over(x.slice(2, x.rank()));
    int missing = 3 - placed.size();
    for (int i = 0; i < placed.size(); i++) {
      Axis axis = op.window().axes().get(i);
      in[missing + i] = placed.get(i).in();
      out[missing + i] = placed.get(i).out();
      before[missing + i] = placed.get(i).before();
      kernel[missing + i] = axis.kernel();
      stride[missing + i] = axis.stride();
      dilation[missing + i] = axis.dilation();
      tiles[missing + i] = op.tiles().dim(i);
    }
  }

  int inPlane() {
    return in[0] * in[1] * in[2];
  }

  int outPlane() {
    return out[0] * out[1] * out[2];
  }

  int taps() {
    return kernel[0] * kernel[1] * kernel[2];
  }

  int sets() {
    return tiles[0] * tiles[1] * tiles[2];
  }

  int set(int od, int oh, int ow) {
    return (od % tiles[0] * tiles[1] + oh % tiles[1]) * tiles[2] + ow % tiles[2];
  }

  int firstTap(int axis, int position) {
    return Math.max(0, Math.ceilDiv(before[axis] - position * stride[axis], dilation[axis]));
  }

  int endTap(int axis, int position) {
    int behind = Math.floorDiv(in[axis] - 1 + before[axis] - position * stride[axis], dilation[axis]) + 1;
    return Math.max(firstTap(axis, position), Math.min(kernel[axis], behind));
  }

  /// The input's cell under a tap at a position.
  int cell(int axis, int position, int tap) {
    return position * stride[axis] + tap * dilation[axis] - before[axis];
  }

  /// Copies one place of all samples of y, K values each.
  void gather(Operands operands, int operand, int place, float[] to) {
    float[] y = operands.array(operand);
    int from = operands.offset(operand) + place;
    int plane = outPlane();
    for (int i = 0; i < samples * filters; i++) {
      to[i] = y[from + i * plane];
    }
  }

  String size() {
    int terms = channels * taps();
    return sets() + (sets() == 1 ? " set, " : " sets, ") + samples + " × " + terms + " · " + terms + " × " + filters;
  }

  /// Adds a sum of one vector, or of two that lie `second` apart if that is above 0, to what is in memory.
  static void add(FloatVector first, FloatVector other, float[] to, int at, int second) {
    FloatVector.fromArray(Machine.SPECIES, to, at).add(first).intoArray(to, at);
    if (second > 0) {
      FloatVector.fromArray(Machine.SPECIES, to, at + second).add(other).intoArray(to, at + second);
    }
  }
}
