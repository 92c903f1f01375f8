package juanji.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.explain.ArchitectureDrawing;
import juanji.nn.Model;
import juanji.zoo.Network;
import juanji.zoo.Zoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji zoo show`.
@Command(name = "show", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows a network: what it introduced, its size as published and as counted, its layers, and the",
        "Java that builds it.", ""},
    footer = {"", "Examples:",
        "  juanji zoo show mobilenet-v1",
        "  juanji zoo show resnet18 --input 3x64x64 --classes 5 --svg resnet18.svg",
        "  juanji zoo show vgg16 --java"})
final class ZooShowCommand implements Callable<Integer> {
  @Mixin private NetworkOptions options;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the architecture into this file.")
  private Optional<Path> svg = Optional.empty();

  @Option(names = "--java", description = "Print the Java that builds it, layer by layer, and nothing else.")
  private boolean java;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ZooShowCommand() {
  }

  @Override public Integer call() {
    Network network = Zoo.find(options.word()).orElseThrow(() -> CommandException.failure(
        "there is no network '" + options.word() + "'.", "Networks are those of juanji zoo list; received '"
        + options.word() + "'.", "Check the name, or use juanji summary for a model of your own."));
    Model model = options.model();
    svg.ifPresent(file -> write(file, ArchitectureDrawing.of(model).svg(network.title())));
    PrintWriter out = spec.commandLine().getOut();
    if (java) {
      out.println(model);
      return 0;
    }
    Network.Published published = network.published();
    out.println(network.title() + ", " + network.year());
    out.println(network.paper());
    out.println(network.idea());
    out.println();
    out.print(model.summary());
    out.println();
    out.println("in Java:   " + network.java());
    if (!published.source().isEmpty()) {
      out.println("published: " + (published.weights().isEmpty() ? "" : published.weights() + " weights")
          + (published.weights().isEmpty() || published.multiplyAdds().isEmpty() ? "" : ", ")
          + (published.multiplyAdds().isEmpty() ? "" : published.multiplyAdds() + " mult-adds") + " ("
          + published.source() + ")");
    }
    if (!published.difference().isEmpty()) {
      out.println("           " + published.difference());
    }
    if (!published.accuracy().isEmpty()) {
      out.println("accuracy:  " + published.accuracy() + ", as published");
    }
    svg.ifPresent(file -> out.println("drawing:   " + file));
    return 0;
  }

  private static void write(Path file, String text) {
    try {
      Path beside = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(beside, text);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
