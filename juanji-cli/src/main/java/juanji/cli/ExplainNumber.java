package juanji.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.draw.Block;
import juanji.draw.Page;
import juanji.explain.NumberOrigin;
import juanji.model.ModelFile;
import juanji.nn.RegionPooling;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji explain number`.
@Command(name = "number", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows the sum of products that made one number of a layer.", "",
        "Inputs, weights, products, and the sum as it grows.", ""},
    footer = {"", "Examples:",
        "  juanji explain number model.juanji digits#7 --layer conv1 --at 0,12,12",
        "  juanji explain number model.juanji rose.jpg --layer dense1 --at 3 --out number"})
final class ExplainNumber implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1", paramLabel = "SAMPLE", description = "A picture, digits#N for a built-in digit, a sound, or "
      + "a text or its file, as the model was trained on.")
  private String word;

  @Option(names = "--layer", paramLabel = "PATH", required = true, description = "The layer, as 'juanji summary' names "
      + "it.")
  private String layer;

  @Option(names = "--at", paramLabel = "I,J,K", required = true, description = "Where in the layer's output, counted "
      + "from 0: channel, row, column, or a unit alone.")
  private String at;

  @Option(names = "--region", paramLabel = "X1,Y1,X2,Y2", description = "The region that is pooled, for layers behind "
      + "a pooling of regions, in pixels of the picture as the network takes it.")
  private Optional<String> region = Optional.empty();

  @Option(names = "--out", paramLabel = "DIR", description = "A folder that gets a page with the drawing.")
  private Optional<Path> out = Optional.empty();

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ExplainNumber() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    if (!at.matches("[0-9]{1,7}(,[0-9]{1,7}){0,3}")) {
      throw CommandException.usage("there is no number at '" + at + "'.",
          "--at is one to four whole numbers with commas between; received '" + at + "'.", "Write --at 0,12,12.");
    }
    ModelFile file = ModelArgument.file(model);
    if (region.isPresent() && file.model().graph().inputs().stream().noneMatch(i -> i.name().equals(
        RegionPooling.REGIONS))) {
      throw CommandException.usage("the model '" + model + "' pools no regions.",
          "--region is for networks with roiPool or roiAlign; received " + region.get() + ".", "Leave it out.");
    }
    SeenSample seen = SeenSample.of(word, model, file);
    try (Workers workers = threads.open()) {
      NumberOrigin origin = NumberOrigin.of(file.model(), layer, Arrays.stream(at.split(","))
          .mapToInt(Integer::parseInt).toArray(), seen.sample(), region.map(ExplainNumber::besides).orElse(Map.of()),
          workers);
      screen.result(origin.toString().stripTrailing());
      out.ifPresent(folder -> {
        PageFile.write(folder.resolve("index.html"), Page.of(layer + " " + origin.place(), "en").add(
            Block.prose(origin.code() + " on " + seen.name() + "."), Block.figure("", origin.drawing()),
            new Block.Code(origin.toString())));
        screen.result(folder.resolve("index.html").toString());
      });
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    return 0;
  }

  /// The region as what a network that pools regions takes besides the picture.
  private static Map<String, Tensor> besides(String text) {
    String number = "-?[0-9]{1,6}(\\.[0-9]{1,6})?";
    if (!text.matches(number + "(," + number + "){3}")) {
      throw CommandException.usage("'" + text + "' is no region.",
          "--region is four numbers with commas between: left, top, right, bottom; received '" + text + "'.",
          "Write --region 16,32,239,200.");
    }
    float[] row = new float[5];
    String[] corners = text.split(",");
    for (int i = 0; i < corners.length; i++) {
      row[i + 1] = Float.parseFloat(corners[i]);
    }
    return Map.of(RegionPooling.REGIONS, Tensor.of(Shape.of(1, row.length), row));
  }
}
