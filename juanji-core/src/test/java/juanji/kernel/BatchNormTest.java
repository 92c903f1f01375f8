package juanji.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import juanji.op.Pointwise;
import org.junit.jupiter.api.Test;

/// Which chains are batch-norm or its gradient.
class BatchNormTest {
  private static final Pointwise SUB = new Pointwise.Sub();
  private static final Pointwise MUL = new Pointwise.Mul();
  private static final Pointwise ADD = new Pointwise.Add();
  /// Of the gradient's chain: x, its mean, g, four more numbers of each channel, then the stages.
  private static final boolean[] BACK = {false, false, true, false, true, true, true, true, false, false, false, false,
      false, false};

  private static Chain.Stage stage(Pointwise op, int a, int b) {
    return new Chain.Stage(op, a, b);
  }

  private static BatchNorm forward(Chain.Stage... stages) {
    return BatchNorm.of(new Chain(4, List.of(stages)), new boolean[] {false, false, true, true, true, false, false,
        false, false});
  }

  private static List<Chain.Stage> back() {
    return new ArrayList<>(List.of(stage(SUB, 1, 2), stage(MUL, 3, 4), stage(SUB, 9, 5), stage(MUL, 8, 6),
        stage(SUB, 10, 11), stage(MUL, 12, 7)));
  }

  private static BatchNorm back(List<Chain.Stage> stages) {
    return BatchNorm.of(new Chain(7, stages), BACK);
  }

  @Test void normalisationsAreFound() {
    BatchNorm plain = forward(stage(SUB, 1, 2), stage(MUL, 5, 3), stage(ADD, 6, 4));
    assertEquals(List.of(1, -1), List.of(plain.x(), plain.g()));
    assertArrayEquals(new int[] {2, 3, 4}, plain.beats());
    assertEquals(List.of(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY), List.of(plain.low(), plain.high()));
    // What follows a convolution starts from its result; the order of factors and summands does not matter.
    BatchNorm bounded = forward(stage(SUB, 0, 2), stage(MUL, 3, 5), stage(ADD, 4, 6),
        stage(new Pointwise.Clamp(0, 6), 7, 7));
    assertEquals(List.of(0, 0f, 6f), List.of(bounded.x(), bounded.low(), bounded.high()));
    assertEquals(0f, forward(stage(SUB, 1, 2), stage(MUL, 5, 3), stage(ADD, 6, 4),
        stage(new Pointwise.Relu(), 7, 7)).low());
  }

  @Test void gradientsAreFound() {
    BatchNorm norm = back(back());
    assertEquals(List.of(1, 3), List.of(norm.x(), norm.g()));
    assertArrayEquals(new int[] {4, 5, 2, 6, 7}, norm.beats());
    assertArrayEquals(new int[] {4, 5, 2, 6, 0}, back(back().subList(0, 5)).beats());
    List<Chain.Stage> turned = back();
    turned.set(1, stage(MUL, 4, 3));
    turned.set(3, stage(MUL, 6, 8));
    turned.set(5, stage(MUL, 7, 12));
    assertArrayEquals(new int[] {4, 5, 2, 6, 7}, back(turned).beats());
  }

  @Test void whatIsNearlyOneIsNone() {
    assertNull(forward(stage(SUB, 2, 1), stage(MUL, 5, 3), stage(ADD, 6, 4)), "mean − x");
    assertNull(forward(stage(SUB, 1, 2), stage(MUL, 5, 1), stage(ADD, 6, 4)), "times what runs along");
    assertNull(forward(stage(SUB, 1, 2), stage(MUL, 5, 5), stage(ADD, 6, 4)), "the square");
    assertNull(forward(stage(SUB, 1, 2), stage(MUL, 5, 3), stage(ADD, 5, 4)), "not of the product");
    assertNull(forward(stage(SUB, 1, 2), stage(MUL, 5, 3), stage(ADD, 6, 4), stage(new Pointwise.Relu(), 6, 6)));
    assertNull(forward(stage(SUB, 1, 2), stage(MUL, 5, 3), stage(ADD, 6, 4), stage(new Pointwise.Exp(), 7, 7)));
    for (int i = 0; i < 6; i++) {
      List<Chain.Stage> other = back();
      other.set(i, stage(ADD, other.get(i).a(), other.get(i).b()));
      assertNull(back(other), "a sum in place of stage " + i);
    }
    List<Chain.Stage> reversed = back();
    reversed.set(4, stage(SUB, 11, 10));
    assertNull(back(reversed));
    List<Chain.Stage> itself = back();
    itself.set(4, stage(SUB, 12, 11));
    assertNull(back(itself), "a stage that would read itself");
  }
}
