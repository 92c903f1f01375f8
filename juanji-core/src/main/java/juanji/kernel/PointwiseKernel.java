package juanji.kernel;

/// Computes a chain of pointwise operations that has no anchor: y = chain(operands 1, 2, …).
///
/// A unit is a stretch of about 16 K elements, evaluated in runs that stay in the first-level cache: each operand is
/// read once, the result is written once, and what lies between two stages never reaches memory. The result may lie
/// where an operand lies that has its size and layout.
///
/// Used for every step that is only a chain, in any layout.
public final class PointwiseKernel implements Kernel {
  private static final int UNIT = 16 * 1024;

  private final Chain.Bound head;
  private final Chain.Bound tail;
  private final boolean cuts;
  private final int share;
  private final int pieces;
  private final int units;

  private PointwiseKernel(Chain.Bound head, Chain.Bound tail, int block) {
    this.head = head;
    this.tail = tail;
    int length = head.rowLength();
    this.cuts = length > UNIT;
    // Pieces of a row begin at a whole block and, where blocks divide a run, at a whole run.
    this.share = cuts ? UNIT / block * block : Math.max(1, UNIT / Math.max(1, length));
    this.pieces = cuts ? Math.ceilDiv(length, share) : 1;
    this.units = cuts ? head.rows() * pieces : length == 0 ? 0 : Math.ceilDiv(head.rows(), share);
  }

  /// The kernel of a chain whose value 0 is not used and whose operands are numbered from 1 on.
  ///
  /// @param chain the chain, bound to the result
  /// @param layout the layout of the result
  public static PointwiseKernel of(Chain.Bound chain, Layout layout) {
    return of(chain, chain, layout);
  }

  /// The kernel of a chain followed by another one that is bound to the same result.
  ///
  /// @param head a chain whose value 0 is not used and whose operands are numbered from 1 on
  /// @param tail a chain that starts from the result of `head`, or `head` itself for none
  static PointwiseKernel of(Chain.Bound head, Chain.Bound tail, Layout layout) {
    if (head.isEmpty()) {
      throw new IllegalArgumentException("a pointwise kernel has nothing to compute.\n"
          + "  C1: the chain has at least one stage; received an empty one.\n"
          + "  Alias or copy the value instead.");
    }
    return new PointwiseKernel(head, tail, layout.block());
  }

  @Override public String name() {
    return "pointwise";
  }

  @Override public String reason() {
    return head.rows() + (head.rows() == 1 ? " row of " : " rows of ") + head.rowLength();
  }

  @Override public boolean overwrites(int operand) {
    // What the second chain reads, the first would have written over.
    return tail == head || operand <= head.operands();
  }

  @Override public int units(int phase) {
    return units;
  }

  @Override public int scratch() {
    return Math.max(head.scratch(), tail.scratch());
  }

  @Override public void run(Operands operands, int phase, int unit, float[] scratch) {
    int length = head.rowLength();
    int first;
    int last;
    if (cuts) {
      int begin = unit / pieces * length;
      first = begin + unit % pieces * share;
      last = Math.min(first + share, begin + length);
    } else {
      first = unit * share * length;
      last = Math.min((unit + 1) * share, head.rows()) * length;
    }
    float[] y = operands.array(0);
    int yo = operands.offset(0);
    head.evaluateRange(operands, y, yo, y, yo, first, last, scratch, CacheLine.FIRST);
    if (tail != head) {
      tail.applyRange(operands, y, yo, first, last, scratch, CacheLine.FIRST);
    }
  }
}
