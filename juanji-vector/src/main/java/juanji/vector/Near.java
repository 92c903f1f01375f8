package juanji.vector;

/// Brings what comes from far into the near caches before it is needed.
///
/// The register tiles compute so much per number of a filter that the processor cannot look far enough ahead to fetch
/// the next ones meanwhile: filters from memory cost their whole way there on top of the products, 15 GB/s on a machine
/// where a plain walk over them gets 33. Java has no prefetch instruction; reading one number of each line is one.
final class Near {
  private Near() {
  }

  /// Reads one number of each line.
  ///
  /// @return their sum, which has to be kept somewhere: else the compiler drops the reading
  static float bring(float[] from, int at, int length) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int end = at + length;
    int i = at;
    for (; i + 3 * Machine.LINE < end; i += 4 * Machine.LINE) {
      a += from[i];
      b += from[i + Machine.LINE];
      c += from[i + 2 * Machine.LINE];
      d += from[i + 3 * Machine.LINE];
    }
    return a + b + c + d;
  }
}
