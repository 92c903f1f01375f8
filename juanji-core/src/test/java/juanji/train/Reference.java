package juanji.train;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Interpreter;
import juanji.graph.Node;
import juanji.op.Exact;
import juanji.tensor.Shape;

/// Runs losses by definition and in double precision.
final class Reference {
  private Reference() {
  }

  /// A loss and its gradient with respect to the scores.
  record Value(double loss, double[] gradient) {
  }

  static double[] random(int n, double size, long seed) {
    return new SplittableRandom(seed).doubles(n, -size, size).toArray();
  }

  static Graph graph(Loss loss, int k, boolean shares) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("scores", Shape.of(k).batched());
    Node y = b.input("targets", shares ? Shape.of(k).batched() : Shape.of(Shape.UNBOUND));
    Node value = loss.of(b, x, y);
    return b.output("loss", value).output("gradient", b.gradients(value, List.of(x)).getFirst()
        .orElseThrow()).build();
  }

  static Value of(Loss loss, int k, double[] scores, double... targets) {
    boolean shares = targets.length == scores.length && k > 1;
    Map<String, Exact> given = new HashMap<>();
    given.put("scores", new Exact(Shape.of(scores.length / k, k), scores));
    given.put("targets", new Exact(shares ? Shape.of(targets.length / k, k) : Shape.of(targets.length), targets));
    var outputs = Interpreter.run(graph(loss, k, shares), given).outputs();
    return new Value(outputs.get("loss").data()[0], outputs.get("gradient").data());
  }
}
