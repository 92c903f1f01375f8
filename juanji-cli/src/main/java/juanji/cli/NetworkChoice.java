package juanji.cli;

import java.util.List;
import juanji.plan.Workers;

/// The network that `--auto` takes for pictures where none is named: the most capable one for which there is time.
///
/// The usual network for small grey pictures, LeNet-5, is quick, but without normalisation and with 62,000 weights it
/// stays behind; the larger one takes about twenty times as long.
///
/// @param asked what was given
/// @param usual the data, and the network that is usual for it
/// @param screen where the reasons go
record NetworkChoice(TrainSettings asked, Prepared usual, Screen screen) {
  private static final ModelArgument.Named LARGER = new ModelArgument.Named("small-cnn");
  private static final String QUICK = "lenet5";
  /// In less time than this, the larger one is not even tried.
  private static final int LEAST_SECONDS = 30;
  private static final List<String> FIXING = List.of("model", "weights", "freeze", "layer-rates");

  /// The data with the network to train.
  Prepared made(Deadline deadline, Workers workers) {
    if (!asked.flag("auto") || FIXING.stream().anyMatch(asked.values()::containsKey)) {
      return usual;
    }
    String name = usual.argument().name();
    if (!name.equals(QUICK)) {
      screen.notice("  network " + name + ": suits " + usual.data().unit(true) + " of "
          + usual.parts().train().shape());
      return usual;
    }
    // Fewer epochs than usual do not pay for the larger network.
    int needed = TrainSettings.usualEpochs(usual.parts().train().size(), asked.batch());
    if (asked.values().containsKey("epochs") && asked.epochs() < needed) {
      screen.notice("  network " + QUICK + ": " + LARGER.name() + " wants " + needed + " epochs or more, and these are "
          + asked.epochs());
      return usual;
    }
    Prepared larger = usual.with(LARGER, asked);
    if (deadline.limited() && !asked.values().containsKey("epochs")) {
      if (deadline.left() < LEAST_SECONDS) {
        screen.notice("  network " + QUICK + ": the quickest, for so short a time");
        return usual;
      }
      Pace pace = Pace.of(larger, asked.values(), deadline, workers);
      if (pace.epochs() < needed) {
        screen.notice("  network " + QUICK + ": " + LARGER.name() + " would have time for " + pace.epochs()
            + (pace.epochs() == 1 ? " epoch" : " epochs") + ", and wants " + needed);
        return usual;
      }
    }
    screen.notice("  network " + LARGER.name() + ": learns more than the quicker " + QUICK);
    return larger;
  }
}
