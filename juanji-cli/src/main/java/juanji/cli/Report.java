package juanji.cli;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import juanji.data.Dataset;
import juanji.image.Picture;
import juanji.image.Pngs;
import juanji.json.Json;
import juanji.json.JsonException;
import juanji.model.ModelFile;
import juanji.train.Epoch;
import juanji.train.Evaluation;
import juanji.train.Trained;

/// A run's report as one HTML page that needs nothing else.
final class Report {
  private static final int MOST_MISTAKES = 24;
  private static final int LARGEST_PICTURE = 96;

  private final RunFolder folder;
  private final ModelFile file;
  private final Trained trained;
  private final Evaluation evaluation;
  private final DataParts parts;

  private Report(RunFolder folder, ModelFile file, Trained trained, Evaluation evaluation, DataParts parts) {
    this.folder = folder;
    this.file = file;
    this.trained = trained;
    this.evaluation = evaluation;
    this.parts = parts;
  }

  static Report of(RunFolder folder, ModelFile file, Trained trained, Evaluation evaluation, DataParts parts) {
    return new Report(folder, file, trained, evaluation, parts);
  }

  String html() {
    String name = Html.escape(String.valueOf(folder.path().toAbsolutePath().normalize().getFileName()));
    return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>%s</title>
        <style>
        %s</style>
        </head>
        <body>
        <main>
        <h1>%s</h1>
        %s
        %s
        %s
        %s
        %s
        %s
        %s
        %s
        </main>
        </body>
        </html>
        """.formatted(name, ReportStyle.CSS, name, figures(), curves(), confusion(), classes(), mistakes(), network(),
        settings(), usage());
  }

  private String figures() {
    double seconds = trained.history().stream().mapToDouble(Epoch::seconds).sum();
    return "<dl class=\"figures\">" + figure("Test accuracy", Numbers.percent(evaluation.accuracy()),
        Numbers.count(evaluation.correct()) + " of " + Numbers.count(evaluation.total()) + " pictures")
        + figure("Test loss", Numbers.loss(evaluation.loss()), "mean −ln of the right class's probability")
        + figure("Best epoch", Integer.toString(trained.bestEpoch()), "of " + trained.history().size()
            + (parts.validation().isPresent() ? ", by validation accuracy" : ", the last"))
        + figure("Weights", Numbers.count(file.model().weightCount()), parts.train().classes().size() + " classes")
        + figure("Training time", Numbers.time(seconds), Numbers.count(parts.train().size()) + " pictures an epoch")
        + "</dl>";
  }

  private static String figure(String name, String value, String note) {
    return "<div><dt>" + Html.escape(name) + "</dt><dd>" + Html.escape(value) + "</dd><dd class=\"note\">"
        + Html.escape(note) + "</dd></div>\n";
  }

  private String curves() {
    List<Epoch> h = trained.history();
    LineChart loss = new LineChart("Loss by epoch", "loss (mean cross-entropy)", Report::shortly, List.of(
        new LineChart.Series("training", "training", true, h.stream().mapToDouble(Epoch::loss).toArray()),
        new LineChart.Series("validation", "validation", false,
            h.stream().mapToDouble(Epoch::validationLoss).toArray())));
    LineChart accuracy = new LineChart("Accuracy by epoch", "accuracy (%)", Report::shortly, List.of(
        new LineChart.Series("training", "training", true, h.stream().mapToDouble(e -> 100 * e.accuracy()).toArray()),
        new LineChart.Series("validation", "validation", false,
            h.stream().mapToDouble(e -> 100 * e.validationAccuracy()).toArray())));
    String measure = file.settings().getOrDefault("loss", "").startsWith("crossEntropy") ? ""
        : "<p>The training loss is the " + Html.escape(file.settings().getOrDefault("loss", "")) + ", the validation "
        + "loss the cross-entropy.</p>";
    return "<section><h2>Training</h2>\n<p class=\"legend\"><span class=\"key training\">● training, while weights "
        + "change</span> <span class=\"key validation\">■ validation, after each epoch</span></p>\n" + measure
        + "<div class=\"charts\"><figure><figcaption>Loss</figcaption>" + loss.svg() + "</figure>\n"
        + "<figure><figcaption>Accuracy</figcaption>" + accuracy.svg() + "</figure></div></section>";
  }

  private static String shortly(double value) {
    String text = String.format(Locale.ROOT, "%.4f", value);
    return text.replaceAll("\\.?0+$", "");
  }

  private String confusion() {
    String head = "<section><h2>Confusion</h2>\n<p>A row for each true class, a column for each class that was "
        + "told, on the test pictures. Shades give the share of the row.</p>\n";
    return evaluation.classes().size() > ConfusionChart.MOST_CLASSES
        ? head + "<p>There are too many classes to draw; see the table below.</p></section>"
        : head + "<div class=\"scroll\">" + new ConfusionChart(evaluation).svg() + "</div></section>";
  }

  private String classes() {
    StringBuilder rows = new StringBuilder();
    for (int k = 0; k < evaluation.classes().size(); k++) {
      rows.append("<tr><th scope=\"row\">").append(Html.escape(evaluation.classes().get(k))).append("</th>")
          .append(cell(evaluation.precision(k))).append(cell(evaluation.recall(k))).append(cell(evaluation.f1(k)))
          .append("<td>").append(Numbers.count(evaluation.support(k))).append("</td></tr>\n");
    }
    return "<section><h2>Classes</h2>\n<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th>Class</th>"
        + "<th title=\"Of the pictures told to be of the class, the share that are\">Precision</th>"
        + "<th title=\"Of the pictures of the class, the share told to be\">Recall</th>"
        + "<th title=\"The harmonic mean of both\">F1</th><th>Pictures</th></tr></thead>\n<tbody>" + rows
        + "</tbody></table></div></section>";
  }

  private static String cell(double share) {
    return String.format(Locale.ROOT, "<td class=\"bar\" style=\"--share:%.4f\">%s</td>", share,
        Numbers.percent(share));
  }

  private String mistakes() {
    List<Evaluation.Mistake> worst = evaluation.mistakes().stream().limit(MOST_MISTAKES).toList();
    if (worst.isEmpty()) {
      return "<section><h2>Mistakes</h2><p>There are none.</p></section>";
    }
    String items = worst.stream().map(m -> "<figure class=\"mistake\">" + picture(m) + "<figcaption><b>"
        + Html.escape(evaluation.classes().get(m.truth())) + "</b> told to be <b class=\"told\">"
        + Html.escape(evaluation.classes().get(m.told())) + "</b>, " + Numbers.percent(m.probability())
        + "</figcaption></figure>").collect(Collectors.joining("\n"));
    return "<section><h2>Mistakes</h2>\n<p>" + (worst.size() == evaluation.mistakes().size() ? "All "
        + worst.size() : "The " + worst.size() + " surest of " + Numbers.count(evaluation.mistakes().size()))
        + ": the true class, what was told instead, and how probable the "
        + "network thought it.</p>\n<div class=\"mistakes\">" + items + "</div></section>";
  }

  private String picture(Evaluation.Mistake m) {
    Dataset test = parts.test();
    int[] shape = test.shape().toArray();
    if (shape.length != 3 || shape[0] != 1 && shape[0] != 3) {
      return "";
    }
    float[] values = new float[test.shape().length()];
    test.read(m.index(), values, 0);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * Math.clamp(values[i], 0, 1));
    }
    String png = Base64.getEncoder().encodeToString(Pngs.encode(new Picture(shape[0], shape[1], shape[2], bytes)));
    int scale = Math.max(1, LARGEST_PICTURE / Math.max(shape[1], shape[2]));
    String source = Html.escape(test.source(m.index()));
    return "<img alt=\"" + source + "\" title=\"" + source + "\" width=\"" + shape[2] * scale + "\" height=\""
        + shape[1] * scale + "\" src=\"data:image/png;base64," + png + "\">";
  }

  private String network() {
    return "<section><h2>Network</h2>\n<div class=\"scroll\"><pre>" + Html.escape(file.model().summary().toString())
        + "</pre></div>\n<details><summary>As code</summary><div class=\"scroll\"><pre>"
        + Html.escape(file.model().toString()) + "</pre></div></details></section>";
  }

  private String settings() {
    StringBuilder rows = new StringBuilder();
    try {
      Map<String, Json> config = folder.read(RunFolder.CONFIG).map(Json::parse).map(Json::members).orElse(Map.of());
      config.forEach((name, value) -> {
        switch (name) {
          case "settings", "samples" -> value.members().forEach((n, v) -> row(rows, n, v));
          case "architecture", "classes" -> { }
          default -> row(rows, name, value);
        }
      });
    } catch (JsonException e) {
      row(rows, "config.json", Json.of("cannot be read"));
    }
    return "<section><h2>Settings</h2>\n<div class=\"scroll\"><table class=\"settings\"><tbody>" + rows
        + "</tbody></table></div></section>";
  }

  private static void row(StringBuilder rows, String name, Json value) {
    if (!(value instanceof Json.Null)) {
      rows.append("<tr><th scope=\"row\">").append(Html.escape(name)).append("</th><td>")
          .append(Html.escape(value instanceof Json.Text t ? t.text() : value.toString())).append("</td></tr>\n");
    }
  }

  private String usage() {
    String model = TrainCommand.quoted(folder.file(RunFolder.MODEL).toString());
    return "<section><h2>Use</h2>\n<p>On the command line:</p>\n<div class=\"scroll\"><pre>"
        + Html.escape("juanji predict " + model + " picture.png\njuanji evaluate " + model + " DATA --json\n"
            + "juanji train DATA --model " + model)
        + "</pre></div>\n<p>In Java:</p>\n<div class=\"scroll\"><pre>" + Html.escape("""
            ModelFile file = ModelFile.read(Path.of("%s"));
            try (Workers workers = Workers.all()) {
              Predictor predictor = Predictor.of(file.model(), workers);
              Tensor picture = PictureFile.read(Path.of("picture.png"), file.preprocessing().orElseThrow());
              Tensor probabilities = predictor.probabilities(picture);       // 1 × %d, in the order of file.classes()
            }
            """.formatted(RunFolder.MODEL, evaluation.classes().size())) + "</pre></div></section>";
  }
}
