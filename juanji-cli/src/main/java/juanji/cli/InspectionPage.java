package juanji.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import juanji.data.Dataset;
import juanji.data.Part;
import juanji.draw.BarChart;
import juanji.draw.Block;
import juanji.draw.Markup;
import juanji.draw.Page;
import juanji.draw.Png;
import juanji.tensor.Shape;

/// What was found about data, in lines and as a page with thumbnails.
///
/// @param doubts samples whose class may be wrong
/// @param labelled whether such were looked for
record InspectionPage(DataArgument argument, DataInspectCommand.Opened opened, Findings findings,
    List<DoubtfulLabels.Doubt> doubts, boolean labelled) {
  private static final int MOST = 40;
  private static final int MOST_CLASSES = 60;
  private static final String STYLE = """
      .thumbs { display: flex; flex-wrap: wrap; gap: .6rem; align-items: flex-end; margin: .4rem 0 1rem }
      .thumbs figure { margin: 0; max-width: 11rem }
      .thumbs img { image-rendering: pixelated; min-width: 64px; max-width: 128px; border-radius: 3px }
      .thumbs figcaption { font-size: .75rem; overflow-wrap: anywhere }
      """;

  private int size(Part part) {
    return opened.parts().containsKey(part) ? opened.parts().get(part).size() : 0;
  }

  private String unit() {
    return argument.unit(true);
  }

  /// The findings in short.
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(argument.name() + ": " + Numbers.count(size(Part.TRAIN)) + " " + unit() + " to train on, "
        + Numbers.count(size(Part.VALIDATION)) + " to validate, " + Numbers.count(size(Part.TEST)) + " to test, in "
        + findings.classes().size() + " classes");
    lines.addAll(opened.notes());
    lines.addAll(findings.balance());
    findings.alike().forEach(n -> lines.add("Classes are named alike: " + n + "."));
    some(lines, opened.problems().size(), "cannot be used", opened.problems().stream().map(Object::toString).toList());
    some(lines, findings.same().size(), "groups of the same sample", findings.same().stream().map(findings::names)
        .toList());
    some(lines, findings.contradictory().size(), "of them under two classes", findings.contradictory().stream()
        .map(findings::names).toList());
    some(lines, findings.leaking().size(), "of them in two parts", List.of());
    some(lines, findings.near().size(), "pairs of nearly the same " + argument.unit(false),
        findings.near().stream().map(n -> findings.names(List.of(n.first(), n.second()))).toList());
    some(lines, findings.nearLeaks().size(), "of them in two parts", List.of());
    Dataset train = opened.parts().get(Part.TRAIN);
    if (labelled) {
      some(lines, doubts.size(), "classes that may be wrong", doubts.stream().map(d -> train.source(d.index()) + " is "
          + train.classes().get(train.label(d.index())) + ", told to be " + train.classes().get(d.told()) + " with "
          + Numbers.percent(d.probability())).toList());
    }
    if (findings.total() + opened.problems().size() + doubts.size() == 0) {
      lines.add("Nothing odd was found.");
    }
    return lines;
  }

  private static void some(List<String> lines, int count, String what, List<String> examples) {
    if (count > 0) {
      lines.add(Numbers.count(count) + " " + what + (examples.isEmpty() ? "" : ", such as"));
      examples.stream().limit(3).forEach(e -> lines.add("  " + (e.length() > 300 ? e.substring(0, 300) + "…" : e)));
    }
  }

  /// The page.
  String html() {
    Page page = Page.of(argument.name(), "en").style(STYLE);
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Numbers(List.of(
        new Block.Figured("To train on", Numbers.count(size(Part.TRAIN)), unit()),
        new Block.Figured("To validate", Numbers.count(size(Part.VALIDATION)), unit()),
        new Block.Figured("To test", Numbers.count(size(Part.TEST)), unit()),
        new Block.Figured("Classes", Numbers.count(findings.classes().size()), ""),
        new Block.Figured("Findings", Numbers.count(findings.total() + opened.problems().size() + doubts.size()),
            ""))));
    List<String> notes = new ArrayList<>(opened.notes());
    notes.addAll(findings.balance());
    findings.alike().forEach(n -> notes.add("Classes are named alike: " + n + "."));
    if (!notes.isEmpty()) {
      blocks.add(new Block.Points(notes));
    }
    blocks.add(new Block.Heading(2, "Classes", "classes"));
    blocks.add(counts());
    if (findings.classes().size() <= MOST_CLASSES) {
      BarChart chart = BarChart.of("samples to train on");
      int[] train = findings.counts().get(Part.TRAIN);
      for (int k = 0; k < train.length; k++) {
        chart = chart.bar(findings.classes().get(k), train[k]);
      }
      blocks.add(Block.figure("Balance", chart.drawing()));
    }
    if (!opened.problems().isEmpty()) {
      blocks.add(new Block.Heading(2, "What cannot be used", "problems"));
      blocks.add(new Block.Table(List.of("File", "Reason"), opened.problems().stream().limit(500)
          .map(p -> List.of(p.path(), p.reason())).toList(), 2));
    }
    groups(blocks, "The same sample twice", "same", findings.same().stream().map(g -> (Collection<Findings.Sample>) g)
        .toList());
    groups(blocks, "Nearly the same " + argument.unit(false), "near", findings.near().stream().map(n ->
        (Collection<Findings.Sample>) List.of(n.first(), n.second())).toList());
    if (labelled) {
      groups(blocks, "Classes that may be wrong", "labels", doubts.stream().map(d ->
          (Collection<Findings.Sample>) List.of(new Findings.Sample(Part.TRAIN, d.index()))).toList());
    }
    return page.add(blocks).html();
  }

  private Block counts() {
    List<List<String>> rows = new ArrayList<>();
    for (int k = 0; k < findings.classes().size(); k++) {
      List<String> row = new ArrayList<>(List.of(findings.classes().get(k)));
      for (Part part : Part.values()) {
        int[] own = findings.counts().get(part);
        row.add(own == null ? "–" : Numbers.count(own[k]));
      }
      rows.add(row);
    }
    return new Block.Table(List.of("Class", "Train", "Validation", "Test"), rows, 1);
  }

  private void groups(List<Block> blocks, String title, String id, List<Collection<Findings.Sample>> groups) {
    blocks.add(new Block.Heading(2, title, id));
    if (groups.isEmpty()) {
      blocks.add(new Block.Prose("There are none."));
      return;
    }
    if (groups.size() > MOST) {
      blocks.add(new Block.Prose("The first " + MOST + " of " + Numbers.count(groups.size()) + "."));
    }
    groups.stream().limit(MOST).forEach(g -> blocks.add(new Block.Markup("<div class=\"thumbs\">" + g.stream()
        .limit(8).map(this::thumbnail).collect(Collectors.joining()) + "</div>")));
  }

  private String thumbnail(Findings.Sample sample) {
    Dataset data = opened.parts().get(sample.part());
    String told = doubts.stream().filter(d -> sample.part() == Part.TRAIN && d.index() == sample.index()).findFirst()
        .map(d -> ", told to be " + data.classes().get(d.told()) + " (" + Numbers.percent(d.probability()) + ")")
        .orElse("");
    String caption = "<b>" + Markup.escape(findings.label(sample) + told) + "</b><br>"
        + Markup.escape((opened.parts().size() > 1 ? Map.of(Part.TRAIN, "train: ", Part.VALIDATION, "val: ",
            Part.TEST, "test: ").get(sample.part()) : "") + findings.source(sample));
    String text = data.text(sample.index());
    return "<figure>" + (text.isEmpty() ? picture(data, sample.index()) : "<blockquote>"
        + Markup.escape(text.length() > 300 ? text.substring(0, 300) + "…" : text) + "</blockquote>")
        + "<figcaption>" + caption + "</figcaption></figure>";
  }

  private static String picture(Dataset data, int index) {
    Shape whole = data.shape();
    if (whole.rank() < 3 || whole.dim(0) != 1 && whole.dim(0) != 3) {
      return "";
    }
    float[] values = new float[whole.length()];
    data.read(index, values, 0);
    Shape shape = whole.rank() == 4 ? Frames.shape(whole) : whole;
    values = whole.rank() == 4 ? Frames.of(values, whole, whole.dim(1) / 2) : values;
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * Math.clamp(values[i], 0, 1));
    }
    return "<img alt=\"\" src=\"" + Png.of(shape.dim(0), shape.dim(1), shape.dim(2), bytes).uri() + "\">";
  }
}
