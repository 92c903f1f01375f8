package juanji.zoo;

import java.util.Arrays;
import java.util.stream.Collectors;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// A network of the zoo: what it is called, where it comes from, how large it is said to be, and what makes it.
///
/// ```java
/// Model vgg = Zoo.network("vgg16").model();                                  // 3 × 224 × 224, 1000 classes
/// Model small = Zoo.network("resnet20").model(Shape.of(3, 48, 48), 5);
/// ```
///
/// @param name the word for it, such as `resnet18`
/// @param title its name in print
/// @param year when it was published
/// @param paper authors and title of the paper
/// @param idea what it introduced
/// @param input the shape of samples that it is known for
/// @param outputs the number of classes, or what else its last number is, that it is known for
/// @param published what is said of its size and accuracy
/// @param code what makes it, with `%s` for the input and `%d` for the outputs
/// @param making makes it
public record Network(String name, String title, int year, String paper, String idea, Shape input, int outputs,
    Published published, String code, Making making) {
  /// What is said of a network in print. A text such as `4.2 M` is rounded; an empty one means that nothing is.
  ///
  /// @param weights the number of weights
  /// @param multiplyAdds the multiplications with an addition for one sample
  /// @param source who says so
  /// @param accuracy the share of right answers, and on what
  /// @param difference why this library counts differently, if it does
  public record Published(String weights, String multiplyAdds, String source, String accuracy, String difference) {
    /// Nothing.
    static final Published NOTHING = new Published("", "", "", "", "");

    /// With an explanation of what differs.
    Published because(String reason) {
      return new Published(weights, multiplyAdds, source, accuracy, reason);
    }
  }

  /// Makes a network.
  public interface Making {
    /// The network for samples of a shape and a number of outputs.
    Model of(Shape input, int outputs);
  }

  /// The network as it is known.
  public Model model() {
    return making.of(input, outputs);
  }

  /// The network for other samples and another number of outputs.
  ///
  /// @throws juanji.op.ShapeException if it cannot take them
  public Model model(Shape sample, int number) {
    return making.of(sample, number);
  }

  /// The Java that makes it as it is known.
  public String java() {
    String shape = Arrays.stream(input.toArray()).mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "Shape.of(", ")"));
    return code.replace("%s", shape).replace("%d", Integer.toString(outputs));
  }
}
