package juanji.train;

import juanji.plan.Plan;

/// Hears how a training goes.
public interface TrainingListener {
  /// Hears nothing.
  TrainingListener SILENT = new TrainingListener() { };

  /// Before the first step: how a whole batch is computed, and in how much memory.
  default void planned(Plan plan) {
  }

  /// After each step.
  default void step(Progress progress) {
  }

  /// After each epoch.
  ///
  /// @param best whether it was the best so far
  default void epoch(Epoch epoch, boolean best) {
  }

  /// Something that a person should know, in plain words.
  default void remark(String text) {
  }

  /// How far a training is.
  ///
  /// @param epoch the current epoch, from 1 on
  /// @param epochs how many there will be
  /// @param done samples of this epoch that are done
  /// @param total samples of an epoch
  /// @param loss the mean loss of this epoch so far
  /// @param accuracy the share told rightly in this epoch so far, 0 to 1
  /// @param rate the learning rate
  /// @param samplesPerSecond the speed in this epoch so far
  /// @param secondsLeft how long the rest of the training will take at this speed
  record Progress(int epoch, int epochs, int done, int total, double loss, double accuracy, double rate,
      double samplesPerSecond, double secondsLeft) {
  }
}
