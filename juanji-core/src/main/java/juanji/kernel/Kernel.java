package juanji.kernel;

import java.util.Optional;

/// A way to compute one step of a plan, bound to its shapes and layouts.
///
/// A kernel is immutable and thread-safe. Its work is cut by output into units that may run in any order and on any
/// thread, with the same bits: a unit writes what no other unit of its phase writes, and the cut does not depend on the
/// number of threads. Phases run one after the other. Kernels never allocate, lock, log or throw while they run.
public interface Kernel {
  /// The algorithm's name, such as `direct 6×16`.
  String name();

  /// Why it was chosen, in a few words, for the plan's table.
  String reason();

  /// The number of phases, at least 1.
  default int phases() {
    return 1;
  }

  /// The number of independent units of a phase.
  int units(int phase);

  /// Floats of private scratch memory that each thread needs, behind the first [CacheLine#FIRST].
  default int scratch() {
    return 0;
  }

  /// Floats of memory shared by all units and phases of one run.
  default long workspace() {
    return 0;
  }

  /// What phase 0 makes of one operand, if it reads that operand alone and writes nothing else. Where nothing changes
  /// the operand, a plan keeps what was packed and runs phase 0 only once.
  default Optional<Packing> packing() {
    return Optional.empty();
  }

  /// Whether it applies its task's prologue, if there is one.
  default boolean readsThrough() {
    return false;
  }

  /// Whether the output may lie where an operand does, if both have the same shape and layout: what is written over
  /// has been read before and is needed neither by the same unit nor by another.
  ///
  /// @param operand from 1 on: the operation's inputs, then the operands of its task's chain
  default boolean overwrites(int operand) {
    return false;
  }

  /// An operand in the order in which a kernel reads it.
  ///
  /// @param operand which operand is packed
  /// @param floats the memory for the result; it is the operand before the workspace
  record Packing(int operand, long floats) {
  }

  /// Computes one unit.
  ///
  /// @param operands output, inputs, the packed operand, workspace
  /// @param phase from 0 to `phases() − 1`
  /// @param unit from 0 to `units(phase) − 1`
  /// @param scratch the calling thread's memory, of [CacheLine#FIRST] and at least [#scratch] floats with any contents;
  /// what is read and written by vectors best begins at [CacheLine#FIRST]
  void run(Operands operands, int phase, int unit, float[] scratch);
}
