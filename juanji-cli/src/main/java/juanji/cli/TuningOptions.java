package juanji.cli;

import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import picocli.CommandLine.Option;

/// The options of `train` that let a network go on from weights that it has learned elsewhere.
final class TuningOptions {
  @Option(names = "--weights", paramLabel = "FILE",
      description = "Start from these weights: a .safetensors, .pt or .pth file with torchvision's names, or a model "
      + "file. A head for another number of classes is replaced.")
  private Optional<String> weights = Optional.empty();

  @Option(names = "--freeze", paramLabel = "LAYERS",
      description = "Leave layers as they are: their names as in layer1,layer2.0; a number, for the first so many "
      + "layers with weights; or all-but-head.")
  private Optional<String> freeze = Optional.empty();

  @Option(names = "--freeze-norms", description = "Leave batch normalisations and their statistics as they are.")
  private boolean norms;

  @Option(names = "--layer-rates", paramLabel = "FACTORS",
      description = "Learning rates of their own, as factors: layer1=0.1,fc=10.")
  private Optional<String> rates = Optional.empty();

  /// Made by picocli.
  TuningOptions() {
  }

  /// The options that were given, by their name.
  void given(Map<String, Json> values) {
    weights.ifPresent(v -> values.put("weights", Json.of(ModelArgument.setting(v))));
    freeze.ifPresent(v -> values.put("freeze", Json.of(v)));
    if (norms) {
      values.put("freeze-norms", Json.of(true));
    }
    rates.ifPresent(v -> values.put("layer-rates", Json.of(v)));
  }
}
