package juanji.kernel;

/// The memory that a kernel works on: an array and an offset for the output (number 0), for each input in the order of
/// the [Task] (from 1 on), and then, if the kernel asked for them, for its packed operand and its workspace.
public final class Operands {
  private final float[][] arrays;
  private final int[] offsets;

  /// Operands at the given places.
  public Operands(float[][] arrays, int[] offsets) {
    this.arrays = arrays;
    this.offsets = offsets;
  }

  /// The array that holds an operand.
  public float[] array(int operand) {
    return arrays[operand];
  }

  /// Where in its array an operand begins.
  public int offset(int operand) {
    return offsets[operand];
  }
}
