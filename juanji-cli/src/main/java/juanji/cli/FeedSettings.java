package juanji.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import juanji.audio.SoundData;
import juanji.audio.WaveAugmentation;
import juanji.augment.Augmentation;
import juanji.augment.Augmented;
import juanji.data.Dataset;
import juanji.data.Subset;
import juanji.json.Json;
import juanji.train.CrossEntropyLoss;
import juanji.train.Loss;
import juanji.train.Mixing;
import juanji.train.Sampling;
import juanji.train.Trainer;
import juanji.video.FrameSampling;
import juanji.video.VideoData;

/// What each epoch sees, by the settings of a training.
///
/// @param settings all settings
record FeedSettings(TrainSettings settings) {
  private static final double MINUTES = 5;
  private static final String BALANCED = "balanced";

  private List<String> words() {
    return settings.text("augment").filter(t -> !t.isBlank() && !t.strip().equals("none"))
        .map(t -> Arrays.stream(t.split("\\+", -1)).map(String::strip).toList()).orElse(List.of());
  }

  /// Words with the same space between them, however they were typed.
  static String spaced(String words) {
    return Arrays.stream(words.split("\\+", -1)).map(String::strip).collect(Collectors.joining(" + "));
  }

  /// How samples are mixed in pairs, if they are.
  Optional<Mixing> mixing() {
    List<String> all = words().stream().filter(Mixing::names).toList();
    if (all.size() > 1) {
      throw CommandException.usage("samples cannot be mixed by " + String.join(" and ", all) + ".",
          "--augment has mixup or cutmix, not both; received '" + settings.text("augment").orElse("") + "'.",
          "Leave one of them out.");
    }
    try {
      return all.stream().findFirst().map(Mixing::named);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// What happens to each sample anew in each epoch, if anything does.
  Optional<Augmentation> augmentation() {
    List<String> rest = words().stream().filter(w -> !Mixing.names(w) && !WaveAugmentation.names(w)
        && !FrameSampling.names(w)).toList();
    try {
      return rest.isEmpty() ? Optional.empty() : Optional.of(Augmentation.named(String.join("+", rest)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// What happens to the waves of each sound anew in each epoch, if anything does.
  Optional<WaveAugmentation> waves() {
    List<String> own = words().stream().filter(WaveAugmentation::names).toList();
    try {
      return own.isEmpty() ? Optional.empty() : Optional.of(WaveAugmentation.named(String.join("+", own)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// Which frames of each video an epoch sees, if they are drawn anew.
  Optional<FrameSampling> frames() {
    List<String> own = words().stream().filter(FrameSampling::names).toList();
    try {
      return own.isEmpty() ? Optional.empty() : Optional.of(FrameSampling.named(String.join("+", own)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// Which samples an epoch sees.
  Sampling sampling() {
    try {
      return Sampling.named(settings.text("sampling").orElse("shuffled"));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  int patience() {
    return settings.whole("patience", 0, 0, 100_000);
  }

  double minutes() {
    double minutes = settings.number("checkpoint-minutes", MINUTES);
    if (!(minutes >= 0)) {
      throw CommandException.usage("a training cannot keep its state every " + minutes + " minutes.",
          "--checkpoint-minutes is at least 0; received " + minutes + ".", "The default is " + MINUTES + ".");
    }
    return minutes;
  }

  /// Checks all settings that need no data.
  void check() {
    mixing();
    augmentation();
    waves();
    frames();
    sampling();
    patience();
    minutes();
    weights(List.of());
  }

  /// The data with its samples changed in each epoch.
  Dataset varied(Dataset train) {
    augmentation().ifPresent(a -> {
      try {
        a.apply(new float[train.shape().length()], 0, train.shape(), new SplittableRandom(0));
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(e);
      }
    });
    Dataset drawn = frames().map(f -> drawn(train, f)).orElse(train);
    Dataset moved = waves().map(w -> changed(drawn, w)).orElse(drawn);
    return augmentation().<Dataset>map(a -> Augmented.of(moved, a, settings.seed())).orElse(moved);
  }

  private Dataset changed(Dataset data, WaveAugmentation waves) {
    return switch (data) {
      case SoundData sounds -> sounds.augmented(waves, settings.seed());
      case Subset part -> part.over(changed(part.whole(), waves));
      default -> throw CommandException.usage("this data cannot be changed by '" + waves + "'.",
          "time-shift, speed, gain, noise-floor and background are for sounds; received other data.",
          "Leave them out.");
    };
  }

  private Dataset drawn(Dataset data, FrameSampling frames) {
    return switch (data) {
      case VideoData videos -> videos.sampled(frames, settings.seed());
      case Subset part -> part.over(drawn(part.whole(), frames));
      default -> throw CommandException.usage("this data cannot be changed by '" + frames + "'.",
          "frame-jitter, time-crop, frame-drop and reverse are for videos; received other data.", "Leave them out.");
    };
  }

  /// A trainer that is fed so.
  Trainer feed(Trainer trainer, Dataset train) {
    // What this data cannot be changed by is said before anything is written.
    varied(train);
    Trainer fed = trainer.sampling(sampling()).patience(patience()).checkpointEvery(60 * minutes());
    if (mixing().isPresent()) {
      if (train.shape().rank() == 1) {
        throw CommandException.usage("texts cannot be mixed by '" + mixing().get() + "'.",
            "mixup and cutmix are for samples whose values are sizes; received texts, whose values are names.",
            "Use forget-words:0.1.");
      }
      fed = fed.mixing(mixing().get());
    }
    List<Double> weights = weights(counts(train));
    return weights.isEmpty() ? fed : fed.loss(weighted(trainer.objective().loss(), weights));
  }

  private static Loss weighted(Loss loss, List<Double> weights) {
    if (!(loss instanceof CrossEntropyLoss cross)) {
      throw CommandException.usage("the loss " + loss + " takes no --class-weights.",
          "Class weights are a setting of cross-entropy; received them with another loss.",
          "Use --loss cross-entropy, or --sampling balanced.");
    }
    return new CrossEntropyLoss(cross.smoothing(), weights);
  }

  static List<Integer> counts(Dataset data) {
    int[] counts = new int[data.classes().size()];
    for (int i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }

  /// One weight per class: N / (K · n), of a mean of 1 over the samples, if they are to be balanced.
  private List<Double> weights(List<Integer> counts) {
    String word = settings.text("class-weights").orElse("");
    if (word.isEmpty()) {
      return List.of();
    }
    if (word.equals(BALANCED)) {
      int total = counts.stream().mapToInt(n -> n).sum();
      long present = counts.stream().filter(n -> n > 0).count();
      return counts.stream().map(n -> n == 0 ? 0 : (double) total / (present * n)).toList();
    }
    List<Double> weights = new ArrayList<>();
    try {
      for (String part : word.split("/", -1)) {
        weights.add(Double.valueOf(part));
      }
    } catch (NumberFormatException e) {
      weights.clear();
    }
    if (weights.isEmpty() || !weights.stream().allMatch(w -> w >= 0 && w < 1e30)
        || !counts.isEmpty() && weights.size() != counts.size()) {
      throw CommandException.usage("classes cannot be weighted by '" + word + "'.",
          "--class-weights is 'balanced', or one number of at least 0 per class with / between them"
          + (counts.isEmpty() ? "" : ", here " + counts.size()) + "; received '" + word + "'.",
          "Write it as in --class-weights 1/1/5.");
    }
    return weights;
  }

  /// The settings with every default filled in.
  Map<String, Json> complete() {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("augment", Json.of(words().isEmpty() ? "none" : words().stream().collect(Collectors.joining(" + "))));
    all.put("sampling", Json.of(sampling().toString()));
    all.put("class-weights", settings.values().getOrDefault("class-weights", new Json.Null()));
    all.put("patience", Json.of(patience()));
    all.put("checkpoint-minutes", Numbers.json(minutes()));
    return all;
  }
}
