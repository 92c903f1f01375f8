package juanji.kernel;

/// Arrays in which it is known where cache lines begin, so that vectors as long as a line do not straddle two.
///
/// A vector that straddles two lines costs two reads, or two writes. Java does not tell where an array lies, but
/// collectors that divide the heap into regions (G1, the default, ZGC and Shenandoah) put an array of half a region or
/// more at the beginning of one and never move it. Its numbers begin behind a header of 16 bytes, so that number 12
/// is the first to begin a line of 64 bytes. Elsewhere nothing is lost but a little memory: every place is as good as
/// another.
public final class CacheLine {
  /// The number in an array from [#array] that begins a cache line.
  public static final int FIRST = 12;
  /// Floats of half a region of G1: a 2048th of the heap, in whole powers of two, divided by two. Shorter arrays are
  /// made so long, unless that is more than they are worth.
  private static final int HALF_REGION = Math.clamp(
      Long.highestOneBit(Runtime.getRuntime().maxMemory() / 2048) / 2 / Float.BYTES, 1 << 17, 1 << 20);
  /// Floats that are worth an array of half a region.
  private static final int WORTH = 1 << 12;

  private CacheLine() {
  }

  /// Zeros, of which `floats` lie behind the first [#FIRST].
  public static float[] array(int floats) {
    int length = Math.addExact(floats, FIRST);
    return new float[floats < WORTH ? length : Math.max(length, HALF_REGION)];
  }
}
