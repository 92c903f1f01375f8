package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.draw.Block;
import juanji.draw.Chart;
import juanji.draw.Drawing;
import juanji.draw.Page;
import juanji.explain.Features;
import juanji.explain.NetworkNumbers;
import juanji.explain.Probe;
import juanji.explain.Selectivity;
import juanji.image.ImageSize;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.plan.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji explain features`.
@Command(name = "features", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows what the units of each convolution respond to.", "",
        "Filters, maps of a picture, the patches of a data set that excite them most, inputs made to",
        "excite them; and how much the units of each layer prefer one direction and one class.", ""},
    footer = {"", "Examples:",
        "  juanji explain features model.juanji digits#7 --data digits --out features",
        "  juanji explain features model.juanji rose.jpg --data flowers --units 12 --out features"})
final class ExplainFeatures implements Callable<Integer> {
  private static final int PATCHES = 8;
  private static final int STEPS = 60;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1", arity = "0..1", paramLabel = "IMAGE", description = "A picture whose maps are shown, or "
      + "digits#N for a built-in digit.")
  private Optional<String> image = Optional.empty();

  @Option(names = "--data", paramLabel = "DATA", required = true, description = "Where exciting patches are looked "
      + "for: digits, a folder of IDX files, or of pictures.")
  private String data;

  @Option(names = "--samples", paramLabel = "N", defaultValue = "500", description = "How many samples are looked at. "
      + "Default: 500.")
  private int samples;

  @Option(names = "--units", paramLabel = "N", defaultValue = "8", description = "How many units of each layer are "
      + "shown. Default: 8.")
  private int units;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A folder that gets the page.")
  private Path out;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ExplainFeatures() {
  }

  @Override public Integer call() {
    if (samples < 1 || units < 1) {
      throw CommandException.usage("there is nothing to show.", "--samples and --units are at least 1; received "
          + samples + " and " + units + ".", "Leave them out.");
    }
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = ModelArgument.file(model);
    Dataset set = Normalized.of(DataParts.toMeasure(DataArgument.of(data), file.preprocessing().map(ImageSize::of),
        file.reading(), Optional.empty(), file.classes(), screen).data(), SeenPicture.preprocessing(file));
    if (!set.shape().equals(file.model().input().shape())) {
      throw CommandException.failure("the network cannot see this data.", "Samples are what the network takes, "
          + file.model().input().shape() + "; received " + set.shape() + ".", "Use data like that of the training.");
    }
    Optional<SeenPicture> seen = image.map(i -> SeenPicture.of(i, file));
    try (Workers workers = threads.open()) {
      PageFile.write(out.resolve("index.html"), page(screen, file.model(), set, seen, workers));
    }
    screen.result(out.resolve("index.html").toString());
    return 0;
  }

  private Page page(Screen screen, Model network, Dataset set, Optional<SeenPicture> seen, Workers workers) {
    List<String> spatial = Probe.spatial(network);
    List<NetworkNumbers.Row> layers = NetworkNumbers.of(network).rows().stream()
        .filter(r -> r.weights() > 0 && r.output().rank() == 3 && spatial.contains(r.path())
            && Features.weight(network, r.path()).isPresent()).toList();
    if (layers.isEmpty()) {
      throw CommandException.failure("this network has no features to show.",
          "A convolution over height and width has; the layers are " + Probe.paths(network) + ".",
          "Use a convolutional network for pictures.");
    }
    Page page = Page.of("What the units respond to", "en");
    List<List<String>> rows = new ArrayList<>();
    double[] depth = new double[layers.size()];
    double[] choosy = new double[layers.size()];
    for (int i = 0; i < layers.size(); i++) {
      NetworkNumbers.Row layer = layers.get(i);
      screen.status("layer " + (i + 1) + " of " + layers.size() + ": " + layer.path());
      double[] classes = Selectivity.classes(network, layer.path(), set, samples, workers);
      depth[i] = i + 1;
      choosy[i] = Arrays.stream(classes).average().orElse(0);
      double edges = Arrays.stream(Selectivity.orientation(Features.weight(network, layer.path()).orElseThrow()))
          .average().orElse(0);
      rows.add(List.of(layer.path(), layer.code(), layer.sees(), String.format(Locale.ROOT, "%.2f", edges),
          String.format(Locale.ROOT, "%.2f", choosy[i])));
      screen.result(String.format(Locale.ROOT, "%s sees %s, direction %.2f, class %.2f", layer.path(), layer.sees(),
          edges, choosy[i]));
      page = page.add(layer(network, layer, set, seen, workers));
    }
    List<Block> head = List.of(Block.prose("What the convolutions see and prefer, from the first to the last. "
        + "Direction: how much a filter prefers gratings of one direction (0 to 1, the mean over filters). Class: how "
        + "much a unit prefers its best class (0 to 1, the mean over units, on " + Math.min(samples, set.size())
        + " samples)."),
        new Block.Table(List.of("layer", "code", "sees", "direction", "class"), rows, 2),
        Block.figure("Preference for one class by depth",
            Chart.of("convolution", "class selectivity").line("selectivity", depth, choosy).zero().drawing()));
    return new Page(page.title(), page.language(), page.twin(), page.style(), head).add(page.blocks());
  }

  private List<Block> layer(Model network, NetworkNumbers.Row layer, Dataset set, Optional<SeenPicture> seen,
      Workers workers) {
    List<Block> blocks = new ArrayList<>();
    blocks.add(Block.section(layer.path() + ": " + layer.code() + ", sees " + layer.sees()));
    List<Drawing> filters = Features.filters(network, layer.path());
    blocks.add(Block.figure("Filters" + (filters.size() > 32 ? ", the first 32 of " + filters.size() : ""),
        Drawing.tiles(12, 6, filters.stream().limit(32).toList())));
    seen.ifPresent(s -> blocks.add(Block.figure("Maps of " + s.name(),
        Drawing.tiles(8, 6, Features.maps(network, layer.path(), s.sample(), 16, workers)))));
    List<Drawing> rows = new ArrayList<>();
    List<List<Features.Excitement>> patches = Features.patches(network, layer.path(), set, samples, units, PATCHES,
        workers);
    for (int u = 0; u < patches.size(); u++) {
      List<Drawing> row = new ArrayList<>();
      row.add(Features.picture(Features.exciting(network, layer.path(), u, STEPS, 1, workers), 56));
      row.add(Drawing.arrow(16));
      patches.get(u).forEach(e -> row.add(Features.picture(e.patch(), 48)));
      rows.add(Drawing.row(6, row));
    }
    blocks.add(Block.figure("A row for each unit: an input made to excite it, and the patches that excite it most",
        Drawing.column(6, rows)));
    return blocks;
  }
}
