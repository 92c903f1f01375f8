package juanji.zoo.detect;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The two losses of Faster R-CNN, each of a class and of a place: cross-entropy, and of what holds something
///
/// smooth L1 of the corrections, ½ d² up to |d| = 1, |d| − ½ beyond.
///
/// Sources: Girshick, *Fast R-CNN*, 2015, equations 1 to 3; Ren et al., *Faster R-CNN*, 2015, equation 1.
public final class Losses {
  private Losses() {
  }

  /// The loss of a region proposal network: the mean of both parts over the anchors that count.
  ///
  /// @param output N × 5 A × H × W
  /// @param targets as [Proposals#targets] makes them, N × 5 A × H × W
  public static Node proposals(Algebra<Node> b, Node output, Node targets) {
    int a = output.shape().dim(1) / 5;
    Node scores = b.apply(new View.Slice(1, 0, a), output);
    Node labels = b.apply(new View.Slice(1, 0, a), targets);
    Node on = b.apply(new Pointwise.Positive(), labels);
    Node counted = b.apply(new Pointwise.Greater(), labels, b.constant(Tensor.scalar(-0.5f)));
    Node count = b.apply(new Pointwise.Max(), sum(b, counted), b.constant(Tensor.scalar(1)));
    Node sure = b.sub(b.apply(new Pointwise.Softplus(), scores), b.mul(on, scores));
    Node classes = sum(b, b.mul(counted, sure));
    Node off = smooth(b, b.sub(b.apply(new View.Slice(1, a, 5 * a), output),
        b.apply(new View.Slice(1, a, 5 * a), targets)));
    Shape shape = output.shape();
    Shape each = Shape.of(a, 4, shape.dim(2) * shape.dim(3)).prepend(shape.dim(0));
    Node weights = b.reshape(on, Shape.of(a, 1, shape.dim(2) * shape.dim(3)).prepend(shape.dim(0)));
    Node places = sum(b, b.mul(b.reshape(off, each), weights));
    return b.apply(new Pointwise.Div(), b.add(classes, places), count);
  }

  /// The loss of Fast R-CNN: the mean of both parts over the regions; only corrections of the right class count, and
  /// none of the background.
  ///
  /// @param output R × 5 (K + 1)
  /// @param targets as [Regions#targets] makes them, R × 5
  public static Node regions(Algebra<Node> b, Node output, Node targets) {
    int classes = output.shape().dim(1) / 5;
    int open = output.shape().dim(0);
    Node label = b.apply(new View.Slice(1, 0, 1), targets);
    Node entropy = b.apply(new Composite.CrossEntropy(), b.apply(new View.Slice(1, 0, classes), output),
        b.reshape(label, Shape.of().prepend(open)));
    float[] numbers = new float[classes];
    IntStream.range(0, classes).forEach(c -> numbers[c] = c == 0 ? -1 : c);
    Node right = b.apply(new Pointwise.Equal(), label, b.constant(Tensor.of(Shape.of(classes), numbers)));
    Node wanted = b.reshape(b.apply(new View.Slice(1, 1, 5), targets), Shape.of(1, 4).prepend(open));
    Node given = b.reshape(b.apply(new View.Slice(1, classes, 5 * classes), output),
        Shape.of(classes, 4).prepend(open));
    Node off = smooth(b, b.sub(given, wanted));
    Node each = b.apply(new Reduction.Sum(List.of(1, 2)),
        b.mul(off, b.reshape(right, Shape.of(classes, 1).prepend(open))));
    Node places = b.reshape(b.apply(new Reduction.Mean(List.of(0)), each), Shape.of());
    return b.add(entropy, places);
  }

  private static Node smooth(Algebra<Node> b, Node d) {
    Node near = b.apply(new Pointwise.Clamp(-1, 1), d);
    return b.mul(near, b.sub(d, b.affine(near, 0.5, 0)));
  }

  private static Node sum(Algebra<Node> b, Node x) {
    List<Integer> axes = IntStream.range(0, x.shape().rank()).boxed().toList();
    return b.reshape(b.apply(new Reduction.Sum(axes), x), Shape.of());
  }
}
