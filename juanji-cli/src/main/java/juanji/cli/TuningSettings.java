package juanji.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import juanji.json.Json;
import juanji.model.SafeTensors;
import juanji.model.TorchFile;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.nn.WeightsException;
import juanji.tensor.Tensor;
import juanji.train.Optimizer;

/// Where a network's weights come from and which of them move, by the settings of a training.
///
/// @param settings all settings
record TuningSettings(TrainSettings settings) {
  private static final String ALL_BUT_HEAD = "all-but-head";
  /// A counter of PyTorch's batch normalisation, which has no part in what it computes.
  private static final String COUNTER = ".num_batches_tracked";

  /// Refuses what can be known to be wrong without data.
  void check() {
    rates();
    settings.text("weights").ifPresent(word -> {
      if (settings.text("model").filter(m -> !m.contains("(")).filter(m -> !ModelArgument.NAMES.contains(m))
          .isPresent()) {
        throw CommandException.usage("a model file cannot start from other weights.",
            "--weights is for networks by name and for layers; received --model " + settings.text("model").orElse("")
            + ".", "Leave one of them out.");
      }
      file(word);
    });
  }

  private static Path file(String word) {
    Optional<Path> path;
    try {
      path = Optional.of(Path.of(word)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      path = Optional.empty();
    }
    return path.orElseThrow(() -> CommandException.failure("there are no weights '" + word + "'.",
        "Weights are a .safetensors file or a model file; received '" + word + "', which is no file.",
        "Check the path."));
  }

  /// The network with the weights that it starts from.
  Model started(Model model, Screen screen) {
    return settings.text("weights").map(word -> loaded(model, file(word), screen)).orElse(model);
  }

  private static Model loaded(Model model, Path file, Screen screen) {
    Map<String, Tensor> given = new LinkedHashMap<>();
    String name = file.toString();
    Map<String, Tensor> all = name.endsWith(".safetensors") ? SafeTensors.read(file).tensors()
        : name.endsWith(".pt") || name.endsWith(".pth") ? TorchFile.read(file).tensors()
        : ModelArgument.file(file).model().weights().tensors();
    all.forEach((key, tensor) -> {
      if (!key.endsWith(COUNTER)) {
        given.put(key, tensor);
      }
    });
    String head = model.head();
    Map<String, Tensor> fresh = model.weights().tensors();
    List<String> replaced = new ArrayList<>();
    for (Declaration d : model.parameters()) {
      Tensor tensor = given.get(d.name());
      if (d.name().startsWith(head + ".") && tensor != null && !tensor.shape().equals(d.shape())) {
        replaced.add(d.name());
      }
    }
    replaced.forEach(key -> given.put(key, fresh.get(key)));
    try {
      Model started = model.withWeights(Weights.of(given));
      screen.notice("weights of " + file + (replaced.isEmpty() ? "" : "; the head '" + head
          + "' is new, since it is for another number of classes"));
      return started;
    } catch (WeightsException e) {
      throw CommandException.failure("the weights in '" + file + "' are not this network's.", listed(e),
          "Use the weights of this architecture, or the architecture of these weights (--model).");
    }
  }

  private static String listed(WeightsException e) {
    List<String> parts = new ArrayList<>();
    part(parts, "missing", e.missing());
    part(parts, "unexpected", e.unexpected());
    part(parts, "of another shape", e.mismatched());
    return String.join("\n  ", parts);
  }

  private static void part(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      parts.add(names.size() + " " + what + ": " + String.join(", ", names.subList(0, Math.min(20, names.size())))
          + (names.size() > 20 ? ", …" : ""));
    }
  }

  /// The network with what is to be left as it is.
  Model frozen(Model model) {
    Model result = model;
    try {
      if (settings.flag("freeze-norms")) {
        result = result.freezeNorms();
      }
      if (settings.text("freeze").isPresent()) {
        result = result.freeze(chosen(model, settings.text("freeze").get())::contains);
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    return result;
  }

  /// The layers with weights that some words name, and all inside them.
  private static Set<String> chosen(Model model, String words) {
    Map<String, String> owners = model.owners();
    Set<String> layers = new LinkedHashSet<>();
    model.parameters().forEach(d -> layers.add(owners.get(d.name())));
    List<String> order = List.copyOf(layers);
    if (words.equals(ALL_BUT_HEAD)) {
      return new LinkedHashSet<>(order.subList(0, order.indexOf(model.head())));
    }
    if (words.matches("[0-9]{1,6}")) {
      return new LinkedHashSet<>(order.stream().limit(Integer.parseInt(words)).toList());
    }
    Set<String> named = new LinkedHashSet<>();
    for (String word : words.split(",")) {
      String path = word.strip();
      if (!layers.contains(path) && Stream.concat(order.stream(), owners.keySet().stream())
          .noneMatch(l -> l.startsWith(path + "."))) {
        throw CommandException.usage("the layer '" + path + "' cannot be frozen.",
            "--freeze names layers with weights; these are " + String.join(", ", order.stream().limit(12).toList())
            + (order.size() > 12 ? ", …" : "") + ".", "Name one of these, or the first part of several.");
      }
      named.add(path);
    }
    return named;
  }

  /// The optimiser with rates of their own for some layers.
  Optimizer rated(Optimizer optimizer) {
    Map<String, Double> rates = rates();
    return rates.isEmpty() ? optimizer : optimizer.layerRates(rates);
  }

  private Map<String, Double> rates() {
    Map<String, Double> rates = new LinkedHashMap<>();
    settings.text("layer-rates").ifPresent(words -> Arrays.stream(words.split(",")).forEach(word -> {
      String[] parts = word.strip().split("=");
      try {
        rates.put(parts[0].strip(), Double.parseDouble(parts[1]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw CommandException.usage("layers cannot learn at rates of '" + word + "'.",
            "--layer-rates has names and factors, as in layer1=0.1,fc=10; received '" + words + "'.",
            "Write a factor behind each name.");
      }
    }));
    return rates;
  }

  /// These settings with their defaults.
  Map<String, Json> complete() {
    Map<String, Json> all = new LinkedHashMap<>();
    for (String name : List.of("weights", "freeze", "freeze-norms", "layer-rates")) {
      all.put(name, settings.values().getOrDefault(name, new Json.Null()));
    }
    return all;
  }
}
