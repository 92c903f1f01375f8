package juanji.cli;

import java.util.Locale;
import juanji.train.Evaluation;

/// A confusion matrix as an SVG heat map: a row per true class, a column per class told, shaded by the share of the
/// row. Right answers are blue, wrong ones vermillion.
///
/// @param evaluation what is drawn
record ConfusionChart(Evaluation evaluation) {
  /// The most classes that are drawn.
  static final int MOST_CLASSES = 120;
  private static final int SIDE = 700;
  private static final int LARGEST_CELL = 44;
  private static final int SMALLEST_CELL = 11;
  private static final int SMALLEST_NUMBERED = 22;
  /// Up to here the matrix is still readable when it is shrunk to a narrow screen; larger ones scroll.
  private static final int MOST_SHRUNK = 12;
  private static final int LONGEST_NAME = 18;

  String svg() {
    int n = evaluation.classes().size();
    int cell = Math.clamp(SIDE / n, SMALLEST_CELL, LARGEST_CELL);
    int font = Math.clamp(cell - 2, 8, 13);
    int longest = evaluation.classes().stream().mapToInt(c -> brief(c).length()).max().orElse(1);
    boolean turned = longest * font * 0.62 > cell;
    int left = (int) (longest * font * 0.62) + 34;
    int top = (turned ? (int) (longest * font * 0.62) : font) + 34;
    int width = left + n * cell + 8;
    int height = top + n * cell + 8;
    StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
        "<svg class=\"confusion%s\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
        + "aria-label=\"confusion matrix\" font-size=\"%d\">\n", n <= MOST_SHRUNK ? " fluid" : "", width, height,
        width, height, font));
    svg.append(String.format(Locale.ROOT, "<text class=\"label\" x=\"%d\" y=\"14\" text-anchor=\"middle\">told</text>"
        + "<text class=\"label\" transform=\"translate(12 %d) rotate(-90)\" text-anchor=\"middle\">true</text>\n",
        left + n * cell / 2, top + n * cell / 2));
    for (int k = 0; k < n; k++) {
      String name = Html.escape(brief(evaluation.classes().get(k)));
      svg.append(String.format(Locale.ROOT, "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          left - 6, top + (k + 0.5) * cell + font * 0.36, name));
      double x = left + (k + 0.5) * cell;
      svg.append(turned ? String.format(Locale.ROOT,
          "<text class=\"tick\" transform=\"translate(%.1f %d) rotate(-90)\">%s</text>\n", x + font * 0.36, top - 6,
          name) : String.format(Locale.ROOT,
          "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
          x, top - 6, name));
    }
    svg.append(String.format(Locale.ROOT, "<rect class=\"field\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n",
        left, top, n * cell, n * cell));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (evaluation.confusion()[i][j] > 0) {
          cell(svg, i, j, left + j * cell, top + i * cell, cell);
        }
      }
    }
    return svg.append("</svg>\n").toString();
  }

  private void cell(StringBuilder svg, int truth, int told, int x, int y, int cell) {
    int count = evaluation.confusion()[truth][told];
    double share = (double) count / Math.max(1, evaluation.support(truth));
    // The root keeps single mistakes visible beside hundreds of right answers.
    double shade = 0.1 + 0.9 * Math.sqrt(share);
    String kind = truth == told ? "right" : "wrong";
    svg.append(String.format(Locale.ROOT, "<g><title>%s</title><rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" "
        + "height=\"%d\" fill-opacity=\"%.2f\"/>", Html.escape(evaluation.classes().get(truth) + " told to be "
        + evaluation.classes().get(told) + ": " + count + " (" + Numbers.percent(share) + " of the class)"), kind,
        x + 1, y + 1, cell - 2, cell - 2, shade));
    if (cell >= SMALLEST_NUMBERED) {
      double font = Math.min(13, cell * 1.6 / Math.max(3, Integer.toString(count).length()));
      svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" "
          + "text-anchor=\"middle\">%d</text>", shade > 0.6 ? "on" : "off", x + cell / 2.0,
          y + cell / 2.0 + font * 0.36, font, count));
    }
    svg.append("</g>\n");
  }

  private static String brief(String name) {
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME - 1) + "…" : name;
  }
}
