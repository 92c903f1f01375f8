package juanji.kernel;

import juanji.tensor.Shape;

/// How a tensor's elements lie in memory.
///
/// *Plain* is row-major. *Blocked* by L divides the channels (axis 1) into blocks of L, padded to a whole number, and
/// puts a block's channels innermost: N × ⌈C/L⌉ × spatial × L. The padding lanes of the last block may hold anything:
/// they are never read as elements. Blocked tensors have rank 3 or more.
///
/// @param block channels per block; 1 means plain
public record Layout(int block) {
  /// Row-major.
  public static final Layout PLAIN = new Layout(1);

  /// Whether this is row-major.
  public boolean plain() {
    return block == 1;
  }

  /// Blocks of channels in a tensor of this layout.
  public int blocks(Shape shape) {
    return Math.ceilDiv(shape.dim(1), block);
  }

  /// The number of floats that a tensor takes.
  public long length(Shape shape) {
    return plain() ? shape.size() : (long) shape.dim(0) * blocks(shape) * shape.size(2) * block;
  }

  @Override public String toString() {
    return plain() ? "plain" : "C/" + block;
  }
}
