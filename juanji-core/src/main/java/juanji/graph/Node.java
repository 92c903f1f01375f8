package juanji.graph;

import java.util.List;
import juanji.op.Op;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A value of a [Graph]: given from outside, stored, constant, or computed by an operation.
///
/// Nodes are immutable and compared by identity; graphs may share them.
public abstract sealed class Node {
  private final Shape shape;
  private final String name;

  private Node(Shape shape, String name) {
    this.shape = shape;
    this.name = name;
  }

  /// The shape; its batch may be open.
  public Shape shape() {
    return shape;
  }

  /// A name for people: where in a network this value belongs.
  public String name() {
    return name;
  }

  /// What this value is computed from.
  public List<Node> inputs() {
    return List.of();
  }

  /// A value that is given at each run.
  public static final class Input extends Node {
    Input(Shape shape, String name) {
      super(shape, name);
    }

    @Override public String toString() {
      return "input " + name() + " : " + shape();
    }
  }

  /// A value that is kept from run to run and that updates change: a weight, a running statistic, a momentum.
  public static final class Parameter extends Node {
    Parameter(Shape shape, String name) {
      super(shape, name);
    }

    @Override public String toString() {
      return "parameter " + name() + " : " + shape();
    }
  }

  /// A value that never changes.
  public static final class Constant extends Node {
    private final Tensor value;

    Constant(Tensor value) {
      super(value.shape(), "constant");
      this.value = value;
    }

    /// The value.
    public Tensor value() {
      return value;
    }

    @Override public String toString() {
      return "constant " + value;
    }
  }

  /// The result of an operation.
  public static final class Apply extends Node {
    private final Op op;
    private final List<Node> inputs;

    Apply(Op op, List<Node> inputs, Shape shape, String name) {
      super(shape, name);
      this.op = op;
      this.inputs = List.copyOf(inputs);
    }

    /// The operation.
    public Op op() {
      return op;
    }

    @Override public List<Node> inputs() {
      return inputs;
    }

    @Override public String toString() {
      return op.label() + (name().isEmpty() ? "" : " '" + name() + "'") + " : " + shape();
    }
  }
}
