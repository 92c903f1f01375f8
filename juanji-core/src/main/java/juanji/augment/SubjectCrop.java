package juanji.augment;

import java.util.SplittableRandom;
import juanji.tensor.Shape;

/// A part of the picture, of random area and aspect, stretched over the whole, that keeps the picture's subject.
///
/// The subject is what differs from the picture's border: the smallest box outside of which, on each side, at most 2 %
/// of the difference lies. A part is placed so that this box lies within, as far as the part is large enough; along an
/// axis where it is not, the part lies within the box. With `anywhere` it is placed without regard to the subject,
/// as in Szegedy et al., *Going deeper with convolutions*, 2015.
///
/// Words: `subject-crop`, `subject-crop:area=0.3/1,aspect=0.75/1.33`, `random-crop:area=0.08/1,aspect=0.75/1.33`.
/// Constraints: C1 0 < least ≤ most ≤ 1; C2 0 < narrowest ≤ widest.
///
/// @param least the smallest share of the picture's area
/// @param most the largest share
/// @param narrowest the smallest width ÷ height, in units of the picture's own
/// @param widest the largest width ÷ height
/// @param anywhere whether the subject does not matter
public record SubjectCrop(double least, double most, double narrowest, double widest, boolean anywhere)
    implements Augmentation {
  private static final double LOST = 0.02;

  /// Checks the constraints.
  public SubjectCrop {
    Bounds.check(least > 0 && least <= most && most <= 1, "a crop", "C1", "the area is a range within 0 to 1",
        least + "/" + most, "Use area=0.3/1.");
    Bounds.check(narrowest > 0 && narrowest <= widest && widest < 1e6, "a crop", "C2", "the aspect is a range above 0",
        narrowest + "/" + widest, "Use aspect=0.75/1.33.");
  }

  /// Rows and columns of a picture.
  ///
  /// @param top the first row
  /// @param left the first column
  /// @param height the number of rows
  /// @param width the number of columns
  public record Box(double top, double left, double height, double width) {
    /// Whether another box lies within this one, but for a thousandth of a pixel.
    public boolean holds(Box other) {
      return top <= other.top + 1e-3 && left <= other.left + 1e-3
          && top + height >= other.top + other.height - 1e-3 && left + width >= other.left + other.width - 1e-3;
    }
  }

  @Override public void apply(float[] values, int offset, Shape sample, SplittableRandom random) {
    Shape shape = Bounds.picture(sample, this);
    Box part = part(shape.dim(1), shape.dim(2), anywhere ? null : subject(values, offset, shape), random);
    Warp.stretch(values, offset, shape, part.top, part.left, part.height, part.width);
  }

  /// The part to keep of a picture with a subject at a known place.
  ///
  /// @param subject the box to keep
  public Box part(int rows, int columns, Box subject, SplittableRandom random) {
    double area = Bounds.between(least, most, random);
    double aspect = StrictMath.exp(Bounds.between(StrictMath.log(narrowest), StrictMath.log(widest), random));
    double height = Math.min(1, Math.sqrt(area / aspect)) * rows;
    double width = Math.min(1, Math.sqrt(area * aspect)) * columns;
    if (subject == null) {
      return new Box(random.nextDouble() * (rows - height), random.nextDouble() * (columns - width), height, width);
    }
    double top = start(subject.top, subject.height, height, rows, random);
    double left = start(subject.left, subject.width, width, columns, random);
    return new Box(top, left, height, width);
  }

  private static double start(double subject, double length, double kept, double extent, SplittableRandom random) {
    double low = Math.min(subject, subject + length - kept);
    double high = Math.max(subject, subject + length - kept);
    return Bounds.between(Math.max(0, low), Math.min(extent - kept, high), random);
  }

  /// Where the subject of a picture is.
  public static Box subject(float[] values, int offset, Shape shape) {
    int rows = shape.dim(1);
    int columns = shape.dim(2);
    double[] down = new double[rows];
    double[] across = new double[columns];
    for (int c = 0; c < shape.dim(0); c++) {
      int plane = offset + c * rows * columns;
      double border = 0;
      int count = 0;
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x += y == 0 || y == rows - 1 ? 1 : Math.max(1, columns - 1)) {
          border += values[plane + y * columns + x];
          count++;
        }
      }
      border /= count;
      for (int i = 0; i < rows * columns; i++) {
        double difference = values[plane + i] - border;
        down[i / columns] += difference * difference;
        across[i % columns] += difference * difference;
      }
    }
    int[] y = range(down);
    int[] x = range(across);
    return new Box(y[0], x[0], y[1] - y[0], x[1] - x[0]);
  }

  /// The first place and that behind the last, outside of which at most a small share lies on each side.
  private static int[] range(double[] mass) {
    double total = 0;
    for (double m : mass) {
      total += m;
    }
    int from = 0;
    int to = mass.length;
    for (double lost = mass[0]; from < to - 1 && lost <= LOST * total; lost += mass[from]) {
      from++;
    }
    for (double lost = mass[to - 1]; to > from + 1 && lost <= LOST * total; lost += mass[to - 1]) {
      to--;
    }
    return total == 0 ? new int[] {0, mass.length} : new int[] {from, to};
  }

  @Override public String toString() {
    return (anywhere ? "random-crop" : "subject-crop") + ":area=" + Bounds.literal(least) + "/" + Bounds.literal(most)
        + ",aspect=" + Bounds.literal(narrowest) + "/" + Bounds.literal(widest);
  }
}
