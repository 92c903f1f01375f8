package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Markup;
import juanji.draw.Paint;
import juanji.train.Evaluation;

/// A confusion matrix as a heat map: a row per true class, a column per class told, shaded by the share of the row.
/// Right answers are blue, wrong ones vermillion.
///
/// @param evaluation what is drawn
record ConfusionChart(Evaluation evaluation) {
  /// The most classes that are drawn.
  static final int MOST_CLASSES = 120;
  private static final int SIDE = 700;
  private static final int LARGEST_CELL = 44;
  private static final int SMALLEST_CELL = 11;
  private static final int SMALLEST_NUMBERED = 22;
  private static final int LONGEST_NAME = 18;

  Drawing drawing() {
    int n = evaluation.classes().size();
    int cell = Math.clamp(SIDE / n, SMALLEST_CELL, LARGEST_CELL);
    int font = Math.clamp(cell - 2, 8, 13);
    double longest = evaluation.classes().stream().mapToDouble(c -> Markup.width(brief(c), font)).max().orElse(1);
    boolean turned = longest > cell;
    double left = longest + 34;
    double top = (turned ? longest : font) + 34;
    List<Mark> marks = new ArrayList<>();
    marks.add(Mark.centred(left + n * cell / 2.0, 14, "told", font).in(Colour.SOFT));
    marks.add(Mark.centred(12, top + n * cell / 2.0, "true", font).in(Colour.SOFT).turned());
    for (int k = 0; k < n; k++) {
      String name = brief(evaluation.classes().get(k));
      double middle = (k + 0.5) * cell + font * 0.36;
      marks.add(Mark.ending(left - 6, top + middle, name, font).in(Colour.SOFT));
      marks.add(turned ? Mark.text(left + middle, top - 6, name, font).in(Colour.SOFT).turned()
          : Mark.centred(left + (k + 0.5) * cell, top - 6, name, font).in(Colour.SOFT));
    }
    marks.add(Mark.rectangle(left, top, n * cell, n * cell, Paint.fill(Colour.RAISED)));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (evaluation.confusion()[i][j] > 0) {
          marks.add(cell(i, j, left + j * cell, top + i * cell, cell));
        }
      }
    }
    return new Drawing(left + n * cell + 8, top + n * cell + 8, marks);
  }

  private Mark cell(int truth, int told, double x, double y, int cell) {
    int count = evaluation.confusion()[truth][told];
    double share = (double) count / Math.max(1, evaluation.support(truth));
    // The root keeps single mistakes visible beside hundreds of right answers.
    double shade = 0.1 + 0.9 * Math.sqrt(share);
    List<Mark> marks = new ArrayList<>();
    marks.add(Mark.rectangle(x + 1, y + 1, cell - 2, cell - 2,
        Paint.fill(truth == told ? Colour.BLUE : Colour.VERMILLION).opacity(shade)));
    if (cell >= SMALLEST_NUMBERED) {
      double font = Math.min(13, cell * 1.6 / Math.max(3, Integer.toString(count).length()));
      marks.add(Mark.centred(x + cell / 2.0, y + cell / 2.0 + font * 0.36, Integer.toString(count), font)
          .in(shade > 0.6 ? Colour.ON : Colour.INK));
    }
    return new Mark.Group(0, 0, evaluation.classes().get(truth) + " told to be " + evaluation.classes().get(told) + ": "
        + count + " (" + Numbers.percent(share) + " of the class)", marks);
  }

  private static String brief(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "…" : name;
  }
}
