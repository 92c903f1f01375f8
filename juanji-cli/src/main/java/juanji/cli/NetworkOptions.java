package juanji.cli;

import java.util.Arrays;
import java.util.Optional;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.tensor.Shape;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The argument and options of commands that look at a network without data.
final class NetworkOptions {
  private static final int CLASSES = 10;

  @Parameters(index = "0", paramLabel = "MODEL",
      description = "The name of a network (see juanji zoo list), a model file, or layers as text.")
  private String word;

  @Option(names = "--input", paramLabel = "CxHxW", description = "The size of one sample. Default: what the network "
      + "is known for, and 1x28x28 for layers.")
  private Optional<String> input = Optional.empty();

  @Option(names = "--classes", paramLabel = "N", description = "The number of classes of a named network. Default: "
      + "what it is known for.")
  private Optional<Integer> classes = Optional.empty();

  /// Made by picocli.
  NetworkOptions() {
  }

  /// What was named.
  String word() {
    return word;
  }

  Model model() {
    return file().model();
  }

  /// The network with what belongs to it, if it comes from a file.
  ModelFile file() {
    ModelArgument argument = ModelArgument.of(word);
    boolean fixed = argument instanceof ModelArgument.Trained
        || argument instanceof ModelArgument.Written w && w.whole();
    if (fixed && input.isPresent() || !(argument instanceof ModelArgument.Named) && classes.isPresent()) {
      throw CommandException.usage("this model cannot be given another input or number of classes.",
          "--input is for networks by name and for layers, --classes for networks by name; received '" + word + "'.",
          "Leave the options out.");
    }
    int count = classes.orElseGet(() -> argument instanceof ModelArgument.Named n ? n.usualOutputs() : CLASSES);
    if (count < 1) {
      throw CommandException.usage("a network cannot have " + count + " classes.", "--classes is at least 1; received "
          + count + ".", "Leave it out for " + CLASSES + ".");
    }
    Shape shape = input.map(NetworkOptions::shape).orElseGet(() -> argument instanceof ModelArgument.Named n ? n.usual()
        : Shape.of(1, 28, 28));
    try {
      return argument instanceof ModelArgument.Trained trained ? trained.file()
          : ModelFile.of(argument.model(shape, count, 1));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private static Shape shape(String text) {
    if (!text.matches("[0-9]{1,6}([xX×][0-9]{1,6}){0,3}")) {
      throw CommandException.usage("a network cannot take '" + text + "'.",
          "--input is channels x height x width; received '" + text + "'.", "Write it as in --input 3x64x64.");
    }
    return Shape.of(Arrays.stream(text.split("[xX×]")).mapToInt(Integer::parseInt).toArray());
  }
}
