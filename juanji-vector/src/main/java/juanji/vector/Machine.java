package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What the kernels are cut for: the processor's vectors and caches.
final class Machine {
  /// The widest vectors that pay.
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  /// Floats per vector, and channels per block.
  static final int LANES = SPECIES.length();
  /// Vector registers: 32 with AVX-512 and on AArch64, else 16.
  static final int REGISTERS = LANES >= 16 || "aarch64".equals(System.getProperty("os.arch")) ? 32 : 16;
  /// Floats of input that a unit of work may gather: a good part of a second-level cache, so that the output and the
  /// filters fit beside them.
  static final int GATHER = 64 * 1024;
  /// The number of units worth having: enough to keep several threads evenly busy.
  static final int UNITS = 8;

  /// Floats of a cache line.
  static final int LINE = 16;

  private Machine() {
  }

  /// So many floats, and some more: an odd number of cache lines. What lies this far apart does not crowd into the same
  /// sets of the caches.
  static int apart(int floats) {
    return (Math.ceilDiv(floats, LINE) | 1) * LINE;
  }
}
