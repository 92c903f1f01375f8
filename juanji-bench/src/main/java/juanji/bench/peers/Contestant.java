package juanji.bench.peers;

/// One system with one workload, ready to run. Made, used and closed within one process.
interface Contestant extends AutoCloseable {
  /// What must agree between systems: the losses of the first four steps from the initial weights, or the scores.
  /// Called once, before anything else.
  float[] check();

  /// The settings to choose the fastest of, each in words.
  String[] settings();

  /// Takes one of the settings.
  void choose(int setting);

  /// One training step or one inference.
  void run();

  /// Multiplications and additions of a run by the definition; 0 if the system does not say.
  default double flops() {
    return 0;
  }

  /// The version and whatever else tells what was measured.
  String version();

  @Override void close();
}
