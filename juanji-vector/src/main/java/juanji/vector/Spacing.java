package juanji.vector;

import java.util.Arrays;
import java.util.List;

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

  /// The most pixels per tile that the machine's registers hold without spilling. The compiler loads several factors
  /// ahead: with 32 registers a fourteenth pixel of two vectors spills one sum, whose way through memory then becomes
  /// the loop's length; with 16, tiles of known spacing take five pixels, as a sixth would spill.
  int pixels(int vectors) {
    if (Machine.REGISTERS >= 32) {
      return vectors == 1 ? 14 : 13;
    }
    return this == LANES_BLOCK ? 14 : vectors == 1 ? 12 : table() ? 6 : 5;
  }

  /// Tiles as pairs of numbers: a tile's code, and how many tiles of so many pixels follow one another there.
  static int[] runs(List<Integer> tiles) {
    int[] runs = new int[2 * tiles.size()];
    int at = 0;
    for (int tile : tiles) {
      if (at > 0 && tile - runs[at - 2] == runs[at - 1] * 32 * (tile & 15)) {
        runs[at - 1]++;
      } else {
        runs[at++] = tile;
        runs[at++] = 1;
      }
    }
    return Arrays.copyOf(runs, at);
  }

  /// The kind of tile for pixels that this kind cannot take together.
  Spacing scattered() {
    return this == LANES_BLOCK || this == LANES_TABLE ? LANES_TABLE : TABLE;
  }

  /// Appends tiles for `length` neighbouring pixels from `first` on, coded as 32 · first pixel + pixels.
  ///
  /// With few registers the full tile is so much better than the next smaller ones that it is worth leaving one or two
  /// pixels over, which are collected from all rows and computed together.
  ///
  /// @param collect whether pixels may be left over
  /// @return the pixels taken
  int cut(int first, int length, int vectors, boolean collect, List<Integer> tiles) {
    int most = pixels(vectors);
    int rest = length % most;
    boolean leave = most == 5 && collect && length > most && (rest == 1 || rest == 2);
    boolean full = leave || most == 5 && rest >= 3;
    int taken = leave ? length - rest : length;
    int count = Math.ceilDiv(taken, most);
    for (int i = 0; i < count; i++) {
      int from = full ? i * most : (int) ((long) taken * i / count);
      int to = full ? Math.min(taken, from + most) : (int) ((long) taken * (i + 1) / count);
      tiles.add((first + from) * 32 + to - from);
    }
    return taken;
  }
}
