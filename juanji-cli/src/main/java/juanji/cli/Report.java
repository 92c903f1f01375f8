package juanji.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import juanji.data.Dataset;
import juanji.draw.Block;
import juanji.draw.Chart;
import juanji.draw.Markup;
import juanji.draw.Page;
import juanji.draw.Png;
import juanji.explain.ArchitectureDrawing;
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
  private static final String TRAINING = "training";
  private static final String VALIDATION = "validation";

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
    return Page.of(String.valueOf(folder.path().toAbsolutePath().normalize().getFileName()), "en")
        .style(ReportStyle.CSS).add(figures()).add(curves()).add(confusion()).add(classes()).add(mistakes())
        .add(network()).add(settings()).add(usage()).html();
  }

  private Block figures() {
    double seconds = trained.history().stream().mapToDouble(Epoch::seconds).sum();
    return new Block.Numbers(List.of(
        new Block.Figured("Test accuracy", Numbers.percent(evaluation.accuracy()),
            Numbers.count(evaluation.correct()) + " of " + Numbers.count(evaluation.total()) + " pictures"),
        new Block.Figured("Test loss", Numbers.loss(evaluation.loss()), "mean −ln of the right class's probability"),
        new Block.Figured("Best epoch", Integer.toString(trained.bestEpoch()), "of " + trained.history().size()
            + (parts.validation().isPresent() ? ", by validation accuracy" : ", the last")),
        new Block.Figured("Weights", Numbers.count(file.model().weightCount()),
            parts.train().classes().size() + " classes"),
        new Block.Figured("Training time", Numbers.time(seconds),
            Numbers.count(parts.train().size()) + " pictures an epoch")));
  }

  private List<Block> curves() {
    String loss = file.settings().getOrDefault("loss", "");
    return List.of(Block.section("Training"), Block.prose("Training is measured while weights change, validation after "
        + "each epoch." + (loss.startsWith("crossEntropy") ? "" : " The training loss is the " + loss
        + ", the validation loss the cross-entropy.")), new Block.Figures(List.of(
            new Block.Figure("Loss", curves("loss (mean cross-entropy)", Epoch::loss, Epoch::validationLoss).drawing()),
            new Block.Figure("Accuracy", curves("accuracy (%)", e -> 100 * e.accuracy(),
                e -> 100 * e.validationAccuracy()).drawing()))));
  }

  private Chart curves(String axis, Function<Epoch, Double> training, Function<Epoch, Double> validation) {
    List<Epoch> h = trained.history();
    return Chart.of("epoch", axis).line(TRAINING, h.stream().mapToDouble(training::apply).toArray())
        .line(VALIDATION, h.stream().mapToDouble(validation::apply).toArray());
  }

  private List<Block> confusion() {
    return List.of(Block.section("Confusion"), Block.prose("A row for each true class, a column for each class that "
        + "was told, on the test pictures. Shades give the share of the row."),
        evaluation.classes().size() > ConfusionChart.MOST_CLASSES
            ? Block.prose("There are too many classes to draw; see the table below.")
            : Block.figure("", new ConfusionChart(evaluation).drawing()));
  }

  private List<Block> classes() {
    StringBuilder rows = new StringBuilder();
    for (int k = 0; k < evaluation.classes().size(); k++) {
      rows.append("<tr><th scope=\"row\">").append(Markup.escape(evaluation.classes().get(k))).append("</th>")
          .append(cell(evaluation.precision(k))).append(cell(evaluation.recall(k))).append(cell(evaluation.f1(k)))
          .append("<td>").append(Numbers.count(evaluation.support(k))).append("</td></tr>\n");
    }
    return List.of(Block.section("Classes"), new Block.Markup(
        "<div class=\"scroll\"><table class=\"shares\"><thead><tr><th>Class</th>"
        + "<th title=\"Of the pictures told to be of the class, the share that are\">Precision</th>"
        + "<th title=\"Of the pictures of the class, the share told to be\">Recall</th>"
        + "<th title=\"The harmonic mean of both\">F1</th><th>Pictures</th></tr></thead>\n<tbody>" + rows
        + "</tbody></table></div>"));
  }

  private static String cell(double share) {
    return String.format(Locale.ROOT, "<td class=\"bar\" style=\"--share:%.4f\">%s</td>", share,
        Numbers.percent(share));
  }

  private List<Block> mistakes() {
    List<Evaluation.Mistake> worst = evaluation.mistakes().stream().limit(MOST_MISTAKES).toList();
    if (worst.isEmpty()) {
      return List.of(Block.section("Mistakes"), Block.prose("There are none."));
    }
    String items = worst.stream().map(m -> "<figure class=\"mistake\">" + picture(m) + "<figcaption><b>"
        + Markup.escape(evaluation.classes().get(m.truth())) + "</b> told to be <b class=\"told\">"
        + Markup.escape(evaluation.classes().get(m.told())) + "</b>, " + Numbers.percent(m.probability())
        + "</figcaption></figure>").collect(Collectors.joining("\n"));
    return List.of(Block.section("Mistakes"), Block.prose((worst.size() == evaluation.mistakes().size() ? "All "
        + worst.size() : "The " + worst.size() + " surest of " + Numbers.count(evaluation.mistakes().size()))
        + ": the true class, what was told instead, and how probable the network thought it."),
        new Block.Markup("<div class=\"mistakes\">" + items + "</div>"));
  }

  private String picture(Evaluation.Mistake m) {
    Dataset test = parts.test();
    if (!test.text(m.index()).isEmpty()) {
      return "<blockquote title=\"" + Markup.escape(test.source(m.index())) + "\">"
          + Markup.escape(test.text(m.index()).strip().lines().limit(20).collect(Collectors.joining("\n")))
          + "</blockquote>";
    }
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
    int scale = Math.max(1, LARGEST_PICTURE / Math.max(shape[1], shape[2]));
    String source = Markup.escape(test.source(m.index()));
    return "<img alt=\"" + source + "\" title=\"" + source + "\" width=\"" + shape[2] * scale + "\" height=\""
        + shape[1] * scale + "\" src=\"" + Png.of(shape[0], shape[1], shape[2], bytes).uri() + "\">";
  }

  private List<Block> network() {
    return List.of(Block.section("Network"), new Block.Code(file.model().summary().toString()),
        new Block.Details("As a drawing", List.of(Block.figure("", ArchitectureDrawing.of(file.model())))),
        new Block.Details("As code", List.of(new Block.Code(file.model().toString()))));
  }

  private List<Block> settings() {
    List<List<String>> rows = new ArrayList<>();
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
    return List.of(Block.section("Settings"), new Block.Table(List.of("Setting", "Value"), rows, 2));
  }

  private static void row(List<List<String>> rows, String name, Json value) {
    if (!(value instanceof Json.Null)) {
      rows.add(Arrays.asList(name, value instanceof Json.Text t ? t.text() : value.toString()));
    }
  }

  private List<Block> usage() {
    String model = TrainCommand.quoted(folder.file(RunFolder.MODEL).toString());
    EmbeddingProgram program = EmbeddingProgram.of(file);
    return List.of(Block.section("Use"), Block.prose("On the command line:"),
        new Block.Code("juanji predict " + model + " " + TrainCommand.quoted(program.example()) + "\njuanji evaluate "
            + model + " DATA --json\njuanji train DATA --model " + model),
        Block.prose("In Java, with the modules `" + program.modules() + "` (and `juanji.vector`, for speed) on the "
            + "module path:"), new Block.Code(program.text()));
  }
}
