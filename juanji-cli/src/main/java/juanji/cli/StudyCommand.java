package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.data.Subset;
import juanji.draw.BarChart;
import juanji.draw.Block;
import juanji.draw.Chart;
import juanji.draw.Colour;
import juanji.draw.Page;
import juanji.json.Json;
import juanji.json.JsonException;
import juanji.plan.Workers;
import juanji.train.Epoch;
import juanji.train.Evaluation;
import juanji.train.Optimizer;
import juanji.train.Trained;
import juanji.train.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji study`.
@Command(name = "study", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = {"Shows an idea by training with and without it.", ""}, synopsisSubcommandLabel = "COMMAND",
    subcommands = {FacesStudy.class, RetrievalStudy.class, SizesStudy.class},
    footer = {"", "Examples:", "  juanji study generalisation digits --quick",
        "  juanji study generalisation cifar10 --samples 4000 --seeds 5 --out study",
        "  juanji study faces faces-orl", "  juanji study retrieval ukbench model.juanji --group-of 4",
        "  juanji study sizes cifar10 --samples 5000"})
final class StudyCommand implements Callable<Integer> {
  private static final String RESULTS = "results.json";
  private static final int MOST_TESTED = 2000;
  private static final int QUICKLY_TESTED = 1000;
  private static final int EPOCHS = 20;
  private static final double BY_HEART = 0.98;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  StudyCommand() {
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /// What one training brought.
  ///
  /// @param training the accuracy on training data at its end
  /// @param test the accuracy on test data
  /// @param seconds how long it took
  /// @param losses the loss of each epoch on the test data
  private record Outcome(double training, double test, double seconds, double[] losses) {
    Json json() {
      return Json.of(Map.of("training", Numbers.json(training), "test", Numbers.json(test), "seconds",
          Numbers.json(seconds), "losses", Json.of(Arrays.stream(losses).mapToObj(Numbers::json).toList())));
    }

    static Outcome of(Json json) {
      return new Outcome(json.member("training").asDouble(), json.member("test").asDouble(),
          json.member("seconds").asDouble(), json.member("losses").items().stream().mapToDouble(Json::asDouble)
          .toArray());
    }
  }

  /// `juanji study generalisation`.
  @Command(name = "generalisation", mixinStandardHelpOptions = true, versionProvider = Version.class,
      sortOptions = false, description = {
          "Trains the same network on few pictures with each remedy against learning by heart, on and off, and writes",
          "a page: accuracy with error bars, curves and cost.", "",
          "What is done is kept: started again with the same --out, the study goes on.", ""})
  int generalisation(@Parameters(index = "0", paramLabel = "DATA", description = "Pictures, as for train.") String data,
      @Option(names = "--samples", paramLabel = "N", description = "How many to train on. Default: 1000; 300 if quick.")
      Optional<Integer> samples,
      @Option(names = "--seeds", paramLabel = "N", description = "Trainings of each. Default: 3; 2 if quick.")
      Optional<Integer> seeds,
      @Option(names = "--epochs", paramLabel = "N", description = "Epochs of each. Default: 20.")
      Optional<Integer> epochs,
      @Option(names = "--quick", description = "A shorter study.") boolean quick,
      @Option(names = "--mirrored", description = "Mirrored pictures are of the same class.") boolean mirrored,
      @Option(names = "--out", paramLabel = "DIR", defaultValue = "study", description = "Default: study.") Path out,
      @Mixin ThreadsOption threads) {
    Screen screen = Screen.of(spec.commandLine(), false);
    int count = samples.orElse(quick ? 300 : 1000);
    int repeats = seeds.orElse(quick ? 2 : 3);
    int length = epochs.orElse(EPOCHS);
    if (count < 10 || repeats < 1 || repeats > 100 || length < 1 || length > 1000) {
      throw CommandException.usage("a study of " + count + " samples, " + repeats + " seeds and " + length
          + " epochs cannot be made.", "--samples is at least 10, --seeds from 1 to 100, --epochs from 1 to 1,000; "
          + "received the above.", "Leave them out for the defaults.");
    }
    TrainSettings settings = new TrainSettings(Map.of("data", Json.of(data)));
    DataArgument argument = DataArgument.of(data);
    DataParts parts = DataParts.open(argument, PictureSize.of(argument, settings, Optional.empty(), screen), Map.of(),
        settings, screen);
    if (parts.train().shape().rank() != 3) {
      throw CommandException.usage("this study is of pictures.", "Samples are channels × height × width; received "
          + parts.train().shape() + ".", "Give pictures, digits or sounds.");
    }
    Dataset all = mixed(parts.train());
    Dataset some = Subset.first(all, count);
    Dataset test = Subset.first(mixed(parts.test()), quick ? QUICKLY_TESTED : MOST_TESTED);
    List<Remedy> remedies = Remedy.all(all.shape(), mirrored);
    String setup = data + ", " + some.size() + " samples, " + length + " epochs, tested on " + test.size()
        + ", mirrored " + mirrored;
    Map<String, Json> done = done(out, setup);
    try (Workers workers = threads.open()) {
      int number = 0;
      for (int seed = 1; seed <= repeats; seed++) {
        for (Remedy remedy : remedies) {
          number++;
          String key = remedy.name() + " #" + seed;
          if (!done.containsKey(key)) {
            screen.status("training " + number + " of " + repeats * remedies.size() + ": " + key);
            done.put(key, train(remedy, some, all, test, seed, length, workers).json());
            WholeFile.write(out.resolve(RESULTS), Json.of(Map.of("setup", Json.of(setup), "results", Json.of(done)))
                .toString());
          }
        }
      }
    }
    screen.clear();
    report(remedies, repeats, done, setup, out, screen);
    return 0;
  }

  /// Samples in an order without meaning: data often comes class by class.
  static Dataset mixed(Dataset data) {
    int[] order = new int[data.size()];
    Arrays.setAll(order, i -> i);
    var random = new SplittableRandom(3);
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return Subset.of(data, order);
  }

  private static Map<String, Json> done(Path out, String setup) {
    Path file = out.resolve(RESULTS);
    try {
      if (Files.exists(file)) {
        Json kept = Json.parse(Files.readString(file));
        if (!kept.member("setup").asText().equals(setup)) {
          throw CommandException.usage("the study in '" + out + "' is another one.", "A study goes on with its own "
              + "settings; it is of " + kept.member("setup").asText() + ", received " + setup + ".",
              "Give another folder with --out.");
        }
        return new LinkedHashMap<>(kept.member("results").members());
      }
    } catch (IOException | JsonException e) {
      throw CommandException.failure("the study in '" + out + "' cannot be gone on with.", "Its " + RESULTS
          + " is as it was written; received: " + String.valueOf(e.getMessage()).replaceAll("\\s*\n\\s*", " "),
          "Give another folder with --out.");
    }
    return new LinkedHashMap<>();
  }

  private static Outcome train(Remedy remedy, Dataset some, Dataset all, Dataset test, int seed, int epochs,
      Workers workers) {
    Dataset train = remedy.data().of(some, all);
    Preprocessing pre = Preprocessing.measure(train);
    Trainer plain = Trainer.of(remedy.network().model(train.shape(), train.classes().size()).initialize(seed))
        .optimizer(Optimizer.adam(0.001)).epochs(epochs).batch(32).seed(seed).workers(workers);
    Dataset measured = Normalized.of(test, pre);
    Trained trained = remedy.trainer().apply(plain).fit(Normalized.of(train, pre), measured);
    // The last epoch, not the best: the test data must choose nothing.
    double accuracy = Evaluation.of(trained.last(), measured, workers).accuracy();
    double seconds = trained.history().stream().mapToDouble(Epoch::seconds).sum();
    return new Outcome(trained.history().getLast().accuracy(), accuracy, seconds,
        trained.history().stream().mapToDouble(Epoch::validationLoss).toArray());
  }

  private static void report(List<Remedy> remedies, int repeats, Map<String, Json> done, String setup, Path out,
      Screen screen) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("remedy", "training", "test", "±", "against as it is", "seconds"));
    BarChart bars = BarChart.of("test accuracy (%)");
    Chart curves = Chart.of("epoch", "test loss");
    double base = 0;
    double learned = Outcome.of(done.get(remedies.getFirst().name() + " #1")).training();
    for (Remedy remedy : remedies) {
      List<Outcome> own = new ArrayList<>();
      for (int seed = 1; seed <= repeats; seed++) {
        own.add(Outcome.of(done.get(remedy.name() + " #" + seed)));
      }
      double mean = own.stream().mapToDouble(Outcome::test).average().orElse(0);
      double spread = Math.sqrt(own.stream().mapToDouble(o -> (o.test - mean) * (o.test - mean)).sum()
          / Math.max(1, repeats - 1));
      base = rows.size() == 1 ? mean : base;
      rows.add(List.of(remedy.name(), Numbers.percent(own.stream().mapToDouble(Outcome::training).average().orElse(0)),
          Numbers.percent(mean), String.format(Locale.ROOT, "%.2f", 100 * spread),
          rows.size() == 1 ? "" : String.format(Locale.ROOT, "%+.2f", 100 * (mean - base)),
          String.format(Locale.ROOT, "%.1f", own.stream().mapToDouble(Outcome::seconds).average().orElse(0))));
      bars = bars.bar(remedy.name(), 100 * mean, 100 * spread, rows.size() == 2 ? Colour.VERMILLION : Colour.BLUE);
      double[] losses = new double[own.getFirst().losses.length];
      Arrays.setAll(losses, e -> own.stream().mapToDouble(o -> e < o.losses.length ? o.losses[e] : Double.NaN).average()
          .orElse(Double.NaN));
      if (List.of("none", "more data", "augmentation", "dropped units").contains(remedy.group())) {
        double[] places = new double[losses.length];
        Arrays.setAll(places, e -> e + 1);
        curves = curves.line(remedy.name(), places, losses);
      }
    }
    TextTables.of(rows, 1).forEach(screen::result);
    String early = "As it is, the network tells only " + Numbers.percent(learned) + " of its training pictures right: "
        + "it has not learned them by heart yet, and what keeps it from doing so cannot help. More epochs would tell.";
    Page page = Page.of("What helps a network to generalise", "en");
    if (learned < BY_HEART) {
      screen.result(early);
      page = page.add(Block.prose(early));
    }
    Path file = out.resolve("generalisation.html");
    WholeFile.write(file, page.add(List.of(
        new Block.Prose("The same small network, trained on " + setup + ", " + repeats + " seeds of each: as it is, "
            + "and with one thing changed. Error bars are a standard deviation over the seeds; a difference that is "
            + "not well beyond them says nothing."),
        new Block.Prose("All train for the same epochs: four times the data make four times the steps, and batches of "
            + "256 an eighth as many as those of 32. Where classes are uneven, there are fewer samples, too; the two "
            + "rows are to be compared with each other. Where pictures are changed or units dropped in training, the "
            + "training accuracy is that of the changed pictures or the thinned network."),
        Block.figure("Test accuracy", bars.drawing()),
        new Block.Table(rows.getFirst(), rows.subList(1, rows.size()), 1),
        Block.figure("Test loss by epoch: it rises where pictures are learned by heart", curves.drawing()))).html());
    screen.result("page: " + file);
  }
}
