package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import juanji.plan.Plan;
import juanji.train.Epoch;
import juanji.train.TrainingListener;

/// Shows how a training goes: a bar on a terminal, elsewhere a line every ten seconds; and a line per epoch.
final class TrainingDisplay implements TrainingListener {
  private static final long LINE_NANOS = 10_000_000_000L;
  private static final int SHORTEST_BAR = 5;
  private static final int LONGEST_BAR = 30;
  private static final int WIDE = 100;
  /// Points of the line that the loss draws: so many an epoch, and so many in all.
  private static final int LOOKS = 10;
  private static final int TRAIL = 20;

  private final Screen screen;
  private final int epochs;
  private final String unit;
  private final boolean memory;
  private final List<Double> losses = new ArrayList<>();
  private int looked = -1;
  private long said = System.nanoTime();

  /// @param unit what samples are called
  /// @param memory whether to tell how much memory a step takes
  TrainingDisplay(Screen screen, int epochs, String unit, boolean memory) {
    this.screen = screen;
    this.epochs = epochs;
    this.unit = unit;
    this.memory = memory;
  }

  @Override public void step(Progress p) {
    if (screen.live()) {
      String head = "epoch " + p.epoch() + "/" + p.epochs() + " ";
      String tail = String.format(Locale.ROOT, " %3d %%  loss %s  %s  %s/s  %s left", 100L * p.done() / p.total(),
          Numbers.loss(p.loss()), Numbers.percent(p.accuracy()), Numbers.count(Math.round(p.samplesPerSecond())),
          Numbers.time(p.secondsLeft()));
      if (p.done() <= 0 || losses.isEmpty() || p.done() * LOOKS / Math.max(1, p.total()) != looked) {
        looked = p.done() * LOOKS / Math.max(1, p.total());
        losses.add(p.loss());
      }
      String trail = screen.columns() < WIDE ? "" : "  " + Sparkline.of(losses.stream().skip(Math.max(0, losses.size()
          - TRAIL)).mapToDouble(l -> l).toArray());
      tail += trail;
      screen.status(head + bar(p, screen.columns() - 1 - head.length() - tail.length()) + tail);
    } else if (System.nanoTime() - said >= LINE_NANOS) {
      said = System.nanoTime();
      screen.progress(String.format(Locale.ROOT, "epoch %d/%d  %d %%  loss %s  accuracy %s  %s %s/s  %s left",
          p.epoch(), p.epochs(), 100L * p.done() / p.total(), Numbers.loss(p.loss()), Numbers.percent(p.accuracy()),
          Numbers.count(Math.round(p.samplesPerSecond())), unit, Numbers.time(p.secondsLeft())));
    }
  }

  @Override public void planned(Plan plan) {
    if (memory) {
      screen.notice("a step of " + plan.batch() + " " + unit + ": " + MemoryOption.peak(plan));
    }
  }

  @Override public void remark(String text) {
    screen.notice(text);
  }

  private static String bar(Progress p, int room) {
    if (room < SHORTEST_BAR) {
      return "";
    }
    int length = Math.min(LONGEST_BAR, room);
    int full = (int) ((long) length * p.done() / p.total());
    return "━".repeat(full) + "─".repeat(length - full);
  }

  @Override public void epoch(Epoch e, boolean best) {
    said = System.nanoTime();
    StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "epoch %d/%d  loss %s  accuracy %s", e.number(),
        epochs, Numbers.loss(e.loss()), Numbers.percent(e.accuracy())));
    if (!Double.isNaN(e.validationAccuracy())) {
      line.append("  validation loss ").append(Numbers.loss(e.validationLoss())).append("  accuracy ")
          .append(Numbers.percent(e.validationAccuracy()));
    }
    line.append(String.format(Locale.ROOT, "  %.1f s  %s %s/s", e.seconds(),
        Numbers.count(Math.round(e.samplesPerSecond())), unit));
    screen.progress(line.append(best ? "  best" : "").toString());
  }
}
