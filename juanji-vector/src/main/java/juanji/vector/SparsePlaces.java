package juanji.vector;

import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Which cells of a map the window at each place sees, for gradients of which nearly all numbers are zero.
///
/// Where a number is not zero, the kernels add what it contributes to all cells and channels under its window; what is
/// zero costs a comparison. So products with zeros are left out: where the other factor is infinite, they would have
/// been no number.
final class SparsePlaces {
  /// More cells and taps than this are not worth a table.
  private static final int MOST = 1 << 20;

  private final int taps;
  private final int places;
  private final int[] cells;

  /// @param spatial the extents of the map that the window goes over
  SparsePlaces(Window window, Shape spatial) {
    this.taps = window.taps();
    this.places = (int) window.output(spatial).size();
    this.cells = new int[places * taps];
    List<Axis.Placed> placed = window.over(spatial);
    for (int i = 0; i < cells.length; i++) {
      int cell = 0;
      int unit = 1;
      int place = i / taps;
      int tap = i % taps;
      for (int a = window.rank() - 1; a >= 0; a--) {
        Axis axis = window.axes().get(a);
        int at = place % placed.get(a).out() * axis.stride() + tap % axis.kernel() * axis.dilation()
            - placed.get(a).before();
        cell = cell < 0 || at < 0 || at >= spatial.dim(a) ? -1 : cell + at * unit;
        unit *= spatial.dim(a);
        place /= placed.get(a).out();
        tap /= axis.kernel();
      }
      cells[i] = cell;
    }
  }

  /// Whether a convolution from x to y has channels enough for blocks, and few enough places for a table.
  static boolean fit(Window window, int groups, Shape x, Shape y) {
    return groups == 1 && Math.min(x.dim(1), y.dim(1)) >= Machine.LANES / 2 && y.size(2) * window.taps() <= MOST;
  }

  int taps() {
    return taps;
  }

  /// The places that the window takes.
  int places() {
    return places;
  }

  /// Multiplies each number of a block of filters' gradients that is not zero by its filter and adds that to the cells
  /// under its window, or multiplies it by these cells and adds that to its filter, for `count` blocks of channels.
  ///
  /// @param dy the gradients, from `at` on; those of the first `lanes` filters of the block are not padding
  /// @param filters the block's filters, from `fo` on: [filter][tap][`width` channels]
  /// @param map the cells, from `mo` on, of which blocks of channels lie `plane` apart
  /// @param toMap whether cells are added to, rather than filters
  void add(float[] dy, int at, int lanes, float[] filters, int fo, int width, float[] map, int mo, int plane,
      int count, boolean toMap) {
    for (int place = 0; place < places; place++) {
      int from = at + place * Machine.LANES;
      for (long rest = present(dy, from, lanes); rest != 0; rest &= rest - 1) {
        int lane = Long.numberOfTrailingZeros(rest);
        for (int tap = 0; tap < taps; tap++) {
          int cell = cells[place * taps + tap];
          int filter = fo + (lane * taps + tap) * width;
          if (cell >= 0 && toMap) {
            add(dy[from + lane], count, filters, filter, Machine.LANES, map, mo + cell * Machine.LANES, plane);
          } else if (cell >= 0) {
            add(dy[from + lane], count, map, mo + cell * Machine.LANES, plane, filters, filter, Machine.LANES);
          }
        }
      }
    }
  }

  /// Which of the first `lanes` numbers of a vector are not zero, as bits.
  private static long present(float[] from, int at, int lanes) {
    return FloatVector.fromArray(Machine.SPECIES, from, at).compare(VectorOperators.NE, 0).toLong()
        & (1L << lanes) - 1;
  }

  /// Adds a multiple of `count` vectors, `fromStep` apart, to as many, `toStep` apart.
  private static void add(float factor, int count, float[] from, int at, int fromStep, float[] to, int out,
      int toStep) {
    FloatVector f = FloatVector.broadcast(Machine.SPECIES, factor);
    for (int i = 0; i < count; i++) {
      int place = out + i * toStep;
      FloatVector.fromArray(Machine.SPECIES, from, at + i * fromStep)
          .fma(f, FloatVector.fromArray(Machine.SPECIES, to, place)).intoArray(to, place);
    }
  }

  /// How many parts a number of blocks of channels is cut into, so that `others` such parts are enough units and each
  /// has at most `most` blocks.
  static int parts(int blocks, int others, int most) {
    int wanted = Math.max(Math.ceilDiv(Machine.UNITS, Math.max(1, others)), Math.ceilDiv(blocks, Math.max(1, most)));
    return Math.min(wanted, blocks);
  }
}
