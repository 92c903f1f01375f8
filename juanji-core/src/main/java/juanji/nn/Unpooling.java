package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Windowed;

/// Max pooling, a body, and max unpooling: each value of the body's result goes back to where its window had its
/// maximum, and all other cells are 0.
///
/// x: N × C × spatial, y: of x's shape. Where windows overlap, values that meet are added.
///
/// Constraints: C1 the pooling takes maxima; C2 the body gives back the shape of what was pooled.
/// Source: Zeiler and Fergus, *Visualizing and understanding convolutional networks*, 2014; Badrinarayanan et al.,
/// *SegNet*, 2017.
///
/// ```java
/// unpool(maxPool(2), conv(16, 3).same().then(relu()))      // on 16 channels
/// ```
///
/// @param pool how maxima are taken
/// @param body what is done with them
public record Unpooling(Pooling pool, Layer body) implements Layer {
  /// Checks C1.
  public Unpooling {
    if (pool.summary() != Pooling.Summary.MAX) {
      throw new IllegalArgumentException("unpool cannot undo " + pool.kind() + ".\n"
          + "  C1: the pooling takes maxima; received " + Source.brief(pool.toString()) + ".\n"
          + "  Use maxPool.");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Node pooled = trace.layer(pool, x);
    Node y = trace.layer(body, pooled);
    if (!y.shape().equals(pooled.shape())) {
      throw trace.refusal(kind(), "C2: the body gives back the shape of what was pooled, " + pooled.shape()
          + "; received " + y.shape() + ".", "Keep the channels and use same padding.", x.shape());
    }
    return trace.apply(new Windowed.MaxPoolInput(pool.window(x.shape().rank() - 2)), x, y);
  }

  @Override public String kind() {
    return "unpool";
  }

  @Override public String toString() {
    return Source.call("unpool", List.of(pool, body));
  }
}
