package juanji.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.tensor.Shape;

/// Non-maximum suppression: of boxes that overlap, the one of the highest score.
final class Suppression {
  private Suppression() {
  }

  /// A box as it is compared.
  private record Box(double top, double left, double bottom, double right) {
    double area() {
      return (bottom - top) * (right - left);
    }

    double overlap(Box other) {
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      double common = Math.max(0, height) * Math.max(0, width);
      return common <= 0 ? 0 : common / (area() + other.area() - common);
    }
  }

  static Value apply(Call c) {
    HostTensor boxes = c.host(0);
    HostTensor scores = c.host(1);
    long most = c.has(2) ? c.wholes(2)[0] : 0;
    double overlap = c.has(3) ? c.number(3) : 0;
    double least = c.has(4) ? c.number(4) : Double.NEGATIVE_INFINITY;
    boolean centred = c.whole("center_point_box", 0) == 1;
    Shape shape = scores.shape();
    if (boxes.shape().rank() != 3 || shape.rank() != 3 || boxes.shape().dim(2) != 4
        || boxes.shape().dim(0) != shape.dim(0) || boxes.shape().dim(1) != shape.dim(2)) {
      throw c.wrong("boxes are B × N × 4 and scores B × C × N; received " + c.shapes());
    }
    int count = shape.dim(2);
    List<Long> found = new ArrayList<>();
    for (int batch = 0; batch < shape.dim(0); batch++) {
      for (int kind = 0; kind < shape.dim(1); kind++) {
        int from = (batch * shape.dim(1) + kind) * count;
        int first = batch * count;
        List<Integer> order = IntStream.range(0, count).filter(i -> scores.reals()[from + i] > least).boxed()
            .sorted(Comparator.comparingDouble(i -> -scores.reals()[from + i])).toList();
        List<Box> kept = new ArrayList<>();
        for (int i : order) {
          if (kept.size() >= most) {
            break;
          }
          Box box = box(boxes.reals(), (first + i) * 4, centred);
          if (kept.stream().noneMatch(k -> k.overlap(box) > overlap)) {
            kept.add(box);
            found.addAll(List.of((long) batch, (long) kind, (long) i));
          }
        }
      }
    }
    return new Value.Host(HostTensor.wholes(ElementType.INT64, Shape.of(found.size() / 3, 3),
        found.stream().mapToLong(Long::longValue).toArray()));
  }

  private static Box box(double[] v, int at, boolean centred) {
    if (centred) {
      return new Box(v[at + 1] - v[at + 3] / 2, v[at] - v[at + 2] / 2, v[at + 1] + v[at + 3] / 2,
          v[at] + v[at + 2] / 2);
    }
    return new Box(Math.min(v[at], v[at + 2]), Math.min(v[at + 1], v[at + 3]), Math.max(v[at], v[at + 2]),
        Math.max(v[at + 1], v[at + 3]));
  }
}
