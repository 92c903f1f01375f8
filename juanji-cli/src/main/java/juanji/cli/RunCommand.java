package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import juanji.graph.Graph;
import juanji.graph.Node;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.model.AtomicFile;
import juanji.model.ModelFile;
import juanji.onnx.Npy;
import juanji.onnx.OnnxProgram;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji run`.
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Runs an ONNX file or a model file on given inputs and writes its outputs, one file each.", "",
        "An ONNX file may have any number of inputs and outputs of any type. A model file takes x and gives",
        "y, and takes and gives under its own name what else there is. Inputs are .npy files, .pb files (an",
        "ONNX tensor each), or pictures, which are brought to the input's height and width, with pixels from",
        "0 to 1 unless --mean and --std say otherwise.", ""},
    footer = {"", "Examples:",
        "  juanji run detector.onnx --input images=photo.jpg --output results",
        "  juanji run model.juanji --input x=batch.npy --output results --format pb"})
final class RunCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "An ONNX file, or a model file.")
  private Path model;

  @Option(names = "--input", paramLabel = "NAME=FILE", required = true,
      description = "An input and the file that holds it; once for each input. The name may be left out if there is "
      + "only one.")
  private List<String> inputs;

  @Option(names = "--output", paramLabel = "DIR", required = true,
      description = "The folder to write the outputs to; it is made if it is not there.")
  private Path output;

  @Option(names = "--format", paramLabel = "npy|pb", defaultValue = "npy",
      description = "What outputs are written as. Default: ${DEFAULT-VALUE}.")
  private String format;

  @Option(names = "--mean", paramLabel = "M,…", split = ",", hideParamSyntax = true,
      description = "What is subtracted from each channel of a picture, whose pixels are from 0 to 1.")
  private List<Float> mean = List.of();

  @Option(names = "--std", paramLabel = "S,…", split = ",", hideParamSyntax = true,
      description = "What each channel is then divided by.")
  private List<Float> std = List.of();

  @Option(names = "--size", paramLabel = "HxW", description = "What pictures are brought to, where the file leaves it "
      + "open.")
  private Optional<String> size = Optional.empty();

  @Mixin private KernelOptions kernels;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  RunCommand() {
  }

  @Override public Integer call() {
    if (!format.equals("npy") && !format.equals("pb")) {
      throw CommandException.usage("outputs cannot be written as '" + format + "'.",
          "--format is npy or pb; received '" + format + "'.", "Use npy.");
    }
    Map<String, TensorProto> results;
    try (Workers workers = threads.open()) {
      results = model.toString().endsWith(".onnx") ? program(workers) : trained(workers);
    }
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw CommandException.failure("the outputs cannot be written to '" + output + "'.",
          "--output is a folder, or a place where one can be made; received " + (Files.exists(output) ? "a file"
          : AtomicFile.reason(output, e)) + ".", "Choose another place.");
    }
    Screen screen = Screen.of(spec.commandLine(), false);
    results.forEach((name, tensor) -> {
      Path file = output.resolve(name.replaceAll("[^A-Za-z0-9_.-]", "_").replaceAll("^\\.+", "_") + "." + format);
      if (format.equals("npy")) {
        Npy.write(file, tensor);
      } else {
        tensor.write(file);
      }
      screen.result(name + "  " + tensor.type() + " " + tensor.shape() + "  " + file);
    });
    return 0;
  }

  private Map<String, TensorProto> program(Workers workers) {
    OnnxProgram program = OnnxProgram.read(model);
    return program.run(given(program.inputs().stream().collect(Collectors.toMap(ValueInfoProto::name,
        ValueInfoProto::type, (a, b) -> a, LinkedHashMap::new))), kernels.target(), workers);
  }

  private Map<String, TensorProto> trained(Workers workers) {
    ModelFile file = ModelArgument.file(model);
    Shape sample = file.model().input().shape();
    Graph graph = file.model().graph();
    Map<String, TypeProto> types = new LinkedHashMap<>();
    graph.inputs().forEach(i -> types.put(i.name(), TypeProto.tensor(ElementType.FLOAT, Arrays.stream(i.shape()
        .toArray()).mapToObj(d -> d == Shape.UNBOUND ? TypeProto.Extent.of("N") : TypeProto.Extent.of(d)).toList())));
    Map<String, Tensor> given = new LinkedHashMap<>();
    given(types).forEach((name, tensor) -> given.put(name, tensor.tensor()));
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (Node.Input input : graph.inputs()) {
      Shape there = Optional.ofNullable(given.get(input.name())).map(Tensor::shape).orElseThrow(() ->
          CommandException.usage("the model '" + model + "' takes " + types.size() + " inputs.",
          "--input is given once for each of " + String.join(", ", types.keySet()) + "; '" + input.name()
          + "' is missing.", "Add --input " + input.name() + "=FILE."));
      boolean open = input.shape().rank() > 0 && input.shape().dim(0) == Shape.UNBOUND;
      if (there.rank() != input.shape().rank() || open && there.dim(0) < 1
          || !(open ? there.sample().equals(input.shape().sample()) : there.equals(input.shape()))) {
        throw CommandException.failure("the model '" + model + "' cannot take this input.", input.name().equals("x")
            ? "x is a batch of samples of " + sample + "; received " + there + "."
            : input.name() + " is of " + input.shape() + "; received " + there + ".", "Give an array of that shape.");
      }
      if (open && !input.name().equals("x")) {
        sizes.put(input.name(), there.dim(0));
      }
    }
    Session session = new Session(Compiler.compile(graph, given.get("x").shape().dim(0), sizes, kernels.target()),
        file.model().weights().tensors(), workers);
    Map<String, TensorProto> results = new LinkedHashMap<>();
    session.run(given).forEach((name, tensor) -> results.put(name, TensorProto.of(name, tensor)));
    return results;
  }

  /// The inputs by name.
  private Map<String, TensorProto> given(Map<String, TypeProto> types) {
    Map<String, TensorProto> given = new LinkedHashMap<>();
    for (String word : inputs) {
      int equals = word.indexOf('=');
      String name = equals > 0 ? word.substring(0, equals) : types.size() == 1 ? types.keySet().iterator().next() : "";
      if (!types.containsKey(name)) {
        throw CommandException.usage("'" + word + "' names no input.", "--input is NAME=FILE with a name of "
            + String.join(", ", types.keySet()) + "; received '" + word + "'.", "Name one of these.");
      }
      if (given.containsKey(name)) {
        throw CommandException.usage("the input '" + name + "' is given twice.",
            "--input is given once for each of " + String.join(", ", types.keySet()) + "; received '" + word
            + "', too.", "Leave one of them out.");
      }
      given.put(name, tensor(name, Path.of(word.substring(equals + 1)), types.get(name)));
    }
    return given;
  }

  private TensorProto tensor(String name, Path file, TypeProto type) {
    String ending = file.toString().toLowerCase(Locale.ROOT);
    if (ending.endsWith(".npy")) {
      return Npy.read(file);
    }
    return ending.endsWith(".pb") ? TensorProto.read(file) : picture(name, file, type);
  }

  private TensorProto picture(String name, Path file, TypeProto type) {
    List<TypeProto.Extent> extents = type instanceof TypeProto.OfTensor(ElementType element,
        Optional<List<TypeProto.Extent>> shape) && element == ElementType.FLOAT ? shape.orElse(List.of()) : List.of();
    if (extents.size() != 4 || extents.get(1).known() && extents.get(1).size() != 1 && extents.get(1).size() != 3) {
      throw CommandException.failure("the picture '" + file + "' cannot be given to '" + name + "'.",
          "Pictures are for inputs of float batch × 1 or 3 × height × width; '" + name + "' is " + type + ".",
          "Give a .npy or .pb file.");
    }
    int[] asked = size.map(ImportCommand::extents).orElse(new int[0]);
    int height = asked.length == 2 ? asked[0] : (int) extents.get(2).size();
    int width = asked.length == 2 ? asked[1] : (int) extents.get(3).size();
    if (height < 1 || width < 1) {
      throw CommandException.usage("the size of the picture for '" + name + "' is open.",
          "--size is height and width where the file leaves them open; '" + name + "' is " + type + ".",
          "Say it, as in --size 480x640.");
    }
    ImageSize target = extents.get(1).size() == 1 ? ImageSize.size(height, width).grey()
        : ImageSize.size(height, width);
    Picture picture = PictureFile.read(file, target);
    float[] values = new float[picture.pixels().length];
    int plane = height * width;
    for (int i = 0; i < values.length; i++) {
      values[i] = ((picture.pixels()[i] & 255) / 255f - channel(mean, i / plane, 0)) / channel(std, i / plane, 1);
    }
    return TensorProto.of(name, Tensor.of(target.shape().prepend(1), values));
  }

  private static float channel(List<Float> numbers, int channel, float otherwise) {
    if (numbers.size() > 1 && channel >= numbers.size()) {
      throw CommandException.usage("there are " + numbers.size() + " numbers for the channels.",
          "--mean and --std are one number, or one per channel; received " + numbers + ".",
          "Give as many as channels.");
    }
    return numbers.isEmpty() ? otherwise : numbers.get(Math.min(channel, numbers.size() - 1));
  }
}
