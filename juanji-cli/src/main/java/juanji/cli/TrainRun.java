package juanji.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import juanji.data.Dataset;
import juanji.json.Json;
import juanji.model.ModelException;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.plan.PlanException;
import juanji.plan.Workers;
import juanji.train.Evaluation;
import juanji.train.Penalty;
import juanji.train.Trained;
import juanji.train.Trainer;

/// One training from the command line: data, model, run folder, trainer, test, report.
final class TrainRun {
  private final TrainSettings given;
  private final Optional<Path> out;
  private final boolean resume;
  private final ThreadsOption threads;
  private final MemoryOption memory;
  private final Screen screen;
  private final String command;

  /// @param given the settings that were given
  /// @param command the command line
  TrainRun(TrainSettings given, Optional<Path> out, boolean resume, ThreadsOption threads,
      MemoryOption memory, Screen screen, String command) {
    this.given = given;
    this.out = out;
    this.resume = resume;
    this.threads = threads;
    this.memory = memory;
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
    settings.testOn();
    new FeedSettings(settings).check();
    new KindSettings(settings).check();
    Deadline.of(settings);
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
    Deadline deadline = Deadline.of(asked);
    Prepared usual = Prepared.of(asked, chosenModel(asked), screen);
    Prepared prepared = resume ? usual : new NetworkChoice(asked, usual, screen).made(deadline, workers);
    DataArgument data = prepared.data();
    DataParts parts = prepared.parts();
    ModelArgument argument = prepared.argument();
    Model model = prepared.model();
    Map<String, Json> known = new LinkedHashMap<>(asked.values());
    known.put("kind", Json.of(data.unit(false)));
    known.putIfAbsent("model", Json.of(argument.name()));
    known.putIfAbsent("epochs", Json.of(TrainSettings.usualEpochs(parts.train().size(), asked.batch())));
    prepared.size().ifPresent(s -> {
      known.put("size", Json.of(s.height() + "x" + s.width()));
      known.put("colours", Json.of(s.channels() == 1 ? "grey" : "colour"));
    });
    if (!resume) {
      new Recipe(asked, prepared, memory.bytes(), screen).choose(known, deadline, workers);
    }
    TrainSettings settings = new TrainSettings(known);
    FeedSettings feed = new FeedSettings(settings);
    Trainer trainer = feed.feed(prepared.trainer(settings, workers), parts.train());
    RunFolder folder = resume ? new RunFolder(out.orElseThrow()) : out.map(RunFolder::create)
        .orElseGet(() -> RunFolder.next(data.name() + "-" + argument.name()));
    ModelFile file = ModelFile.of(model).reading(parts.reading()).classes(parts.train().classes())
        .settings(described(trainer, parts));
    file = prepared.preprocessing().map(file::preprocessing).orElse(file);
    if (!resume) {
      if (argument instanceof ModelArgument.Trained) {
        file.write(folder.file(RunFolder.START));
      }
      folder.write(RunFolder.CONFIG, Numbers.lines(config(settings, model, parts)) + "\n");
    }
    announce(data, parts, trainer, argument, folder);
    return fit(trainer, feed, prepared, deadline, file, folder, workers);
  }

  /// The model as it is named; a resumed run has kept a copy of the file that it started from.
  private Optional<ModelArgument> chosenModel(TrainSettings settings) {
    Optional<Path> start = resume ? out.map(o -> o.resolve(RunFolder.START)).filter(Files::exists) : Optional.empty();
    return start.map(Path::toString).or(() -> settings.text("model")).map(ModelArgument::of);
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

  private static Json result(Evaluation e, Trained trained) {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("accuracy", Numbers.json(e.accuracy()));
    all.put("loss", Numbers.json(e.loss()));
    all.put("macroF1", Numbers.json(e.macroF1()));
    all.put("balancedAccuracy", Numbers.json(e.balancedAccuracy()));
    all.put("correct", Json.of(e.correct()));
    all.put("total", Json.of(e.total()));
    all.put("bestEpoch", Json.of(trained.bestEpoch()));
    return Json.of(all);
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
    all.put("weights", Json.of(model.weightCount()));
    all.put("classes", Numbers.texts(parts.train().classes()));
    all.put("samples", Json.of(counts));
    all.put("threads", Json.of(threads.count()));
    all.put("juanji", Json.of(Version.number()));
    all.put("java", Json.of(Runtime.version().toString()));
    all.put("kernels", Json.of(settings.target().toString()));
    return Json.of(all);
  }

  private void announce(DataArgument data, DataParts parts, Trainer trainer, ModelArgument argument, RunFolder folder) {
    screen.notice(data.name() + ": " + Numbers.count(parts.train().size()) + " " + data.unit(true) + " of "
        + parts.train().shape()
        + " to train on, " + Numbers.count(parts.validation().map(Dataset::size).orElse(0)) + " to validate, "
        + Numbers.count(parts.test().size()) + " to test, in " + parts.train().classes().size() + " classes");
    screen.notice(argument.name() + ": " + Numbers.count(trainer.model().weightCount()) + " weights; "
        + threads.count() + (threads.count() == 1 ? " thread" : " threads") + ", " + trainer.run().target()
        + "; results go to " + folder.path());
  }

  private int fit(Trainer trainer, FeedSettings feed, Prepared prepared, Deadline deadline, ModelFile file,
      RunFolder folder, Workers workers) {
    DataParts parts = prepared.parts();
    Trained trained;
    try (Interruption interruption = new Interruption()) {
      TrainingDisplay display = new TrainingDisplay(screen, trainer.course().epochs(),
          prepared.data().unit(true).replace("pictures", "images"), memory.given());
      Trainer complete = trainer.checkpoints(folder.path()).memory(memory.bytes())
          .stopWhen(() -> interruption.requested() || deadline.over())
          .listener(new TrainingRecord(folder, file, resume, display));
      complete = resume ? complete.resuming() : complete;
      Dataset train = prepared.normalised(feed.varied(parts.train()));
      try {
        trained = parts.validation().isPresent()
            ? complete.fit(train, prepared.normalised(parts.validation().get())) : complete.fit(train);
        screen.clear();
        if (trained.bestEpoch() > 0) {
          file.model(trained.model()).history(TrainingRecord.history(trained.history()))
              .write(folder.file(RunFolder.MODEL));
        }
      } catch (PlanException e) {
        if (!resume && !folder.hasCheckpoint()) {
          folder.discard();
        }
        throw e;
      } catch (ModelException e) {
        throw e.getCause() instanceof IOException io ? folder.unwritable(e.path(), io) : e;
      }
      if (trained.interrupted() && (interruption.requested() || trained.bestEpoch() == 0)) {
        screen.warn("Stopped in epoch " + (trained.history().size() + 1) + " of " + trainer.course().epochs()
            + "; the state is kept. Go on with:\n  juanji train --resume --out "
            + TrainCommand.quoted(folder.path().toString()));
        return Interruption.CODE;
      }
    }
    ModelFile result = file.model(trained.model()).history(TrainingRecord.history(trained.history()));
    Dataset test = prepared.normalised(parts.test());
    Evaluation evaluation = Evaluation.of(trained.model(), test, trainer.run().target(), workers, (done, total) ->
        screen.status("testing: " + Numbers.count(done) + " of " + Numbers.count(total)));
    screen.clear();
    folder.write(RunFolder.RESULT, Numbers.lines(result(evaluation, trained)) + "\n");
    folder.write(RunFolder.REPORT, Report.of(folder, result, trained, evaluation, parts).html());
    if (parts.validation().isPresent()) {
      screen.progress("best epoch " + trained.bestEpoch() + " of " + trained.history().size());
    }
    Remarks.of(trained.history()).forEach(screen::notice);
    screen.result("test accuracy " + Numbers.percent(evaluation.accuracy()) + " ("
        + Numbers.count(evaluation.correct()) + " of " + Numbers.count(evaluation.total()) + "), loss "
        + Numbers.loss(evaluation.loss()));
    screen.result("results in " + folder.path() + ": " + RunFolder.MODEL + ", " + RunFolder.REPORT + ", "
        + RunFolder.METRICS);
    return 0;
  }
}
