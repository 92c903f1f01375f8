package juanji.vector;

/// How the pixels of a register tile lie in memory. Known distances let the compiler check one place per tile instead
/// of one per pixel.
enum Spacing {
  /// Neighbours in a row of a plain tensor, or in a packed panel.
  ONE,
  /// Every second number of a row of a plain tensor.
  TWO,
  /// Neighbours in a row of a blocked tensor.
  BLOCK,
  /// Every second pixel of a row of a blocked tensor.
  TWO_BLOCKS,
  /// Anywhere: a table tells the place of each.
  TABLE,
  /// As [#BLOCK], for kernels that work lane by lane.
  LANES_BLOCK,
  /// As [#TABLE], for kernels that work lane by lane.
  LANES_TABLE;

  /// The kind of tile for pixels `step` floats apart.
  static Spacing of(int step, boolean lanewise) {
    if (lanewise) {
      return step == Machine.LANES ? LANES_BLOCK : LANES_TABLE;
    }
    return step == 1 ? ONE : step == 2 ? TWO : step == Machine.LANES ? BLOCK
        : step == 2 * Machine.LANES ? TWO_BLOCKS : TABLE;
  }

  /// Whether each pixel has its own place.
  boolean table() {
    return this == TABLE || this == LANES_TABLE;
  }

  /// The most pixels per tile that the machine's registers hold without spilling.
  int pixels(int vectors) {
    if (Machine.REGISTERS >= 32) {
      return 14;
    }
    return vectors == 1 ? 12 : table() ? 6 : 5;
  }
}
