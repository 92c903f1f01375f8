package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.json.Json;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.onnx.Npy;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands that take ONNX files.
class OnnxCommandsTest {
  @TempDir private Path folder;

  private static ValueInfoProto value(String name, long... extents) {
    return new ValueInfoProto(name, TypeProto.tensor(ElementType.FLOAT, Arrays.stream(extents)
        .mapToObj(e -> e < 0 ? TypeProto.Extent.of("N") : TypeProto.Extent.of(e)).toList()));
  }

  /// y = max(0, mean over the picture) · 2 for three channels.
  private Path model(String operator) {
    GraphProto graph = GraphProto.of("small", List.of(
        NodeProto.of("mean", "GlobalAveragePool", List.of("x"), List.of("m")),
        NodeProto.of("act", operator, List.of("m"), List.of("r")),
        NodeProto.of("flat", "Flatten", List.of("r"), List.of("f"), AttributeProto.of("axis", 1)),
        NodeProto.of("twice", "Mul", List.of("f", "two"), List.of("y"))),
        List.of(TensorProto.of("two", Tensor.scalar(2))), List.of(value("x", -1, 3, 4, 5)),
        List.of(value("y", -1, 3)));
    Path file = folder.resolve("model.onnx");
    ModelProto.of(8, 17, graph, Map.of()).write(file);
    return file;
  }

  private Path input() {
    float[] values = new float[60];
    for (int i = 0; i < values.length; i++) {
      values[i] = i / 20 - 1;
    }
    Path file = folder.resolve("x.npy");
    Npy.write(file, TensorProto.of("x", Tensor.of(Shape.of(1, 3, 4, 5), values)));
    return file;
  }

  @Test void aFileIsImportedShownAndRun() {
    Path out = folder.resolve("small.juanji");
    Cli.Outcome imported = Cli.run("import", model("Relu"), "--out", out);
    assertEquals("wrote " + out + ": 3 × 4 × 5 to 3, 0 weights, 4 nodes\n", imported.out(), imported.err());
    assertEquals("  it is given pixels from 0 to 1; if it was trained on others, say so with --mean and --std\n",
        imported.err());
    assertEquals("", Cli.run("import", model("Relu"), "--out", out, "--mean", "0.5").err());
    assertTrue(Cli.run("summary", out).out().contains("mean "), "the summary names nodes");
    Cli.Outcome run = Cli.run("run", out, "--input", "x=" + input(), "--output", folder.resolve("a"));
    assertEquals(0, run.code(), run.err());
    assertEquals(2, Npy.read(folder.resolve("a/y.npy")).real(2));
    Cli.Outcome program = Cli.run("run", model("Relu"), "--input", input(), "--output", folder.resolve("b"),
        "--format", "pb");
    assertEquals("y  float 1 × 3  " + folder.resolve("b/y.pb") + "\n", program.out(), program.err());
    assertEquals(0, TensorProto.read(folder.resolve("b/y.pb")).real(0));
  }

  @Test void whatIsNotUnderstoodIsNamed() {
    Path file = model("Rulu");
    Cli.Outcome outcome = Cli.run("import", file, "--out", folder.resolve("never"));
    assertEquals(1, outcome.code());
    assertEquals("'" + file + "' has what is not supported.\n"
        + "  C1: every node is understood; received one that is not:\n"
        + "    node 'act' (Rulu, operator set 17): unknown operator\n"
        + "  See docs/onnx.md for what is supported; export the network without it, or cut it off before.\n",
        outcome.err());
    assertTrue(Files.notExists(folder.resolve("never")));
  }

  @Test void casesAreCountedByOutcome() throws IOException {
    Path set = Files.createDirectories(folder.resolve("test_data_set_0"));
    model("Relu");
    Npy.write(set.resolve("input_0.npy"), Npy.read(input()));
    TensorProto.of("y", Tensor.of(Shape.of(1, 3), 0, 0, 2)).write(set.resolve("output_0.pb"));
    Cli.Outcome passed = Cli.run("onnx-test", folder, "--list");
    assertEquals("passed       " + folder.getFileName() + "\n1 passed, 0 failed, 0 unsupported\n", passed.out(),
        passed.err());
    TensorProto.of("y", Tensor.of(Shape.of(1, 3), 0, 0, 2.1f)).write(set.resolve("output_0.pb"));
    Cli.Outcome failed = Cli.run("onnx-test", folder);
    assertEquals(1, failed.code());
    assertEquals("failed       " + folder.getFileName() + ": test_data_set_0: output 'y' differs in 1 of 3 elements; "
        + "element 2 is 2.0 instead of 2.0999999046325684\n0 passed, 1 failed, 0 unsupported\n", failed.out());
    assertEquals(0, Cli.run("onnx-test", folder, "--tolerance", "0.1").code());
    model("Rulu");
    assertTrue(Cli.run("onnx-test", folder).out().endsWith("0 passed, 0 failed, 1 unsupported\n"));
  }

  @Test void wrongUseIsNamed() {
    Path file = model("Relu");
    assertEquals("'z=a.npy' names no input.\n  --input is NAME=FILE with a name of x; received 'z=a.npy'.\n"
        + "  Name one of these.\n", Cli.run("run", file, "--input", "z=a.npy", "--output", folder).err());
    for (List<Object> wrong : List.<List<Object>>of(List.of("--input", "z"), List.of("--output", "z"),
        List.of("--output", "y", "--output", "y"), List.of("--size", "3x4"), List.of("--size", "none"))) {
      Cli.Outcome outcome = Cli.run(Stream.concat(Stream.of("import", file, "--out", folder.resolve("o")),
          wrong.stream()).toArray());
      assertEquals(2, outcome.code(), outcome.err());
      assertEquals(3, outcome.err().lines().count(), outcome.err());
    }
    assertEquals(2, Cli.run("export", "lenet5", "--onnx", folder.resolve("o"), "--opset", 99).code());
    assertEquals(2, Cli.run("run", file, "--input", "z=a.npy", "--output", folder).code());
    assertEquals(2, Cli.run("onnx-test", folder, "--tolerance", "much").code());
    assertEquals(1, Cli.run("onnx-test", folder.resolve("none")).code());
  }

  @Test void inputsAndFoldersAreChecked() throws IOException {
    Path file = model("Relu");
    Path x = input();
    Cli.Outcome twice = Cli.run("run", file, "--input", "x=" + x, "--input", x, "--output", folder.resolve("o"));
    assertEquals(2, twice.code());
    assertEquals("the input 'x' is given twice.\n  --input is given once for each of x; received '" + x
        + "', too.\n  Leave one of them out.\n", twice.err());
    Cli.Outcome taken = Cli.run("run", file, "--input", x, "--output", file);
    assertEquals(1, taken.code());
    assertTrue(taken.err().startsWith("the outputs cannot be written to '" + file + "'.\n"), taken.err());
    Cli.Outcome none = Cli.run("run", file, "--input", folder.resolve("none.npy"), "--output", folder.resolve("o"));
    assertTrue(none.err().contains("C1: it is a regular file; received nothing of that name."), none.err());
    assertTrue(Files.notExists(folder.resolve("o")));
    Cli.Outcome cases = Cli.run("onnx-test", Files.createDirectories(folder.resolve("empty")));
    assertEquals(1, cases.code());
    assertTrue(cases.err().startsWith("there are no cases to run.\n"), cases.err());
    Cli.Outcome names = Cli.run("import", file, "--out", folder.resolve("o"), "--classes", folder.resolve("none"));
    assertTrue(names.err().contains("received nothing of that name."), names.err());
    Cli.Outcome exported = Cli.run("export", "lenet5", "--onnx", folder.resolve("none/a.onnx"));
    assertTrue(exported.err().contains("received no folder '" + folder.resolve("none") + "'."), exported.err());
    Cli.Outcome over = Cli.run("export", "lenet5", "--onnx", folder);
    assertTrue(over.err().contains("received a folder of that name."), over.err());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of("empty", "model.onnx", "x.npy"), files.map(f -> f.getFileName().toString()).sorted()
          .toList());
    }
  }

  @Test void aModelFileIsNotImported() {
    Path own = folder.resolve("own.juanji");
    assertEquals(0, Cli.run("import", model("Relu"), "--out", own).code());
    Cli.Outcome outcome = Cli.run("import", own, "--out", folder.resolve("never"));
    assertEquals(1, outcome.code());
    assertTrue(outcome.err().contains("Use an ONNX file; this one looks like a model file"), outcome.err());
  }

  /// A network of this library's layers as an ONNX file, and that as a model again.
  private Path lenet() {
    Path onnx = folder.resolve("lenet.onnx");
    Path out = folder.resolve("lenet.juanji");
    assertEquals(0, Cli.run("export", "conv(4, 5), relu(), maxPool(2), flatten(), dense(10)", "--input", "1x28x28",
        "--onnx", onnx).code());
    Cli.Outcome imported = Cli.run("import", onnx, "--out", out);
    assertEquals(0, imported.code(), imported.err());
    return out;
  }

  @Test void whatWasImportedIsExplained() {
    Path model = lenet();
    Cli.Outcome numbers = Cli.run("explain", "numbers", model);
    assertTrue(numbers.out().lines().anyMatch(l -> l.matches("conv1\\.Conv .* 104 .*")), numbers.out());
    Cli.Outcome number = Cli.run("explain", "number", model, "digits#7", "--layer", "conv1.Conv", "--at", "1,12,12");
    assertEquals(0, number.code(), number.err());
    assertTrue(number.out().contains("(the number, to rounding)"), number.out());
    Cli.Outcome features = Cli.run("explain", "features", model, "--data", "digits", "--samples", 20, "--units", 1,
        "--out", folder.resolve("features"));
    assertEquals(0, features.code(), features.err());
    assertTrue(features.out().startsWith("conv1.Conv sees 5 × 5"), features.out());
    Cli.Outcome why = Cli.run("explain", "why", model, "digits#7", "--method", "grad-cam,saliency", "--out",
        folder.resolve("why"));
    assertEquals(0, why.code(), why.err());
  }

  @Test void namesStayHoweverOftenANetworkGoesOutAndIn() {
    List<String> once = places(lenet());
    assertEquals(0, Cli.run("export", folder.resolve("lenet.juanji"), "--onnx", folder.resolve("b.onnx")).code());
    assertEquals(0, Cli.run("import", folder.resolve("b.onnx"), "--out", folder.resolve("b.juanji")).code());
    assertEquals(once, places(folder.resolve("b.juanji")));
    assertTrue(once.contains("conv1.Conv"), once.toString());
  }

  private static List<String> places(Path model) {
    return ModelArgument.file(model).model().summary().rows().stream().map(Summary.Row::path).toList();
  }

  @Test void whatWasImportedIsFrozenInPart() {
    Model model = ModelArgument.file(lenet()).model();
    assertEquals(List.of("dense1.weight", "dense1.bias"), trained(model, "conv1"));
    assertEquals(List.of("dense1.weight", "dense1.bias"), trained(model, "conv1.Conv"));
    assertEquals(List.of("dense1.weight", "dense1.bias"), trained(model, "1"));
    assertEquals(List.of("dense1.weight", "dense1.bias"), trained(model, "all-but-head"));
    CommandException error = assertThrows(CommandException.class, () -> trained(model, "conv2"));
    assertTrue(error.getMessage().contains("these are conv1.Conv, dense1.Gemm."), error.getMessage());
  }

  private static List<String> trained(Model model, String frozen) {
    return new TuningSettings(new TrainSettings(Map.of("freeze", Json.of(frozen)))).frozen(model).parameters().stream()
        .filter(Declaration::trainable).map(Declaration::name).toList();
  }
}
