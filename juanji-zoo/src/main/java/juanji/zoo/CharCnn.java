package juanji.zoo;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.frozen;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.zoo.Blocks.he;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A network that reads letters rather than words: six convolutions over a text in which each character is a column
/// with a single 1.
///
/// The paper's alphabet has 70 characters, and its texts 1014. [#onText] takes the numbers of characters instead, as a
/// text reader gives them, and puts the columns together itself. Source: Zhang, Zhao and LeCun, *Character-level
/// convolutional networks for text classification*, 2015.
public final class CharCnn {
  /// The length of the paper's texts.
  public static final int LENGTH = 1014;
  /// The shortest text that is left with something behind six convolutions and three poolings.
  public static final int SHORTEST = 123;
  /// The rows of the paper's pictures of texts.
  private static final int ROWS = 70;
  /// The paper lists the hyphen twice, and the line break behind the others.
  private static final String LISTED = "abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'\"/\\|_@#$%^&*~`+-=<>()[]{}";

  private CharCnn() {
  }

  /// The paper's alphabet without its line break, each character once, in its order.
  public static List<String> alphabet() {
    return LISTED.chars().distinct().mapToObj(Character::toString).toList();
  }

  /// The smaller network on the numbers of characters: 1 for the first of [#alphabet], and so on; others, such as the 0
  /// of an unknown character, are columns of zeros. Its first layer makes the paper's 70 rows, of which the second
  /// hyphen's and the line break's stay empty, and is not trained.
  ///
  /// @param length characters per text, of at least [#SHORTEST]
  public static Model onText(int length, int classes, long seed) {
    List<String> alphabet = alphabet();
    List<Layer> layers = new ArrayList<>(List.of(frozen(embedding(alphabet.size() + 1, ROWS)).named("alphabet")));
    layers.addAll(small(Shape.of(ROWS, length), classes).layers());
    Model drawn = Model.of(new Input(Shape.of(length)), layers.toArray(Layer[]::new)).initialize(seed);
    Tensor ones = Tensor.zeros(Shape.of(alphabet.size() + 1, ROWS));
    for (int i = 0; i < alphabet.size(); i++) {
      ones.data()[(i + 1) * ROWS + LISTED.indexOf(alphabet.get(i))] = 1;
    }
    return drawn.withWeights(drawn.weights().with("alphabet.weight", ones));
  }

  /// The smaller network, of 256 filters: 11,339,780 weights on 70 × 1014 and 4 classes.
  ///
  /// @param input the alphabet's size × the text's length, of at least 123
  public static Model small(Shape input, int classes) {
    return of(256, 1024, input, classes);
  }

  /// The larger network, of 1024 filters: 95,940,612 weights on 70 × 1014 and 4 classes.
  ///
  /// @param input the alphabet's size × the text's length, of at least 123
  public static Model large(Shape input, int classes) {
    return of(1024, 2048, input, classes);
  }

  /// The network with other numbers of filters, and of units in its two fully connected layers.
  public static Model of(int filters, int units, Shape input, int classes) {
    return Model.of(new Input(input),
        he(conv(filters, 7)), relu(), maxPool(3),
        he(conv(filters, 7)), relu(), maxPool(3),
        he(conv(filters, 3)), relu(), he(conv(filters, 3)), relu(),
        he(conv(filters, 3)), relu(), he(conv(filters, 3)), relu(),
        maxPool(3), flatten(),
        dense(units), relu(), dropout(0.5), dense(units), relu(), dropout(0.5), dense(classes));
  }
}
