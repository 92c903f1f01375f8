package juanji.cli;

import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import picocli.CommandLine.Option;

/// The options of `train` that say what each epoch sees, and when there are epochs enough.
final class FeedOptions {
  @Option(names = "--augment", paramLabel = "WORDS",
      description = "Changes samples anew in each epoch: words with + between them, such as \"crop:4 + flip\"; or "
      + "gentle, usual or strong; mixup:0.2 or cutmix:1 mix samples in pairs. See docs/guide/data.md. Default: "
      + "none.")
  private Optional<String> augment = Optional.empty();

  @Option(names = "--sampling", paramLabel = "NAME",
      description = "shuffled, balanced (every class equally often), oversampled (small classes again) or "
      + "weighted:1/2/5. Default: shuffled.")
  private Optional<String> sampling = Optional.empty();

  @Option(names = "--class-weights", paramLabel = "WEIGHTS",
      description = "What a sample of each class counts in the loss: balanced (as rare classes need), or numbers such "
      + "as 1/1/5. Default: 1 each.")
  private Optional<String> classWeights = Optional.empty();

  @Option(names = "--patience", paramLabel = "EPOCHS",
      description = "End after so many epochs without a better one; 0 means never. Default: 0.")
  private Optional<Integer> patience = Optional.empty();

  @Option(names = "--checkpoint-minutes", paramLabel = "N",
      description = "Keep the state this often within epochs, too; 0 means only after each. Default: 5.")
  private Optional<Double> minutes = Optional.empty();

  /// Made by picocli.
  FeedOptions() {
  }

  /// The options that were given, by their name.
  void given(Map<String, Json> values) {
    augment.ifPresent(v -> values.put("augment", Json.of(FeedSettings.spaced(v))));
    sampling.ifPresent(v -> values.put("sampling", Json.of(v)));
    classWeights.ifPresent(v -> values.put("class-weights", Json.of(v)));
    patience.ifPresent(v -> values.put("patience", Json.of(v)));
    minutes.ifPresent(v -> values.put("checkpoint-minutes", Numbers.json(v)));
  }
}
