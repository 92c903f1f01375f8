package juanji.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.Trace;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.op.Algebra;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.Gather;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Regional;
import juanji.op.View;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Writes a network's graph for inference: composites that ONNX lacks are written out, then each node that an output
/// needs is an operator, or several.
final class GraphWriter {
  private static final String BATCH = "N";

  private final Model model;
  private final int opset;
  private final String file;
  private final GraphBuilder builder = new GraphBuilder();
  private final Map<Node, Node> rewritten = new IdentityHashMap<>();
  private final Map<Node, LayerWriter.Written> layers = new IdentityHashMap<>();
  private final Map<Node, Integer> uses = new IdentityHashMap<>();
  private final Map<Node, String> names = new IdentityHashMap<>();
  private final Map<Node, String> symbols = new IdentityHashMap<>();

  GraphWriter(Model model, int opset, String file) {
    this.model = model;
    this.opset = opset;
    this.file = file;
  }

  /// What was written.
  ///
  /// @param constants the names of tensors that are no weights
  record Written(GraphProto graph, List<String> constants) {
  }

  Written graph() {
    GraphBuilder plain = new GraphBuilder();
    Node x = plain.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(plain, x, false, 0);
    plain.output("y", traced.output());
    traced.trace().results().forEach(plain::output);
    Graph meant = plain.build();
    Graph graph = writtenOut(meant);
    traced.trace().places().forEach(place -> layer(place, meant, traced.trace().owners()));
    List<Node> needed = needed(graph);
    Set<String> reserved = new HashSet<>(graph.outputs().keySet());
    graph.inputs().forEach(i -> reserved.add(i.name()));
    graph.parameters().forEach(p -> reserved.add(p.name()));
    Sheet sheet = new Sheet(opset, reserved);
    Set<String> unsaid = new LinkedHashSet<>();
    needed.forEach(node -> write(sheet, node, unsaid));
    if (!unsaid.isEmpty()) {
      throw new OnnxException(file, "cannot be written as ONNX", "C2: everything that the network computes has "
          + "operators of version " + opset + "; there are none for " + String.join(", ", unsaid) + ".",
          "Use a higher version, or other layers there.");
    }
    List<ValueInfoProto> outputs = new ArrayList<>();
    graph.outputs().forEach((name, node) -> {
      sheet.output(name, names.get(node));
      outputs.add(described(name, node));
    });
    return new Written(GraphProto.of("juanji", sheet.nodes(), sheet.tensors(), graph.inputs().stream()
        .map(i -> described(i.name(), i)).toList(), outputs), sheet.constants());
  }

  /// The graph with those composites written out that have no operator of their own.
  private Graph writtenOut(Graph graph) {
    Algebra<Node> algebra = new Algebra<>() {
      @Override public Node apply(Op op, List<Node> in) {
        return op instanceof Composite c && !OpWriter.whole(c, in.stream().map(Node::shape).toList(), opset)
            ? c.expand(this, in) : builder.apply(op, in);
      }

      @Override public Node constant(Tensor value) {
        return builder.constant(value);
      }

      @Override public Shape shape(Node value) {
        return value.shape();
      }
    };
    for (Node node : graph.nodes()) {
      builder.scope(node.name());
      rewritten.put(node, switch (node) {
        case Node.Input i -> builder.input(i.name(), i.shape());
        case Node.Parameter p -> builder.parameter(p.name(), p.shape());
        case Node.Constant c -> builder.constant(c.value());
        case Node.Apply a -> algebra.apply(a.op(), a.inputs().stream().map(rewritten::get).toList());
      });
    }
    graph.outputs().forEach((name, node) -> builder.output(name, rewritten.get(node)));
    return builder.build();
  }

  private void layer(Trace.Place place, Graph graph, Map<String, String> owners) {
    Node y = rewritten.get(place.output());
    Node x = rewritten.get(place.input());
    if (y != null && x != null && y != x && place.layer() instanceof OnnxNode(NodeProto node)) {
      // The node's weights have the file's names, within the path of its network.
      List<Node> weights = node.inputs().stream().skip(1).flatMap(in -> graph.parameters().stream()
          .filter(p -> owners.get(p.name()).equals(place.path()))
          .filter(p -> p.name().equals(in) || p.name().endsWith("." + in))
          .limit(1)).<Node>map(p -> builder.parameter(p.name(), p.shape())).toList();
      LayerWriter.of(node, x, weights).ifPresent(written -> layers.put(y, written));
    } else if (y != null && x != null && y != x) {
      LayerWriter.of(place.layer(), x, y, opset, name -> builder.parameter(
          place.path() + "." + name, graph.parameters().stream().filter(p -> p.name().equals(place.path() + "." + name))
              .findFirst().orElseThrow().shape())).ifPresent(written -> layers.put(y, written));
    }
  }

  /// A product with a bias that the operator of the product takes along.
  private Optional<LayerWriter.Written> biased(Node node) {
    if (!(node instanceof Node.Apply add) || !(add.op() instanceof Pointwise.Add)
        || !(add.inputs().get(0) instanceof Node.Apply product) || uses.getOrDefault(product, 0) > 1
        || layers.containsKey(product) || !product.shape().equals(node.shape())) {
      return Optional.empty();
    }
    boolean matrix = product.op() instanceof Contraction.MatMul && product.shape().rank() == 2;
    if (!matrix && !(product.op() instanceof Contraction.Conv) && !(product.op() instanceof Contraction.ConvInput)) {
      return Optional.empty();
    }
    Node added = add.inputs().get(1);
    Node bias = added instanceof Node.Apply view && view.op() instanceof View.Reshape ? view.inputs().getFirst()
        : added;
    Shape column = matrix ? Shape.of(product.shape().dim(1)) : ViewWriter.perChannel(product.shape());
    if (!bias.shape().equals(Shape.of(product.shape().dim(1))) || !added.shape().equals(column)
        || !(bias instanceof Node.Parameter) && !(bias instanceof Node.Constant)) {
      return Optional.empty();
    }
    List<Node> all = new ArrayList<>(product.inputs());
    all.add(bias);
    List<Shape> shapes = product.inputs().stream().map(Node::shape).toList();
    return Optional.of(new LayerWriter.Written(all, (sheet, in) ->
        OpWriter.write(sheet, product.op(), in, shapes, product.shape()).orElseThrow()));
  }

  /// What the outputs need, in order.
  private List<Node> needed(Graph graph) {
    List<Node> order = graph.nodes();
    order.forEach(node -> node.inputs().forEach(i -> uses.merge(i, 1, Integer::sum)));
    graph.outputs().values().forEach(node -> uses.merge(node, 1, Integer::sum));
    Map<Node, Boolean> wanted = new IdentityHashMap<>();
    graph.outputs().values().forEach(node -> wanted.put(node, true));
    List<Node> needed = new ArrayList<>();
    for (Node node : order.reversed()) {
      if (wanted.containsKey(node)) {
        biased(node).ifPresent(written -> layers.putIfAbsent(node, written));
        LayerWriter.Written written = layers.get(node);
        (written == null ? node.inputs() : written.inputs()).forEach(i -> wanted.put(i, true));
        needed.addFirst(node);
      }
    }
    return needed;
  }

  private void write(Sheet sheet, Node node, Set<String> unsaid) {
    symbols.put(node, symbol(node));
    sheet.at(node.name());
    names.put(node, switch (node) {
      case Node.Input i -> i.name();
      case Node.Parameter p -> sheet.weight(p.name(), model.weights().tensors().get(p.name()));
      case Node.Constant c -> sheet.constant(c.value());
      case Node.Apply a -> {
        LayerWriter.Written written = layers.get(node);
        if (written != null) {
          yield written.emission().write(sheet, written.inputs().stream().map(names::get).toList());
        }
        Optional<String> name = OpWriter.write(sheet, a.op(), a.inputs().stream().map(names::get).toList(),
            a.inputs().stream().map(Node::shape).toList(), a.shape());
        if (name.isEmpty()) {
          unsaid.add(a.op().label() + (a.name().isEmpty() ? "" : " '" + a.name() + "'"));
        }
        yield name.orElse("");
      }
    });
  }

  /// What stands for a node's open extent: the batch, or the number of rows of another input.
  private String symbol(Node node) {
    return switch (node) {
      case Node.Input i -> i.name().equals("x") ? BATCH : i.name();
      case Node.Parameter _, Node.Constant _ -> BATCH;
      case Node.Apply a when a.op() instanceof Regional -> symbols.getOrDefault(a.inputs().get(1), BATCH);
      case Node.Apply a when a.op() instanceof Gather.Lookup -> symbols.getOrDefault(a.inputs().get(0), BATCH);
      case Node.Apply a -> a.inputs().stream().filter(i -> !i.shape().bound()).findFirst()
          .map(i -> symbols.getOrDefault(i, BATCH)).orElse(BATCH);
    };
  }

  private ValueInfoProto described(String name, Node node) {
    List<TypeProto.Extent> extents = new ArrayList<>();
    for (int d : node.shape().toArray()) {
      extents.add(d == Shape.UNBOUND ? TypeProto.Extent.of(symbol(node)) : TypeProto.Extent.of(d));
    }
    return new ValueInfoProto(name, TypeProto.tensor(ElementType.FLOAT, extents));
  }
}
