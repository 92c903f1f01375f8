package juanji.kernel;

import java.util.List;
import juanji.op.Pointwise;

/// What batch-norm does to each number, and its gradient, as [Loops#normalize], [Loops#normalizeBack] and
/// [Loops#normalizeMask] compute it in one walk: sums, products and bounds of one or two values that run along and of
/// numbers of each channel.
///
/// @param x the number of the chain's value that is normalised
/// @param g the number of the gradient's value; −1 if the chain is no gradient
/// @param beats the numbers of the values that repeat, in the order in which the loops take them; 0 for a last factor
///     that is none
/// @param low negative infinity for no lower bound
/// @param high infinity for no upper bound
/// @param mask whether g is passed on where the normalised x is positive
record BatchNorm(int x, int g, int[] beats, float low, float high, boolean mask) {
  /// The normalisation that a chain is, or null if it is none.
  ///
  /// @param still which of the chain's values are the same beat all along a row
  static BatchNorm of(Chain chain, boolean[] still) {
    List<Chain.Stage> stages = chain.stages();
    int first = chain.operands() + 1;
    return switch (stages.size()) {
      case 3 -> forward(stages, first, still, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
      case 4 -> bounded(stages, first, still);
      case 5 -> backward(stages, first, still);
      case 6 -> mask(stages, first, still) instanceof BatchNorm m ? m : backward(stages, first, still);
      default -> null;
    };
  }

  /// A normalisation and a bound.
  private static BatchNorm bounded(List<Chain.Stage> stages, int first, boolean[] still) {
    if (stages.getLast().a() != first + 2) {
      return null;
    }
    return switch (stages.getLast().op()) {
      case Pointwise.Relu _ -> forward(stages, first, still, 0, Float.POSITIVE_INFINITY);
      case Pointwise.Clamp(double least, double most) -> forward(stages, first, still, (float) least, (float) most);
      default -> null;
    };
  }

  /// (x − mean) · scale + shift.
  private static BatchNorm forward(List<Chain.Stage> stages, int first, boolean[] still, float low, float high) {
    int x = stages.getFirst().a();
    int mean = stages.getFirst().b();
    int scale = other(stages.get(1), Pointwise.Mul.class, first);
    int shift = other(stages.get(2), Pointwise.Add.class, first + 1);
    boolean fits = stages.getFirst().op() instanceof Pointwise.Sub && runs(x, first, still) && repeats(mean, still)
        && repeats(scale, still) && repeats(shift, still);
    return fits ? new BatchNorm(x, -1, new int[] {mean, scale, shift}, low, high, false) : null;
  }

  /// g · positive(relu((x − mean) · scale + shift)): the gradient of a ReLU behind a normalisation that is computed
  /// again rather than read.
  private static BatchNorm mask(List<Chain.Stage> stages, int first, boolean[] still) {
    BatchNorm norm = bounded(stages.subList(0, 4), first, still);
    int g = other(stages.get(5), Pointwise.Mul.class, first + 4);
    boolean fits = norm != null && norm.low == 0 && norm.high == Float.POSITIVE_INFINITY
        && stages.get(4).op() instanceof Pointwise.Positive && stages.get(4).a() == first + 3
        && g >= 0 && runs(g, first, still);
    return fits ? new BatchNorm(norm.x, g, norm.beats, 0, Float.POSITIVE_INFINITY, true) : null;
  }

  /// ((g · weight − meanG) − (x − mean) · along) · factor, whatever of it comes first.
  private static BatchNorm backward(List<Chain.Stage> stages, int first, boolean[] still) {
    int factor = stages.size() == 6 ? other(stages.get(5), Pointwise.Mul.class, first + 4) : 0;
    Chain.Stage rest = stages.get(4);
    Chain.Stage gradient = stage(stages, rest.a() - first);
    Chain.Stage product = stage(stages, rest.b() - first);
    if (!(rest.op() instanceof Pointwise.Sub) || gradient == null || product == null) {
      return null;
    }
    Chain.Stage weighted = stage(stages, gradient.a() - first);
    int centred = still[product.a()] ? product.b() : product.a();
    Chain.Stage difference = stage(stages, centred - first);
    if (weighted == null || difference == null) {
      return null;
    }
    int g = still[weighted.a()] ? weighted.b() : weighted.a();
    int[] beats = {other(weighted, Pointwise.Mul.class, g), gradient.b(), difference.b(),
        other(product, Pointwise.Mul.class, centred), factor};
    boolean fits = gradient.op() instanceof Pointwise.Sub && difference.op() instanceof Pointwise.Sub
        && runs(g, first, still) && runs(difference.a(), first, still) && repeats(beats[0], still)
        && repeats(beats[1], still) && repeats(beats[2], still) && repeats(beats[3], still)
        && (factor == 0 || repeats(factor, still));
    return fits ? new BatchNorm(difference.a(), g, beats, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, false)
        : null;
  }

  /// A stage that is not the last ones, or null.
  private static Chain.Stage stage(List<Chain.Stage> stages, int number) {
    return number >= 0 && number < 4 ? stages.get(number) : null;
  }

  private static boolean runs(int value, int first, boolean[] still) {
    return value < first && !still[value];
  }

  private static boolean repeats(int value, boolean[] still) {
    return value > 0 && still[value];
  }

  /// The other operand of an operation of a kind whose order does not matter; −1 if it is another one.
  private static int other(Chain.Stage stage, Class<? extends Pointwise> kind, int one) {
    boolean takes = kind.isInstance(stage.op()) && (stage.a() == one || stage.b() == one) && stage.a() != stage.b();
    return takes ? stage.a() + stage.b() - one : -1;
  }
}
