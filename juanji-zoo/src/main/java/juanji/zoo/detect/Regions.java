package juanji.zoo.detect;

import java.util.ArrayList;
import java.util.List;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What Fast R-CNN is given and taught, and what it says.
///
/// Its output for each region is K + 1 scores, of the background (0) and of each class (1 to K), then four corrections
/// for each of the K + 1.
public final class Regions {
  private Regions() {
  }

  /// A region of a picture with what it holds.
  ///
  /// @param picture which picture of the batch
  /// @param box where
  /// @param label 0 for the background, otherwise a class from 1 on
  /// @param truth the true box; of the background, the region itself
  public record Labelled(int picture, Box box, int label, Box truth) {
  }

  /// The regions of a picture with what they hold: the class of the true box that they overlap most, by at least half;
  /// otherwise the background.
  ///
  /// @param picture which picture of the batch
  /// @param truth true boxes, with classes from 0 on
  public static List<Labelled> labelled(int picture, List<Box> regions, List<Found> truth) {
    List<Labelled> all = new ArrayList<>();
    for (Box region : regions) {
      Labelled best = new Labelled(picture, region, 0, region);
      double most = 0.5;
      for (Found t : truth) {
        double overlap = region.overlap(t.box());
        if (overlap >= most) {
          most = overlap;
          best = new Labelled(picture, region, t.label() + 1, t.box());
        }
      }
      all.add(best);
    }
    return all;
  }

  /// The input `regions`: R × 5.
  public static Tensor table(List<Labelled> regions) {
    Tensor table = Tensor.zeros(Shape.of(regions.size(), 5));
    for (int i = 0; i < regions.size(); i++) {
      Box b = regions.get(i).box();
      float[] row = {regions.get(i).picture(), (float) b.x1(), (float) b.y1(), (float) b.x2(), (float) b.y2()};
      System.arraycopy(row, 0, table.data(), 5 * i, 5);
    }
    return table;
  }

  /// The targets: R × 5, the class and the corrections towards the true box.
  public static Tensor targets(List<Labelled> regions) {
    Tensor table = Tensor.zeros(Shape.of(regions.size(), 5));
    for (int i = 0; i < regions.size(); i++) {
      Labelled r = regions.get(i);
      table.data()[5 * i] = r.label();
      if (r.label() > 0) {
        double[] d = r.box().corrections(r.truth());
        for (int k = 0; k < 4; k++) {
          table.data()[5 * i + 1 + k] = (float) d[k];
        }
      }
    }
    return table;
  }

  /// What was found in the regions of one picture.
  ///
  /// @param output R × 5 (K + 1)
  /// @param least the least score that counts, such as 0.5
  /// @param overlap by how much two of a class may overlap, such as 0.3
  public static List<Found> found(Tensor output, List<Box> regions, double least, double overlap) {
    int classes = output.shape().dim(1) / 5;
    List<Found> all = new ArrayList<>();
    for (int i = 0; i < regions.size(); i++) {
      double[] p = shares(output.data(), i * 5 * classes, classes);
      for (int c = 1; c < classes; c++) {
        if (p[c] >= least) {
          int at = i * 5 * classes + classes + 4 * c;
          float[] y = output.data();
          all.add(new Found(regions.get(i).corrected(y[at], y[at + 1], y[at + 2], y[at + 3]), c - 1, p[c]));
        }
      }
    }
    return Found.distinct(all, overlap);
  }

  private static double[] shares(float[] scores, int from, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, scores[from + i]);
    }
    double[] p = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      p[i] = Math.exp(scores[from + i] - largest);
      sum += p[i];
    }
    for (int i = 0; i < count; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
