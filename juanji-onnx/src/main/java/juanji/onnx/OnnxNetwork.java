package juanji.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import juanji.graph.Node;
import juanji.nn.Architecture;
import juanji.nn.CustomLayer;
import juanji.nn.Layer;
import juanji.nn.Trace;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.tensor.Shape;

/// The graph of an ONNX file as a layer: translated anew wherever it is written, so that it takes pictures of any size
/// that the file allows, is trained, cut and frozen like any other.
///
/// Its weights are those of the file, under the file's names; its nodes have places of their own under the nodes'
/// names. Its text is `onnx("…")` with the packed graph, without weights; [#ARCHITECTURE] reads it again.
///
/// Made by [Onnx]. It is equal to another one of the same graph.
public final class OnnxNetwork implements CustomLayer {
  /// The words of layers, and `onnx` for graphs of ONNX files.
  public static final Architecture ARCHITECTURE = Architecture.STANDARD.with("onnx", OnnxNetwork::parse);

  private static final String INPUT = "juanji.input";
  private static final String OUTPUT = "juanji.output";
  private static final String OTHERS = "juanji.outputs";
  private static final String BATCH = "juanji.batch";
  private static final String FROZEN = "juanji.frozen";
  private static final int LONGEST_TEXT = 1_000_000;
  private static final int MOST_BYTES = 1 << 26;

  private final ModelProto model;
  private final String file;
  private final String text;

  /// @param model the graph; its metadata name the input, the output and the batch size that it was made for
  private OnnxNetwork(ModelProto model, String file) {
    this.model = model;
    this.file = file;
    this.text = pack(model, file);
  }

  /// The graph of a file between an input and outputs, with its weights still in it.
  record Whole(ModelProto model, String file, String input, List<String> outputs) {
    /// Translates it.
    Node apply(TraceGround ground, Trace trace, Node x) {
      return translated(model, file, input, outputs, ground, trace, x, fixedBatch(model, input));
    }

    /// The same graph without the weights that became parameters, and without what the output does not need.
    OnnxNetwork slim(TraceGround ground) {
      GraphProto graph = model.graph();
      List<NodeProto> nodes = new Wiring(file, graph, Set.of()).order(outputs);
      Map<NodeProto, String> names = new IdentityHashMap<>();
      Names.of(graph.nodes()).forEach(names::put);
      Set<String> needed = new HashSet<>();
      nodes.forEach(n -> needed.addAll(Wiring.needs(n)));
      needed.addAll(outputs);
      List<ValueInfoProto> inputs = new ArrayList<>();
      List<TensorProto> kept = new ArrayList<>();
      Set<String> initializers = new HashSet<>();
      for (TensorProto tensor : graph.initializers()) {
        initializers.add(tensor.name());
        if (needed.contains(tensor.name())) {
          boolean weight = ground.lifted().containsKey(tensor.name());
          if (weight && !ground.looked().contains(tensor.name())) {
            inputs.add(weight(tensor.name(), tensor));
          } else {
            kept.add(tensor);
          }
        }
      }
      List<ValueInfoProto> given = graph.inputs().stream().filter(i -> !initializers.contains(i.name())
          && needed.contains(i.name())).toList();
      List<NodeProto> named = new ArrayList<>();
      for (NodeProto node : nodes) {
        // A weight may be a constant's output.
        String made = node.outputs().isEmpty() ? "" : node.outputs().getFirst();
        if (node.operator().equals("Constant") && node.domain().isEmpty() && ground.lifted().containsKey(made)
            && !ground.looked().contains(made)) {
          inputs.add(weight(made, ground.lifted().get(made)));
        } else {
          named.add(new NodeProto(names.get(node), node.operator(), node.domain(), node.inputs(), node.outputs(),
              node.attributes()));
        }
      }
      List<ValueInfoProto> all = new ArrayList<>(given);
      inputs.forEach(i -> all.add(new ValueInfoProto(i.name(), i.type())));
      Map<String, String> metadata = new LinkedHashMap<>();
      metadata.put(INPUT, input);
      metadata.put(OUTPUT, outputs.getFirst());
      if (outputs.size() > 1) {
        metadata.put(OTHERS, String.join("\n", outputs.subList(1, outputs.size())));
      }
      metadata.put(BATCH, Long.toString(fixedBatch(model, input)));
      Optional.ofNullable(model.metadata().get(OnnxExport.CONSTANTS))
          .ifPresent(text -> metadata.put(OnnxExport.CONSTANTS, text));
      inputs.forEach(i -> metadata.put("juanji.weight." + i.name(), ""));
      return new OnnxNetwork(new ModelProto(model.irVersion(), "", "", model.operatorSets(), GraphProto.of("", named,
          kept, all, outputs.stream().map(o -> new ValueInfoProto(o, TypeProto.UNSAID)).toList()), metadata,
          model.functions()), file);
    }

    private static ValueInfoProto weight(String name, TensorProto tensor) {
      List<TypeProto.Extent> extents = new ArrayList<>();
      for (int d : tensor.shape().toArray()) {
        extents.add(TypeProto.Extent.of(d));
      }
      return new ValueInfoProto(name, TypeProto.tensor(tensor.type(), extents));
    }
  }

  private static long fixedBatch(ModelProto model, String input) {
    return model.graph().inputs().stream().filter(i -> i.name().equals(input)).findFirst()
        .flatMap(i -> i.type() instanceof TypeProto.OfTensor t ? t.shape() : Optional.empty())
        .filter(s -> !s.isEmpty() && s.getFirst().known()).map(s -> s.getFirst().size()).orElse(0L);
  }

  private static Node translated(ModelProto model, String file, String input, List<String> outputs, TraceGround ground,
      Trace trace, Node x, long batch) {
    Translation translation = new Translation(model, file, ground, batch);
    Map<String, Value> given = new LinkedHashMap<>();
    Set<String> initializers = new HashSet<>();
    model.graph().initializers().forEach(t -> initializers.add(t.name()));
    for (ValueInfoProto each : model.graph().inputs()) {
      if (initializers.contains(each.name())) {
        continue;
      }
      if (!(each.type() instanceof TypeProto.OfTensor(ElementType element, Optional<List<TypeProto.Extent>> shape))) {
        throw OnnxException.unsupported(file, "cannot become a model", "C6: every input is a tensor; '"
            + Wiring.brief(each.name()) + "' is " + each.type() + ".", "Cut the network behind it.");
      }
      if (each.name().equals(input)) {
        given.put(input, new Value.Flow(x, element));
      } else if (model.metadata().containsKey("juanji.weight." + each.name())) {
        given.put(each.name(), new Value.Weight(each.name(), element, extents(file, each, shape), Optional.empty()));
      } else {
        given.put(each.name(), new Value.Flow(trace.given(each.name(), extents(file, each, shape)), element));
      }
    }
    List<Value> found = translation.run(given, outputs);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Value y = found.get(i);
      if (!(y instanceof Value.Flow(Node node, ElementType type)) || node.shape().rank() < 1
          || node.shape().dim(0) != Shape.UNBOUND) {
        throw OnnxException.unsupported(file, "cannot become a model", "C7: "
            + (found.size() == 1 ? "the output" : "every output") + " has a row for each sample; '"
            + Wiring.brief(outputs.get(i)) + "' is " + (y instanceof Value.Flow f ? "of " + f.shape() : "a constant")
            + ".", found.size() == 1 ? "Name another output, or run the file as a program."
            : "Name the outputs that are wanted, or run the file as a program.");
      }
      nodes.add(node);
    }
    for (int i = 1; i < nodes.size(); i++) {
      trace.result(named(outputs, i), nodes.get(i));
    }
    return nodes.getFirst();
  }

  /// The name of a further output within the model, whose first one is y whatever the file calls it.
  private static String named(List<String> outputs, int index) {
    String name = outputs.get(index);
    while (name.equals("y") || index > 0 && !name.equals(outputs.get(index)) && outputs.contains(name)) {
      name += "_";
    }
    return name;
  }

  private static List<String> outputs(ModelProto model) {
    List<String> all = new ArrayList<>(List.of(model.metadata().get(OUTPUT)));
    Optional.ofNullable(model.metadata().get(OTHERS)).ifPresent(o -> all.addAll(List.of(o.split("\n"))));
    return all;
  }

  private static Shape extents(String file, ValueInfoProto value, Optional<List<TypeProto.Extent>> shape) {
    List<TypeProto.Extent> all = shape.orElse(List.of());
    int[] dims = new int[all.size()];
    for (int i = 0; i < dims.length; i++) {
      if (!all.get(i).known() && i > 0 || shape.isEmpty()) {
        throw OnnxException.unsupported(file, "cannot become a model", "C6: the extents of a second input are known; '"
            + Wiring.brief(value.name()) + "' is " + value.type() + ".", "Run the file as a program.");
      }
      dims[i] = all.get(i).known() ? Math.toIntExact(all.get(i).size()) : Shape.UNBOUND;
    }
    return Shape.of(dims);
  }

  /// The graph, without weights.
  public ModelProto graph() {
    return model;
  }

  @Override public Node apply(Trace trace, Node x) {
    return translated(model, file, model.metadata().get(INPUT), outputs(model),
        new TraceGround(trace, frozen()), trace, x,
        Long.parseLong(model.metadata().get(BATCH)));
  }

  @Override public String kind() {
    return "onnx";
  }

  @Override public boolean partsOnly() {
    return true;
  }

  @Override public List<String> parts() {
    Map<NodeProto, String> names = Names.of(model.graph().nodes());
    return model.graph().nodes().stream().map(names::get).toList();
  }

  private Set<String> frozen() {
    return Optional.ofNullable(model.metadata().get(FROZEN)).map(names -> Set.of(names.split("\n"))).orElse(Set.of());
  }

  @Override public Optional<Layer> freeze(Predicate<String> parts) {
    Set<String> all = new TreeSet<>(parts().stream().filter(parts).toList());
    if (all.isEmpty()) {
      return Optional.empty();
    }
    all.addAll(frozen());
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    metadata.put(FROZEN, String.join("\n", all));
    return Optional.of(new OnnxNetwork(new ModelProto(model.irVersion(), "", "", model.operatorSets(), model.graph(),
        metadata, model.functions()), file));
  }

  /// The network up to a node, by its place's name, its own name, or the name of a value that it makes.
  @Override public Optional<Layer> upTo(String part) {
    Map<NodeProto, String> names = Names.of(model.graph().nodes());
    return model.graph().nodes().stream().filter(n -> names.get(n).equals(part) || n.outputs().contains(part))
        .findFirst().map(node -> cut(node.outputs().contains(part) ? part : node.outputs().getFirst()));
  }

  private OnnxNetwork cut(String output) {
    GraphProto graph = model.graph();
    List<NodeProto> nodes = new Wiring(file, graph, Set.of()).order(List.of(output));
    Set<String> needed = new HashSet<>();
    nodes.forEach(n -> needed.addAll(Wiring.needs(n)));
    Map<String, String> metadata = new LinkedHashMap<>(model.metadata());
    metadata.put(OUTPUT, output);
    metadata.remove(OTHERS);
    metadata.keySet().removeIf(k -> k.startsWith("juanji.weight.")
        && !needed.contains(k.substring("juanji.weight.".length())));
    GraphProto cut = GraphProto.of("", nodes, graph.initializers().stream().filter(t -> needed.contains(t.name()))
        .toList(), graph.inputs().stream().filter(i -> needed.contains(i.name())
        || i.name().equals(metadata.get(INPUT))).toList(),
        List.of(new ValueInfoProto(output, TypeProto.UNSAID)));
    return new OnnxNetwork(new ModelProto(model.irVersion(), "", "", model.operatorSets(), cut, metadata,
        model.functions()), file);
  }

  @Override public boolean equals(Object other) {
    return other instanceof OnnxNetwork n && model.equals(n.model);
  }

  @Override public int hashCode() {
    return model.graph().nodes().size() * 31 + model.metadata().hashCode();
  }

  @Override public String toString() {
    return "onnx(\"" + text + "\")";
  }

  private static String pack(ModelProto model, String file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      model.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(bytes.toByteArray());
    deflater.finish();
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 14];
    while (!deflater.finished()) {
      packed.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(packed.toByteArray());
    if (text.length() > LONGEST_TEXT) {
      throw OnnxException.unsupported(file, "cannot become a model", "C8: nodes and constants that are no weights take "
          + "up to " + LONGEST_TEXT + " characters, packed; received " + text.length() + ".",
          "Run the file as a program.");
    }
    return text;
  }

  private static OnnxNetwork parse(List<Object> arguments) {
    if (arguments.size() != 1 || !(arguments.getFirst() instanceof String text)) {
      throw damaged("something else", null);
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(Base64.getUrlDecoder().decode(text));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 14];
      while (!inflater.finished()) {
        int count = inflater.inflate(buffer);
        if (count == 0 || bytes.size() > MOST_BYTES) {
          throw damaged("an incomplete or endless one", null);
        }
        bytes.write(buffer, 0, count);
      }
      ModelProto model = ModelProto.read("onnx(…)", bytes.toByteArray());
      if (!model.metadata().keySet().containsAll(List.of(INPUT, OUTPUT, BATCH))
          || !model.metadata().get(BATCH).matches("[0-9]{1,9}")) {
        throw damaged("one without input and output", null);
      }
      return new OnnxNetwork(model, "onnx(…)");
    } catch (DataFormatException | OnnxException e) {
      throw damaged(e.getMessage().replaceAll("\\s*\n\\s*", " "), e);
    } finally {
      inflater.end();
    }
  }

  private static IllegalArgumentException damaged(String received, Exception cause) {
    return new IllegalArgumentException("onnx(…) cannot be read.\n"
        + "  C3: it holds a packed graph, as its own text gives it; received " + received + ".\n"
        + "  Import the ONNX file again.", cause);
  }
}
