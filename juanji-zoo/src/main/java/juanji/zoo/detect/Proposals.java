package juanji.zoo.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What a region proposal network is taught, and what it says.
///
/// Its output for one picture is 5 · A × H × W: A scores at each place, then four corrections for each of the A
/// anchors. Targets have the same shape: 1 for anchors on something, 0 for those on nothing, −1 for those that do not
/// count; and the corrections of those on something.
///
/// An anchor is on something if it overlaps a true box by 0.7 or more, or more than any other anchor does; it is on
/// nothing if it overlaps each by less than 0.3. Anchors that reach over the picture's border do not count.
public final class Proposals {
  private static final double ON = 0.7;
  private static final double OFF = 0.3;

  private final Anchors anchors;
  private final List<Box> boxes;
  private final int height;
  private final int width;

  /// For pictures whose maps have a height and width.
  public Proposals(Anchors anchors, int height, int width) {
    this.anchors = anchors;
    this.height = height;
    this.width = width;
    this.boxes = anchors.boxes(height, width);
  }

  /// The targets of one picture: 5 · A × H × W.
  ///
  /// @param truth the true boxes, each with an area
  /// @param most how many anchors count, at most half of them on something; the paper's 256
  /// @param seed which of too many count
  public Tensor targets(List<Box> truth, int most, long seed) {
    int n = boxes.size();
    int[] labels = new int[n];
    Box[] nearest = new Box[n];
    double[] bestOf = new double[truth.size()];
    double[][] overlaps = new double[n][truth.size()];
    for (int i = 0; i < n; i++) {
      Box a = boxes.get(i);
      boolean inside = a.within((double) width * anchors.stride(), (double) height * anchors.stride()).equals(a);
      double best = 0;
      for (int t = 0; t < truth.size(); t++) {
        overlaps[i][t] = inside ? a.overlap(truth.get(t)) : 0;
        bestOf[t] = Math.max(bestOf[t], overlaps[i][t]);
        if (overlaps[i][t] > best) {
          best = overlaps[i][t];
          nearest[i] = truth.get(t);
        }
      }
      labels[i] = !inside ? -1 : best >= ON ? 1 : best < OFF ? 0 : -1;
    }
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < truth.size(); t++) {
        if (bestOf[t] > 0 && overlaps[i][t] == bestOf[t]) {
          labels[i] = 1;
          nearest[i] = truth.get(t);
        }
      }
    }
    SplittableRandom random = new SplittableRandom(seed);
    int on = thin(labels, 1, most / 2, random);
    thin(labels, 0, most - on, random);
    int a = anchors.perPlace();
    Tensor result = Tensor.zeros(Shape.of(5 * a, height, width));
    for (int i = 0; i < n; i++) {
      result.data()[i] = labels[i];
      if (labels[i] == 1) {
        double[] d = boxes.get(i).corrections(nearest[i]);
        for (int k = 0; k < 4; k++) {
          result.data()[correction(i, k)] = (float) d[k];
        }
      }
    }
    return result;
  }

  /// Leaves so many of a label, and gives how many there are.
  private static int thin(int[] labels, int label, int most, SplittableRandom random) {
    int[] all = IntStream.range(0, labels.length).filter(i -> labels[i] == label).toArray();
    for (int left = all.length; left > most; left--) {
      int drawn = random.nextInt(left);
      labels[all[drawn]] = -1;
      all[drawn] = all[left - 1];
    }
    return Math.min(all.length, most);
  }

  /// Where correction k of an anchor lies: the four of each anchor follow each other, plane by plane.
  private int correction(int anchor, int k) {
    int plane = height * width;
    int a = anchor / plane;
    return (anchors.perPlace() + 4 * a + k) * plane + anchor % plane;
  }

  /// The boxes that one picture's output proposes, the surest first.
  ///
  /// @param output 5 · A × H × W numbers
  /// @param from where they begin in the tensor
  /// @param most how many, such as 300
  /// @param overlap by how much two may overlap, such as 0.7
  public List<Found> of(Tensor output, int from, int most, double overlap) {
    float[] y = output.data();
    List<Found> all = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      Box box = boxes.get(i).corrected(y[from + correction(i, 0)], y[from + correction(i, 1)],
          y[from + correction(i, 2)], y[from + correction(i, 3)])
          .within((double) width * anchors.stride(), (double) height * anchors.stride());
      if (box.area() > 0) {
        all.add(new Found(box, 0, 1 / (1 + Math.exp(-y[from + i]))));
      }
    }
    List<Found> best = all.stream().sorted(Comparator.comparingDouble(Found::score).reversed()).limit(20L * most)
        .toList();
    return Found.distinct(best, overlap).stream().limit(most).toList();
  }
}
