package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.MultiplyAdds;
import juanji.graph.Node;
import juanji.graph.ReceptiveField;
import juanji.json.Json;
import juanji.tensor.Shape;

/// A network as a table: each layer's output, weights, work, receptive field and memory, for one sample in inference.
///
/// Mult-adds are those of the contractions, products with padding included; memory is that of each layer's output as
/// 32-bit floats, before a plan shares it; the receptive field is how much of the input one output sees.
///
/// ```java
/// IO.println(model.summary());
/// ```
///
/// @param rows the input, and then each layer, after those inside it
public record Summary(List<Row> rows) {
  /// A line of the table.
  ///
  /// @param path the layer's path, such as `concat1.conv2`; `input` for the input
  /// @param code what makes the layer
  /// @param output the shape of one sample's output
  /// @param weights the number of its own weights, running statistics not included
  /// @param multiplyAdds its own multiplications with an addition
  /// @param field what one output sees of the input, such as `5×5`; empty where there are no spatial axes
  /// @param bytes the memory of one sample's output
  public record Row(String path, String code, Shape output, long weights, long multiplyAdds, String field, long bytes) {
  }

  /// Takes a copy of the list.
  public Summary {
    rows = List.copyOf(rows);
  }

  /// The summary of a model, from shapes alone.
  static Summary of(Model model) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(builder, x, false, 0);
    Graph graph = builder.output("y", traced.output()).build();
    Map<Node, ReceptiveField> fields = ReceptiveField.of(graph, x);
    Map<String, Long> work = new LinkedHashMap<>();
    graph.nodes().forEach(n -> work.merge(n.name(), MultiplyAdds.of(n), MultiplyAdds::sum));
    Map<String, Long> weights = new LinkedHashMap<>();
    model.parameters().stream().filter(d -> !d.state()).forEach(d -> weights.merge(
        traced.trace().owners().get(d.name()), d.shape().size(), MultiplyAdds::sum));
    List<Row> rows = new ArrayList<>();
    rows.add(row("input", model.input().toString(), x, 0, 0, fields));
    List<Trace.Place> places = traced.trace().places();
    for (int i = 0; i < places.size(); i++) {
      Trace.Place place = places.get(i);
      // The layers inside another one come directly before it.
      boolean container = i > 0 && places.get(i - 1).path().startsWith(place.path() + ".");
      if (!(place.layer() instanceof Sequence)) {
        rows.add(row(place.path(), container ? place.layer().kind() + "(…)" : place.layer().toString(), place.output(),
            weights.getOrDefault(place.path(), 0L), work.getOrDefault(place.path(), 0L), fields));
      }
    }
    return new Summary(rows);
  }

  private static Row row(String path, String code, Node output, long weights, long multiplyAdds,
      Map<Node, ReceptiveField> fields) {
    Shape sample = output.shape().sample();
    ReceptiveField field = fields.get(output);
    long size = sample.size();
    return new Row(path, code, sample, weights, multiplyAdds, field == null ? "" : field.toString(),
        size > Long.MAX_VALUE / 4 ? Long.MAX_VALUE : 4 * size);
  }

  /// The number of all weights, running statistics not included.
  public long weights() {
    return rows.stream().mapToLong(Row::weights).reduce(0, MultiplyAdds::sum);
  }

  /// The multiply-adds of one sample.
  public long multiplyAdds() {
    return rows.stream().mapToLong(Row::multiplyAdds).reduce(0, MultiplyAdds::sum);
  }

  /// The memory of one sample's input and all outputs, in bytes.
  public long bytes() {
    return rows.stream().mapToLong(Row::bytes).reduce(0, MultiplyAdds::sum);
  }

  /// The rows and totals as JSON, with the same names as here.
  public String toJson() {
    List<Json> lines = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Json> line = new LinkedHashMap<>();
      line.put("path", Json.of(row.path));
      line.put("code", Json.of(row.code));
      line.put("output", Json.of(Arrays.stream(row.output.toArray()).mapToObj(Json::of).toList()));
      line.put("weights", Json.of(row.weights));
      line.put("multiplyAdds", Json.of(row.multiplyAdds));
      line.put("field", Json.of(row.field));
      line.put("bytes", Json.of(row.bytes));
      lines.add(Json.of(line));
    }
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("rows", Json.of(lines));
    all.put("weights", Json.of(weights()));
    all.put("multiplyAdds", Json.of(multiplyAdds()));
    all.put("bytes", Json.of(bytes()));
    return Json.of(all).toString();
  }

  /// A table for people.
  @Override public String toString() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("layer", "code", "output", "weights", "mult-adds", "sees", "memory"));
    for (Row row : rows) {
      cells.add(List.of(row.path, row.code.length() > 44 ? row.code.substring(0, 43) + "…" : row.code,
          row.output.toString(), count(row.weights), count(row.multiplyAdds), row.field, memory(row.bytes)));
    }
    List<String> totals = List.of("total", "", "", count(weights()), count(multiplyAdds()), "", memory(bytes()));
    int[] widths = new int[totals.size()];
    for (int c = 0; c < widths.length; c++) {
      int column = c;
      int widest = cells.stream().mapToInt(l -> l.get(column).length()).max().orElse(0);
      widths[c] = Math.max(totals.get(c).length(), widest);
    }
    StringBuilder text = new StringBuilder();
    line(text, widths, cells.getFirst());
    rule(text, widths);
    cells.stream().skip(1).forEach(l -> line(text, widths, l));
    rule(text, widths);
    line(text, widths, totals);
    return text.toString();
  }

  private static void line(StringBuilder text, int[] widths, List<String> cells) {
    int start = text.length();
    for (int c = 0; c < widths.length; c++) {
      boolean number = c == 3 || c == 4 || c == 6;
      String blanks = " ".repeat(widths[c] - cells.get(c).length());
      text.append(c == 0 ? "" : " │ ").append(number ? blanks + cells.get(c) : cells.get(c) + blanks);
    }
    text.replace(start, text.length(), text.substring(start).stripTrailing()).append('\n');
  }

  private static void rule(StringBuilder text, int[] widths) {
    for (int c = 0; c < widths.length; c++) {
      text.append(c == 0 ? "" : "─┼─").append("─".repeat(widths[c]));
    }
    text.append('\n');
  }

  private static String count(long number) {
    return number == 0 ? "" : String.format(Locale.ROOT, "%,d", number);
  }

  private static String memory(long bytes) {
    return bytes < 1024 ? bytes + " B" : bytes < 1 << 20 ? String.format(Locale.ROOT, "%,.1f KiB", bytes / 1024.0)
        : String.format(Locale.ROOT, "%,.1f MiB", bytes / 1048576.0);
  }
}
