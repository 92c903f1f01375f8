package juanji.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
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
/// Constraints: C1 at least 1 epoch; C2 a batch of at least 1; C3 the data's samples and classes are the model's.
///
/// @param model what is trained; its weights are where it starts from, and are not changed
/// @param loss what is made small
/// @param optimizer how weights follow their gradients
/// @param penalties what large weights cost
/// @param schedule how the learning rate changes
/// @param epochs how often each sample is seen
/// @param batch samples per step; the last batch of an epoch may be smaller
/// @param seed what shuffling and random masks are drawn from
/// @param workers the threads; empty means one per processor, for the length of the training
/// @param target the kernels
/// @param checkpoints the folder where the last and the best state are kept; empty means nowhere
/// @param resume whether to go on from the checkpoint in that folder if there is one
/// @param listener who hears how it goes
/// @param stop asked after each step whether to stop; the state is kept first
public record Trainer(Model model, Loss loss, Optimizer optimizer, List<Penalty> penalties, Schedule schedule,
    int epochs, int batch, long seed, Optional<Workers> workers, Target target, Optional<Path> checkpoints,
    boolean resume, TrainingListener listener, BooleanSupplier stop) {
  /// Checks C1 and C2.
  public Trainer {
    penalties = List.copyOf(penalties);
    if (epochs < 1 || batch < 1) {
      throw new IllegalArgumentException("a training of " + epochs + " epochs in batches of " + batch
          + " cannot be done.\n  C1, C2: there is at least 1 epoch, and 1 sample in a batch; received " + epochs
          + " and " + batch + ".\n  Use 5 epochs and batches of 64 to begin with.");
    }
  }

  /// Defaults that work for most small networks: cross-entropy, SGD with rate 0.05, momentum 0.9 and decay 0.0005 along
  /// half a cosine, 5 epochs in batches of 64.
  public static Trainer of(Model model) {
    Optimizer usual = Optimizer.sgd(0.05).momentum(0.9).weightDecay(5e-4);
    return new Trainer(model, Loss.crossEntropy(), usual, List.of(), Schedule.cosine(), 5, 64, 1, Optional.empty(),
        Target.best(), Optional.empty(), false, TrainingListener.SILENT, () -> false);
  }

  /// With another loss.
  public Trainer loss(Loss other) {
    return new Trainer(model, other, optimizer, penalties, schedule, epochs, batch, seed, workers, target, checkpoints,
        resume, listener, stop);
  }

  /// With another optimiser.
  public Trainer optimizer(Optimizer other) {
    return new Trainer(model, loss, other, penalties, schedule, epochs, batch, seed, workers, target, checkpoints,
        resume, listener, stop);
  }

  /// With one more penalty on weights.
  public Trainer penalty(Penalty more) {
    List<Penalty> all = new ArrayList<>(penalties);
    all.add(more);
    return new Trainer(model, loss, optimizer, all, schedule, epochs, batch, seed, workers, target, checkpoints, resume,
        listener, stop);
  }

  /// With another schedule.
  public Trainer schedule(Schedule other) {
    return new Trainer(model, loss, optimizer, penalties, other, epochs, batch, seed, workers, target, checkpoints,
        resume, listener, stop);
  }

  /// With another number of epochs.
  public Trainer epochs(int number) {
    return new Trainer(model, loss, optimizer, penalties, schedule, number, batch, seed, workers, target, checkpoints,
        resume, listener, stop);
  }

  /// With another batch size.
  public Trainer batch(int samples) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, samples, seed, workers, target, checkpoints,
        resume, listener, stop);
  }

  /// With another seed for shuffling and random masks.
  public Trainer seed(long number) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, number, workers, target, checkpoints,
        resume, listener, stop);
  }

  /// On the given threads, which stay open.
  public Trainer workers(Workers threads) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, seed, Optional.of(threads), target,
        checkpoints, resume, listener, stop);
  }

  /// With the given kernels.
  public Trainer target(Target kernels) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, seed, workers, kernels, checkpoints,
        resume, listener, stop);
  }

  /// Keeping the last and the best state in a folder, after each epoch and when stopped.
  public Trainer checkpoints(Path folder) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, seed, workers, target,
        Optional.of(folder), resume, listener, stop);
  }

  /// Going on from the checkpoint in the folder, if there is one.
  public Trainer resuming() {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, seed, workers, target, checkpoints,
        true, listener, stop);
  }

  /// Telling somebody how it goes.
  public Trainer listener(TrainingListener somebody) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, seed, workers, target, checkpoints,
        resume, somebody, stop);
  }

  /// Stopping, with the state kept, as soon as the question is answered with yes.
  public Trainer stopWhen(BooleanSupplier question) {
    return new Trainer(model, loss, optimizer, penalties, schedule, epochs, batch, seed, workers, target, checkpoints,
        resume, listener, question);
  }

  /// Trains without validation data.
  public Trained fit(Dataset train) {
    return run(train, Optional.empty());
  }

  /// Trains, and measures on the validation data after each epoch.
  public Trained fit(Dataset train, Dataset validation) {
    return run(train, Optional.of(validation));
  }

  private Trained run(Dataset train, Optional<Dataset> validation) {
    if (workers.isPresent()) {
      return new Training(this, train, validation, workers.get()).run();
    }
    try (Workers own = Workers.all()) {
      return new Training(this, train, validation, own).run();
    }
  }

  /// What a checkpoint must agree with to be resumed.
  String fingerprint(Dataset data) {
    return String.join("\n", model.toString(), "loss " + loss, "optimizer " + optimizer, "penalties " + penalties,
        "schedule " + schedule, "epochs " + epochs, "batch " + batch, "seed " + seed, "kernels " + target, "samples "
        + data.size() + " of " + data.shape() + " in " + data.classes().size() + " classes");
  }
}
