package juanji.zoo;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.frozen;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// A convolutional network for sentences: windows of 3, 4 and 5 words slide over word vectors, and the largest response
/// of each filter anywhere in the sentence is what counts.
///
/// | | word vectors |
/// |---|---|
/// | [#rand] | drawn at random, and trained |
/// | [#fixed] | given, and left as they are (*static*) |
/// | [#tuned] | given, and trained further (*non-static*) |
/// | [#multichannel] | both of the latter side by side |
///
/// Given vectors are put in as the weights `embedding.weight` (of two channels `embedding.static.weight` and
/// `embedding.tuned.weight`), see [juanji.nn.Weights#with]. The input are the numbers of the words; other numbers, such
/// as the −1 that fills up a short sentence, stand for nothing.
///
/// Source: Kim, *Convolutional neural networks for sentence classification*, 2014.
public final class TextCnn {
  /// The number of words of the paper's movie reviews.
  public static final int VOCABULARY = 18_766;

  private TextCnn() {
  }

  /// Word vectors drawn at random and trained.
  ///
  /// @param words the number of words of each sample, at least 5
  /// @param vocabulary the number of known words
  /// @param features the length of a word vector: of the paper 300
  /// @param classes the number of scores
  public static Model rand(int words, int vocabulary, int features, int classes) {
    return of(words, embedding(vocabulary, features).named("embedding"), classes);
  }

  /// Given word vectors that stay as they are.
  public static Model fixed(int words, int vocabulary, int features, int classes) {
    return of(words, frozen(embedding(vocabulary, features)).named("embedding"), classes);
  }

  /// Given word vectors that are trained further; the same network as [#rand] with other weights to begin with.
  public static Model tuned(int words, int vocabulary, int features, int classes) {
    return rand(words, vocabulary, features, classes);
  }

  /// Given word vectors twice: one copy stays as it is, the other is trained further; each filter sees both.
  public static Model multichannel(int words, int vocabulary, int features, int classes) {
    return of(words, concat(frozen(embedding(vocabulary, features)).named("static"),
        embedding(vocabulary, features).named("tuned")).named("embedding"), classes);
  }

  private static Model of(int words, Layer vectors, int classes) {
    return Model.of(new Input(Shape.of(words)), vectors,
        concat(window(3), window(4), window(5)).named("windows"), dropout(0.5), dense(classes).named("fc"));
  }

  /// 100 filters that see `words` words each, and the largest response of each.
  private static Layer window(int words) {
    return chain(conv(100, words).named("conv" + words), relu(), globalMaxPool(), flatten());
  }
}
