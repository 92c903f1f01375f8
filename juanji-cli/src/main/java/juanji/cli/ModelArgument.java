package juanji.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import juanji.data.Preprocessing;
import juanji.model.ModelFile;
import juanji.nn.Architecture;
import juanji.nn.ArchitectureException;
import juanji.nn.Input;
import juanji.nn.Model;
import juanji.onnx.Onnx;
import juanji.onnx.OnnxNetwork;
import juanji.tensor.Shape;
import juanji.zoo.Network;
import juanji.zoo.Zoo;

/// What the word MODEL on the command line names.
sealed interface ModelArgument {
  /// The names of networks.
  List<String> NAMES = Stream.concat(Zoo.all().stream().map(Network::name), Stream.of(TextNetwork.NAME,
      SoundNetwork.NAME, VideoNetwork.NAME)).distinct().toList();

  /// What names it in a run's name.
  String name();

  /// The network for samples and a number of classes, with weights drawn from the seed or read.
  Model model(Shape input, int classes, long seed);

  /// A network by name.
  record Named(String name) implements ModelArgument {
    @Override public Model model(Shape input, int classes, long seed) {
      Model model = switch (name) {
        case SoundNetwork.NAME -> SoundNetwork.of(input, classes);
        case VideoNetwork.NAME -> VideoNetwork.of(input, classes);
        case TextNetwork.NAME -> TextNetwork.of(input, classes);
        default -> Zoo.network(name).model(input, classes);
      };
      return model.initialize(seed);
    }

    /// The number of classes, or of whatever its last number is, that it is known for.
    int usualOutputs() {
      return switch (name) {
        case SoundNetwork.NAME -> SoundNetwork.USUAL_CLASSES;
        case VideoNetwork.NAME -> VideoNetwork.USUAL_CLASSES;
        case TextNetwork.NAME -> TextNetwork.USUAL_CLASSES;
        default -> Zoo.network(name).outputs();
      };
    }

    /// The shape of samples that it is known for.
    Shape usual() {
      return switch (name) {
        case SoundNetwork.NAME -> SoundNetwork.USUAL;
        case VideoNetwork.NAME -> VideoNetwork.USUAL;
        case TextNetwork.NAME -> TextNetwork.USUAL;
        default -> Zoo.network(name).input();
      };
    }
  }

  /// Layers, or a whole model, as text.
  record Written(String text) implements ModelArgument {
    @Override public String name() {
      return "custom";
    }

    @Override public Model model(Shape input, int classes, long seed) {
      try {
        Model model = whole() ? Architecture.model(text)
            : Model.of(new Input(input), Architecture.parse("chain(" + text + ")"));
        return model.initialize(seed);
      } catch (ArchitectureException e) {
        throw CommandException.usage(e);
      }
    }

    /// Whether the text says what the network takes.
    boolean whole() {
      return text.stripLeading().startsWith("Model.of");
    }
  }

  /// A trained network in a file.
  record Trained(Path path, ModelFile file) implements ModelArgument {
    @Override public String name() {
      return "tuned";
    }

    @Override public Model model(Shape input, int classes, long seed) {
      return file.model();
    }

    Optional<Preprocessing> preprocessing() {
      return file.preprocessing();
    }
  }

  /// What names it in a run's settings: a path is absolute, so that a run can be resumed from another folder.
  static String setting(String word) {
    if (NAMES.contains(word) || word.contains("(")) {
      return word;
    }
    try {
      Path path = Path.of(word);
      return Files.exists(path) ? path.toAbsolutePath().normalize().toString() : word;
    } catch (InvalidPathException e) {
      return word;
    }
  }

  /// What a word names.
  ///
  /// @throws CommandException if it is no name, no layers, and no file
  static ModelArgument of(String word) {
    if (NAMES.contains(word)) {
      return new Named(word);
    }
    if (word.contains("(")) {
      return new Written(word);
    }
    Path path;
    try {
      path = Path.of(word);
    } catch (InvalidPathException e) {
      throw missing(word);
    }
    if (!Files.exists(path)) {
      throw missing(word);
    }
    return new Trained(path, file(path));
  }

  /// The network in a file: one that this program wrote, or an ONNX file.
  static ModelFile file(Path path) {
    return path.toString().endsWith(".onnx") ? Onnx.open(path).modelFile()
        : ModelFile.read(path, OnnxNetwork.ARCHITECTURE);
  }

  private static CommandException missing(String word) {
    return CommandException.failure("there is no model '" + word + "'.",
        "A model is the name of a network (juanji zoo list has them all), a model file, or layers such as "
        + "\"conv(8, 3).same(), relu(), maxPool(2), flatten(), dense(10)\"; received '" + word
        + "', which is no file.", "Check the name or the path.");
  }

  /// The default: LeNet-5 for small grey pictures, otherwise a small network with batch normalisation.
  static ModelArgument suited(Shape input) {
    boolean small = input.dim(0) == 1 && input.dim(1) <= 40 && input.dim(2) <= 40 && input.dim(1) >= 12
        && input.dim(2) >= 12;
    return new Named(small ? "lenet5" : "small-cnn");
  }
}
