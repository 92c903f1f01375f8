package juanji.cli;

import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.train.TrainingGraph;

/// How many samples a step takes: the usual number, but no more than leaves an epoch of few samples some steps, and no
/// more than the memory holds.
///
/// @param samples samples per step
/// @param why the reason
record BatchChoice(int samples, String why) {
  private static final int LEAST = 16;
  private static final int LEAST_STEPS = 15;
  /// The part of the heap that a step may take; data and copies of the weights take the rest.
  private static final double HEAP_SHARE = 0.5;

  /// The choice for data and a network.
  ///
  /// @param memory the bytes that a step may take at most; the largest number if no limit was given
  static BatchChoice of(TrainSettings asked, Prepared prepared, long memory) {
    int count = prepared.parts().train().size();
    int usual = asked.batch();
    int batch = usual;
    while (batch > LEAST && count / batch < LEAST_STEPS) {
      batch /= 2;
    }
    String why = batch == usual ? "the usual number of samples per step" : "more steps from "
        + Numbers.count(count) + " " + prepared.data().unit(true);
    long room = memory < Long.MAX_VALUE ? memory : (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory());
    while (batch > 1 && bytes(asked, prepared, batch) > room) {
      batch /= 2;
      why = "a step takes no more than " + (room >> 20) + " MiB";
    }
    return new BatchChoice(batch, why);
  }

  /// The bytes that a training step of so many samples takes.
  private static long bytes(TrainSettings asked, Prepared prepared, int batch) {
    Plan plan = Compiler.compile(TrainingGraph.of(prepared.model(), asked.loss(), asked.optimizer(), asked.seed()),
        batch, asked.target(), Long.MAX_VALUE);
    return plan.bytes() + plan.parameterBytes();
  }
}
