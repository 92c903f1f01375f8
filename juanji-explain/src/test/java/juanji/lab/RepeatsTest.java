package juanji.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import juanji.draw.Block;
import juanji.draw.Block.Outcome;
import org.junit.jupiter.api.Test;

/// What is told from repeats, and what is left open.
final class RepeatsTest {
  @Test void meanAndSpreadAreThoseOfTheDefinition() {
    Repeats repeats = new Repeats(1, 2, 3, 6);
    assertEquals(3, repeats.mean(), 1e-12);
    assertEquals(Math.sqrt((4 + 1 + 0 + 9) / 3.0), repeats.spread(), 1e-12);
    assertEquals("300.0 ± 216.0 %", repeats.percent());
    assertEquals("3.00 ± 2.16", repeats.text(2));
    assertEquals(new Repeats(0, 0, 2, 3), repeats.minus(new Repeats(1, 2, 1, 3)));
    assertEquals(new Repeats(-1, 0, 1, 4), repeats.minus(2));
    assertEquals(Math.log(6), repeats.log().values()[3], 1e-12);
  }

  @Test void aClearDifferenceHoldsOrFailsAndOneWithinChanceIsOpen() {
    assertEquals(Outcome.HOLDS, new Repeats(1, 1.2, 0.9).aboveZero());
    assertEquals(Outcome.FAILS, new Repeats(-1, -1.2, -0.9).aboveZero());
    assertEquals(Outcome.OPEN, new Repeats(1, -0.8, 0.2).aboveZero());
    assertEquals(Outcome.OPEN, new Repeats(0, 0).aboveZero());
    // Two values that differ as much as half of their mean: one degree of freedom tells hardly anything.
    assertEquals(Outcome.OPEN, new Repeats(1, 1.5).aboveZero());
  }

  @Test void chanceAloneIsTakenForAnEffectInOneCaseInTwenty() {
    Random random = new Random(4);
    int taken = 0;
    for (int i = 0; i < 4000; i++) {
      taken += Repeats.of(5, _ -> random.nextGaussian()).aboveZero() == Outcome.HOLDS ? 1 : 0;
    }
    assertEquals(0.05, taken / 4000.0, 0.012);
  }

  @Test void statementsSayWhenTheyAreOpenAndWhy() {
    Result result = new Result();
    result.finding("a", "甲", "1", new Repeats(1, 1.1), new Repeats(1, -1));
    result.finding("b", "乙", "2", new Repeats(1, -1), new Repeats(-1, -1.01));
    result.finding("c", "丙", "3", true);
    assertEquals("1/3", result.held());
    assertEquals(Outcome.OPEN, result.findings().get(0).outcome());
    assertEquals(Outcome.FAILS, result.findings().get(1).outcome());
    Block.Verdict english = (Block.Verdict) result.blocks("en").getFirst();
    assertEquals("not confirmed here", english.verdict());
    assertTrue(english.measured().endsWith("1. The difference is no larger than what chance makes of it in 2 repeats."),
        english.measured());
    assertTrue(((Block.Verdict) result.blocks("zh").getFirst()).measured().contains("偶然"));
  }

  @Test void c1andC2AreChecked() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new Repeats(1)).getMessage()
        .contains("C1: there are at least two; received 1."));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new Repeats(1, 2).minus(new Repeats(1, 2, 3)))
        .getMessage().contains("C2: both have the same number; received 2 and 3."));
  }
}
