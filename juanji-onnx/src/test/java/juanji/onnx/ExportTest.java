package juanji.onnx;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.groupNorm;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.layerNorm;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.pixelShuffle;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.resize;
import static juanji.nn.Layers.roiPool;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.data.Preprocessing;
import juanji.graph.Node;
import juanji.model.ModelFile;
import juanji.nn.CustomLayer;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.op.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an exported file says, besides what it computes.
class ExportTest {
  @TempDir private Path folder;

  private static List<String> operators(int opset, Layer... layers) {
    return OnnxExport.of(Model.of(input(4, 8, 6), layers)).opset(opset).model().graph().nodes().stream()
        .map(NodeProto::operator).toList();
  }

  @Test void layersAreSingleOperators() {
    assertEquals(List.of("Conv", "BatchNormalization", "Relu", "MaxPool", "Reshape", "Gemm"),
        operators(17, conv(3, 3).same(), batchNorm(), relu(), maxPool(2), flatten(), dense(5)));
    assertEquals(List.of("ConvTranspose", "GlobalAveragePool"),
        operators(17, convTransposed(3, 2).stride(2), globalAvgPool()));
    assertEquals(List.of("AveragePool", "DepthToSpace"),
        operators(17, avgPool(2), pixelShuffle(2)));
    assertEquals(List.of("Conv", "Conv", "Add"), operators(17, residual(conv(4, 1), conv(4, 1))));
    assertEquals(List.of("LayerNormalization"), operators(17, layerNorm()));
    assertTrue(operators(13, layerNorm()).contains("ReduceMean"));
    assertEquals(List.of("GroupNormalization"), operators(21, groupNorm(2)));
    assertTrue(operators(17, resize(5, 4)).contains("Resize"));
  }

  @Test void weightsAndValuesKeepTheNamesOfTheirLayers() {
    Model model = Model.of(input(4, 8, 6), conv(3, 3).named("stem"), batchNorm(), relu(), flatten(), dense(5));
    GraphProto graph = OnnxExport.of(model).model().graph();
    List<String> names = graph.initializers().stream().map(TensorProto::name).toList();
    model.parameters().forEach(p -> assertTrue(names.contains(p.name()), p.name()));
    assertEquals(List.of("stem", "batchNorm1", "relu1"), graph.nodes().subList(0, 3).stream()
        .map(n -> n.outputs().getFirst()).toList());
    assertEquals(List.of("stem/Conv", "batchNorm1/BatchNormalization", "relu1/Relu"), graph.nodes().subList(0, 3)
        .stream().map(NodeProto::name).toList());
  }

  @Test void anInputThatIsTheOutputIsPassedOn() {
    assertEquals(List.of("Identity"), operators(17, identity()));
    assertEquals("y = Relu (x)", OnnxExport.of(Model.of(input(3), relu())).model().graph().nodes().getFirst()
        .toString());
  }

  @Test void theBatchIsOpen() {
    GraphProto graph = OnnxExport.of(Model.of(input(4, 8, 6), conv(3, 3))).model().graph();
    assertEquals("x : float N × 4 × 8 × 6", graph.inputs().getFirst().toString());
    assertEquals("y : float N × 3 × 6 × 4", graph.outputs().getFirst().toString());
    GraphProto regions = OnnxExport.of(Model.of(input(4, 8, 6), roiPool(2, 3))).model().graph();
    assertEquals("[x : float N × 4 × 8 × 6, regions : float regions × 5]", regions.inputs().toString());
    assertEquals("y : float regions × 4 × 2 × 3", regions.outputs().getFirst().toString());
  }

  @Test void metadataSaysWhatBelongsToTheNetwork() {
    Model model = Model.of(input(1, 4, 4), flatten(), dense(2));
    ModelFile file = ModelFile.of(model).classes(List.of("cat", "狗")).preprocessing(Preprocessing.none(1, 4, 4))
        .settings(Map.of("epochs", "3"));
    Path path = folder.resolve("pets.onnx");
    Onnx.write(file, path);
    ModelProto read = ModelProto.read(path);
    assertEquals(file.texts(), read.metadata());
    assertEquals("[\"cat\",\"狗\"]", read.metadata().get("juanji.classes").replace(", ", ","));
    assertEquals(17, read.operatorSet("").orElseThrow());
    assertEquals(8, read.irVersion());
    assertEquals("juanji", read.producer());
  }

  @Test void theSameNetworkGivesTheSameBytes() throws IOException {
    for (String name : List.of("a.onnx", "b.onnx")) {
      Onnx.write(Model.of(input(4, 8, 6), conv(3, 3).same(), batchNorm(), residual(conv(3, 1))).initialize(5),
          folder.resolve(name));
    }
    assertArrayEquals(Files.readAllBytes(folder.resolve("a.onnx")), Files.readAllBytes(folder.resolve("b.onnx")));
  }

  /// A layer that draws numbers even at rest.
  record Noise() implements CustomLayer {
    @Override public Node apply(Trace trace, Node x) {
      return trace.mul(x, trace.apply(new Random.Mask(0.5, 1), x, trace.step()));
    }

    @Override public String kind() {
      return "noise";
    }

    @Override public String toString() {
      return "noise()";
    }
  }

  @Test void c2NamesAllThatCannotBeSaid() {
    Model model = Model.of(input(4), new Noise(), relu(), new Noise());
    Path path = folder.resolve("noise.onnx");
    assertEquals("'" + path + "' cannot be written as ONNX.\n"
        + "  C2: everything that the network computes has operators of version 17; there are none for mask 'noise1', "
        + "mask 'noise2'.\n"
        + "  Use a higher version, or other layers there.",
        assertThrows(OnnxException.class, () -> Onnx.write(model, path)).getMessage());
    assertEquals(Optional.empty(), Optional.of(Files.exists(path)).filter(there -> there));
  }

  @Test void c1RefusesVersionsThatAreNotWritten() {
    assertEquals("""
        ONNX's operators of version 12 cannot be written.
          C1: the version is from 13 to 23; received 12.
          Use 17, which every current runtime takes.""", assertThrows(IllegalArgumentException.class,
              () -> OnnxExport.of(Model.of(input(1), relu())).opset(12)).getMessage());
  }
}
