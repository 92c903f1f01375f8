package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.ConvFilter;
import juanji.tensor.Shape;

/// The filter gradient by the definition: sums over all pixels, a few filter cells times one or two blocks of filters
/// at a time in registers.
///
/// It is the register tile with exchanged roles: the reduction runs over a stripe's pixels, a tile's "pixels" are
/// filter cells (channel and tap), and dy takes the filters' place. The batch is cut into a number of chunks that
/// depends on the shapes alone; phase 0 sums each chunk into the workspace, phase 1 adds the chunks in order and writes
/// the filters. If there is one chunk, phase 0 writes them while their sums are in the cache. Small images are taken
/// several at a time, so that a sum that is fetched has many terms added. Memory traffic: x and dy once per range of
/// filters, the partial sums once per stripe, or once per several images.
final class DirectFilter implements Kernel {
  /// Pixels per stripe: dy for two blocks and x for one stay in the first-level cache.
  private static final int PIXELS = 256;
  /// Floats of partial sums that a unit goes through per stripe: a part of the second-level cache.
  private static final int PARTIAL = 64 * 1024;
  /// Pixels that are worth a fetch of the sums, and the copies of several images that stay in the second-level cache.
  private static final int MANY_PIXELS = 128;
  private static final int COPIES = 128 * 1024;

  private final Task task;
  private final Sweep sweep;
  private final Sweep.Part part;
  private final int images;
  private final int filters;
  private final int xPlanes;
  private final int block;
  private final int dyBlock;
  private final int channels;
  private final int perGroup;
  private final int groupFilters;
  private final int taps;
  private final List<Panel> panels = new ArrayList<>();
  private final int[] cells;
  private final int[] sums1;
  private final int[] sums2;
  private final int[] tiles1;
  private final int[] tiles2;
  private final Spacing spacing;
  private final int chunks;
  private final int ranges;
  private final int chunkLength;
  private final int maxPlanes;
  private final int together;
  private final int[] places;
  private final FilterRows rows;

  /// One or two blocks of filters that are computed together.
  ///
  /// @param filter the first filter
  /// @param count the filters that are not padding
  /// @param channel the first channel of x that they see
  /// @param offset where the panel's sums begin in a chunk's
  record Panel(int filter, int count, int vectors, int channel, int offset) {
  }

  DirectFilter(Task task, ConvFilter op) {
    this.task = task;
    Shape x = task.inputs().get(0);
    Shape dy = task.inputs().get(1);
    this.block = task.layouts().get(0).block();
    this.dyBlock = task.layouts().get(1).block();
    this.filters = dy.dim(1);
    this.images = x.dim(0);
    int groups = op.groups();
    this.xPlanes = Math.ceilDiv(x.dim(1), block);
    GroupPanels grouped = GroupPanels.of(false, groups, x.dim(1), filters, block);
    this.channels = grouped.sourceChannels();
    this.perGroup = x.dim(1) / groups;
    this.groupFilters = filters / groups;
    this.taps = op.window().taps();
    this.sweep = new Sweep(Sweep.axes(op.window(), x.slice(2, x.rank()), false), block,
        Math.ceilDiv(channels, block), false, PIXELS, images);
    this.part = sweep.parts().getFirst().getFirst();
    this.cells = new int[channels * taps];
    int at = 0;
    // Lanes innermost: neighbouring taps of a whole block then lie behind one another.
    for (int first = 0; first < channels; first += block) {
      for (int tap = 0; tap < taps; tap++) {
        for (int c = first; c < Math.min(channels, first + block); c++) {
          cells[at++] = sweep.channel(c) + part.shifts()[tap];
        }
      }
    }
    boolean runs = cells.length >= 3 * runs();
    this.spacing = runs ? Spacing.ONE : Spacing.TABLE;
    this.tiles1 = tiles(1);
    this.tiles2 = tiles(2);
    this.sums1 = sums(Machine.LANES);
    this.sums2 = sums(2 * Machine.LANES);
    this.chunkLength = panels(grouped);
    this.ranges = Math.clamp(Math.ceilDiv(chunkLength, PARTIAL), 1, panels.size());
    int most = 0;
    for (int r = 0; r < ranges; r++) {
      most = Math.max(most, lastPlane(r) - firstPlane(r));
    }
    this.maxPlanes = most;
    this.together = sweep.inPlace() || sweep.stripes() * sweep.targetDepth() > 1 ? 1
        : Math.clamp(Math.min(MANY_PIXELS / pixels(0), COPIES / copy()), 1, Math.max(1, images));
    this.places = places();
    this.chunks = Math.clamp(Math.ceilDiv(Machine.UNITS, ranges), 1, Math.max(1, turns()));
    this.rows = new FilterRows(task, perGroup, taps, CacheLine.FIRST);
  }

  /// The pixels of a stripe.
  private int pixels(int stripe) {
    return sweep.rows(part.height(), stripe) * sweep.targetWidth();
  }

  /// Floats of an image's copy.
  private int copy() {
    return sweep.gathered() * maxPlanes;
  }

  /// How often something is added to the sums: for each stripe, or for some images.
  private int turns() {
    return Math.ceilDiv(images, together) * sweep.targetDepth() * sweep.stripes();
  }

  /// Where the pixels are of images whose copies follow one another.
  private int[] places() {
    int[] one = part.places();
    int pixels = pixels(0);
    return together == 1 ? one : IntStream.range(0, together * pixels)
        .map(p -> p / pixels * copy() + one[p % pixels]).toArray();
  }

  private int panels(GroupPanels grouped) {
    int at = 0;
    for (GroupPanels.Panel p : grouped.panels()) {
      panels.add(new Panel(p.channel(), p.channels(), p.vectors(), p.sourceChannel(), at));
      at = Math.addExact(at, cells.length * p.vectors() * Machine.LANES);
    }
    return at;
  }

  /// Whether a cell lies directly behind the one before.
  private boolean follows(int cell) {
    return cell > 0 && cells[cell] == cells[cell - 1] + 1;
  }

  /// The number of runs of neighbouring cells.
  private int runs() {
    return (int) IntStream.range(0, cells.length).filter(i -> !follows(i)).count();
  }

  /// Cuts the filter cells into tiles.
  private int[] tiles(int vectors) {
    List<Integer> tiles = new ArrayList<>();
    for (int from = 0; from < cells.length;) {
      int to = from + 1;
      while (to < cells.length && (spacing.table() || follows(to))) {
        to++;
      }
      spacing.cut(from, to - from, vectors, false, tiles);
      from = to;
    }
    return Spacing.runs(tiles);
  }

  private int[] sums(int width) {
    int[] places = new int[cells.length];
    Arrays.setAll(places, i -> i * width);
    return places;
  }

  @Override public String name() {
    int vectors = panels.getFirst().vectors();
    return "filter " + spacing.pixels(vectors) + "×" + vectors * Machine.LANES;
  }

  @Override public String reason() {
    return channels + " × " + taps + " cells, " + filters + " filters, " + chunks
        + (chunks == 1 ? " chunk" : " chunks") + " of the batch";
  }

  @Override public int phases() {
    return chunks == 1 ? 1 : 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? chunks * ranges : panels.size();
  }

  @Override public int scratch() {
    return Math.max(together * (copy() + sweep.stripeRows() * sweep.targetWidth() * 2 * Machine.LANES),
        rows.scratch());
  }

  @Override public boolean overwrites(int operand) {
    return Finish.overwrites(task, operand);
  }

  @Override public long workspace() {
    return (long) chunks * chunkLength;
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      accumulate(operands, unit, scratch);
    } else {
      finish(operands, panels.get(unit), scratch);
    }
  }

  private int firstPanel(int range) {
    return (int) ((long) panels.size() * range / ranges);
  }

  private int firstPlane(int range) {
    return sweep.channel(panels.get(firstPanel(range)).channel()) / sweep.blockStride();
  }

  private int lastPlane(int range) {
    return sweep.channel(panels.get(firstPanel(range + 1) - 1).channel() + channels - 1) / sweep.blockStride() + 1;
  }

  private void accumulate(Operands operands, int unit, float[] scratch) {
    int range = unit % ranges;
    int chunk = unit / ranges;
    int begin = (int) ((long) turns() * chunk / chunks);
    int end = (int) ((long) turns() * (chunk + 1) / chunks);
    int firstPlane = firstPlane(range);
    int planes = lastPlane(range) - firstPlane;
    float[] source = operands.array(1);
    int sumsAt = operands.offset(task.operands()) + chunk * chunkLength;
    for (int i = begin; i < end; i++) {
      int stripe = i % sweep.stripes();
      int depth = i / sweep.stripes() % sweep.targetDepth();
      int image = i / sweep.stripes() / sweep.targetDepth() * together;
      int count = Math.min(together, images - image);
      int from = operands.offset(1) + image * xPlanes * sweep.sourcePlane();
      float[] x = source;
      int xo = from + sweep.origin(depth, stripe);
      if (!sweep.inPlace()) {
        for (int more = 0; more < count; more++) {
          sweep.gather(source, from + (more * xPlanes + firstPlane) * sweep.sourcePlane(), planes, depth, stripe,
              scratch, CacheLine.FIRST + more * copy());
        }
        x = scratch;
        xo = CacheLine.FIRST - firstPlane * sweep.blockStride();
      }
      for (int p = firstPanel(range); p < firstPanel(range + 1); p++) {
        add(operands, panels.get(p), image, count, depth, stripe, x, xo, sumsAt, i > begin, scratch);
      }
    }
    for (int p = firstPanel(range); p < firstPanel(range + 1) && chunks == 1; p++) {
      finish(operands, panels.get(p), scratch);
    }
  }

  /// Adds the products of a stripe of an image, or of some whole images, to a panel's sums.
  private void add(Operands operands, Panel panel, int image, int count, int depth, int stripe, float[] x, int xo,
      int sumsAt, boolean add, float[] scratch) {
    int pixels = pixels(stripe);
    float[] dy = scratch;
    int dyAt = CacheLine.FIRST + together * copy();
    if (dyBlock > 1 && panel.vectors() == 1 && together == 1) {
      dy = operands.array(2);
      dyAt = operands.offset(2) + gradient(image, panel.filter() / dyBlock, depth, stripe) * dyBlock;
    } else {
      for (int more = 0; more < count; more++) {
        pack(operands, panel, image + more, depth, stripe, pixels, scratch,
            dyAt + more * pixels * panel.vectors() * Machine.LANES);
      }
    }
    int[] tiles = panel.vectors() == 1 ? tiles1 : tiles2;
    int[] targets = panel.vectors() == 1 ? sums1 : sums2;
    int channel = xo + sweep.channel(panel.channel());
    for (int j = 0; j < tiles.length; j += 2) {
      Tiles.run(spacing, panel.vectors(), tiles[j] & 15, 0, count * pixels, places, x, channel, cells, dy, dyAt,
          operands.array(task.operands()), sumsAt + panel.offset(), targets, tiles[j] >> 5, tiles[j + 1],
          Machine.LANES, add);
    }
  }

  /// The index of a stripe's first pixel in the planes of dy, where a plane is a channel or a block of channels.
  private int gradient(int image, int plane, int depth, int stripe) {
    int planes = Math.ceilDiv(filters, dyBlock);
    return (((image * planes + plane) * sweep.targetDepth() + depth) * sweep.targetHeight() + sweep.firstRow(stripe))
        * sweep.targetWidth();
  }

  /// Lays dy out as [pixel][vectors · L].
  private void pack(Operands operands, Panel panel, int image, int depth, int stripe, int pixels, float[] to,
      int offset) {
    float[] dy = operands.array(2);
    int width = panel.vectors() * Machine.LANES;
    if (dyBlock > 1) {
      for (int v = 0; v < panel.vectors(); v++) {
        int from = operands.offset(2) + gradient(image, panel.filter() / dyBlock + v, depth, stripe) * dyBlock;
        int out = offset + v * Machine.LANES;
        for (int i = 0; i < pixels; i++) {
          FloatVector.fromArray(Machine.SPECIES, dy, from + i * dyBlock)
              .intoArray(to, out + i * width);
        }
      }
      return;
    }
    for (int f = 0; f < width; f++) {
      if (f >= panel.count()) {
        for (int i = 0; i < pixels; i++) {
          to[offset + i * width + f] = 0;
        }
      } else {
        int from = operands.offset(2) + gradient(image, panel.filter() + f, depth, stripe);
        for (int i = 0; i < pixels; i++) {
          to[offset + i * width + f] = dy[from + i];
        }
      }
    }
  }

  /// Adds the chunks in order and writes a panel's filters.
  private void finish(Operands operands, Panel panel, float[] scratch) {
    float[] sums = operands.array(task.operands());
    int from = operands.offset(task.operands()) + panel.offset();
    int width = panel.vectors() * Machine.LANES;
    if (images == 0) {
      Arrays.fill(sums, from, from + cells.length * width, 0);
    }
    FilterRows.join(sums, from, cells.length * width, chunks, chunkLength);
    for (int first = 0; first < perGroup; first += rows.together()) {
      int count = Math.min(rows.together(), perGroup - first);
      for (int c = first; c < first + count; c++) {
        turn(panel, c, c - first, sums, from, scratch);
      }
      rows.write(operands, panel.filter(), panel.count(), first, count, scratch);
    }
  }

  /// Takes a channel of the filters' group: of the channels that the panel sums, each group of filters sees its own.
  private void turn(Panel panel, int channel, int row, float[] sums, int from, float[] scratch) {
    int width = panel.vectors() * Machine.LANES;
    for (int f = 0; f < panel.count();) {
      int group = (panel.filter() + f) / groupFilters;
      int end = Math.min(panel.count(), (group + 1) * groupFilters - panel.filter());
      int seen = group * perGroup + channel - panel.channel();
      rows.turn(f, end - f, row * taps, taps, sums, from + cell(seen) * width + f, cellStep(seen) * width, scratch);
      f = end;
    }
  }

  /// The number of a channel's first tap among the cells.
  private int cell(int channel) {
    return channel / block * block * taps + channel % block;
  }

  /// How far a channel's taps lie apart among the cells: the channels of its block that there are.
  private int cellStep(int channel) {
    return Math.min(block, channels - channel / block * block);
  }
}
