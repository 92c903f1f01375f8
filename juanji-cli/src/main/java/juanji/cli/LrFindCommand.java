package juanji.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.data.Dataset;
import juanji.draw.Block;
import juanji.draw.Chart;
import juanji.draw.Page;
import juanji.json.Json;
import juanji.plan.Workers;
import juanji.train.RateSearch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji lr-find`.
@Command(name = "lr-find", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Looks for a learning rate: a short training whose rate grows until the loss explodes.", "",
        "It prints the rate to use with --lr, and draws the loss over the rate.", ""},
    footer = {"", "Examples:", "  juanji lr-find digits",
        "  juanji lr-find flowers --model small-cnn --optimizer adamw"})
final class LrFindCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATA", description = "As for train.")
  private String data;

  @Option(names = "--model", paramLabel = "MODEL", description = "As for train.")
  private Optional<String> model = Optional.empty();

  @Option(names = "--optimizer", paramLabel = "NAME", description = "As for train. Default: sgd.")
  private Optional<String> optimizer = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Samples per step. Default: 64.")
  private Optional<Integer> batch = Optional.empty();

  @Option(names = "--size", paramLabel = "HxW", description = "What pictures are brought to, as in train.")
  private Optional<String> size = Optional.empty();

  @Option(names = "--steps", paramLabel = "N", defaultValue = "100", description = "Steps at most. Default: 100.")
  private int steps;

  @Option(names = "--from", paramLabel = "X", defaultValue = "0.00001",
      description = "The first rate. Default: 0.00001.")
  private double lowest;

  @Option(names = "--to", paramLabel = "X", defaultValue = "10", description = "The last rate. Default: 10.")
  private double highest;

  @Option(names = "--out", paramLabel = "FILE", defaultValue = "lr-find.html", description = "Where the curve goes. "
      + "Default: lr-find.html.")
  private Path out;

  @Mixin private KindOptions kind;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  LrFindCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    Map<String, Json> values = new LinkedHashMap<>(kind.given());
    values.put("data", Json.of(data));
    model.ifPresent(v -> values.put("model", Json.of(v)));
    optimizer.ifPresent(v -> values.put("optimizer", Json.of(v)));
    batch.ifPresent(v -> values.put("batch", Json.of(v)));
    size.ifPresent(v -> values.put("size", Json.of(v)));
    TrainSettings settings = new TrainSettings(values);
    try (Workers workers = threads.open()) {
      Prepared prepared = Prepared.of(settings, screen);
      Dataset train = prepared.normalised(prepared.parts().train());
      screen.notice("looking for a rate from " + Numbers.plain(lowest) + " to " + Numbers.plain(highest)
          + " in at most " + steps + " steps");
      RateSearch search;
      try {
        search = RateSearch.of(prepared.trainer(settings, workers), train, lowest, highest, steps);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(e);
      }
      WholeFile.write(out, page(search));
      screen.result(Double.isNaN(search.suggestion())
          ? "no rate lets the loss fall; see " + out
          : "learning rate " + shortly(search.suggestion()) + ": use --lr " + shortly(search.suggestion())
          + "; the curve is in " + out);
    }
    return 0;
  }

  /// Two digits that say something.
  static String shortly(double rate) {
    return Numbers.plain(new BigDecimal(rate).round(new MathContext(2)).doubleValue());
  }

  private String page(RateSearch search) {
    Chart chart = Chart.of("learning rate", "loss").logarithmic(true, false).line("loss",
        search.rates().stream().mapToDouble(r -> r).toArray(), search.losses().stream().mapToDouble(l -> l).toArray());
    return Page.of("Learning rate for " + data, "en").add(List.of(new Block.Prose(Double.isNaN(search.suggestion())
        ? "The loss never falls clearly."
        : "The rate to use is **" + shortly(search.suggestion()) + "**, a third of that at which the loss falls "
        + "fastest."), Block.figure("The smoothed loss while the rate grows", chart.drawing()))).html();
  }
}
