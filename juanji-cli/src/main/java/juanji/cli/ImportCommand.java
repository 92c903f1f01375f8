package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import juanji.data.Framing;
import juanji.data.Preprocessing;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.onnx.Onnx;
import juanji.tensor.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji import`.
@Command(name = "import", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Makes a model of an ONNX file: it is shown, planned, trained further and used like any other.", "",
        "The first input and all outputs are meant unless others are named. What cannot be translated is",
        "named, all of it at once.", ""},
    footer = {"", "Examples:",
        "  juanji import resnet18.onnx --out resnet18.juanji --classes imagenet.txt \\",
        "      --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225",
        "  juanji import detector.onnx --out boxes.juanji --output boxes --size 3x480x640"})
final class ImportCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FILE", description = "An ONNX file.")
  private Path file;

  @Option(names = "--out", paramLabel = "MODEL", required = true, description = "The model file to write.")
  private Path out;

  @Option(names = "--input", paramLabel = "NAME", description = "The input that takes the samples.")
  private Optional<String> input = Optional.empty();

  @Option(names = "--output", paramLabel = "NAME",
      description = "An output that the model gives, or any value inside the network: what comes after is left out. "
      + "May be repeated; the first is what predictions and further training are about.")
  private List<String> outputs = List.of();

  @Option(names = "--size", paramLabel = "CxHxW", description = "The shape of a sample, where the file leaves it open.")
  private Optional<String> size = Optional.empty();

  @Option(names = "--classes", paramLabel = "FILE", description = "The names of the classes, one per line.")
  private Optional<Path> classes = Optional.empty();

  @Option(names = "--mean", paramLabel = "M,…", split = ",", hideParamSyntax = true,
      description = "What is subtracted from each channel of a picture, whose pixels are from 0 to 1.")
  private List<Float> mean = List.of();

  @Option(names = "--std", paramLabel = "S,…", split = ",", hideParamSyntax = true,
      description = "What each channel is then divided by.")
  private List<Float> std = List.of();

  @Option(names = "--framing", paramLabel = "HOW", defaultValue = "stretch",
      description = "How pictures of other proportions are treated: stretch, fit or crop. Default: ${DEFAULT-VALUE}.")
  private String framing;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ImportCommand() {
  }

  @Override public Integer call() {
    Onnx onnx = Onnx.open(file);
    if (input.isPresent()) {
      onnx = onnx.input(input.get());
    }
    if (!outputs.isEmpty()) {
      onnx = onnx.outputs(outputs);
    }
    if (size.isPresent()) {
      onnx = onnx.sample(extents(size.get()));
    }
    ModelFile result = onnx.modelFile();
    Model model = result.model();
    Optional<Preprocessing> steps = preprocessing(model.input().shape());
    Screen screen = Screen.of(spec.commandLine(), false);
    // What the file says itself holds unless the command says otherwise.
    if (steps.isPresent() && result.preprocessing().isEmpty() && mean.isEmpty() && std.isEmpty()) {
      screen.notice("  it is given pixels from 0 to 1; if it was trained on others, say so with --mean and --std");
    }
    if (steps.isPresent() && (result.preprocessing().isEmpty() || !mean.isEmpty() || !std.isEmpty())) {
      result = result.preprocessing(steps.get());
    }
    if (classes.isPresent()) {
      result = result.classes(lines(classes.get()));
    }
    result.write(out);
    screen.result("wrote " + out + ": " + model.input().shape() + " to "
        + model.outputShape() + ", " + Numbers.count(model.weightCount()) + " weights, "
        + (model.summary().rows().size() - 1) + " nodes" + others(model));
    return 0;
  }

  /// A line on the outputs besides the first.
  private static String others(Model model) {
    String all = model.graph().outputs().entrySet().stream().filter(o -> !o.getKey().equals("y"))
        .map(o -> o.getKey() + " of " + o.getValue().shape().sample()).collect(Collectors.joining(", "));
    return all.isEmpty() ? "" : "\n  also gives " + all;
  }

  /// Extents such as 3x224x224.
  static int[] extents(String text) {
    if (!text.matches("[1-9][0-9]{0,7}([x×][1-9][0-9]{0,7}){0,3}")) {
      throw CommandException.usage("'" + text + "' is no shape of a sample.",
          "--size is 1 to 4 whole numbers joined by x; received '" + text + "'.", "Write it as 3x224x224.");
    }
    return Arrays.stream(text.split("[x×]")).mapToInt(Integer::parseInt).toArray();
  }

  /// How pictures are prepared, for networks that take pictures.
  private Optional<Preprocessing> preprocessing(Shape sample) {
    boolean pictures = sample.rank() == 3 && (sample.dim(0) == 1 || sample.dim(0) == 3);
    if (!pictures) {
      if (!mean.isEmpty() || !std.isEmpty()) {
        throw CommandException.usage("the network takes no pictures.",
            "--mean and --std are for samples of 1 or 3 channels × height × width; received " + sample + ".",
            "Leave them out.");
      }
      return Optional.empty();
    }
    Framing how = Arrays.stream(Framing.values()).filter(f -> f.name().toLowerCase(Locale.ROOT).equals(framing))
        .findFirst().orElseThrow(() -> CommandException.usage("pictures cannot be framed by '" + framing + "'.",
        "--framing is stretch, fit or crop; received '" + framing + "'.", "Use stretch."));
    List<Float> less = new ArrayList<>(mean);
    List<Float> by = new ArrayList<>(std);
    while (less.size() < sample.dim(0) && mean.size() <= 1) {
      less.add(mean.isEmpty() ? 0f : mean.getFirst());
    }
    while (by.size() < sample.dim(0) && std.size() <= 1) {
      by.add(std.isEmpty() ? 1f : std.getFirst());
    }
    try {
      return Optional.of(new Preprocessing(sample.dim(0), sample.dim(1), sample.dim(2), less, by, how));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private static List<String> lines(Path names) {
    if (!Files.isRegularFile(names)) {
      throw CommandException.failure("there are no class names in '" + names + "'.", "They are lines of UTF-8 text; "
          + "received " + (Files.exists(names) ? "a folder." : "nothing of that name."), "Check the path.");
    }
    try {
      return Files.readAllLines(names).stream().map(String::strip).filter(l -> !l.isEmpty()).toList();
    } catch (IOException e) {
      throw CommandException.failure("the class names in '" + names + "' cannot be read.",
          "They are lines of UTF-8 text; the system says: " + e.getMessage() + ".",
          "Save the file as UTF-8.");
    }
  }
}
