package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import juanji.data.NaturalOrder;
import juanji.draw.Block;
import juanji.draw.Chart;
import juanji.draw.Page;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji runs`.
@Command(name = "runs", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = {"Lists, shows and compares trainings.", ""}, synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  juanji runs list", "  juanji runs show runs/digits-lenet5-1",
        "  juanji runs compare runs/digits-lenet5-1 runs/digits-lenet5-2 --out compared.html"})
final class RunsCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 40;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  RunsCommand() {
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /// `juanji runs list`.
  @Command(name = "list", mixinStandardHelpOptions = true, versionProvider = Version.class,
      description = "Lists the runs of a folder with what they reached.")
  int list(@Parameters(arity = "0..1", paramLabel = "DIR", defaultValue = "runs",
      description = "The folder of runs. Default: runs.") Path folder) {
    Screen screen = Screen.of(spec.commandLine(), false);
    List<RunSummary> runs = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> inside = Files.list(folder)) {
        inside.filter(p -> Files.isRegularFile(p.resolve(RunFolder.CONFIG))).sorted((a, b) -> NaturalOrder.INSTANCE
            .compare(a.getFileName().toString(), b.getFileName().toString())).forEach(p -> runs.add(RunSummary.of(p)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (runs.isEmpty()) {
      throw CommandException.failure("there are no runs in '" + folder + "'.", "A run is a folder with a "
          + RunFolder.CONFIG + "; received " + (Files.isDirectory(folder) ? "a folder without any"
          : RunFolder.kind(folder)) + ".", "Train something first, or give another folder.");
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("run", "data", "model", "epochs", "best", "validation", "test", "time"));
    runs.forEach(r -> rows.add(List.of(r.name(), brief(r.setting("data")), brief(r.setting("model")),
        r.done() + "/" + r.setting("epochs"), r.best() == 0 ? "–" : Integer.toString(r.best()),
        Numbers.percent(r.bestAccuracy()), Numbers.percent(r.test()), Numbers.time(r.seconds()))));
    TextTables.of(rows, 3).forEach(screen::result);
    return 0;
  }

  /// `juanji runs show`.
  @Command(name = "show", mixinStandardHelpOptions = true, versionProvider = Version.class,
      description = "Shows a run's settings and epochs.")
  int show(@Parameters(paramLabel = "RUN", description = "The folder of a run.") Path run) {
    Screen screen = Screen.of(spec.commandLine(), false);
    RunFolder.toShow(run);
    RunSummary summary = RunSummary.of(run);
    summary.settings().forEach((name, value) -> {
      if (!value.equals("null") && !value.equals("[]")) {
        screen.result(String.format("%-20s %s", name, value));
      }
    });
    screen.result("");
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("epoch", "rate", "loss", "accuracy", "val. loss", "val. accuracy", "seconds", ""));
    summary.epochs().forEach(e -> rows.add(List.of(e.text("epoch"), LrFindCommand.shortly(e.number("learning_rate")),
        Numbers.loss(e.number("loss")), Numbers.percent(e.number("accuracy")),
        Numbers.loss(e.number("validation_loss")),
        Numbers.percent(e.number("validation_accuracy")), Numbers.time(e.number("seconds")),
        e.text("best").equals("1") ? "best" : "")));
    TextTables.of(rows, 0).forEach(screen::result);
    screen.result("loss " + Sparkline.of(summary.column("loss")) + "  validation "
        + Sparkline.of(summary.column("validation_loss")));
    if (!Double.isNaN(summary.test())) {
      screen.result("test accuracy " + Numbers.percent(summary.test()) + ", macro-F1 "
          + Numbers.percent(summary.result("macroF1")) + ", balanced accuracy "
          + Numbers.percent(summary.result("balancedAccuracy")));
    }
    return 0;
  }

  /// `juanji runs compare`.
  @Command(name = "compare", mixinStandardHelpOptions = true, versionProvider = Version.class,
      description = "Compares runs: the settings in which they differ, what they reached, and their curves as a page.")
  int compare(@Parameters(arity = "2..*", paramLabel = "RUN", description = "Folders of runs.") List<Path> runs,
      @Option(names = "--out", paramLabel = "FILE", defaultValue = "compared.html",
          description = "Where the page goes. Default: compared.html.") Path out) {
    Screen screen = Screen.of(spec.commandLine(), false);
    runs.forEach(RunFolder::toShow);
    List<RunSummary> all = runs.stream().map(RunSummary::of).toList();
    Map<String, List<String>> settings = new TreeMap<>();
    all.stream().flatMap(r -> r.settings().keySet().stream()).forEach(name -> settings.put(name, all.stream()
        .map(r -> r.setting(name)).toList()));
    settings.values().removeIf(v -> v.stream().distinct().count() == 1);
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(""));
    all.forEach(r -> head.add(r.name()));
    rows.add(head);
    settings.forEach((name, values) -> rows.add(row(name, values)));
    rows.add(row("weights", all.stream().map(r -> Numbers.count(r.weights())).toList()));
    rows.add(row("epochs done", all.stream().map(r -> Integer.toString(r.done())).toList()));
    rows.add(row("best validation", all.stream().map(r -> Numbers.percent(r.bestAccuracy())).toList()));
    rows.add(row("test accuracy", all.stream().map(r -> Numbers.percent(r.test())).toList()));
    rows.add(row("macro-F1", all.stream().map(r -> Numbers.percent(r.result("macroF1"))).toList()));
    rows.add(row("time", all.stream().map(r -> Numbers.time(r.seconds())).toList()));
    TextTables.of(rows.stream().map(row -> row.stream().map(RunsCommand::brief).toList()).toList(),
        rows.getFirst().size()).forEach(screen::result);
    Chart loss = Chart.of("epoch", "validation loss");
    Chart accuracy = Chart.of("epoch", "validation accuracy (%)");
    for (RunSummary run : all) {
      loss = loss.line(run.name(), run.column("epoch"), run.column("validation_loss"));
      accuracy = accuracy.line(run.name(), run.column("epoch"), percents(run.column("validation_accuracy")));
    }
    WholeFile.write(out, Page.of("Runs compared", "en").add(List.of(new Block.Table(rows.getFirst(),
        rows.subList(1, rows.size()), rows.getFirst().size()), new Block.Figures(List.of(
            new Block.Figure("Validation loss", loss.drawing()),
            new Block.Figure("Validation accuracy", accuracy.drawing()))))).html());
    screen.result("page: " + out);
    return 0;
  }

  /// A setting as a table has room for: a file without its folders, and the start of layers.
  private static String brief(String setting) {
    boolean path = setting.matches("([A-Za-z]:)?[/\\\\][^(]*");
    String name = path ? setting.replaceAll(".*[/\\\\](?=.)", "") : setting;
    return name.length() > MOST_SHOWN ? name.substring(0, MOST_SHOWN - 1) + "…" : name;
  }

  private static double[] percents(double[] shares) {
    double[] percents = shares.clone();
    for (int i = 0; i < percents.length; i++) {
      percents[i] *= 100;
    }
    return percents;
  }

  private static List<String> row(String name, List<String> values) {
    List<String> row = new ArrayList<>(List.of(name));
    row.addAll(values);
    return row;
  }
}
