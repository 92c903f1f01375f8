package juanji.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import juanji.audio.SoundData;
import juanji.audio.SoundPreparation;
import juanji.image.ImageSize;
import juanji.json.Json;
import juanji.text.TextPreparation;
import juanji.text.Tokens;
import juanji.video.VideoPreparation;
import juanji.zoo.CharCnn;

/// How samples of each kind are read, by the settings of a training.
///
/// @param settings all settings
record KindSettings(TrainSettings settings) {
  private static final int VOCABULARY = 20_000;
  private static final int MOST_WORDS = 256;
  private static final int FRAMES = 16;
  private static final int MOST_CHARACTERS = 1024;

  Optional<String> kind() {
    return settings.text("kind").map(word -> {
      if (!DataArgument.KINDS.contains(word)) {
        throw CommandException.usage("there is no kind of data '" + word + "'.",
            "--kind is one of " + String.join(", ", DataArgument.KINDS) + "; received '" + word + "'.",
            "Leave it out to have the files looked at.");
      }
      return word;
    });
  }

  Optional<Pattern> label() {
    return settings.text("label").map(text -> {
      try {
        return Pattern.compile(text);
      } catch (PatternSyntaxException e) {
        throw CommandException.usage("classes cannot be found by '" + text + "'.",
            "--label is a regular expression; received '" + text + "': " + e.getDescription() + ".",
            "Write it as in --label '([0-9]+)_'.");
      }
    });
  }

  Tokens tokens() {
    try {
      return Tokens.named(settings.text("tokens").orElse("words"));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private Optional<Integer> length() {
    return given("text-length") ? Optional.of(settings.whole("text-length", MOST_WORDS, 5, 1_000_000))
        : Optional.empty();
  }

  private int vocabulary() {
    return settings.whole("vocabulary", VOCABULARY, 1, 1 << 22);
  }

  private SoundPreparation.Features features() {
    try {
      return SoundPreparation.Features.named(settings.text("features").orElse("log-mel"));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private int bands() {
    return settings.whole("bands", SoundPreparation.BANDS, 1, 512);
  }

  private double range() {
    double range = settings.number("range", SoundPreparation.RANGE);
    if (!(range >= 1 && range <= 200)) {
      throw CommandException.usage("sounds cannot be told apart over " + range + " decibels.",
          "--range is from 1 to 200; received " + range + ".", "Use 80, or 40 for noisy recordings.");
    }
    return range;
  }

  private int frames() {
    return settings.whole("frames", FRAMES, 1, 1024);
  }

  /// What of videos is read.
  VideoPreparation videos(ImageSize size) {
    try {
      return new VideoPreparation(frames(), size);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// Checks all settings that need no data.
  void check() {
    kind();
    label();
    tokens();
    length();
    vocabulary();
    features();
    bands();
    range();
    frames();
  }

  /// How texts become numbers.
  ///
  /// @param texts what to train on
  TextPreparation texts(List<String> texts) {
    if (settings.text("model").filter(TextNetwork.LETTERS::equals).isPresent()) {
      return letters();
    }
    TextPreparation measured = TextPreparation.measure(texts, tokens(), vocabulary(),
        length().orElse(tokens() == Tokens.WORDS ? MOST_WORDS : MOST_CHARACTERS));
    return length().map(measured::length).orElse(measured);
  }

  /// Characters of the alphabet that the network for letters knows, whatever the texts have.
  private TextPreparation letters() {
    int length = length().orElse(CharCnn.LENGTH);
    if (given("tokens") && tokens() != Tokens.CHARACTERS || given("vocabulary") || length < CharCnn.SHORTEST) {
      throw CommandException.usage("the network " + TextNetwork.LETTERS + " cannot read texts so.",
          "It reads the characters of its own alphabet, " + CharCnn.SHORTEST + " or more; received "
          + settings.text("tokens").orElse("characters") + ", a length of " + length
          + (given("vocabulary") ? " and a vocabulary." : "."), "Leave out --tokens and --vocabulary, and give a "
          + "--text-length such as 256, or none for " + CharCnn.LENGTH + ".");
    }
    return new TextPreparation(Tokens.CHARACTERS, length, CharCnn.alphabet());
  }

  /// The sounds of a folder.
  ///
  /// @param known how the sounds of a model are read that training goes on with
  SoundData.Opened sounds(Path path, Optional<SoundPreparation> known, List<String> classes) {
    Optional<SoundPreparation> how = known;
    boolean chosen = given("rate") || given("seconds");
    try {
      if (known.isEmpty() && chosen) {
        how = Optional.of(SoundPreparation.speech(settings.whole("rate", 16_000, 1000, 192_000),
            settings.number("seconds", 1)));
      }
      if (known.isEmpty() && how.isEmpty() && (features() != SoundPreparation.Features.LOG_MEL || given("bands")
          || given("range"))) {
        // Rate and length are measured with the usual features first.
        how = Optional.of(SoundData.open(path, label(), Optional.empty(), classes).parts().values().iterator().next()
            .preparation());
      }
      return SoundData.open(path, label(), known.isPresent() ? known : how.map(h -> h.features(features())
          .bands(bands()).range(range())), classes);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private boolean given(String name) {
    return !(settings.values().getOrDefault(name, new Json.Null()) instanceof Json.Null);
  }

  /// The settings with every default filled in.
  Map<String, Json> complete() {
    Map<String, Json> all = new LinkedHashMap<>();
    for (String name : List.of("kind", "label", "tokens", "text-length", "vocabulary", "features", "bands", "range",
        "rate", "seconds", "frames")) {
      all.put(name, settings.values().getOrDefault(name, new Json.Null()));
    }
    return all;
  }
}
