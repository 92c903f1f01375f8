package juanji.cli;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import picocli.CommandLine.Option;

/// The options that say what kind of data it is and how its samples are read.
final class KindOptions {
  @Option(names = "--kind", paramLabel = "KIND", completionCandidates = Kinds.class,
      description = "What the data is: picture, text, sound or video. Default: as its files look.")
  private Optional<String> kind = Optional.empty();

  @Option(names = "--label", paramLabel = "PATTERN",
      description = "A regular expression that finds the class in a file's name, by its first group, such as "
      + "'([0-9]+)_'. Default: files lie in a folder per class; if all lie in one, what stands before the first _.")
  private Optional<String> label = Optional.empty();

  @Option(names = "--tokens", paramLabel = "UNIT", completionCandidates = Units.class,
      description = "What texts are cut into: words or characters. Default: words.")
  private Optional<String> tokens = Optional.empty();

  @Option(names = "--text-length", paramLabel = "N",
      description = "Tokens per text. Default: as the texts need, up to 256 words or 1024 characters.")
  private Optional<Integer> length = Optional.empty();

  @Option(names = "--vocabulary", paramLabel = "N", description = "Known tokens at most. Default: 20,000.")
  private Optional<Integer> vocabulary = Optional.empty();

  @Option(names = "--features", paramLabel = "NAME", completionCandidates = Features.class,
      description = "What of sounds is read: waveform, spectrogram, log-mel, log-mel-cmn, which sees less of who "
          + "speaks into what, or mfcc. Default: log-mel.")
  private Optional<String> features = Optional.empty();

  @Option(names = "--bands", paramLabel = "N",
      description = "Mel bands, or coefficients of mfcc. Default: 40.")
  private Optional<Integer> bands = Optional.empty();

  @Option(names = "--range", paramLabel = "DB",
      description = "Decibels below the loudest of a sound that are told apart from silence. Default: 80.")
  private Optional<Double> range = Optional.empty();

  @Option(names = "--rate", paramLabel = "HZ",
      description = "Samples a second that sounds are brought to. Default: their own, up to 16000.")
  private Optional<Integer> rate = Optional.empty();

  @Option(names = "--seconds", paramLabel = "X",
      description = "How long sounds are taken to be. Default: as 95 in 100 of them are, up to 10.")
  private Optional<Double> seconds = Optional.empty();

  @Option(names = "--frames", paramLabel = "N",
      description = "Frames that are read of each video, at equal distances. Default: 16.")
  private Optional<Integer> frames = Optional.empty();

  /// Made by picocli.
  KindOptions() {
  }

  /// The options that were given, by their name.
  Map<String, Json> given() {
    Map<String, Json> values = new LinkedHashMap<>();
    kind.ifPresent(v -> values.put("kind", Json.of(v)));
    label.ifPresent(v -> values.put("label", Json.of(v)));
    tokens.ifPresent(v -> values.put("tokens", Json.of(v)));
    length.ifPresent(v -> values.put("text-length", Json.of(v)));
    vocabulary.ifPresent(v -> values.put("vocabulary", Json.of(v)));
    features.ifPresent(v -> values.put("features", Json.of(v)));
    bands.ifPresent(v -> values.put("bands", Json.of(v)));
    range.ifPresent(v -> values.put("range", Numbers.json(v)));
    rate.ifPresent(v -> values.put("rate", Json.of(v)));
    seconds.ifPresent(v -> values.put("seconds", Numbers.json(v)));
    frames.ifPresent(v -> values.put("frames", Json.of(v)));
    return values;
  }

  Optional<String> kind() {
    return kind;
  }

  /// Words for completion.
  static final class Kinds implements Iterable<String> {
    /// Made by picocli.
    Kinds() {
    }

    @Override public Iterator<String> iterator() {
      return DataArgument.KINDS.iterator();
    }
  }

  /// Words for completion.
  static final class Units implements Iterable<String> {
    /// Made by picocli.
    Units() {
    }

    @Override public Iterator<String> iterator() {
      return List.of("words", "characters").iterator();
    }
  }

  /// Words for completion.
  static final class Features implements Iterable<String> {
    /// Made by picocli.
    Features() {
    }

    @Override public Iterator<String> iterator() {
      return List.of("waveform", "spectrogram", "log-mel", "log-mel-cmn", "mfcc").iterator();
    }
  }
}
