package juanji.graph;

import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.op.Algebra;
import juanji.op.Op;
import juanji.op.ShapeException;
import juanji.op.Tape;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Builds a [Graph]. Applying the same operation to the same nodes again gives the same node.
///
/// ```java
/// GraphBuilder b = new GraphBuilder();
/// Node x = b.input("x", Shape.of(3).batched());
/// Node y = b.apply(new Pointwise.Relu(), x);
/// Graph graph = b.output("y", y).build();
/// ```
public final class GraphBuilder implements Algebra<Node> {
  private record Key(Op op, List<Integer> inputs) {
  }

  /// Constants are compared by their bits: 0 and −0 are two.
  private record Literal(Shape shape, IntBuffer bits) {
    static Literal of(Tensor value) {
      float[] data = value.data();
      return new Literal(value.shape(), IntBuffer.wrap(IntStream.range(0, data.length)
          .map(i -> Float.floatToIntBits(data[i])).toArray()));
    }
  }

  private final Map<Literal, Node> constants = new HashMap<>();
  private final Map<Key, Node> applied = new HashMap<>();
  private final Map<Node, Integer> identities = new IdentityHashMap<>();
  private final Map<String, Node.Input> inputs = new LinkedHashMap<>();
  private final Map<String, Node.Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Node> outputs = new LinkedHashMap<>();
  private final Map<Node.Parameter, Node> updates = new LinkedHashMap<>();
  private final Tape<Node> tape = new Tape<>(this);
  private String scope = "";

  /// An empty builder.
  public GraphBuilder() {
  }

  /// A builder that goes on from a graph: it has its inputs, parameters, outputs and updates, and can differentiate
  /// through its nodes.
  public static GraphBuilder from(Graph graph) {
    GraphBuilder builder = new GraphBuilder();
    for (Node node : graph.nodes()) {
      switch (node) {
        case Node.Input i -> builder.inputs.put(i.name(), i);
        case Node.Parameter p -> builder.parameters.put(p.name(), p);
        case Node.Constant c -> builder.constants.put(Literal.of(c.value()), c);
        case Node.Apply a -> {
          builder.applied.put(builder.key(a.op(), a.inputs()), a);
          builder.tape.record(a.op(), a.inputs(), a);
        }
      }
    }
    builder.outputs.putAll(graph.outputs());
    builder.updates.putAll(graph.updates());
    return builder;
  }

  private Key key(Op op, List<Node> of) {
    return new Key(op, of.stream().map(n -> identities.computeIfAbsent(n, _ -> identities.size())).toList());
  }

  /// Says where in a network the nodes applied from now on belong; errors and tables name it.
  ///
  /// @return the place named before
  public String scope(String name) {
    String before = scope;
    scope = name;
    return before;
  }

  /// A value given at each run; the same name gives the same node.
  public Node.Input input(String name, Shape shape) {
    return same(inputs.computeIfAbsent(name, n -> new Node.Input(shape, n)), shape);
  }

  /// A value kept from run to run; the same name gives the same node.
  public Node.Parameter parameter(String name, Shape shape) {
    return same(parameters.computeIfAbsent(name, n -> new Node.Parameter(shape, n)), shape);
  }

  private static <N extends Node> N same(N node, Shape shape) {
    if (!node.shape().equals(shape)) {
      throw new IllegalArgumentException("'" + node.name() + "' is used with two shapes.\n"
          + "  C1: a name stands for one value; received " + node.shape() + " and " + shape + ".\n"
          + "  Use another name for one of them.");
    }
    return node;
  }

  @Override public Node constant(Tensor value) {
    return constants.computeIfAbsent(Literal.of(value), _ -> new Node.Constant(value.copy()));
  }

  @Override public Shape shape(Node value) {
    return value.shape();
  }

  @Override public Node apply(Op op, List<Node> of) {
    Key key = key(op, of);
    Node known = applied.get(key);
    if (known != null) {
      return known;
    }
    Shape shape;
    try {
      shape = op.shape(of.stream().map(Node::shape).toList());
    } catch (ShapeException e) {
      throw scope.isEmpty() ? e : e.at(scope);
    }
    Node node = new Node.Apply(op, of, shape, scope);
    applied.put(key, node);
    tape.record(op, of, node);
    return node;
  }

  /// Names a result of the graph.
  public GraphBuilder output(String name, Node node) {
    outputs.put(name, node);
    return this;
  }

  /// Gives a parameter a new value at the end of each run.
  public GraphBuilder update(Node.Parameter parameter, Node value) {
    if (!parameter.shape().equals(value.shape())) {
      throw new IllegalArgumentException("'" + parameter.name() + "' cannot be updated.\n"
          + "  C1: a parameter keeps its shape; received " + value.shape() + " for " + parameter.shape() + ".\n"
          + "  Reshape or reduce the new value.");
    }
    updates.put(parameter, value);
    return this;
  }

  /// The gradients of a scalar node with respect to others, as nodes of this builder.
  ///
  /// @param loss a node of rank 0
  /// @return one entry per wanted node, empty where the loss does not depend on it
  public List<Optional<Node>> gradients(Node loss, List<? extends Node> wanted) {
    if (loss.shape().rank() != 0) {
      throw new IllegalArgumentException("a gradient is that of one number.\n"
          + "  C1: the loss is a scalar; received " + loss.shape() + ".\n"
          + "  Take a sum or a mean first.");
    }
    return tape.gradients(loss, constant(Tensor.scalar(1)), List.copyOf(wanted));
  }

  /// The gradients of any node with respect to others, given a weight for each of its elements.
  public List<Optional<Node>> gradients(Node output, Node weights, List<? extends Node> wanted) {
    return tape.gradients(output, weights, List.copyOf(wanted));
  }

  /// The graph of all outputs and updates named so far.
  public Graph build() {
    return new Graph(outputs, updates);
  }
}
