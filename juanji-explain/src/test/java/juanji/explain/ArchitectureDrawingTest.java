package juanji.explain;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.graph.Node;
import juanji.nn.CustomLayer;
import juanji.nn.Model;
import juanji.nn.Trace;
import org.junit.jupiter.api.Test;

/// Every layer has its box, and branches lie side by side.
final class ArchitectureDrawingTest {
  /// A text with its place on the drawing.
  private record Word(String text, double x, double y) {
  }

  private static Stream<Word> words(List<Mark> marks, double x, double y) {
    return marks.stream().flatMap(m -> switch (m) {
      case Mark.Group g -> words(g.marks(), x + g.dx(), y + g.dy());
      case Mark.Label l -> Stream.of(new Word(l.text(), x + l.x(), y + l.y()));
      default -> Stream.empty();
    });
  }

  private static List<Word> words(Model model) {
    Drawing drawing = ArchitectureDrawing.of(model);
    List<Word> words = words(drawing.marks(), 0, 0).toList();
    assertTrue(words.stream().allMatch(w -> w.x > 0 && w.x < drawing.width() && w.y > 0 && w.y < drawing.height()));
    return words;
  }

  private static Word word(List<Word> words, String text) {
    return words.stream().filter(w -> w.text.equals(text)).findFirst().orElseThrow(() -> new AssertionError(text));
  }

  @Test void aChainRunsDownward() {
    List<Word> words = words(Model.of(input(3, 8, 8), conv(5, 3).same(), relu(), maxPool(2), flatten(), dense(7)));
    List<String> order = List.of("input", "conv(5, 3).same()", "relu()", "maxPool(2)", "flatten()", "dense(7)");
    for (int i = 1; i < order.size(); i++) {
      assertTrue(word(words, order.get(i - 1)).y < word(words, order.get(i)).y, order.get(i));
      assertEquals(word(words, order.get(i - 1)).x, word(words, order.get(i)).x, 1e-9);
    }
    word(words, "5 × 4 × 4");
  }

  @Test void branchesLieSideBySide() {
    List<Word> words = words(Model.of(input(3, 8, 8), concat(conv(2, 1),
        chain(conv(4, 1), residual(chain(conv(4, 3).same(), batchNorm()))), maxPool(3).stride(1).same())));
    assertEquals(word(words, "conv(2, 1)").y, word(words, "conv(4, 1)").y);
    assertEquals(word(words, "conv(2, 1)").y, word(words, "maxPool(3).stride(1).same()").y);
    assertTrue(word(words, "conv(2, 1)").x < word(words, "conv(4, 1)").x);
    assertTrue(word(words, "conv(4, 1)").y < word(words, "conv(4, 3).same()").y);
    word(words, "concat");
    word(words, "+");
  }

  /// y = conv(x) + globalAvgPool(x).
  private record Gate() implements CustomLayer {
    @Override public Node apply(Trace trace, Node x) {
      return trace.mul(trace.layer(conv(3, 3).same(), x), trace.layer(globalAvgPool(), x));
    }

    @Override public String kind() {
      return "gate";
    }

    @Override public String toString() {
      return "gate()";
    }
  }

  @Test void layersOfOnesOwnShowWhatIsInThem() {
    List<Word> words = words(Model.of(input(3, 8, 8), new Gate()));
    assertEquals(word(words, "conv(3, 3).same()").y, word(words, "globalAvgPool()").y);
    word(words, "gate1  →  3 × 8 × 8");
  }
}
