package juanji.kernel;

import java.util.List;
import juanji.op.Pointwise;

/// What usually follows a convolution, as [Loops#finish] computes it in one walk: a number of each channel is added,
/// then perhaps another tensor, then the sum is perhaps bounded.
///
/// @param beat the number of the chain's value that repeats
/// @param more the number of the value that runs along; 0 for none
/// @param low negative infinity for no lower bound
/// @param high infinity for no upper bound
record Ending(int beat, int more, float low, float high) {
  /// The ending that a chain is, or null if it is none, or a single operation, for which there are loops already.
  ///
  /// @param still which of the chain's values are the same beat all along a row
  static Ending of(Chain chain, boolean[] still) {
    List<Chain.Stage> stages = chain.stages();
    int first = chain.operands() + 1;
    if (stages.size() < 2 || stages.size() > 3 || added(stages.getFirst(), 0) <= 0) {
      return null;
    }
    int beat = added(stages.getFirst(), 0);
    int next = 1;
    int more = Math.max(0, added(stages.get(1), first));
    if (more > 0) {
      next++;
    }
    if (beat >= first || !still[beat] || more >= first || more > 0 && still[more]) {
      return null;
    }
    float low = Float.NEGATIVE_INFINITY;
    float high = Float.POSITIVE_INFINITY;
    if (next < stages.size()) {
      Chain.Stage last = stages.get(next);
      if (last.a() != first + next - 1) {
        return null;
      }
      switch (last.op()) {
        case Pointwise.Relu _ -> low = 0;
        case Pointwise.Clamp(double least, double most) -> {
          low = (float) least;
          high = (float) most;
        }
        default -> {
          return null;
        }
      }
      next++;
    }
    return next == stages.size() ? new Ending(beat, more, low, high) : null;
  }

  /// The number of the value that a stage adds to another one; −1 if it does something else.
  private static int added(Chain.Stage stage, int to) {
    boolean adds = stage.op() instanceof Pointwise.Add && (stage.a() == to || stage.b() == to)
        && stage.a() != stage.b();
    return adds ? stage.a() + stage.b() - to : -1;
  }
}
