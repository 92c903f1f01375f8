package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.draw.Block;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.HeatMap;
import juanji.draw.Mark;
import juanji.draw.Page;
import juanji.draw.Paint;
import juanji.draw.Png;
import juanji.explain.ArchitectureDrawing;
import juanji.explain.EffectiveField;
import juanji.explain.MachineRate;
import juanji.explain.NetworkNumbers;
import juanji.explain.Probe;
import juanji.explain.Relevance;
import juanji.image.Picture;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.plan.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `juanji explain numbers`.
@Command(name = "numbers", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows each layer in numbers.", "",
        "What one output sees of the input, how far neighbours are apart and where the first one's",
        "middle is, weights, multiplications with an addition, memory, operations per byte, and the",
        "least time on this machine by its measured arithmetic and memory traffic (the roofline).", ""},
    footer = {"", "Examples:",
        "  juanji explain numbers lenet5",
        "  juanji explain numbers small-cnn --input 3x64x64 --effective --out numbers",
        "  juanji explain numbers resnet18 --picture photo.jpg --out numbers"})
final class ExplainNumbers implements Callable<Integer> {
  private static final int INPUTS = 8;

  @Mixin private NetworkOptions network;

  @Option(names = "--effective", description = "Also measure by gradients how much of its field a layer really looks "
      + "at.")
  private boolean effective;

  @Option(names = "--picture", paramLabel = "IMAGE", description = "Draw on this picture what each layer looks at: a "
      + "file, or digits#N for a built-in digit. Needs --out.")
  private Optional<String> picture = Optional.empty();

  @Option(names = "--out", paramLabel = "DIR", description = "A folder that gets a page with drawings.")
  private Optional<Path> out = Optional.empty();

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ExplainNumbers() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = network.file();
    Model model = file.model();
    if (picture.isPresent() && out.isEmpty()) {
      throw CommandException.usage("there is no page to draw the picture on.", "--picture needs --out; received the "
          + "former alone.", "Add --out with a folder.");
    }
    Optional<SeenPicture> seen = picture.map(p -> SeenPicture.of(p, file));
    NetworkNumbers numbers = NetworkNumbers.of(model);
    try (Workers workers = threads.open()) {
      MachineRate rate = MachineRate.measure(workers);
      Map<String, EffectiveField> fields = new LinkedHashMap<>();
      if (effective || out.isPresent()) {
        List<String> paths = Probe.spatial(model);
        for (NetworkNumbers.Row row : numbers.rows()) {
          if (paths.contains(row.path()) && row.field().size() == 2 && row.weights() > 0) {
            screen.status("looking through " + row.path());
            fields.put(row.path(), EffectiveField.of(model, row.path(), INPUTS, workers));
          }
        }
        screen.clear();
      }
      List<String> header = new ArrayList<>(List.of("layer", "output", "sees", "apart", "middle", "weights",
          "mult-adds", "memory", "per byte", "least time"));
      if (effective) {
        header.add(3, "looks at");
      }
      List<List<String>> rows = new ArrayList<>();
      for (NetworkNumbers.Row r : numbers.rows()) {
        List<String> cells = new ArrayList<>(List.of(r.path(), r.output().toString(), r.sees(), r.stride(), r.center(),
            Numbers.count(r.weights()), Numbers.count(r.multiplyAdds()), Numbers.count(r.memory()) + " B",
            String.format(Locale.ROOT, "%.1f", r.intensity()),
            String.format(Locale.ROOT, "%.1f µs", 1e6 * rate.seconds(2.0 * r.multiplyAdds(), r.traffic()))));
        if (effective) {
          cells.add(3, fields.containsKey(r.path()) ? fields.get(r.path()).height() + " × "
              + fields.get(r.path()).width() : "");
        }
        rows.add(cells);
      }
      print(screen, header, rows);
      screen.result(String.format(Locale.ROOT, "measured on this machine: %.1f GFLOP/s, %.1f GB/s, %d threads",
          rate.flops() / 1e9, rate.bytes() / 1e9, workers.threads()));
      out.ifPresent(folder -> page(folder, model, header, rows, fields, seen, screen));
    }
    return 0;
  }

  private static void print(Screen screen, List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    for (int c = 0; c < widths.length; c++) {
      int column = c;
      widths[c] = Math.max(header.get(c).length(), rows.stream().mapToInt(r -> r.get(column).length()).max().orElse(0));
    }
    List<List<String>> all = new ArrayList<>(List.of(header));
    all.addAll(rows);
    for (List<String> row : all) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        boolean word = c < 2;
        line.append(c == 0 ? "" : "  ").append(word ? row.get(c) : " ".repeat(widths[c] - row.get(c).length())
            + row.get(c)).append(word ? " ".repeat(widths[c] - row.get(c).length()) : "");
      }
      screen.result(line.toString().stripTrailing());
    }
  }

  private static void page(Path folder, Model model, List<String> header, List<List<String>> rows,
      Map<String, EffectiveField> fields, Optional<SeenPicture> seen, Screen screen) {
    List<Block.Figure> figures = new ArrayList<>();
    fields.forEach((path, f) -> figures.add(new Block.Figure(path + ": sees " + f.fieldRows() + " × " + f.fieldColumns()
        + ", looks at " + f.height() + " × " + f.width(), drawing(f, seen))));
    PageFile.write(folder.resolve("index.html"), Page.of("The network in numbers", "en").add(
        new Block.Table(header, rows, 2), Block.section("Fields of view"), Block.prose("How much the middle output of "
            + "a layer depends on each cell of the input, by gradients over " + INPUTS + " random inputs; the frame is "
            + "what it can see."), new Block.Figures(figures), Block.section("The layers"),
        Block.figure("", ArchitectureDrawing.of(model))));
    screen.result(folder.resolve("index.html").toString());
  }

  /// The sensitivity with the box of what can be seen, over a picture if there is one.
  static Drawing drawing(EffectiveField f, Optional<SeenPicture> seen) {
    double cell = 200.0 / Math.max(f.rows(), f.columns());
    int top = Math.max(0, f.top());
    int left = Math.max(0, f.left());
    int bottom = Math.min(f.rows(), f.top() + f.fieldRows());
    int right = Math.min(f.columns(), f.left() + f.fieldColumns());
    Drawing ground = seen.map(s -> {
      Picture p = Overlay.of(s.picture(), new Relevance(f.rows(), f.columns(), f.sensitivity()));
      return Drawing.of(f.columns() * cell, f.rows() * cell, new Mark.Image(0, 0, f.columns() * cell, f.rows() * cell,
          false, Png.of(p.channels(), p.height(), p.width(), p.pixels())));
    }).orElseGet(() -> HeatMap.of(f.rows(), f.columns(), f.sensitivity()).range(0, 1).cell(cell).drawing());
    return ground.with(Mark.rectangle(left * cell, top * cell, (right - left) * cell, (bottom - top) * cell,
        Paint.line(Colour.VERMILLION).width(2)));
  }
}
