package juanji.op;

import java.util.List;
import juanji.tensor.Shape;

/// An operation that cannot take the shapes it was given.
///
/// The message has three lines: which operation; the constraint with the values received; how to mend it.
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Shape> shapes;
  private final String operation;
  private final String constraint;
  private final String remedy;

  /// An error of the named operation.
  ///
  /// @param operation what was to be done, such as `conv`
  /// @param constraint the label and the constraint with the received values, such as `C3: groups = 4 must divide …`
  /// @param remedy how to mend it
  /// @param shapes the shapes received
  public ShapeException(String operation, String constraint, String remedy, List<Shape> shapes) {
    this(operation, "", constraint, remedy, shapes);
  }

  private ShapeException(String operation, String name, String constraint, String remedy, List<Shape> shapes) {
    super(operation + (name.isEmpty() ? "" : " '" + name + "'") + " cannot take its input.\n  " + constraint + "\n  "
        + remedy);
    this.operation = operation;
    this.constraint = constraint;
    this.remedy = remedy;
    this.shapes = List.copyOf(shapes);
  }

  /// The same error, saying at which place of a network it occurred.
  public ShapeException at(String name) {
    ShapeException named = new ShapeException(operation, name, constraint, remedy, shapes);
    named.setStackTrace(getStackTrace());
    return named;
  }

  /// The shapes that the operation received.
  public List<Shape> shapes() {
    return shapes;
  }
}
