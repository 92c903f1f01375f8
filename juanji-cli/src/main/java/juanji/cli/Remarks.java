package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import juanji.train.Epoch;

/// What a training's curves say, in plain words, with the remedy.
final class Remarks {
  private static final double GAP = 0.1;
  private static final double RISE = 1.1;
  private static final double LOW = 0.8;
  private static final double STILL = 0.98;

  private Remarks() {
  }

  /// The remarks on the epochs of a training.
  static List<String> of(List<Epoch> history) {
    List<String> remarks = new ArrayList<>();
    if (history.size() < 2) {
      return remarks;
    }
    Epoch last = history.getLast();
    Epoch before = history.get(history.size() - 2);
    boolean validated = !Double.isNaN(last.validationLoss());
    double lowest = history.stream().mapToDouble(Epoch::validationLoss).filter(v -> !Double.isNaN(v)).min()
        .orElse(Double.NaN);
    if (validated && last.accuracy() - last.validationAccuracy() > GAP && last.validationLoss() > RISE * lowest) {
      remarks.add("It overfits: on training data it is right in " + Numbers.percent(last.accuracy())
          + ", on validation data in " + Numbers.percent(last.validationAccuracy()) + ", where the loss rises. Vary "
          + "the data (--augment usual), add data or dropout, raise --weight-decay, or end early (--patience 5).");
    } else if (validated && last.accuracy() - last.validationAccuracy() > GAP) {
      remarks.add("It knows the training data better (" + Numbers.percent(last.accuracy()) + ") than the validation "
          + "data (" + Numbers.percent(last.validationAccuracy()) + "): --augment usual or more data would help.");
    }
    boolean falling = last.loss() < STILL * before.loss();
    if (last.accuracy() < LOW && falling && (!validated || last.validationLoss() <= RISE * lowest)) {
      remarks.add("It underfits so far: the training loss still falls, at " + Numbers.percent(last.accuracy())
          + " right. Train for more --epochs, with a larger network, or at a higher --lr.");
    } else if (last.accuracy() < LOW && !falling) {
      remarks.add("It underfits: the training loss no longer falls, at " + Numbers.percent(last.accuracy())
          + " right. Use a larger network, another --lr, or look at the data (juanji data inspect).");
    } else if (validated && last.validationLoss() == lowest
        && last.validationLoss() < STILL * before.validationLoss()) {
      remarks.add("The validation loss still falls: more --epochs may help.");
    }
    return remarks;
  }
}
