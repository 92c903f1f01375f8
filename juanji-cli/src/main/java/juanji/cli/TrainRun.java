package juanji.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.image.FolderScan;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.train.Evaluation;
import juanji.train.Penalty;
import juanji.train.Trained;
import juanji.train.Trainer;

/// One training from the command line: data, model, run folder, trainer, test, report.
final class TrainRun {
  private static final int LARGEST_OWN_SIZE = 64;

  private final TrainSettings given;
  private final Optional<Path> out;
  private final boolean resume;
  private final ThreadsOption threads;
  private final Screen screen;
  private final String command;

  /// @param given the settings that were given
  /// @param command the command line
  TrainRun(TrainSettings given, Optional<Path> out, boolean resume, ThreadsOption threads, Screen screen,
      String command) {
    this.given = given;
    this.out = out;
    this.resume = resume;
    this.threads = threads;
    this.screen = screen;
    this.command = command;
  }

  /// Trains.
  ///
  /// @return the exit code
  int run() {
    TrainSettings settings = given;
    if (resume) {
      Map<String, Json> begun = RunFolder.existing(out.orElseThrow()).settings();
      refuseChanges(begun);
      settings = new TrainSettings(begun);
    } else {
      out.ifPresent(RunFolder::checkFree);
    }
    // What is wrong with the options is said before anything is read.
    settings.complete();
    settings.optimizer();
    settings.schedule();
    settings.penalties();
    settings.loss();
    settings.size();
    new FeedSettings(settings).check();
    new TuningSettings(settings).check();
    try (Workers workers = threads.open()) {
      return run(settings, workers);
    }
  }

  private void refuseChanges(Map<String, Json> begun) {
    given.values().forEach((name, value) -> {
      Json then = begun.getOrDefault(name, new Json.Null());
      if (!value.equals(then)) {
        String option = name.equals("data") ? "DATA" : name.equals("colours") ? "--grey or --colour" : "--" + name;
        throw CommandException.usage("the run in '" + out.orElseThrow() + "' cannot go on with another " + option + ".",
            "A run is resumed with the settings it began with; it has " + plain(then) + ", received " + plain(value)
            + ".", "Leave the option out, or begin a new run in another folder.");
      }
    });
  }

  private static String plain(Json value) {
    return value instanceof Json.Text t ? t.text() : value.toString();
  }

  private int run(TrainSettings asked, Workers workers) {
    Optional<ModelArgument> chosen = chosenModel(asked);
    DataArgument data = DataArgument.of(asked.text("data").orElseThrow());
    Optional<ImageSize> size = pictureSize(data, asked, chosen);
    DataParts parts = DataParts.open(data, size, asked.validation(), asked.seed(), screen);
    Problems.show(parts.problems(), screen);
    ModelArgument argument = chosen.orElseGet(() -> ModelArgument.suited(parts.train().shape()));
    TuningSettings tuning = new TuningSettings(asked);
    Model model = tuning.frozen(tuning.started(argument.model(parts.train().shape(), parts.train().classes().size(),
        asked.seed()), screen));
    if (argument instanceof ModelArgument.Trained trained) {
      checkFits(trained, data, parts.train());
    }
    checkFits(model, parts.train());
    Preprocessing pre = argument instanceof ModelArgument.Trained t && t.preprocessing().isPresent()
        ? t.preprocessing().get() : Preprocessing.measure(parts.train());
    Map<String, Json> known = new LinkedHashMap<>(asked.values());
    known.putIfAbsent("model", Json.of(argument.name()));
    known.putIfAbsent("epochs", Json.of(TrainSettings.usualEpochs(parts.train().size(), asked.batch())));
    size.ifPresent(s -> {
      known.put("size", Json.of(s.height() + "x" + s.width()));
      known.put("colours", Json.of(s.channels() == 1 ? "grey" : "colour"));
    });
    TrainSettings settings = new TrainSettings(known);
    Trainer trainer = Trainer.of(model).loss(settings.loss()).optimizer(tuning.rated(settings.optimizer()))
        .schedule(settings.schedule()).epochs(settings.epochs()).batch(settings.batch()).seed(settings.seed())
        .workers(workers).target(settings.target());
    FeedSettings feed = new FeedSettings(settings);
    trainer = feed.feed(trainer, parts.train());
    for (Penalty penalty : settings.penalties()) {
      trainer = trainer.penalty(penalty);
    }
    RunFolder folder = resume ? new RunFolder(out.orElseThrow()) : out.map(RunFolder::create)
        .orElseGet(() -> RunFolder.next(data.name() + "-" + argument.name()));
    ModelFile file = ModelFile.of(model).preprocessing(pre).classes(parts.train().classes())
        .settings(described(trainer, parts));
    if (!resume) {
      if (argument instanceof ModelArgument.Trained) {
        file.write(folder.file(RunFolder.START));
      }
      folder.write(RunFolder.CONFIG, Numbers.lines(config(settings, model, parts)) + "\n");
    }
    announce(data, parts, trainer, argument, folder);
    return fit(trainer, feed, parts, pre, file, folder, workers);
  }

  /// The model as it is named; a resumed run has kept a copy of the file that it started from.
  private Optional<ModelArgument> chosenModel(TrainSettings settings) {
    Optional<Path> start = resume ? out.map(o -> o.resolve(RunFolder.START)).filter(Files::exists) : Optional.empty();
    return start.map(Path::toString).or(() -> settings.text("model")).map(ModelArgument::of);
  }

  private Optional<ImageSize> pictureSize(DataArgument data, TrainSettings settings, Optional<ModelArgument> chosen) {
    Optional<int[]> wanted = settings.size();
    Optional<Boolean> grey = settings.grey();
    if (!(data instanceof DataArgument.PictureFolder(var path))) {
      if (wanted.isPresent() || grey.isPresent()) {
        throw CommandException.usage("the pictures of '" + data.name() + "' cannot be given another size or colour.",
            "--size, --grey and --colour are for folders of pictures; received one of them with digits or IDX files.",
            "Leave them out.");
      }
      return Optional.empty();
    }
    if (chosen.isPresent() && chosen.get() instanceof ModelArgument.Trained trained
        && trained.preprocessing().isPresent()) {
      ImageSize own = ImageSize.of(trained.preprocessing().get());
      if (wanted.isPresent() && (wanted.get()[0] != own.height() || wanted.get()[1] != own.width())
          || grey.isPresent() && grey.get() != (own.channels() == 1)) {
        throw CommandException.usage("the model '" + trained.path() + "' cannot take another size or colour.",
            "It takes " + own.channels() + " × " + own.height() + " × " + own.width() + ".",
            "Leave out --size, --grey and --colour.");
      }
      return Optional.of(own);
    }
    int height = LARGEST_OWN_SIZE;
    int width = LARGEST_OWN_SIZE;
    boolean inGrey = grey.orElse(false);
    if (wanted.isEmpty() || grey.isEmpty()) {
      FolderScan scan = ImageFolder.scan(path);
      inGrey = grey.orElse(scan.grey());
      if (scan.uniform() && scan.maxHeight() <= LARGEST_OWN_SIZE && scan.maxWidth() <= LARGEST_OWN_SIZE
          && scan.maxHeight() > 0) {
        height = scan.maxHeight();
        width = scan.maxWidth();
      } else if (wanted.isEmpty()) {
        screen.notice("The pictures are from " + scan.minHeight() + "x" + scan.minWidth() + " to " + scan.maxHeight()
            + "x" + scan.maxWidth() + "; they are brought to " + height + "x" + width + ". Choose another by --size.");
      }
    }
    try {
      ImageSize size = wanted.isPresent() ? ImageSize.size(wanted.get()[0], wanted.get()[1])
          : ImageSize.size(height, width);
      return Optional.of(inGrey ? size.grey() : size);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private static void checkFits(Model model, Dataset train) {
    Shape wanted = Shape.of(train.classes().size());
    if (!model.outputShape().equals(wanted) || !model.input().shape().equals(train.shape())) {
      throw CommandException.failure("this network cannot be trained on this data.",
          "It takes " + train.shape() + " and gives " + wanted + ", a score per class; received one that takes "
          + model.input().shape() + " and gives " + model.outputShape() + ".",
          "End it with flatten(), dense(" + train.classes().size() + "), or leave out --model.");
    }
  }

  private static void checkFits(ModelArgument.Trained trained, DataArgument data, Dataset train) {
    List<String> known = trained.file().classes();
    if (!trained.file().model().input().shape().equals(train.shape())) {
      throw CommandException.failure("the model '" + trained.path() + "' cannot go on with '" + data.name() + "'.",
          "Its pictures are " + trained.file().model().input().shape() + "; received " + train.shape() + ".",
          "Use data of that size, or begin with a new model.");
    }
    if (!known.isEmpty() && !known.equals(train.classes())) {
      List<String> missing = new ArrayList<>(known);
      missing.removeAll(train.classes());
      List<String> more = new ArrayList<>(train.classes());
      more.removeAll(known);
      throw CommandException.failure("the model '" + trained.path() + "' cannot go on with '" + data.name() + "'.",
          "Its classes are those of the data, in the same order; it has " + known.size() + " and the data "
          + train.classes().size() + ", missing in the data: " + brief(missing) + ", unknown to the model: "
          + brief(more) + ".", "Use data of the same classes, or begin with a new model.");
    }
  }

  private static String brief(List<String> names) {
    return names.isEmpty() ? "none" : names.size() <= 5 ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + ", …";
  }

  /// What a model file says of its training: nothing that differs from machine to machine.
  private static Map<String, String> described(Trainer trainer, DataParts parts) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("loss", trainer.objective().loss().toString());
    if (!trainer.objective().penalties().isEmpty()) {
      texts.put("penalties", String.join(", ", trainer.objective().penalties().stream().map(Penalty::toString)
          .toList()));
    }
    texts.put("optimizer", trainer.course().optimizer().toString());
    texts.put("schedule", trainer.course().schedule().toString());
    texts.put("sampling", trainer.feed().sampling().toString());
    texts.put("mixing", trainer.feed().mixing().map(Object::toString).orElse("none"));
    texts.put("epochs", Integer.toString(trainer.course().epochs()));
    texts.put("batch", Integer.toString(trainer.course().batch()));
    texts.put("seed", Long.toString(trainer.course().seed()));
    texts.put("kernels", trainer.run().target().toString());
    texts.put("trainingSamples", Integer.toString(parts.train().size()));
    texts.put("validationSamples", Integer.toString(parts.validation().map(Dataset::size).orElse(0)));
    return texts;
  }

  private Json config(TrainSettings settings, Model model, DataParts parts) {
    Map<String, Json> counts = new LinkedHashMap<>();
    counts.put("training", Json.of(parts.train().size()));
    counts.put("validation", Json.of(parts.validation().map(Dataset::size).orElse(0)));
    counts.put("test", Json.of(parts.test().size()));
    counts.put("leftOut", Json.of(parts.problems().size()));
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("command", Json.of(command));
    all.put("settings", Json.of(settings.complete()));
    all.put("architecture", Json.of(model.toString()));
    all.put("classes", Numbers.texts(parts.train().classes()));
    all.put("samples", Json.of(counts));
    all.put("threads", Json.of(threads.count()));
    all.put("juanji", Json.of(Version.number()));
    all.put("java", Json.of(Runtime.version().toString()));
    all.put("kernels", Json.of(settings.target().toString()));
    return Json.of(all);
  }

  private void announce(DataArgument data, DataParts parts, Trainer trainer, ModelArgument argument, RunFolder folder) {
    screen.notice(data.name() + ": " + Numbers.count(parts.train().size()) + " pictures of " + parts.train().shape()
        + " to train on, " + Numbers.count(parts.validation().map(Dataset::size).orElse(0)) + " to validate, "
        + Numbers.count(parts.test().size()) + " to test, in " + parts.train().classes().size() + " classes");
    screen.notice(argument.name() + ": " + Numbers.count(trainer.model().weightCount()) + " weights; "
        + threads.count() + (threads.count() == 1 ? " thread" : " threads") + ", " + trainer.run().target()
        + "; results go to " + folder.path());
  }

  private int fit(Trainer trainer, FeedSettings feed, DataParts parts, Preprocessing pre, ModelFile file,
      RunFolder folder, Workers workers) {
    Trained trained;
    try (Interruption interruption = new Interruption()) {
      Trainer complete = trainer.checkpoints(folder.path()).stopWhen(interruption::requested).listener(
          new TrainingRecord(folder, file, resume, new TrainingDisplay(screen, trainer.course().epochs())));
      complete = resume ? complete.resuming() : complete;
      Dataset train = Normalized.of(feed.varied(parts.train()), pre);
      trained = parts.validation().isPresent()
          ? complete.fit(train, Normalized.of(parts.validation().get(), pre)) : complete.fit(train);
      screen.clear();
      if (trained.bestEpoch() > 0) {
        file.model(trained.model()).history(TrainingRecord.history(trained.history()))
            .write(folder.file(RunFolder.MODEL));
      }
      if (trained.interrupted()) {
        screen.warn("Stopped in epoch " + (trained.history().size() + 1) + " of " + trainer.course().epochs()
            + "; the state is kept. Go on with:\n  juanji train --resume --out "
            + TrainCommand.quoted(folder.path().toString()));
        return Interruption.CODE;
      }
    }
    ModelFile result = file.model(trained.model()).history(TrainingRecord.history(trained.history()));
    Dataset test = Normalized.of(parts.test(), pre);
    Evaluation evaluation = Evaluation.of(trained.model(), test, trainer.run().target(), workers,
        (done, total) -> screen.status("testing: " + Numbers.count(done) + " of " + Numbers.count(total)));
    screen.clear();
    folder.write(RunFolder.REPORT, Report.of(folder, result, trained, evaluation, parts).html());
    if (parts.validation().isPresent()) {
      screen.progress("best epoch " + trained.bestEpoch() + " of " + trained.history().size());
    }
    screen.result("test accuracy " + Numbers.percent(evaluation.accuracy()) + " ("
        + Numbers.count(evaluation.correct()) + " of " + Numbers.count(evaluation.total()) + "), loss "
        + Numbers.loss(evaluation.loss()));
    screen.result("results in " + folder.path() + ": " + RunFolder.MODEL + ", " + RunFolder.REPORT + ", "
        + RunFolder.METRICS);
    return 0;
  }
}
