package juanji.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static double at(Schedule schedule, double epoch) {
    return schedule.factor(epoch, 10, List.of());
  }

  private static List<Epoch> history(boolean validated, double... losses) {
    List<Epoch> all = new ArrayList<>();
    for (double loss : losses) {
      all.add(new Epoch(all.size() + 1, 0.1, validated ? 1 : loss, 0.5, validated ? loss : Double.NaN, 0.5, 1, 1));
    }
    return all;
  }

  @Test void factorsAreTheirFormulas() {
    assertEquals(1, at(Schedule.constant(), 9));
    assertEquals(0.01, at(Schedule.step(3, 0.1), 6.5), 1e-12);
    Schedule stairs = Schedule.multiStep(0.5, 2, 7.5);
    assertEquals(1, at(stairs, 1.99));
    assertEquals(0.5, at(stairs, 2));
    assertEquals(0.25, at(stairs, 9));
    assertEquals(Math.pow(0.9, 4.5), at(Schedule.exponential(0.9), 4.5), 1e-12);
    assertEquals(0.36, at(Schedule.polynomial(2), 4), 1e-12);
    assertEquals(0, at(Schedule.polynomial(2), 10));
    assertEquals(0.5, at(Schedule.cosine(), 5), 1e-12);
    assertEquals(0.505 / 2.01, at(Schedule.constant().warmUp(2), 0.495), 1e-12);
  }

  @Test void restartsBeginAtOneAgain() {
    Schedule growing = Schedule.cosineRestarts(1, 2);
    assertEquals(0.5, at(growing, 0.5), 1e-12);
    assertEquals(1, at(growing, 1), 1e-12);
    assertEquals(0.5, at(growing, 2), 1e-12);
    assertEquals(1, at(growing, 3), 1e-12);
    assertEquals(0.5, at(growing, 5), 1e-12);
    assertEquals(0.5, at(Schedule.cosineRestarts(2, 1), 9), 1e-12);
  }

  @Test void oneCycleRisesAndFalls() {
    Schedule cycle = Schedule.oneCycle();
    assertEquals(1 / 25.0, at(cycle, 0), 1e-12);
    assertEquals((1 + 1 / 25.0) / 2, at(cycle, 1.5), 1e-12);
    assertEquals(1, at(cycle, 3), 1e-12);
    assertEquals(0.5 * (1 + 4e-6), at(cycle, 6.5), 1e-12);
    assertEquals(4e-6, at(cycle, 10), 1e-12);
  }

  @Test void plateausAreFoundInTheHistory() {
    Schedule plateau = Schedule.plateau(2, 0.1);
    for (boolean validated : new boolean[] {false, true}) {
      assertEquals(1, plateau.factor(0, 10, List.of()));
      assertEquals(1, plateau.factor(3, 10, history(validated, 1, 0.5, 0.6)));
      assertEquals(0.1, plateau.factor(4, 10, history(validated, 1, 0.5, 0.6, 0.5)), 1e-12);
      assertEquals(0.1, plateau.factor(5, 10, history(validated, 1, 0.5, 0.6, 0.5, 0.6)), 1e-12);
      assertEquals(0.01, plateau.factor(6, 10, history(validated, 1, 0.5, 0.6, 0.5, 0.6, 0.6)), 1e-12);
      assertEquals(0.1, plateau.factor(6, 10, history(validated, 1, 0.5, 0.6, 0.5, 0.6, 0.4)), 1e-12);
    }
  }

  @Test void wordsNameSchedules() {
    assertEquals(Schedule.step(3, 0.1), Schedule.named("step:3:0.1"));
    assertEquals(Schedule.multiStep(0.2, 3, 5), Schedule.named("multi-step:3/5:0.2"));
    assertEquals(Schedule.plateau(2, 0.1), Schedule.named("plateau:2:0.1"));
    assertEquals(Schedule.plateau(4, 0.1), Schedule.named("plateau:patience=4"));
    assertEquals(Schedule.oneCycle(), Schedule.named("one-cycle"));
    assertEquals(Schedule.cosineRestarts(2, 1.5), Schedule.named("cosine-restarts:2:1.5"));
    assertEquals(Schedule.exponential(0.95).warmUp(2), Schedule.named("exponential:0.95:warm-up=2"));
    assertEquals(Schedule.polynomial(2), Schedule.named("polynomial:2"));
    assertEquals(Schedule.cosine().warmUp(1), Schedule.named("cosine:warm-up=1"));
    assertEquals(Schedule.constant(), Schedule.named("constant"));
    assertEquals("multiStep(0.2, 3, 5)", Schedule.named("multi-step:3/5:0.2").toString());
    for (String wrong : List.of("step:0:0.1", "step:x", "multi-step", "multi-step:5/3", "plateau:0", "one-cycle:1",
        "cosine:3", "cosine-restarts:0", "polynomial:0", "exponential:2", "", "step:2.5", "constant:warm-up=-1")) {
      assertEquals(3, assertThrows(IllegalArgumentException.class, () -> Schedule.named(wrong)).getMessage().lines()
          .count(), wrong);
    }
  }
}
