package juanji.image;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Border;
import juanji.op.Padding;

/// Lays a kernel on every place of a picture, each channel on its own.
///
/// y[p] = Σ over t of w[t] · x[p + t − before] / divisor, rounded half up and limited to 0 … 255. The kernel is not
/// turned; [FilterKernel#turned()] makes it true convolution. With padding the picture keeps its size, the odd cell of
/// an even kernel behind; without, only whole windows count.
///
/// Sums of whole weights are exact in double precision, so that the result is exact to the rounding.
///
/// ```java
/// Picture soft = new PictureFilter(FilterKernel.named("gaussian"), Border.REFLECT, true, false).apply(photo);
/// ```
///
/// Constraints: C1 a reflected or circular border is narrower than the picture, and without padding the kernel fits.
///
/// @param kernel the weights
/// @param border what lies around the picture
/// @param padded whether the result is as large as the picture
/// @param absolute whether magnitudes are taken, so that falling edges show like rising ones
public record PictureFilter(FilterKernel kernel, Border border, boolean padded, boolean absolute) {
  /// Hears how many rows are done.
  public interface Progress {
    /// After some rows.
    void done(int rows, int total);
  }

  /// Opens the picture; for a circular border it is opened twice.
  public interface Opening {
    /// The picture from its first row on.
    PictureRows open();
  }

  /// Takes the result.
  public interface Sink {
    /// Where rows go, once their number and width are known.
    PictureWriter create(int channels, int height, int width);
  }

  private static final int ROWS = 64;
  private static final int FLOATS = 1 << 24;
  private static final int PIECE = 1024;

  private Axis.Placed placed(int kernelExtent, int extent) {
    return Axis.of(kernelExtent).withPadding(padded ? Padding.SAME : Padding.VALID).over(extent);
  }

  /// The size of the result: height and width.
  ///
  /// @throws IllegalArgumentException if C1 is broken
  public int[] size(int height, int width) {
    int[] before = new int[2];
    int[] after = new int[2];
    int[] extents = {height, width};
    int[] kernels = {kernel.height(), kernel.width()};
    int[] out = new int[2];
    for (int i = 0; i < 2; i++) {
      if (!padded && kernels[i] > extents[i]) {
        throw refusal(height, width);
      }
      Axis.Placed placed = placed(kernels[i], extents[i]);
      before[i] = placed.before();
      after[i] = placed.after();
      out[i] = placed.out();
      if (padded && !border.fits(extents[i], before[i], after[i])) {
        throw refusal(height, width);
      }
    }
    return out;
  }

  private IllegalArgumentException refusal(int height, int width) {
    return new IllegalArgumentException("the kernel does not fit the picture.\n"
        + "  C1: the border is narrower than the picture, or without padding the kernel is not larger; received "
        + kernel.height() + " × " + kernel.width() + " on " + height + " × " + width + ".\n"
        + "  Use a smaller kernel, or a border of zeros.");
  }

  /// Filters a picture in memory.
  public Picture apply(Picture picture) {
    int[] size = size(picture.height(), picture.width());
    byte[] result = new byte[picture.channels() * size[0] * size[1]];
    int plane = picture.height() * picture.width();
    byte[] row = new byte[picture.channels() * size[1]];
    Strip strip = new Strip(picture.channels(), picture.height(), picture.width());
    byte[] source = new byte[picture.channels() * picture.width()];
    for (int y = -strip.top; y < size[0] - strip.top + kernel.height() - 1; y++) {
      int from = place(y, picture.height());
      if (from >= 0) {
        for (int c = 0; c < picture.channels(); c++) {
          System.arraycopy(picture.pixels(), c * plane + from * picture.width(), source, c * picture.width(),
              picture.width());
        }
      }
      strip.put(y, from < 0 ? null : source);
      int done = y + strip.top - kernel.height() + 1;
      if (done >= 0) {
        strip.row(done, row);
        for (int c = 0; c < picture.channels(); c++) {
          System.arraycopy(row, c * size[1], result, c * size[0] * size[1] + done * size[1], size[1]);
        }
      }
    }
    return new Picture(picture.channels(), size[0], size[1], result);
  }

  /// Where the border takes a cell from: −1 for none.
  private int place(int at, int extent) {
    if (at >= 0 && at < extent) {
      return at;
    }
    return switch (border) {
      case ZERO -> -1;
      case REPLICATE -> Math.clamp(at, 0, extent - 1);
      case REFLECT -> at < 0 ? -at : 2 * (extent - 1) - at;
      case CIRCULAR -> Math.floorMod(at, extent);
    };
  }

  /// Filters a picture of any size, some rows at a time.
  ///
  /// @param opening opens the picture
  /// @param sink takes the result
  public void run(Opening opening, Sink sink, Progress progress) {
    try (PictureRows rows = opening.open()) {
      int height = rows.height();
      int width = rows.width();
      int[] size = size(height, width);
      Strip strip = new Strip(rows.channels(), height, width);
      Map<Integer, byte[]> edges = padded && border != Border.ZERO ? edges(opening, strip, height) : Map.of();
      try (PictureWriter out = sink.create(rows.channels(), size[0], size[1])) {
        stream(rows, strip, edges, size, out, progress);
      }
    }
  }

  /// The rows that the border needs out of their turn, by their number; circular ones lie at the other end.
  private Map<Integer, byte[]> edges(Opening opening, Strip strip, int height) {
    int after = Math.max(0, placed(kernel.height(), height).after());
    TreeSet<Integer> wanted = new TreeSet<>();
    for (int y = -strip.top; y < height + after; y = y == -1 ? height : y + 1) {
      wanted.add(place(y, height));
    }
    Map<Integer, byte[]> edges = new HashMap<>();
    try (PictureRows rows = opening.open()) {
      byte[] row = new byte[rows.channels() * rows.width()];
      for (int y = 0; !wanted.isEmpty() && y <= wanted.last(); y++) {
        rows.read(row);
        if (wanted.contains(y)) {
          edges.put(y, row.clone());
        }
      }
    }
    return edges;
  }

  private void stream(PictureRows rows, Strip strip, Map<Integer, byte[]> edges, int[] size, PictureWriter out,
      Progress progress) {
    int height = rows.height();
    byte[] source = new byte[rows.channels() * rows.width()];
    byte[][] results = new byte[strip.rows][rows.channels() * size[1]];
    int written = 0;
    int ready = 0;
    for (int y = -strip.top; y < size[0] - strip.top + kernel.height() - 1; y++) {
      if (y >= 0 && y < height) {
        rows.read(source);
        strip.put(y, source);
      } else {
        int from = place(y, height);
        strip.put(y, from < 0 ? null : edges.get(from));
      }
      int done = y + strip.top - kernel.height() + 1;
      ready = done + 1;
      if (done >= 0 && (ready - written == strip.rows || ready == size[0])) {
        int first = written;
        IntStream.range(0, ready - first).parallel().forEach(i -> strip.row(first + i, results[i]));
        for (int i = 0; i < ready - first; i++) {
          out.write(results[i]);
        }
        written = ready;
        progress.done(written, size[0]);
      }
    }
    // Rows below the last window are read, too: a damaged file is not passed over.
    for (int y = Math.max(0, size[0] - strip.top + kernel.height() - 1); y < height; y++) {
      rows.read(source);
    }
  }

  /// The rows that the next results need, as numbers, with their borders left and right.
  private final class Strip {
    private final int channels;
    private final int width;
    private final int across;
    private final int wide;
    private final int top;
    private final int left;
    private final int rows;
    private final float[][] ring;

    Strip(int channels, int height, int width) {
      this.channels = channels;
      this.width = width;
      Axis.Placed down = placed(kernel.height(), height);
      Axis.Placed along = placed(kernel.width(), width);
      this.top = down.before();
      this.left = along.before();
      this.across = along.out();
      this.wide = across + kernel.width() - 1;
      this.rows = Math.clamp(FLOATS / ((long) channels * wide), 1, ROWS);
      this.ring = new float[rows + kernel.height() + 1][channels * wide];
    }

    private float[] at(int y) {
      return ring[Math.floorMod(y, ring.length)];
    }

    /// Puts a source row into its place; null is a row of zeros.
    void put(int y, byte[] source) {
      float[] row = at(y);
      if (source == null) {
        Arrays.fill(row, 0);
        return;
      }
      for (int c = 0; c < channels; c++) {
        int to = c * wide;
        int from = c * width;
        for (int i = 0; i < wide; i++) {
          int x = i - left;
          if (x < 0 || x >= width) {
            int place = place(x, width);
            row[to + i] = place < 0 ? 0 : source[from + place] & 255;
          }
        }
        int inner = Math.min(width, wide - left);
        for (int x = 0; x < inner; x++) {
          row[to + left + x] = source[from + x] & 255;
        }
      }
    }

    /// One row of the result, in pieces whose sums stay in the first-level cache.
    void row(int y, byte[] result) {
      double[] sums = new double[Math.min(across, PIECE)];
      for (int c = 0; c < channels; c++) {
        for (int x = 0; x < across; x += PIECE) {
          piece(y, c, x, Math.min(PIECE, across - x), sums, result);
        }
      }
    }

    private void piece(int y, int c, int start, int length, double[] sums, byte[] result) {
      Arrays.fill(sums, 0);
      for (int r = 0; r < kernel.height(); r++) {
        float[] source = at(y - top + r);
        for (int k = 0; k < kernel.width(); k++) {
          double w = kernel.weights()[r][k];
          if (w != 0) {
            int from = c * wide + start + k;
            for (int x = 0; x < length; x++) {
              sums[x] += w * source[from + x];
            }
          }
        }
      }
      int to = c * across + start;
      for (int x = 0; x < length; x++) {
        double v = sums[x] / kernel.divisor();
        v = absolute ? Math.abs(v) : v;
        result[to + x] = (byte) (int) Math.clamp(Math.floor(v + 0.5), 0, 255);
      }
    }
  }
}
