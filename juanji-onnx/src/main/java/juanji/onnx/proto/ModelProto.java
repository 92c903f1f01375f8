package juanji.onnx.proto;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiConsumer;

/// An ONNX file: a graph, and the operator sets that say what its nodes mean.
///
/// Constraints of files: C0 the file can be read; C1 it is a row of protobuf messages, each within the one around it;
/// C2 to C6 those of [TensorProto]; C7 there are a graph and an operator set, and at most 2²⁰ nodes and tensors.
///
/// ```java
/// ModelProto model = ModelProto.read(Path.of("resnet18.onnx"));
/// IO.println(model.graph());
/// ```
///
/// @param irVersion the version of the messages themselves, such as 8
/// @param producer what wrote the file
/// @param producerVersion its version
/// @param operatorSets what the nodes' operators mean
/// @param graph the network
/// @param metadata texts by name
/// @param functions operators that the file itself defines
public record ModelProto(long irVersion, String producer, String producerVersion, List<OperatorSet> operatorSets,
    GraphProto graph, Map<String, String> metadata, List<FunctionProto> functions) {
  /// Takes copies.
  public ModelProto {
    operatorSets = List.copyOf(operatorSets);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    functions = List.copyOf(functions);
  }

  /// A model that this library writes.
  ///
  /// @param irVersion the version of the messages, which goes with that of the operators
  /// @param operatorSet the version of ONNX's own operators
  public static ModelProto of(long irVersion, long operatorSet, GraphProto graph, Map<String, String> metadata) {
    return new ModelProto(irVersion, "juanji", "", List.of(OperatorSet.of(operatorSet)), graph, metadata, List.of());
  }

  /// This model with another graph.
  public ModelProto graph(GraphProto other) {
    return new ModelProto(irVersion, producer, producerVersion, operatorSets, other, metadata, functions);
  }

  /// The version of a domain's operators, if the model uses them.
  ///
  /// @param domain whose; empty for ONNX itself
  public OptionalLong operatorSet(String domain) {
    return operatorSets.stream().filter(s -> s.domain().equals(domain)).mapToLong(OperatorSet::version).max();
  }

  /// A model from a file; tensors in other files are found in the same folder.
  ///
  /// @throws OnnxException if there is none
  public static ModelProto read(Path file) {
    return Source.of(file).decode(ModelProto::read);
  }

  /// A model from a stream, which is read to its end.
  ///
  /// @param name what messages call the stream
  /// @throws OnnxException if there is none
  public static ModelProto read(String name, InputStream stream) {
    return Source.of(name, stream).decode(ModelProto::read);
  }

  /// A model from bytes.
  ///
  /// @param name what messages call them
  /// @throws OnnxException if there is none
  public static ModelProto read(String name, byte[] bytes) {
    return Source.of(name, bytes).decode(ModelProto::read);
  }

  private static ModelProto read(WireReader in) {
    long version = 0;
    String producer = "";
    String producerVersion = "";
    GraphProto graph = null;
    List<OperatorSet> sets = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    List<FunctionProto> functions = new ArrayList<>();
    while (in.next()) {
      switch (in.field()) {
        case 1 -> version = in.whole();
        case 2 -> producer = in.text();
        case 3 -> producerVersion = in.text();
        case 7 -> graph = GraphProto.read(in.message());
        case 8 -> sets.add(OperatorSet.read(in.message()));
        case 14 -> Messages.entry(in.message(), metadata);
        case 25 -> functions.add(FunctionProto.read(in.message()));
        default -> in.skip();
      }
    }
    if (graph == null) {
      throw in.source().damaged("C7: a model has a graph; received none.");
    }
    if (sets.isEmpty()) {
      // Files of the first version had only the first operators.
      sets.add(OperatorSet.of(1));
    }
    return new ModelProto(version, producer, producerVersion, sets, graph, metadata, functions);
  }

  WireWriter message(BiConsumer<TensorProto, WireWriter> weights) {
    WireWriter out = new WireWriter();
    out.whole(1, irVersion);
    out.text(2, producer);
    out.text(3, producerVersion);
    out.message(7, g -> graph.write(g, weights));
    operatorSets.forEach(set -> out.message(8, set::write));
    metadata.forEach((key, value) -> out.message(14, entry -> {
      entry.text(1, key);
      entry.always(2, value);
    }));
    functions.forEach(function -> out.message(25, function::write));
    return out;
  }

  /// Writes the model to a file, replacing it whole. Where it would exceed the 2 GiB that a protobuf message may have,
  /// the tensors go to a second file beside it, of the same name with `.data` behind.
  ///
  /// @throws OnnxException if it cannot be written
  public void write(Path file) {
    write(file, Integer.MAX_VALUE);
  }

  void write(Path file, long most) {
    WireWriter out = message(TensorProto::write);
    Output.write(file, out.length() <= most ? out.pieces() : new ExternalData(file).write(this));
  }

  /// Writes the model to a stream, which stays open.
  ///
  /// @throws OnnxException if it exceeds the 2 GiB that a protobuf message may have
  /// @throws IOException if the stream does not take it
  public void write(OutputStream stream) throws IOException {
    WireWriter out = message(TensorProto::write);
    if (out.length() > Integer.MAX_VALUE) {
      throw new OnnxException("a stream", "cannot take the model", "C8: a protobuf message has up to 2³¹ − 1 bytes; "
          + "received " + out.length() + ".", "Write it to a file, beside which its tensors find room.");
    }
    Output.to(Channels.newChannel(stream), out.pieces());
  }
}
