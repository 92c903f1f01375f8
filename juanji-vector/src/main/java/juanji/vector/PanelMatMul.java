package juanji.vector;

import java.util.Arrays;
import java.util.Optional;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;
import juanji.kernel.Task;
import juanji.op.Contraction.MatMul;
import juanji.tensor.Shape;

/// The product of matrices by register tiles: a few rows of a times one or two vectors of b's columns.
///
/// Phase 0 packs b as [panel of columns][k][vectors · L], once if b stays. Phase 1 computes blocks of rows: it packs
/// a's rows as [tile][k][pixels] and passes over b's panels, a segment of k at a time, so that a panel stays in the
/// first-level cache and a's block in the second-level one. Source: Goto and van de Geijn, *Anatomy of high-performance
/// matrix multiplication*, 2008.
final class PanelMatMul implements Kernel {
  /// Terms of the sums per pass.
  private static final int SEGMENT = 320;
  /// Columns that are computed in scratch memory at a time: as many as a chain takes in one run.
  private static final int COLUMNS = 512;
  /// Numbers of a up to which a second vector costs some microseconds at most.
  private static final int SMALL = 32 * 1024;

  private final Task task;
  private final boolean transposeA;
  private final boolean transposeB;
  private final int stack;
  private final int m;
  private final int n;
  private final int k;
  private final int pixels;
  private final int panels;
  private final int rowBlock;
  private final int rowBlocks;
  private final int segments;
  private final int[] offsets;
  private final int apart;
  private final Rows full;
  private final Rows last;

  /// The tiles of a block of rows.
  ///
  /// @param cuts 16 · first row + rows of each tile
  /// @param places where each tile's first row is packed
  /// @param targets where each row's result goes
  /// @param edges where each row's result goes in the scratch memory of a last, incomplete panel
  /// @param apart where each row's result goes in the scratch memory of [#COLUMNS]
  record Rows(int count, int[] cuts, int[] places, int[] targets, int[] edges, int[] apart) {
  }

  PanelMatMul(Task task, MatMul op) {
    this.task = task;
    this.transposeA = op.transposeA();
    this.transposeB = op.transposeB();
    Shape y = task.output();
    this.m = y.dim(-2);
    this.n = y.dim(-1);
    this.k = task.inputs().getFirst().dim(transposeA ? -2 : -1);
    this.stack = m == 0 || n == 0 ? 0 : (int) (y.size() / m / n);
    this.pixels = Spacing.ONE.pixels(2);
    this.panels = Math.ceilDiv(n, 2 * Machine.LANES);
    int wanted = Math.ceilDiv(m, Math.max(1, Machine.UNITS / Math.max(1, stack)));
    this.rowBlock = Math.clamp(Math.ceilDiv(wanted, pixels) * pixels, 2 * pixels, 8 * pixels);
    this.rowBlocks = Math.ceilDiv(m, rowBlock);
    this.segments = Math.max(1, Math.ceilDiv(k, SEGMENT));
    this.offsets = new int[Math.min(k, SEGMENT)];
    Arrays.setAll(offsets, i -> i * pixels);
    this.apart = Machine.apart(Math.min(COLUMNS, panels * 2 * Machine.LANES));
    this.full = rows(Math.min(m, rowBlock));
    this.last = rows(m - (rowBlocks - 1) * rowBlock);
  }

  private Rows rows(int count) {
    int tiles = Math.ceilDiv(count, pixels);
    int[] cuts = new int[tiles];
    int[] places = new int[count];
    int[] targets = new int[count];
    int[] edges = new int[count];
    for (int i = 0; i < tiles; i++) {
      int from = count * i / tiles;
      cuts[i] = from * 16 + count * (i + 1) / tiles - from;
      places[from] = i * offsets.length * pixels;
    }
    Arrays.setAll(targets, i -> i * n);
    Arrays.setAll(edges, i -> i * 2 * Machine.LANES);
    int[] steps = new int[count];
    Arrays.setAll(steps, i -> i * apart);
    return new Rows(count, cuts, places, targets, edges, steps);
  }

  @Override public String name() {
    return "panels " + pixels + "×" + 2 * Machine.LANES;
  }

  @Override public String reason() {
    return m + "×" + k + " · " + k + "×" + n + ", blocks of " + full.count() + " rows";
  }

  @Override public int phases() {
    return 2;
  }

  @Override public int units(int phase) {
    return stack * (phase == 0 ? panels : rowBlocks);
  }

  @Override public int scratch() {
    return packedRows() + rowBlock * (writesOnce() ? apart : 2 * Machine.LANES) + task.chain().scratch();
  }

  /// Whether sums are complete before they go through a chain to the output.
  private boolean writesOnce() {
    return segments == 1 && !task.chain().isEmpty();
  }

  @Override public boolean overwrites(int operand) {
    return writesOnce() && Finish.overwrites(task, operand);
  }

  private int packedRows() {
    return Math.max(full.cuts().length, last.cuts().length) * offsets.length * pixels;
  }

  private int packedStack() {
    return panels * k * 2 * Machine.LANES;
  }

  @Override public Optional<Packing> packing() {
    return Optional.of(new Packing(2, Math.max(1, (long) stack * packedStack())));
  }

  /// The vectors of a panel: 2, or 1 for a last one of few columns if that saves much. In a small product, as of a
  /// classifier's last layer, it does not, and tiles of one vector that nothing else computes with are compiled late.
  private int vectors(int panel) {
    return n - panel * 2 * Machine.LANES <= Machine.LANES && (long) m * k > SMALL ? 1 : 2;
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    if (phase == 0) {
      int panel = unit % panels;
      int s = unit / panels;
      packColumns(operands.array(2), operands.offset(2) + s * k * n, panel, operands.array(task.operands()),
          operands.offset(task.operands()) + s * packedStack() + panel * k * 2 * Machine.LANES);
    } else if (writesOnce()) {
      computeApart(operands, unit / rowBlocks, unit % rowBlocks, scratch);
    } else {
      compute(operands, unit / rowBlocks, unit % rowBlocks, scratch);
    }
  }

  private void packColumns(float[] b, int from, int panel, float[] to, int offset) {
    int width = vectors(panel) * Machine.LANES;
    int first = panel * 2 * Machine.LANES;
    int count = Math.min(width, n - first);
    if (transposeB) {
      Transpose.rows(b, from + first * k, k, count, k, to, offset, width);
    } else {
      for (int i = 0; i < k; i++) {
        System.arraycopy(b, from + i * n + first, to, offset + i * width, count);
      }
    }
    for (int i = 0; i < k && count < width; i++) {
      Arrays.fill(to, offset + i * width + count, offset + (i + 1) * width, 0);
    }
  }

  private void packRows(float[] a, int from, Rows rows, int firstRow, int begin, int end, float[] to) {
    for (int cut : rows.cuts()) {
      int row = cut >> 4;
      int count = cut & 15;
      int out = rows.places()[row];
      if (transposeA) {
        for (int i = begin; i < end; i++) {
          int at = from + i * m + firstRow + row;
          for (int r = 0; r < count; r++) {
            to[out + r] = a[at + r];
          }
          out += pixels;
        }
      } else {
        Transpose.rows(a, from + (firstRow + row) * k + begin, k, count, end - begin, to, out, pixels);
      }
    }
  }

  /// Computes some columns at a time in scratch memory, from where they go through the chain to the output.
  private void computeApart(Operands operands, int s, int block, float[] scratch) {
    Rows rows = block == rowBlocks - 1 ? last : full;
    int firstRow = block * rowBlock;
    int packed = operands.offset(task.operands()) + s * packedStack();
    int at = packedRows();
    int together = COLUMNS / (2 * Machine.LANES);
    packRows(operands.array(1), operands.offset(1) + s * m * k, rows, firstRow, 0, k, scratch);
    for (int from = 0; from < panels; from += together) {
      int column = from * 2 * Machine.LANES;
      for (int p = from; p < Math.min(panels, from + together); p++) {
        int first = p * 2 * Machine.LANES;
        for (int cut : rows.cuts()) {
          Tiles.run(Spacing.ONE, vectors(p), cut & 15, 0, k, offsets, scratch, 0, rows.places(),
              operands.array(task.operands()), packed + first * k, scratch, at + first - column, rows.apart(),
              cut >> 4, 1, Machine.LANES, false);
        }
      }
      int count = Math.min(COLUMNS, n - column);
      for (int r = 0; r < rows.count(); r++) {
        Finish.write(task.chain(), operands, (s * m + firstRow + r) * n + column, count, scratch, at + r * apart,
            at + rowBlock * apart);
      }
    }
  }

  private void compute(Operands operands, int s, int block, float[] scratch) {
    Rows rows = block == rowBlocks - 1 ? last : full;
    int firstRow = block * rowBlock;
    float[] y = operands.array(0);
    int start = (s * m + firstRow) * n;
    int yo = operands.offset(0) + start;
    float[] w = operands.array(task.operands());
    int packed = operands.offset(task.operands()) + s * packedStack();
    int edge = packedRows();
    for (int segment = 0; segment < segments; segment++) {
      int begin = (int) ((long) k * segment / segments);
      int end = (int) ((long) k * (segment + 1) / segments);
      packRows(operands.array(1), operands.offset(1) + s * m * k, rows, firstRow, begin, end, scratch);
      for (int p = 0; p < panels; p++) {
        int vectors = vectors(p);
        int first = p * 2 * Machine.LANES;
        boolean whole = n - first >= vectors * Machine.LANES;
        int wo = packed + first * k + begin * vectors * Machine.LANES;
        for (int cut : rows.cuts()) {
          Tiles.run(Spacing.ONE, vectors, cut & 15, 0, end - begin, offsets, scratch, 0, rows.places(), w, wo,
              whole ? y : scratch, whole ? yo + first : edge, whole ? rows.targets() : rows.edges(), cut >> 4, 1,
              Machine.LANES, segment > 0);
        }
      }
    }
    copyEdge(scratch, edge, rows.count(), y, yo);
    Finish.apply(task.chain(), operands, start, rows.count() * n, scratch, edge + rowBlock * 2 * Machine.LANES);
  }

  /// Writes the columns of a last, incomplete panel.
  private void copyEdge(float[] from, int offset, int rows, float[] y, int yo) {
    int first = (panels - 1) * 2 * Machine.LANES;
    int columns = n - first;
    if (columns == vectors(panels - 1) * Machine.LANES) {
      return;
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, offset + r * 2 * Machine.LANES, y, yo + r * n + first, columns);
    }
  }
}
