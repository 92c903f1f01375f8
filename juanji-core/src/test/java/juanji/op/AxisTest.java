package juanji.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
  private interface Case {
    void check(int in, Axis axis);
  }

  private static void sweep(Case test) {
    for (int in = 1; in <= 64; in++) {
      for (int k = 1; k <= 7; k++) {
        for (int s = 1; s <= 4; s++) {
          for (int d = 1; d <= 3; d++) {
            test.check(in, Axis.of(k).withStride(s).withDilation(d));
          }
        }
      }
    }
  }

  /// Counts the positions one by one.
  private static int count(int in, Axis axis, int before, int after) {
    int positions = 0;
    for (int start = -before; start + axis.span() <= in + after; start += axis.stride()) {
      positions++;
    }
    return positions;
  }

  private static void counted(int in, Axis axis) {
    Axis.Placed p = axis.over(in);
    assertEquals(count(in, axis, p.before(), p.after()), p.out(), axis + " over " + in);
    assertEquals(in, p.in());
  }

  @Test void validTakesOnlyWholeWindows() {
    sweep((in, axis) -> {
      counted(in, axis);
      Axis.Placed p = axis.over(in);
      assertEquals(0, p.before() + p.after());
      assertEquals(Math.max(0, Math.ceilDiv(in - axis.span() + 1, axis.stride())), p.out());
    });
  }

  @Test void sameKeepsTheCeilingOfInByStride() {
    sweep((in, axis) -> {
      Axis upper = axis.withPadding(Padding.SAME);
      Axis lower = axis.withPadding(Padding.Rule.SAME_LOWER);
      counted(in, upper);
      counted(in, lower);
      Axis.Placed u = upper.over(in);
      Axis.Placed l = lower.over(in);
      assertEquals(Math.ceilDiv(in, axis.stride()), u.out());
      assertEquals(u.out(), l.out());
      assertEquals(u.before(), l.after());
      assertEquals(u.after(), l.before());
      assertTrue(u.after() - u.before() == 0 || u.after() - u.before() == 1, "the odd cell goes behind");
      // One cell less would lose a window.
      assertTrue(u.before() + u.after() == 0 || count(in, axis, u.before(), u.after() - 1) < u.out());
    });
  }

  @Test void fullTakesEveryWindowThatTouchesTheInput() {
    sweep((in, axis) -> {
      Axis full = axis.withPadding(Padding.FULL);
      counted(in, full);
      int touching = 0;
      for (int start = 1 - axis.span(); start < in; start += axis.stride()) {
        touching++;
      }
      assertEquals(touching, full.over(in).out());
    });
  }

  @Test void causalSeesNothingLater() {
    sweep((in, axis) -> {
      Axis causal = axis.withPadding(Padding.Rule.CAUSAL);
      counted(in, causal);
      Axis.Placed p = causal.over(in);
      assertEquals(Math.ceilDiv(in, axis.stride()), p.out());
      // The last cell of window o is input cell o · stride.
      assertEquals(0, axis.span() - 1 - p.before());
    });
  }

  @Test void ceilingKeepsOneIncompleteWindow() {
    for (int before = 0; before <= 3; before++) {
      for (int after = 0; after <= 3; after++) {
        Padding padding = Padding.of(before, after);
        int b = before;
        int a = after;
        sweep((in, axis) -> {
          Axis ceiling = axis.withPadding(padding).withCeiling(true);
          int expected = 0;
          for (int start = -b; start < in + a; start += axis.stride()) {
            boolean whole = start + axis.span() <= in + a;
            // What an incomplete window lacks is less than one step.
            boolean kept = start + axis.span() < in + a + axis.stride() && start < in;
            if (!whole && !kept) {
              break;
            }
            expected++;
          }
          Axis.Placed p = ceiling.over(in);
          assertEquals(expected, p.out(), ceiling + " over " + in);
          if (p.out() > 0) {
            assertTrue((p.out() - 1) * axis.stride() + axis.span() <= p.before() + in + p.after());
          }
        });
      }
    }
  }

  @Test void transposedIsTheSmallestInputThatLeadsBack() {
    List<Padding> paddings = new ArrayList<>(List.of(Padding.Rule.values()));
    paddings.add(Padding.of(1, 2));
    for (Padding padding : paddings) {
      for (int out = 1; out <= 20; out++) {
        for (int k = 1; k <= 5; k++) {
          for (int s = 1; s <= 4; s++) {
            for (int d = 1; d <= 3; d++) {
              Axis axis = Axis.of(k).withStride(s).withDilation(d).withPadding(padding);
              for (int extra = 0; extra < s; extra++) {
                int in = axis.transposed(out, extra);
                if (in - extra >= 1) {
                  assertEquals(out, axis.over(in).out(), axis + " over " + in);
                }
              }
              int smallest = axis.transposed(out, 0);
              if (smallest > 1) {
                assertTrue(axis.over(smallest - 1).out() < out, axis + " over " + (smallest - 1));
              }
            }
          }
        }
      }
    }
  }

  @Test void c1RefusesWindowsThatDoNotExist() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Axis.of(0)).getMessage().contains("C1"));
    assertThrows(IllegalArgumentException.class, () -> Axis.of(3).withStride(0));
    assertThrows(IllegalArgumentException.class, () -> Axis.of(3).withDilation(0));
    assertThrows(IllegalArgumentException.class, () -> Axis.of(1 << 20).withDilation(1 << 20));
    assertThrows(IllegalArgumentException.class, () -> Padding.of(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> Padding.of(0, Integer.MAX_VALUE));
  }

  @Test void c2RefusesMorePositionsThanAnIntHolds() {
    Axis axis = Axis.of(1).withPadding(Padding.of((1 << 29) - 1));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> axis.over(Integer.MAX_VALUE)).getMessage()
        .contains("C2"));
  }
}
