package juanji.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import juanji.data.Dataset;
import juanji.nn.Model;
import juanji.plan.Target;
import juanji.plan.Workers;

/// How a model is to be trained; `fit` does it.
///
/// The same settings, data and seed give the same weights to the last bit, with any number of threads, and whether the
/// training ran through or was interrupted and resumed.
///
/// ```java
/// try (Workers workers = Workers.all()) {
///   Trained trained = Trainer.of(model).optimizer(Optimizer.sgd(0.05).momentum(0.9)).epochs(5).batch(64)
///       .workers(workers).fit(train, validation);
/// }
/// ```
///
/// Constraints: C1 at least 1 epoch; C2 a batch of at least 1; C3 the data's samples and classes are the model's;
/// C4 a patience of at least 0; C5 at least 0 seconds between checkpoints; C6 a memory limit of at least 1 byte.
///
/// @param model what is trained; its weights are where it starts from, and are not changed
/// @param objective what is made small
/// @param course how the weights move
/// @param feed what each epoch sees
/// @param run where it happens and who follows it
public record Trainer(Model model, Objective objective, Course course, Feed feed, Run run) {
  /// What is made small.
  ///
  /// @param loss what wrong outputs cost
  /// @param penalties what large weights cost
  public record Objective(Loss loss, List<Penalty> penalties) {
    /// Takes a copy of the list.
    public Objective {
      penalties = List.copyOf(penalties);
    }
  }

  /// How the weights move, and for how long.
  ///
  /// @param optimizer how weights follow their gradients
  /// @param schedule how the learning rate changes
  /// @param epochs how often each sample is seen
  /// @param batch samples per step; the last batch of an epoch may be smaller
  /// @param seed what shuffling and random masks are drawn from
  public record Course(Optimizer optimizer, Schedule schedule, int epochs, int batch, long seed) {
    /// Checks C1 and C2.
    public Course {
      if (epochs < 1 || batch < 1) {
        throw new IllegalArgumentException("a training of " + epochs + " epochs in batches of " + batch
            + " cannot be done.\n  C1, C2: there is at least 1 epoch, and 1 sample in a batch; received " + epochs
            + " and " + batch + ".\n  Use 5 epochs and batches of 64 to begin with.");
      }
    }
  }

  /// What each epoch sees, and when there are epochs enough.
  ///
  /// @param sampling which samples in which order
  /// @param mixing how samples are mixed in pairs
  /// @param patience after how many epochs without a better one the training ends; 0 for never
  public record Feed(Sampling sampling, Optional<Mixing> mixing, int patience) {
    /// Checks C4.
    public Feed {
      if (patience < 0) {
        throw new IllegalArgumentException("a training cannot end after " + patience + " epochs without a better one."
            + "\n  C4: the patience is at least 0; received " + patience + ".\n  Use 5, or 0 to go on to the end.");
      }
    }
  }

  /// Where a training happens, what it keeps and who follows it. But for the kernels, nothing here changes a weight.
  ///
  /// @param workers the threads; empty means one per processor, for the length of the training
  /// @param target the kernels
  /// @param checkpoints the folder where the last and the best state are kept; empty means nowhere
  /// @param every the seconds after which the state is also kept within an epoch; 0 means only after each epoch
  /// @param resume whether to go on from the checkpoint in that folder if there is one
  /// @param listener who hears how it goes
  /// @param stop asked after each step whether to stop; the state is kept first
  /// @param memory the most bytes that a step may take: working memory, weights and what the optimiser keeps
  public record Run(Optional<Workers> workers, Target target, Optional<Path> checkpoints, double every,
      boolean resume, TrainingListener listener, BooleanSupplier stop, long memory) {
    /// Checks C5 and C6.
    public Run {
      if (memory < 1) {
        throw new IllegalArgumentException("a training step cannot take " + memory + " bytes."
            + "\n  C6: the limit is at least 1 byte; received " + memory + ".\n  Use what can be spared, such as "
            + "1L << 30.");
      }
      if (!(every >= 0)) {
        throw new IllegalArgumentException("a training cannot keep its state every " + every + " seconds."
            + "\n  C5: the seconds between checkpoints are at least 0; received " + every + ".\n  Use 300.");
      }
    }
  }

  /// Defaults that work for most small networks: cross-entropy, SGD with rate 0.05, momentum 0.9 and decay 0.0005 along
  /// half a cosine, 5 epochs in batches of 64.
  public static Trainer of(Model model) {
    Optimizer usual = Optimizer.sgd(0.05).momentum(0.9).weightDecay(5e-4);
    return new Trainer(model, new Objective(Loss.crossEntropy(), List.of()),
        new Course(usual, Schedule.cosine(), 5, 64, 1), new Feed(Sampling.shuffled(), Optional.empty(), 0),
        new Run(Optional.empty(), Target.best(), Optional.empty(), 0, false, TrainingListener.SILENT, () -> false,
            Long.MAX_VALUE));
  }

  private Trainer with(Objective other) {
    return new Trainer(model, other, course, feed, run);
  }

  private Trainer with(Course other) {
    return new Trainer(model, objective, other, feed, run);
  }

  private Trainer with(Feed other) {
    return new Trainer(model, objective, course, other, run);
  }

  private Trainer with(Run other) {
    return new Trainer(model, objective, course, feed, other);
  }

  /// With another loss.
  public Trainer loss(Loss other) {
    return with(new Objective(other, objective.penalties));
  }

  /// With one more penalty on weights.
  public Trainer penalty(Penalty more) {
    return with(new Objective(objective.loss, Stream.concat(objective.penalties.stream(), Stream.of(more)).toList()));
  }

  /// With another optimiser.
  public Trainer optimizer(Optimizer other) {
    return with(new Course(other, course.schedule, course.epochs, course.batch, course.seed));
  }

  /// With another schedule.
  public Trainer schedule(Schedule other) {
    return with(new Course(course.optimizer, other, course.epochs, course.batch, course.seed));
  }

  /// With another number of epochs.
  public Trainer epochs(int number) {
    return with(new Course(course.optimizer, course.schedule, number, course.batch, course.seed));
  }

  /// With another batch size.
  public Trainer batch(int samples) {
    return with(new Course(course.optimizer, course.schedule, course.epochs, samples, course.seed));
  }

  /// With another seed for shuffling and random masks.
  public Trainer seed(long number) {
    return with(new Course(course.optimizer, course.schedule, course.epochs, course.batch, number));
  }

  /// With another choice and order of samples.
  public Trainer sampling(Sampling other) {
    return with(new Feed(other, feed.mixing, feed.patience));
  }

  /// With samples mixed in pairs.
  public Trainer mixing(Mixing other) {
    return with(new Feed(feed.sampling, Optional.of(other), feed.patience));
  }

  /// Ending as soon as so many epochs in a row were no better than the best before them; needs validation data.
  ///
  /// @param epochs at least 0; 0 means going on to the end
  public Trainer patience(int epochs) {
    return with(new Feed(feed.sampling, feed.mixing, epochs));
  }

  /// On the given threads, which stay open.
  public Trainer workers(Workers threads) {
    return with(new Run(Optional.of(threads), run.target, run.checkpoints, run.every, run.resume, run.listener,
        run.stop, run.memory));
  }

  /// With the given kernels.
  public Trainer target(Target kernels) {
    return with(new Run(run.workers, kernels, run.checkpoints, run.every, run.resume, run.listener, run.stop,
        run.memory));
  }

  /// Keeping the last and the best state in a folder, after each epoch and when stopped.
  public Trainer checkpoints(Path folder) {
    return with(new Run(run.workers, run.target, Optional.of(folder), run.every, run.resume, run.listener, run.stop,
        run.memory));
  }

  /// Keeping the state also within epochs, as often as this.
  ///
  /// @param seconds at least 0; 0 means only after each epoch
  public Trainer checkpointEvery(double seconds) {
    return with(new Run(run.workers, run.target, run.checkpoints, seconds, run.resume, run.listener, run.stop,
        run.memory));
  }

  /// Going on from the checkpoint in the folder, if there is one.
  public Trainer resuming() {
    return with(new Run(run.workers, run.target, run.checkpoints, run.every, true, run.listener, run.stop,
        run.memory));
  }

  /// Telling somebody how it goes.
  public Trainer listener(TrainingListener somebody) {
    return with(new Run(run.workers, run.target, run.checkpoints, run.every, run.resume, somebody, run.stop,
        run.memory));
  }

  /// Stopping, with the state kept, as soon as the question is answered with yes.
  public Trainer stopWhen(BooleanSupplier question) {
    return with(new Run(run.workers, run.target, run.checkpoints, run.every, run.resume, run.listener, question,
        run.memory));
  }

  /// Within a limit of memory: where a step would take more, what the forward pass computed is computed again for the
  /// backward pass rather than kept. The weights have the same bits; a step takes longer, by up to a forward pass. What
  /// the samples of a batch and the measurements after an epoch take is not counted.
  ///
  /// @param bytes the most that a step's working memory, the weights and what the optimiser keeps may take together
  public Trainer memory(long bytes) {
    return with(new Run(run.workers, run.target, run.checkpoints, run.every, run.resume, run.listener, run.stop,
        bytes));
  }

  /// Trains without validation data.
  public Trained fit(Dataset train) {
    return fit(train, Optional.empty());
  }

  /// Trains, and measures on the validation data after each epoch.
  public Trained fit(Dataset train, Dataset validation) {
    return fit(train, Optional.of(validation));
  }

  private Trained fit(Dataset train, Optional<Dataset> validation) {
    if (run.workers.isPresent()) {
      return new Training(this, train, validation, run.workers.get()).run();
    }
    try (Workers own = Workers.all()) {
      return new Training(this, train, validation, own).run();
    }
  }

  /// What a checkpoint must agree with to be resumed.
  String fingerprint(Dataset data) {
    return String.join("\n", model.toString(), "loss " + objective.loss, "optimizer " + course.optimizer,
        "penalties " + objective.penalties, "schedule " + course.schedule, "epochs " + course.epochs,
        "batch " + course.batch, "seed " + course.seed, "kernels " + run.target, "samples " + data.size() + " of "
        + data.shape() + " in " + data.classes().size() + " classes", "variation " + data.variation(), "sampling "
        + feed.sampling, "mixing " + feed.mixing.map(Mixing::toString).orElse("none"), "patience " + feed.patience);
  }
}
