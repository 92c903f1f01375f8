package juanji.testkit;

import java.util.List;
import juanji.op.Op;
import juanji.tensor.Shape;

/// Shapes that an operation refuses, and what it says.
///
/// @param op the operation
/// @param shapes the inputs' shapes
/// @param message the whole message, three lines
public record ErrorSample(Op op, List<Shape> shapes, String message) {
  /// The label of the constraint that is broken, such as `C3`.
  public String label() {
    String second = message.split("\n")[1].strip();
    return second.substring(0, second.indexOf(':'));
  }
}
