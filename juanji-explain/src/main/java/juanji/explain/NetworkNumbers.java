package juanji.explain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.MultiplyAdds;
import juanji.graph.Node;
import juanji.graph.ReceptiveField;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.tensor.Shape;

/// A network's layers in numbers: what one output sees and where, weights, work, memory, and the work per byte.
///
/// @param rows one for each layer that holds no others, in the order of the data
public record NetworkNumbers(List<Row> rows) {
  /// A layer.
  ///
  /// @param path the layer
  /// @param code what makes it
  /// @param output the shape of one sample's output
  /// @param field what one output sees of the input, or empty axes
  /// @param weights its weights
  /// @param multiplyAdds multiplications with an addition for one sample
  /// @param memory bytes of one sample's output
  /// @param traffic bytes that one sample moves: input, output and weights
  public record Row(String path, String code, Shape output, List<ReceptiveField.Along> field, long weights,
      long multiplyAdds, long memory, long traffic) {
    /// Operations per byte: two for each multiplication with an addition.
    public double intensity() {
      return traffic == 0 ? 0 : 2.0 * multiplyAdds / traffic;
    }

    /// How many cells one output sees, such as `5 × 5`.
    public String sees() {
      return field.stream().map(a -> Long.toString(Math.round(a.size()))).reduce((a, b) -> a + " × " + b).orElse("");
    }

    /// How far the fields of neighbours are apart.
    public String stride() {
      return field.stream().map(a -> NetworkNumbers.plain(a.jump())).reduce((a, b) -> a + " × " + b).orElse("");
    }

    /// The middle of what the first output sees, in cells of the input from 0.
    public String center() {
      return field.stream().map(a -> NetworkNumbers.plain(a.start() + (a.size() - 1) / 2))
          .reduce((a, b) -> a + ", " + b).orElse("");
    }
  }

  /// Takes a copy of the list.
  public NetworkNumbers {
    rows = List.copyOf(rows);
  }

  /// The numbers of a model, from shapes alone.
  public static NetworkNumbers of(Model model) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(builder, x, false, 0);
    Graph graph = builder.output("y", traced.output()).build();
    Map<Node, ReceptiveField> fields = ReceptiveField.of(graph, x);
    Map<String, Long> work = new LinkedHashMap<>();
    graph.nodes().forEach(n -> work.merge(n.name(), MultiplyAdds.of(n), MultiplyAdds::sum));
    List<Row> rows = new ArrayList<>();
    Map<String, String> owners = traced.trace().owners();
    List<Trace.Place> places = traced.trace().places();
    for (int i = 0; i < places.size(); i++) {
      Trace.Place p = places.get(i);
      if (i > 0 && places.get(i - 1).path().startsWith(p.path() + ".")) {
        continue;
      }
      long weights = model.parameters().stream().filter(d -> !d.state() && owners.get(d.name()).equals(p.path()))
          .mapToLong(d -> d.shape().size()).sum();
      long output = 4 * p.output().shape().sample().size();
      ReceptiveField field = fields.get(p.output());
      rows.add(new Row(p.path(), p.layer().toString(), p.output().shape().sample(),
          field == null ? List.of() : field.axes(), weights, work.getOrDefault(p.path(), 0L), output,
          output + 4 * (p.input().shape().sample().size() + weights)));
    }
    return new NetworkNumbers(rows);
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value);
  }
}
