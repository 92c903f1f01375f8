package juanji.nn;

import java.nio.charset.StandardCharsets;

/// Numbers that look random and are a function of a seed, a name and an index alone: the same on every machine, in any
/// order, at any thread count.
///
/// The name is hashed by FNV-1a; the finaliser is SplitMix64's (Steele, Lea and Flood, 2014).
final class Salt {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Salt() {
  }

  /// The stream of numbers that belongs to a name under a seed.
  static long of(long seed, String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return mix(mix(seed + GOLDEN) ^ hash);
  }

  /// The number at `index` of a stream, from 0 to below 1.
  static double uniform(long stream, long index) {
    return (mix(stream + (index + 1) * GOLDEN) >>> 11) * 0x1p-53;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
