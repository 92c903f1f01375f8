package juanji.vector;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution with windows of one cell, and its input gradient where there are no steps: a product of matrices whose
/// rows are places.
///
/// A unit computes a chunk of places, which are a part of one image or several small images, for a range of panels of
/// target channels. It goes through the source channels in segments, so that a segment of a chunk stays in the
/// second-level cache while all panels pass, and the filters of one panel in the first while the chunk's tiles pass;
/// sums wait in the target. So filters are read once per chunk, however many channels there are. Phase 0 packs them
/// ([PointPack]); phase 1 computes.
///
/// Tiles read the source in place where neighbouring places lie side by side and the planes of a segment do not crowd
/// each other out of the second-level cache. Otherwise, and where images are so small that tiles have to take places of
/// several, a segment is copied to scratch memory first.
///
/// Memory traffic: the source once per range, the target once per segment, the filters once per chunk. Source: Goto and
/// van de Geijn, *Anatomy of high-performance matrix multiplication*, 2008.
final class PointConv implements Kernel {
  private static final int L = Machine.LANES;
  /// Channels per segment: their filters for two blocks stay in the first-level cache while a chunk's places pass.
  private static final int SEGMENT = 256;
  /// Places per chunk: the sums of two blocks then stay near until the chain is applied to them.
  private static final int PLACES = 256;
  /// The places that are worth being shared out between threads.
  private static final int LEAST_PLACES = 32;
  /// Images of fewer places share tiles.
  private static final int SMALL = 40;
  /// Bytes after which the sets of a small second-level cache repeat, and blocks of channels that may share sets.
  private static final int CACHE_SPAN = 64 * 1024;
  private static final int CROWD = 4;
  /// Floats of filters that are not expected in the second-level cache when a step begins.
  private static final int FAR = 64 * 1024;
  /// The most places of an image, for which tables are kept.
  private static final int MOST_PLACES = 1 << 20;

  private final Task task;
  private final PointPack pack;
  private final int images;
  private final int sourceBlocks;
  private final int targetBlocks;
  private final int sourcePlane;
  private final int places;
  private final boolean inPlace;
  private final boolean neighbours;
  private final int[] segments;
  private final int imageParts;
  private final int chunkImages;
  private final int chunks;
  private final int ranges;
  private final int blockStride;
  private final int[] offsets;
  private final int[] sources;
  private final int[] cells;
  private final int[] targets;
  private final int[][][] runs = new int[2][][];

  /// @param backward whether this is the input gradient of the convolution with this window
  PointConv(Task task, Window window, boolean backward) {
    this.task = task;
    Shape s = task.inputs().get(0);
    Shape y = task.output();
    Shape x = backward ? y : s;
    int channels = s.dim(1);
    this.images = s.dim(0);
    this.sourceBlocks = Math.ceilDiv(channels, L);
    this.targetBlocks = Math.ceilDiv(y.dim(1), L);
    this.sourcePlane = (int) s.size(2) * L;
    this.places = (int) y.size(2);
    this.neighbours = s.size(2) == places;
    this.segments = segments(channels);
    int most = Math.ceilDiv(sourceBlocks, segments.length - 1);
    this.inPlace = neighbours && places >= SMALL && crowd(sourcePlane, most) <= CROWD;
    this.imageParts = Math.max(halves(y.dim(1)), Math.ceilDiv(places, PLACES));
    this.chunkImages = imageParts > 1 ? 1 : chunkImages();
    this.chunks = Math.ceilDiv(images, chunkImages) * imageParts;
    this.pack = new PointPack(task.inputs().get(1), backward, segments);
    this.ranges = chunks == 0 ? 1 : Math.clamp(Math.ceilDiv(Machine.UNITS, chunks), 1, pack.panels().size());
    int chunkPlaces = Math.ceilDiv(places, imageParts) * chunkImages;
    this.blockStride = inPlace ? sourcePlane : Machine.apart(chunkPlaces * L);
    this.offsets = new int[channels];
    for (int i = 0; i + 1 < segments.length; i++) {
      for (int c = segments[i]; c < segments[i + 1]; c++) {
        offsets[c] = (inPlace ? c / L : c / L - segments[i] / L) * blockStride + c % L;
      }
    }
    this.cells = Sweep.cells(Sweep.axes(window, x.slice(2, x.rank()), backward));
    this.sources = new int[places * chunkImages];
    this.targets = new int[places * chunkImages];
    for (int p = 0; p < targets.length; p++) {
      targets[p] = (p / places * targetBlocks * places + p % places) * L;
      sources[p] = inPlace ? p / places * sourceBlocks * sourcePlane + p % places * L : p * L;
    }
    cut();
  }

  /// The bounds of segments of about equal numbers of whole blocks.
  private static int[] segments(int channels) {
    int blocks = Math.ceilDiv(channels, L);
    int count = Math.ceilDiv(blocks * L, SEGMENT);
    int[] bounds = new int[count + 1];
    Arrays.setAll(bounds, i -> Math.min(channels, (int) ((long) blocks * i / count) * L));
    return bounds;
  }

  /// How many of some planes begin at the same place of the second-level cache.
  private static int crowd(int plane, int planes) {
    int bytes = plane * Float.BYTES;
    int places = CACHE_SPAN / Math.max(1, Math.min(CACHE_SPAN, Integer.lowestOneBit(Math.max(1, bytes))));
    return Math.ceilDiv(planes, places);
  }

  /// The parts that a single image is cut into at least. Two threads that share its channels read half of the source
  /// from each other's caches; if they share its places, each reads all filters instead, which are fewer if there are
  /// not many targets.
  private int halves(int targets) {
    return images == 1 && places >= LEAST_PLACES && targets <= 2 * places ? 2 : 1;
  }

  /// Images per chunk: about as many places as a chunk may have, but enough chunks.
  private int chunkImages() {
    int most = Math.max(1, PLACES / Math.max(1, places));
    return Math.max(1, Math.ceilDiv(images, Math.ceilDiv(Math.max(1, images), most)));
  }

  /// Cuts the kinds of chunks that there are into tiles: each part of an image, or so many images.
  private void cut() {
    for (int vectors = 1; vectors <= 2; vectors++) {
      int kinds = imageParts > 1 ? imageParts : chunkImages;
      runs[vectors - 1] = new int[kinds][];
      for (int k = 0; k < kinds; k++) {
        List<Integer> tiles = new ArrayList<>();
        if (imageParts > 1) {
          Spacing.BLOCK.cut(firstPlace(k), firstPlace(k + 1) - firstPlace(k), vectors, false, tiles);
        } else if (!inPlace) {
          Spacing.BLOCK.cut(0, (k + 1) * places, vectors, false, tiles);
        } else {
          for (int i = 0; i <= k; i++) {
            Spacing.BLOCK.cut(i * places, places, vectors, false, tiles);
          }
        }
        runs[vectors - 1][k] = Spacing.runs(tiles);
      }
    }
  }

  private int firstPlace(int part) {
    return (int) ((long) places * part / imageParts);
  }

  /// Whether the window has one cell that stays inside. Between places there may be steps, but not in an input
  /// gradient, which leaves the places between them empty.
  static boolean fits(Window window, int groups, Shape source, Shape target, boolean backward) {
    Shape x = backward ? target : source;
    return groups == 1 && window.taps() == 1 && target.size(2) > 0 && target.size(2) <= MOST_PLACES
        && Sweep.axes(window, x.slice(2, x.rank()), backward).stream()
            .allMatch(a -> a.inside() && a.residues().size() == 1);
  }

  @Override public String name() {
    int vectors = pack.panels().getFirst().vectors();
    return "1×1 " + Spacing.BLOCK.pixels(vectors) + "×" + vectors * L;
  }

  @Override public String reason() {
    int most = Math.min(images, chunkImages) * Math.ceilDiv(places, imageParts);
    return segments[segments.length - 1] + " → " + task.output().dim(1) + " channels, chunks of " + most + " places, "
        + (inPlace ? "in place" : "gathered");
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? pack.panels().size() : chunks * ranges;
  }

  private int gatheredLength() {
    return inPlace ? 0 : Math.ceilDiv(sourceBlocks, segments.length - 1) * blockStride;
  }

  @Override public int scratch() {
    return gatheredLength() + task.chain().scratch() + 1;
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, pack.length()));
  }

  @Override public void run(Operands o, int phase, int unit, float[] scratch) {
    int packed = task.operands();
    if (phase == 0) {
      pack.pack(unit, o.array(2), o.offset(2), o.array(packed), o.offset(packed));
      return;
    }
    int chunk = unit / ranges;
    int image = chunk / imageParts * chunkImages;
    int count = Math.min(chunkImages, images - image);
    int part = chunk % imageParts;
    int kind = imageParts > 1 ? part : count - 1;
    int first = imageParts > 1 ? firstPlace(part) : 0;
    int last = imageParts > 1 ? firstPlace(part + 1) : places;
    int range = unit % ranges;
    for (int s = 0; s + 1 < segments.length; s++) {
      if (!inPlace) {
        gather(o, s, image, count, first, last, scratch);
      }
      for (int p = firstPanel(range); p < firstPanel(range + 1); p++) {
        PointPack.Panel panel = pack.panels().get(p);
        multiply(o, s, panel, image, kind, scratch, first);
        if (s + 2 == segments.length && !task.chain().isEmpty()) {
          finish(o, panel, image, count, first, last, scratch);
        }
      }
    }
  }

  private int firstPanel(int range) {
    return (int) ((long) pack.panels().size() * range / ranges);
  }

  /// Copies a segment of the places from `first` to `last` of some images.
  private void gather(Operands o, int segment, int image, int count, int first, int last, float[] scratch) {
    float[] x = o.array(1);
    int firstBlock = segments[segment] / L;
    int lastBlock = Math.ceilDiv(segments[segment + 1], L);
    int length = (last - first) * L;
    for (int i = 0; i < count; i++) {
      for (int b = firstBlock; b < lastBlock; b++) {
        int plane = o.offset(1) + ((image + i) * sourceBlocks + b) * sourcePlane;
        int to = CacheLine.FIRST + (b - firstBlock) * blockStride + i * length;
        if (neighbours) {
          copy(x, plane + first * L, scratch, to, length);
        } else {
          for (int p = first; p < last; p++) {
            FloatVector.fromArray(Machine.SPECIES, x, plane + cells[p])
                .intoArray(scratch, to + (p - first) * L);
          }
        }
      }
    }
  }

  /// Copies whole vectors: for so few, a call of the system's copy costs more.
  private static void copy(float[] x, int from, float[] to, int at, int length) {
    for (int i = 0; i < length; i += L) {
      FloatVector.fromArray(Machine.SPECIES, x, from + i).intoArray(to, at + i);
    }
  }

  private void multiply(Operands o, int segment, PointPack.Panel panel, int image, int kind, float[] scratch,
      int first) {
    int packed = task.operands();
    int vectors = panel.vectors();
    float[] x = inPlace ? o.array(1) : scratch;
    int xo = inPlace ? o.offset(1) + image * sourceBlocks * sourcePlane : CacheLine.FIRST - first * L;
    int yo = o.offset(0) + (image * targetBlocks + panel.block()) * places * L;
    int wo = o.offset(packed) + pack.offset(segment, panel);
    if (pack.length() >= FAR) {
      int length = (segments[segment + 1] - segments[segment]) * vectors * L;
      scratch[CacheLine.FIRST + scratch() - 1] = Near.bring(o.array(packed), wo, length);
    }
    int[] tiles = runs[vectors - 1][kind];
    for (int i = 0; i < tiles.length; i += 2) {
      Tiles.run(Spacing.BLOCK, vectors, tiles[i] & 15, segments[segment], segments[segment + 1], offsets, x, xo,
          sources, o.array(packed), wo, o.array(0), yo, targets, tiles[i] >> 5, tiles[i + 1], places * L, segment > 0);
    }
  }

  /// Applies the chain to a panel of some places.
  private void finish(Operands o, PointPack.Panel panel, int image, int count, int first, int last, float[] scratch) {
    for (int i = 0; i < count; i++) {
      for (int v = 0; v < panel.vectors(); v++) {
        int plane = ((image + i) * targetBlocks + panel.block() + v) * places;
        Finish.apply(task.chain(), o, (plane + first) * L, (last - first) * L, scratch,
            CacheLine.FIRST + gatheredLength());
      }
    }
  }
}
