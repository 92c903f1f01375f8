package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import juanji.model.ModelFile;
import juanji.nn.Architecture;
import juanji.nn.Model;
import juanji.onnx.proto.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `juanji export` as people use it.
class ExportTest {
  private static final String LAYERS = "conv(4, 3), relu(), flatten(), dense(3)";

  @TempDir private Path folder;

  @Test void aModelFileBecomesAnOnnxFile() {
    Model model = Architecture.model("Model.of(input(1, 6, 6), " + LAYERS + ")").initialize(1);
    Path file = folder.resolve("model.juanji");
    ModelFile.of(model).classes(List.of("a", "b", "c")).write(file);
    Path onnx = folder.resolve("model.onnx");
    Cli.Outcome outcome = Cli.run("export", file, "--onnx", onnx, "--opset", 13);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("wrote " + onnx + ": 235 weights, 4 operators of version 13, 2 KiB\n"
        + "  takes x : float N × 1 × 6 × 6\n  gives y : float N × 3\n", outcome.out());
    ModelProto read = ModelProto.read(onnx);
    assertEquals(13, read.operatorSet("").orElseThrow());
    assertEquals("[\"a\",\"b\",\"c\"]", read.metadata().get("juanji.classes").replace(", ", ","));
  }

  @Test void layersAreExportedWithFreshWeights() {
    Path onnx = folder.resolve("layers.onnx");
    Cli.Outcome outcome = Cli.run("export", LAYERS, "--input", "1x6x6", "--onnx", onnx);
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(Files.exists(onnx));
  }

  @Test void whatIsWrongIsSaid() {
    Path onnx = folder.resolve("wrong.onnx");
    Cli.Outcome version = Cli.run("export", LAYERS, "--input", "1x6x6", "--onnx", onnx, "--opset", 3);
    assertEquals(2, version.code());
    assertEquals("""
        ONNX's operators of version 3 cannot be written.
          C1: the version is from 13 to 23; received 3.
          Use 17, which every current runtime takes.
        """, version.err());
    Cli.Outcome nowhere = Cli.run("export", LAYERS, "--input", "1x6x6", "--onnx", folder.resolve("no/wrong.onnx"));
    assertEquals(1, nowhere.code());
    assertTrue(nowhere.err().startsWith("'" + folder.resolve("no/wrong.onnx") + "' cannot be written.\n"),
        nowhere.err());
    assertFalse(Files.exists(onnx));
  }
}
