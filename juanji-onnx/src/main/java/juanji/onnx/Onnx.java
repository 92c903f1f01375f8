package juanji.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.model.ModelFile;
import juanji.nn.Input;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.nn.Weights;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// An ONNX file about to become a model: which of its inputs and outputs are meant, and how large samples are. And the
/// way back: [#write].
///
/// ```java
/// Model resnet = Onnx.read(Path.of("resnet18.onnx"));
/// Model trunk = resnet.upTo("avgpool").freeze();
/// Model boxes = Onnx.open(Path.of("detector.onnx")).output("boxes").sample(3, 480, 640).model();
/// Onnx.write(resnet, Path.of("again.onnx"));
/// ```
///
/// Constraints: C1 every node is understood; C2 a name stands for one value; C3 every value is made by something; C4 no
/// value needs itself; C5 the operators are of version 1 to 27; C6 the input is a tensor of batch × sample, whose
/// extents the file or [#sample] says; C7 every output has a row for each sample; C8 what is not a weight is short.
///
/// @param proto the file's content
/// @param file what messages call it
/// @param input the name of the input that takes the samples
/// @param outputs the names of the values that the model gives: the first as y, the others under their names
/// @param sample the shape of a sample, where the file leaves it open
public record Onnx(ModelProto proto, String file, String input, List<String> outputs, Optional<Shape> sample) {
  /// Checks that outputs are named, each once.
  public Onnx {
    outputs = List.copyOf(outputs);
    if (outputs.isEmpty() || Set.copyOf(outputs).size() < outputs.size()) {
      throw OnnxException.asked(file, "cannot become a model", "C7: there is at least one output, and each is named "
          + "once; received " + (outputs.isEmpty() ? "none" : String.join(", ", outputs)) + ".", "Name each once.");
    }
  }

  /// The model of a file with one input of interest, the first one, and all of its outputs.
  ///
  /// @throws OnnxException if a constraint is broken; it names all nodes that are not understood
  public static Model read(Path file) {
    return open(file).model();
  }

  /// A file, with its first input and all of its outputs.
  ///
  /// @throws OnnxException if it cannot be read
  public static Onnx open(Path file) {
    return of(ModelProto.read(file), file.toString());
  }

  /// A file's content, with its first input and all of its outputs.
  ///
  /// @param file what messages call it
  public static Onnx of(ModelProto proto, String file) {
    List<String> inputs = inputs(proto).stream().map(ValueInfoProto::name).toList();
    if (inputs.isEmpty() || proto.graph().outputs().isEmpty()) {
      throw OnnxException.unsupported(file, "cannot become a model", "C6: there are an input and an output; received "
          + inputs.size() + " and " + proto.graph().outputs().size() + ".", "Run the file as a program.");
    }
    return new Onnx(proto, file, inputs.getFirst(), proto.graph().outputs().stream().map(ValueInfoProto::name)
        .distinct().toList(), Optional.empty());
  }

  /// Writes a network alone, as [OnnxExport] says.
  ///
  /// @throws OnnxException if it cannot be written
  public static void write(Model model, Path path) {
    OnnxExport.of(model).write(path);
  }

  /// Writes a network with its classes, preprocessing and settings, as [OnnxExport] says.
  ///
  /// @throws OnnxException if it cannot be written
  public static void write(ModelFile file, Path path) {
    OnnxExport.of(file).write(path);
  }

  private static List<ValueInfoProto> inputs(ModelProto proto) {
    Set<String> initializers = proto.graph().initializers().stream().map(TensorProto::name)
        .collect(Collectors.toCollection(HashSet::new));
    return proto.graph().inputs().stream().filter(i -> !initializers.contains(i.name())).toList();
  }

  /// With another input for the samples.
  public Onnx input(String name) {
    return new Onnx(proto, file, name, outputs, sample);
  }

  /// With one output: one of the graph's, or any value that a node makes.
  public Onnx output(String name) {
    return outputs(List.of(name));
  }

  /// With these outputs: the graph's, or any values that nodes make.
  public Onnx outputs(List<String> names) {
    return new Onnx(proto, file, input, names, sample);
  }

  /// With the shape of a sample, without the batch, such as 3, 224, 224.
  public Onnx sample(int... extents) {
    return new Onnx(proto, file, input, outputs, Optional.of(Shape.of(extents)));
  }

  /// The model.
  ///
  /// @throws OnnxException if a constraint is broken; it names all nodes that are not understood
  public Model model() {
    Input taken = new Input(shape());
    checkOutputs();
    OnnxNetwork.Whole whole = new OnnxNetwork.Whole(proto, file, input, outputs);
    GraphBuilder builder = new GraphBuilder();
    Trace trace = new Trace(builder, false, 0);
    TraceGround ground = new TraceGround(trace, Set.of());
    Node x = builder.input("x", taken.shape().batched());
    whole.apply(ground, trace, x);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    trace.declarations().forEach(d -> weights.put(d.name(), ground.lifted().get(d.name()).tensor()));
    return Model.of(taken, whole.slim(ground)).withWeights(Weights.of(weights));
  }

  /// The model with what the file's metadata say of it, where this library wrote them: class names and preprocessing.
  ///
  /// @throws OnnxException if a constraint is broken
  public ModelFile modelFile() {
    Model model = model();
    try {
      return ModelFile.of(model, proto.metadata());
    } catch (IllegalArgumentException | ArithmeticException e) {
      // They belong to the whole network, or to another one.
      return ModelFile.of(model);
    }
  }

  private void checkOutputs() {
    Set<String> made = new HashSet<>();
    inputs(proto).forEach(i -> made.add(i.name()));
    proto.graph().nodes().forEach(n -> made.addAll(n.outputs()));
    for (String output : outputs) {
      if (!made.contains(output) && proto.graph().initializers().stream().noneMatch(t -> t.name().equals(output))) {
        List<String> own = proto.graph().outputs().stream().map(ValueInfoProto::name).toList();
        String constraint = "C6: '" + Wiring.brief(output) + "' is a value of the graph; its outputs are "
            + own.stream().map(Wiring::brief).collect(Collectors.joining(", ")) + ".";
        String remedy = "Name one of these, or what a node makes: 'juanji summary FILE.onnx' shows them.";
        throw own.contains(output) ? new OnnxException(file, "cannot become a model", constraint, remedy)
            : OnnxException.asked(file, "cannot become a model", constraint, remedy);
      }
    }
  }

  private Shape shape() {
    ValueInfoProto value = inputs(proto).stream().filter(i -> i.name().equals(input)).findFirst().orElseThrow(() ->
        OnnxException.asked(file, "cannot become a model", "C6: '" + input + "' is an input; the inputs are "
        + inputs(proto).stream().map(ValueInfoProto::name).collect(Collectors.joining(", ")) + ".",
        "Name one of these."));
    if (!(value.type() instanceof TypeProto.OfTensor(ElementType element, Optional<List<TypeProto.Extent>> extents))
        || !HostTensor.real(element) && !HostTensor.whole(element)) {
      throw OnnxException.unsupported(file, "cannot become a model", "C6: the input is a tensor of numbers; '" + input
          + "' is " + value.type() + ".", "Name another input.");
    }
    List<Integer> known = new ArrayList<>();
    extents.ifPresent(all -> all.stream().skip(1).forEach(e -> known.add(e.known() ? Math.toIntExact(e.size()) : -1)));
    Shape asked = sample.orElseGet(() -> {
      if (known.isEmpty() || known.stream().anyMatch(d -> d < 1)) {
        throw OnnxException.asked(file, "cannot become a model", "C6: the extents of a sample are known; '" + input
            + "' is " + value.type() + ".", "Say them, as in sample(3, 224, 224), or with --size.");
      }
      return Shape.of(known.stream().mapToInt(Integer::intValue).toArray());
    });
    boolean fits = extents.isEmpty() || known.size() == asked.rank();
    for (int i = 0; fits && i < known.size(); i++) {
      fits = known.get(i) == -1 || known.get(i) == asked.dim(i);
    }
    if (!fits) {
      throw OnnxException.asked(file, "cannot become a model", "C6: a sample is " + value.type()
          + " without its first extent; received " + asked + ".", "Use the file's own extents.");
    }
    return asked;
  }
}
