package juanji.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.train.RateSearch;
import juanji.train.Trainer;

/// Settings chosen for the data where none were given: by a preset, by the time there is, or by trying (`--auto`).
///
/// Each choice is told with its reason and kept in the run's settings, so that a resumed run has the same.
///
/// @param asked what was given
/// @param prepared the data and the network
/// @param memory the bytes that a step may take
/// @param screen where the reasons go
record Recipe(TrainSettings asked, Prepared prepared, long memory, Screen screen) {
  static final List<String> NAMES = List.of("fast", "default", "best");
  private static final int BEST_EPOCHS = 30;
  private static final int LONG_SHARE = 3;
  private static final int OPEN = Integer.MAX_VALUE;
  /// Weights for each sample, below which a network hardly learns samples by heart.
  private static final double LEAST_LOAD = 4;

  /// Adds what is not given.
  void choose(Map<String, Json> values, Deadline deadline, Workers workers) {
    String name = asked.text("recipe").orElse(asked.flag("auto") ? "best" : "default");
    boolean timed = deadline.limited() && !asked.values().containsKey("epochs");
    Map<String, Json> chosen = new LinkedHashMap<>();
    if (asked.flag("auto")) {
      if (!asked.values().containsKey("batch")) {
        BatchChoice batch = BatchChoice.of(asked, prepared, memory);
        put(chosen, "batch", Json.of(batch.samples()), batch.why());
        values.putAll(chosen);
      }
      values.put("epochs", asked.values().getOrDefault("epochs", Json.of(usualEpochs(chosen))));
    }
    boolean brief = false;
    switch (name) {
      case "fast" -> fast(chosen);
      case "best" -> {
        int epochs = timed ? Pace.of(prepared, values, deadline, workers).epochs()
            : asked.values().containsKey("epochs") ? asked.epochs() : OPEN;
        brief = brief(epochs, chosen);
        best(chosen, epochs, brief);
      }
      default -> { }
    }
    if (asked.flag("auto") && !brief) {
      rate(chosen, values, workers);
    }
    chosen.keySet().removeIf(asked.values()::containsKey);
    values.putAll(chosen);
    if (timed) {
      // Once more: changed samples take longer than plain ones.
      Pace pace = Pace.of(prepared, values, deadline, workers);
      values.put("epochs", Json.of(pace.epochs()));
      screen.notice("  epochs " + pace.epochs() + ": as many as " + asked.text("time").orElseThrow() + " allow at "
          + Numbers.count(pace.speed()) + " " + prepared.data().unit(true) + "/s");
    }
  }

  private int usualEpochs(Map<String, Json> chosen) {
    return TrainSettings.usualEpochs(samples(),
        chosen.containsKey("batch") ? (int) chosen.get("batch").asDouble() : asked.batch());
  }

  /// How many epochs do good where samples are changed.
  private int longEpochs(Map<String, Json> chosen) {
    return Math.max(BEST_EPOCHS, 2 * usualEpochs(chosen));
  }

  /// Whether there are too few epochs, by a rule of thumb, for what pays in the long run only: samples that are
  /// changed anew each time, labels that are smoothed, and a small rate.
  private boolean brief(int epochs, Map<String, Json> chosen) {
    return !(prepared.data() instanceof DataArgument.Texts) && epochs < longEpochs(chosen) / LONG_SHARE;
  }

  private int samples() {
    return prepared.parts().train().size();
  }

  private void fast(Map<String, Json> chosen) {
    int epochs = Math.max(2, usualEpochs(chosen) / 3);
    put(chosen, "epochs", Json.of(epochs), "a third of the usual");
    put(chosen, "schedule", Json.of("one-cycle"), "learns fastest in few epochs");
  }

  private void best(Map<String, Json> chosen, int epochs, boolean brief) {
    int usual = usualEpochs(chosen);
    if (prepared.data() instanceof DataArgument.Texts) {
      if (epochs == OPEN) {
        put(chosen, "epochs", Json.of(usual), "as usual: texts are soon known by heart");
      }
      if (List.of("optimizer", "momentum", "nesterov").stream().noneMatch(asked.values()::containsKey)) {
        put(chosen, "optimizer", Json.of("adam"), "most words are rare, and each needs a rate of its own");
      }
    } else if (epochs == OPEN) {
      // No patience: the rate falls to the end, where most is learned, and an early end would cut that off.
      put(chosen, "epochs", Json.of(longEpochs(chosen)), "changed samples take longer to learn");
    }
    if (brief) {
      screen.notice("  no augmentation, smoothing or smaller rate: they want " + longEpochs(chosen) / LONG_SHARE
          + " epochs or more, and these are " + epochs);
    } else {
      put(chosen, "warm-up", Json.of(1), "epoch, for a steady beginning");
      if (asked.text("loss").isEmpty()) {
        put(chosen, "loss", Json.of("cross-entropy:smoothing=0.1"), "keeps it from being too sure");
      }
      augment(chosen, epochs);
    }
    if (uneven() && asked.text("sampling").isEmpty() && asked.text("class-weights").isEmpty()) {
      put(chosen, "sampling", Json.of("balanced"), "classes are uneven");
    }
  }

  /// Changes samples, unless the network is so small for them that it does not learn them by heart: that would take
  /// away from what it can learn.
  private void augment(Map<String, Json> chosen, int epochs) {
    double load = prepared.model().weightCount() / (double) samples();
    if (load < LEAST_LOAD && epochs < 2 * longEpochs(chosen) / LONG_SHARE
        && !(prepared.data() instanceof DataArgument.Texts)) {
      screen.notice("  no augmentation: " + Numbers.count(prepared.model().weightCount())
          + " weights do not learn " + Numbers.count(samples()) + " " + prepared.data().unit(true)
          + " by heart in " + epochs + " epochs");
      return;
    }
    augmentation().ifPresent(a -> put(chosen, "augment", Json.of(a), "suits "
        + prepared.data().unit(true) + " of " + prepared.parts().train().shape()));
  }

  private boolean uneven() {
    var counts = FeedSettings.counts(prepared.parts().train());
    int most = counts.stream().mapToInt(n -> n).max().orElse(1);
    int least = counts.stream().mapToInt(n -> n).min().orElse(1);
    return most > 5 * Math.max(1, least);
  }

  /// What usually helps data of this kind.
  private Optional<String> augmentation() {
    Shape shape = prepared.parts().train().shape();
    return switch (prepared.data()) {
      case DataArgument.BuiltIn _ -> Optional.of("affine:shift=0.08,rotate=10,scale=0.9/1.1,shear=8");
      case DataArgument.IdxFolder _ -> Optional.of("affine:shift=0.08,rotate=8,scale=0.92/1.08,shear=5");
      case DataArgument.PictureFolder _ -> Optional.of(shape.dim(0) == 1
          ? "affine:shift=0.06,rotate=8,scale=0.92/1.08,shear=0"
          : "crop:" + Math.max(2, Math.min(shape.dim(1), shape.dim(2)) / 8) + " + flip");
      case DataArgument.Texts _ -> Optional.of("forget-words:0.2");
      case DataArgument.Videos _ -> Optional.of("frame-jitter:1 + crop:"
          + Math.max(2, Math.min(shape.dim(2), shape.dim(3)) / 8));
      case DataArgument.Sounds _ -> Optional.of("time-shift:0.1 + speed:0.9/1.1 + gain:6 + mask-rows:"
          + Math.max(1, shape.dim(1) / 8) + " + mask-columns:" + Math.max(1, shape.dim(2) / 8));
    };
  }

  private void put(Map<String, Json> chosen, String name, Json value, String why) {
    if (!asked.values().containsKey(name)) {
      chosen.put(name, value);
      screen.notice("  " + name + " " + (value instanceof Json.Text t ? t.text() : value) + ": " + why);
    }
  }

  /// The learning rate by a range test, unless it was given.
  private void rate(Map<String, Json> chosen, Map<String, Json> values, Workers workers) {
    if (asked.values().containsKey("lr")) {
      return;
    }
    Map<String, Json> all = new LinkedHashMap<>(values);
    all.putAll(chosen);
    TrainSettings settings = new TrainSettings(all);
    FeedSettings feed = new FeedSettings(settings);
    Trainer trainer = feed.feed(prepared.trainer(settings, workers), prepared.parts().train());
    double usual = settings.rate();
    double found = RateSearch.of(trainer, prepared.normalised(prepared.parts().train()), usual / 1000, 100 * usual, 80)
        .suggestion();
    // A search of a few steps tells the order of size. Above the usual rate networks without normalisation may stop to
    // learn at all, for some weights to begin with and not for others; far below it the epochs do not suffice.
    double rate = Double.isNaN(found) ? usual : Math.clamp(found, usual / 3, usual);
    put(chosen, "lr", Numbers.json(Double.parseDouble(LrFindCommand.shortly(rate))), Double.isNaN(found)
        ? "the usual, as a range test found none" : "at most the usual, by a range test, which gave "
        + LrFindCommand.shortly(found));
  }
}
