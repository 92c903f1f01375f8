package juanji.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Convolution and its input gradient by the definition: each target pixel sums over its taps in registers.
///
/// It wins wherever there are several output channels and no shortcut (Winograd) applies. Phase 0 packs the filters as
/// [group of channel blocks][tap][vectors · L]; phase 1 computes stripes of rows. A stripe takes the source channels in
/// segments, so that it may be long though there are many channels: sums wait in the target. Memory traffic: the source
/// once per stripe (with its halo), the filters once per stripe, the target once per segment. Groups of few channels go
/// lane by lane instead ([GroupConv]). Source: Georganas et al., *Anatomy of high-performance deep learning
/// convolutions on SIMD architectures*, 2018.
final class DirectConv implements Kernel {
  /// Taps per pass: their filters for two blocks stay in the first-level cache while a stripe's pixels pass.
  private static final int SEGMENT = 4608 / Machine.LANES;
  /// Floats of a stripe of the target that stay in the second-level cache from one segment to the next.
  private static final int WAITING = 64 * 1024;
  /// The fewest pixels of a stripe for which filters are worth fetching.
  private static final int LEAST_PIXELS = 64;
  /// Pixels of small images that are computed together: beyond, filters are used often enough.
  private static final int PIXELS = 128;
  /// Floats of filters that are not expected in the second-level cache when a step begins.
  private static final int FAR = 64 * 1024;
  /// Floats of filters that do not stay in the second-level cache from one image to the next.
  private static final int FARTHER = 512 * 1024;

  private final Task task;
  private final Sweep sweep;
  private final FilterPack pack;
  private final int block;
  private final int images;
  private final int sourcePlanes;
  private final int targetBlocks;
  private final int ranges;
  private final int maxPlanes;
  private final int segments;
  private final int together;
  private final int[][][] offsets;
  private final String reason;

  /// @param backward whether this is the input gradient of the convolution with this window
  DirectConv(Task task, Window window, int groups, boolean backward) {
    this.task = task;
    Shape s = task.inputs().get(0);
    Shape w = task.inputs().get(1);
    this.block = task.layouts().get(0).block();
    int sourceChannels = s.dim(1);
    int targetChannels = task.output().dim(1);
    this.images = s.dim(0);
    this.sourcePlanes = Math.ceilDiv(sourceChannels, block);
    this.targetBlocks = Math.ceilDiv(targetChannels, Machine.LANES);
    Shape x = backward ? task.output() : s;
    GroupPanels grouped = GroupPanels.of(false, groups, sourceChannels, targetChannels, block);
    int planes = Math.ceilDiv(grouped.sourceChannels(), block);
    List<AxisPlan> axes = Sweep.axes(window, x.slice(2, x.rank()), backward);
    // Of an input gradient with steps, each target cell sees so few taps that shorter sums would not pay.
    boolean steps = axes.stream().anyMatch(a -> a.residues().size() > 1);
    this.segments = groups > 1 || planes == 0 || steps ? 1
        : Math.clamp(Math.ceilDiv(grouped.sourceChannels() * window.taps(), SEGMENT), 1, planes);
    int maxPixels = segments == 1 ? Integer.MAX_VALUE
        : Math.max(LEAST_PIXELS, WAITING / (targetBlocks * Machine.LANES));
    this.sweep = new Sweep(axes, block, Math.ceilDiv(planes, segments), false, maxPixels, images);
    this.pack = new FilterPack(sweep, w, groups, backward, false, sourceChannels, targetChannels, grouped);
    this.together = together(Math.ceilDiv(planes, segments));
    long units = Math.ceilDiv(images, together) * (long) sweep.targetDepth() * sweep.stripes();
    int panels = pack.panels().size();
    this.ranges = units == 0 ? 1 : Math.clamp(Math.ceilDiv(Machine.UNITS, units),
        groups > 1 ? Math.ceilDiv(panels, 4) : 1, Math.max(1, panels));
    this.offsets = offsets();
    int most = 0;
    for (int r = 0; r < ranges; r++) {
      most = Math.max(most, lastPlane(r) - firstPlane(r));
    }
    this.maxPlanes = Math.ceilDiv(most, segments);
    this.reason = sourceChannels + " → " + targetChannels + " channels, "
        + window.kernel().toString().replace(" ", "") + ", "
        + sweep.label();
  }

  /// How many images a unit takes: several if they are so small that their filters would hardly be used.
  private int together(int planes) {
    int all = sweep.targetHeight() * sweep.targetWidth();
    boolean far = segments > 1 || pack.length() >= FARTHER;
    if (!far || sweep.stripes() != 1 || sweep.targetDepth() != 1) {
      return 1;
    }
    // Of an input gradient with steps, each part of the filters is for a part of the pixels.
    int pixels = Math.ceilDiv(all, sweep.parts().getFirst().size());
    int waiting = segments == 1 ? Integer.MAX_VALUE : WAITING / (targetBlocks * Machine.LANES * all);
    int most = Math.min(waiting, PIXELS / pixels);
    int room = sweep.inPlace() ? most : Machine.GATHER / (sweep.gathered() * planes);
    return Math.clamp(Math.min(most, room), 1, Math.max(1, images));
  }

  /// For each part, where each tap's number lies, channels outermost.
  private int[][][] offsets() {
    int[][][] result = new int[sweep.parts().size()][][];
    for (int d = 0; d < result.length; d++) {
      List<int[]> row = new ArrayList<>();
      for (Sweep.Part part : sweep.parts().get(d)) {
        int[] off = new int[pack.sourceChannels() * part.taps().length];
        for (int i = 0; i < off.length; i++) {
          off[i] = sweep.channel(i / part.taps().length) + part.shifts()[i % part.taps().length];
        }
        row.add(off);
      }
      result[d] = row.toArray(int[][]::new);
    }
    return result;
  }

  @Override public String name() {
    FilterPack.Panel first = pack.panels().getFirst();
    int vectors = first.vectors();
    Spacing spacing = sweep.parts().getFirst().getFirst().spacing();
    return "direct " + spacing.pixels(vectors) + "×" + vectors * Machine.LANES;
  }

  @Override public String reason() {
    return reason;
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return phase == 0 ? pack.panels().size()
        : Math.ceilDiv(images, together) * sweep.targetDepth() * sweep.stripes() * ranges;
  }

  @Override public int scratch() {
    return gathered() * together + task.chain().scratch() + 1;
  }

  /// Floats of scratch for an image's segment of channels.
  private int gathered() {
    return sweep.gathered() * maxPlanes;
  }

  @Override public Optional<Packing> packing() {
    // A kernel that sees nothing but padding has no filters to pack, but still the operand.
    return Optional.of(new Packing(2, Math.max(1, pack.length())));
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int packed = task.operands();
    if (phase == 0) {
      pack.pack(unit, operands.array(2), operands.offset(2), operands.array(packed), operands.offset(packed));
    } else {
      compute(operands, unit, scratch);
    }
  }

  private int firstPanel(int range) {
    return (int) ((long) pack.panels().size() * range / ranges);
  }

  private int firstPlane(int range) {
    return sweep.channel(pack.panels().get(firstPanel(range)).sourceChannel()) / sweep.blockStride();
  }

  /// The first block of source channels behind those that a range of panels reads.
  private int lastPlane(int range) {
    FilterPack.Panel last = pack.panels().get(firstPanel(range + 1) - 1);
    return sweep.channel(last.sourceChannel() + pack.sourceChannels() - 1) / sweep.blockStride() + 1;
  }

  private void compute(Operands operands, int unit, float[] scratch) {
    int range = unit % ranges;
    int stripe = unit / ranges % sweep.stripes();
    int targetDepth = unit / ranges / sweep.stripes() % sweep.targetDepth();
    int firstImage = unit / ranges / sweep.stripes() / sweep.targetDepth() * together;
    int lastImage = Math.min(images, firstImage + together);
    int firstPlane = firstPlane(range);
    int planes = lastPlane(range) - firstPlane;
    int plane = sweep.targetHeight() * sweep.targetWidth() * Machine.LANES;
    int length = sweep.targetRows(stripe) * sweep.targetWidth() * Machine.LANES;
    for (int s = 0; s < segments; s++) {
      int from = firstPlane + (int) ((long) planes * s / segments);
      int to = firstPlane + (int) ((long) planes * (s + 1) / segments);
      int channel = segments == 1 ? 0 : from * block;
      int end = segments == 1 ? pack.sourceChannels() : Math.min(pack.sourceChannels(), to * block);
      for (int image = firstImage; image < lastImage && !sweep.inPlace(); image++) {
        sweep.gather(operands.array(1), source(operands, image) + from * sweep.sourcePlane(), to - from, targetDepth,
            stripe, scratch, CacheLine.FIRST + (image - firstImage) * gathered());
      }
      for (int p = firstPanel(range); p < firstPanel(range + 1); p++) {
        FilterPack.Panel panel = pack.panels().get(p);
        int origin = sweep.inPlace() ? source(operands, firstImage) + sweep.origin(targetDepth, stripe)
            : CacheLine.FIRST - from * sweep.blockStride();
        int first = ((firstImage * targetBlocks + panel.block()) * sweep.targetDepth() + targetDepth) * plane
            + sweep.firstRow(stripe) * sweep.targetWidth() * Machine.LANES;
        scratch[CacheLine.FIRST + scratch() - 1] = panel(operands, panel, targetDepth, stripe,
            sweep.inPlace() ? operands.array(1) : scratch, origin + sweep.channel(panel.sourceChannel()),
            operands.offset(0) + first, lastImage - firstImage, channel, end);
        for (int i = 0; i < (lastImage - firstImage) * panel.vectors() && s == segments - 1; i++) {
          int image = i / panel.vectors();
          Finish.apply(task.chain(), operands,
              first + image * targetImage() + i % panel.vectors() * sweep.targetDepth() * plane, length, scratch,
              CacheLine.FIRST + gathered() * together);
        }
      }
    }
  }

  /// The distance between images in the target.
  private int targetImage() {
    return targetBlocks * sweep.targetDepth() * sweep.targetHeight() * sweep.targetWidth() * Machine.LANES;
  }

  /// The distance between images that are computed together, in what is read.
  private int sourceImage() {
    return sweep.inPlace() ? sourcePlanes * sweep.sourcePlane() : gathered();
  }

  /// Where an image begins in the source.
  private int source(Operands operands, int image) {
    return operands.offset(1) + image * sourcePlanes * sweep.sourcePlane();
  }

  /// Computes a stripe of one or two blocks of target channels, of one or more images, from the source channels from
  /// `channel` to `end`.
  ///
  /// @return a number to be kept, see [Near]
  private float panel(Operands operands, FilterPack.Panel panel, int targetDepth, int stripe, float[] x, int xo, int yo,
      int images, int channel, int end) {
    float[] y = operands.array(0);
    float[] w = operands.array(task.operands());
    int wo = operands.offset(task.operands()) + panel.offset();
    int blockStride = sweep.targetDepth() * sweep.targetHeight() * sweep.targetWidth() * Machine.LANES;
    int vectors = panel.vectors();
    int width = vectors * Machine.LANES;
    int residue = targetDepth % offsets.length;
    List<Sweep.Part> parts = sweep.parts().get(residue);
    float near = 0;
    for (int i = 0; i < residue; i++) {
      wo += pack.taps(i) * width;
    }
    for (int i = 0; i < parts.size(); i++) {
      Sweep.Part part = parts.get(i);
      int[] off = offsets[residue][i];
      int[] tiles = sweep.tiles(part, stripe, vectors);
      for (int image = 0; image < images && off.length == 0 && channel == 0; image++) {
        part.clear(tiles, vectors, y, yo + image * targetImage(), blockStride);
      }
      int begin = channel * part.taps().length;
      int taps = (end - channel) * part.taps().length;
      int passes = Math.ceilDiv(taps, SEGMENT);
      for (int s = 0; s < passes; s++) {
        int from = begin + (int) ((long) taps * s / passes);
        int to = begin + (int) ((long) taps * (s + 1) / passes);
        if (pack.length() >= FAR) {
          near += Near.bring(w, wo + from * width, (to - from) * width);
        }
        for (int image = 0; image < images; image++) {
          int xi = xo + image * sourceImage();
          int yi = yo + image * targetImage();
          for (int j = 0; j < tiles.length; j += 2) {
            int tile = tiles[j];
            Spacing spacing = (tile & 16) == 0 ? part.spacing() : part.spacing().scattered();
            Tiles.run(spacing, vectors, tile & 15, from, to, off, x, xi, part.places(), w, wo + from * width, y, yi,
                part.targets(), tile >> 5, tiles[j + 1], blockStride, from > 0);
          }
        }
      }
      wo += off.length * width;
    }
    return near;
  }
}
