package juanji.zoo;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// A network that reads letters rather than words: six convolutions over a text in which each character is a column
/// with a single 1.
///
/// The paper's alphabet has 70 characters, and its texts 1014. Source: Zhang, Zhao and LeCun, *Character-level
/// convolutional networks for text classification*, 2015.
public final class CharCnn {
  private CharCnn() {
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
        conv(filters, 7), relu(), maxPool(3),
        conv(filters, 7), relu(), maxPool(3),
        conv(filters, 3), relu(), conv(filters, 3), relu(), conv(filters, 3), relu(), conv(filters, 3), relu(),
        maxPool(3), flatten(),
        dense(units), relu(), dropout(0.5), dense(units), relu(), dropout(0.5), dense(classes));
  }
}
