package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import juanji.model.ModelFile;
import juanji.onnx.OnnxExport;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.ValueInfoProto;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji export`.
@Command(name = "export", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Writes a network as an ONNX file, for other programs and runtimes.", "",
        "Class names, preprocessing and what else belongs to the network go to the file's metadata. A",
        "network by name or as layers has fresh weights.", ""},
    footer = {"", "Examples:",
        "  juanji export runs/mnist/model.juanji --onnx digits.onnx",
        "  juanji export runs/mnist/model.juanji --onnx digits.onnx --opset 13",
        "", "Exit codes: 0 done, 1 failed, 2 used wrongly."})
final class ExportCommand implements Callable<Integer> {
  @Mixin private NetworkOptions network;

  @Option(names = "--onnx", paramLabel = "FILE", required = true,
      description = "The file to write. One that is there is replaced.")
  private Path onnx;

  @Option(names = "--opset", paramLabel = "N", description = "The version of ONNX's operators, from "
      + OnnxExport.LEAST_OPSET + " to " + OnnxExport.MOST_OPSET + ". Default: " + OnnxExport.USUAL_OPSET + ".")
  private int opset = OnnxExport.USUAL_OPSET;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ExportCommand() {
  }

  @Override public Integer call() {
    ModelFile file = network.file();
    OnnxExport export;
    try {
      export = OnnxExport.of(file).opset(opset);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    ModelProto model = export.write(onnx);
    GraphProto graph = model.graph();
    spec.commandLine().getOut().println("wrote " + onnx + ": " + Numbers.count(file.model().weightCount())
        + " weights, " + Numbers.count(graph.nodes().size()) + " operators of version " + opset + ", "
        + size(file.model().weightCount()) + "\n" + described("takes", graph.inputs()) + "\n"
        + described("gives", graph.outputs()));
    return 0;
  }

  private String size(long weights) {
    try {
      long bytes = Files.size(onnx);
      return Numbers.count(Math.ceilDiv(bytes, 1024L)) + " KiB"
          + (bytes < 4 * weights ? " and the weights in " + onnx + ".data" : "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String described(String verb, Iterable<ValueInfoProto> values) {
    StringBuilder text = new StringBuilder();
    for (ValueInfoProto value : values) {
      text.append(text.isEmpty() ? "  " + verb + " " : ", ").append(value);
    }
    return text.toString();
  }
}
