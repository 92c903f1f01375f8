package juanji.onnx;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.onnx.proto.ModelProto;

/// How a network is written as an ONNX file.
///
/// ```java
/// OnnxExport.of(model).opset(13).write(Path.of("model.onnx"));
/// ```
///
/// The file has the graph for inference, with an open batch (`N`), inputs `x` and, where the network takes regions,
/// `regions`, and the output `y`. Weights keep their names. What ONNX lacks is written in its operators. Classes,
/// preprocessing, settings of the training and the architecture go to its metadata under the names of [ModelFile].
///
/// Padding is written in cells, so that no rule is left to other runtimes; of regions that belong to no picture, which
/// are zeros here, ONNX says nothing. The same network gives the same bytes. Weights beyond 2 GiB go to a second file
/// beside it.
///
/// Constraints: C1 the operator set is from 13 to 23; C2 everything that the network computes can be said in it.
///
/// @param file the network with what belongs to it
/// @param opset the version of ONNX's operators
public record OnnxExport(ModelFile file, int opset) {
  /// The version of the operators that is written unless another is asked for: what every current runtime takes.
  public static final int USUAL_OPSET = 17;
  /// The lowest version that can be written.
  public static final int LEAST_OPSET = 13;
  /// The highest version that can be written.
  public static final int MOST_OPSET = 23;
  /// Where the metadata name the tensors that are no weights: training leaves them as they are when the file is read.
  static final String CONSTANTS = "juanji.constants";
  /// The version of the messages for each version of the operators, from the lowest on.
  private static final List<Integer> MESSAGES = List.of(7, 7, 8, 8, 8, 8, 9, 9, 10, 10, 11);

  /// Checks C1.
  public OnnxExport {
    if (opset < LEAST_OPSET || opset > MOST_OPSET) {
      throw new IllegalArgumentException("ONNX's operators of version " + opset + " cannot be written.\n"
          + "  C1: the version is from " + LEAST_OPSET + " to " + MOST_OPSET + "; received " + opset + ".\n"
          + "  Use " + USUAL_OPSET + ", which every current runtime takes.");
    }
  }

  /// A network alone.
  public static OnnxExport of(Model model) {
    return of(ModelFile.of(model));
  }

  /// A network with its classes, preprocessing and settings.
  public static OnnxExport of(ModelFile file) {
    return new OnnxExport(file, USUAL_OPSET);
  }

  /// With another version of the operators.
  public OnnxExport opset(int version) {
    return new OnnxExport(file, version);
  }

  /// The model as ONNX's messages.
  ///
  /// @throws juanji.onnx.proto.OnnxException if the network computes something that ONNX cannot say (C2)
  public ModelProto model() {
    return model("the network");
  }

  private ModelProto model(String name) {
    Map<String, String> texts = new LinkedHashMap<>(file.texts());
    GraphWriter.Written written = new GraphWriter(file.model(), opset, name).graph();
    if (!written.constants().isEmpty()) {
      texts.put(CONSTANTS, String.join("\n", written.constants()));
    }
    return ModelProto.of(MESSAGES.get(opset - LEAST_OPSET), opset, written.graph(), texts);
  }

  /// The names of the tensors that are no weights, where a file's metadata say so.
  static Set<String> constants(Map<String, String> metadata) {
    return new HashSet<>(List.of(metadata.getOrDefault(CONSTANTS, "").split("\n")));
  }

  /// Writes the file, replacing it whole.
  ///
  /// @return what was written
  /// @throws juanji.onnx.proto.OnnxException if it cannot be written, or the network computes something that ONNX
  ///     cannot say (C2)
  public ModelProto write(Path path) {
    ModelProto model = model(path.toString());
    model.write(path);
    return model;
  }
}
