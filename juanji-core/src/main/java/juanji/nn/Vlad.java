package juanji.nn;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.Normalizing;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A vector of locally aggregated descriptors: how the features at all places differ from the cluster that each belongs
/// to, summed: one vector of fixed length for an input of any size.
///
/// With features xᵢ of D channels at places i, clusters k and assignments a_k(x):
///
/// V(k, j) = Σᵢ a_k(xᵢ) · (xᵢ(j) − c_k(j));
/// then each cluster's row is brought to length 1, and so is the whole (L2, nothing is divided by less than 10⁻¹²).
///
/// | | a_k(x) | weights |
/// |---|---|---|
/// | [Kind#HARD] | 1 for the nearest centre (shared where several are), else 0 | `centers`: K × D |
/// | others | exp(w_k · x + b_k) / Σ over k′ of exp(w_k′ · x + b_k′) | and `weight`: (K + G) × D, `bias`: K + G |
///
/// With G ghost clusters, they take part in the assignment and are left out of V: what belongs nowhere goes there. Over
/// video, the sum runs over time and space (ActionVLAD).
///
/// x: N × D × spatial, y: N × K·D, clusters outermost. Centres from k-means on real features make a good start:
/// [VladClusters].
///
/// Constraints: C1 the input is batch × features × 1 to 3 spatial axes (of actionVlad: time, height, width); C2 there
/// is at least one cluster, and no ghost cluster of a hard assignment.
/// Sources: Jégou et al., *Aggregating local descriptors into a compact image representation*, 2010; Arandjelović et
/// al., *NetVLAD*, 2016; Girdhar et al., *ActionVLAD*, 2017; Zhong et al., *GhostVLAD*, 2018.
///
/// ```java
/// netVlad(64)
/// ghostVlad(8, 2)
/// ```
///
/// @param kindOf how features are assigned, and over what they are summed
/// @param clusters K
/// @param ghosts G
public record Vlad(Kind kindOf, int clusters, int ghosts) implements Layer {
  private static final double EPSILON = 1e-12;

  /// How features are assigned, and over what they are summed.
  public enum Kind {
    /// To the nearest centre.
    HARD("vlad"),
    /// By a softmax over the clusters.
    SOFT("netVlad"),
    /// By a softmax that ghost clusters take part in.
    GHOST("ghostVlad"),
    /// By a softmax; over time and space.
    ACTION("actionVlad");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /// Checks C2.
  public Vlad {
    if (clusters < 1 || clusters > 1 << 20 || ghosts < 0 || ghosts > 1 << 20 || ghosts > 0 && kindOf != Kind.GHOST) {
      throw new IllegalArgumentException(kindOf.word + " of " + clusters + " clusters and " + ghosts
          + " ghost clusters does not exist.\n"
          + "  C2: there is at least one cluster, and ghosts only of ghostVlad; received " + clusters + " and " + ghosts
          + ".\n"
          + "  Use positive numbers, such as netVlad(64) or ghostVlad(8, 2).");
    }
  }

  @Override public Node apply(Trace trace, Node x) {
    Shape shape = x.shape();
    int rank = shape.rank() - 2;
    if (rank < 1 || rank > 3 || kindOf == Kind.ACTION && rank != 3) {
      throw trace.refusal(kind(), "C1: the input is batch × features × "
          + (kindOf == Kind.ACTION ? "time × height × width" : "1 to 3 spatial axes") + "; received " + shape + ".",
          "Put it behind convolutions, before flatten().", shape);
    }
    int features = shape.dim(1);
    Node flat = trace.reshape(x, Shape.of(shape.dim(0), features, (int) shape.size(2)));
    Node centers = trace.parameter("centers", Shape.of(clusters, features), Initializer.xavierUniform());
    Node share = kindOf == Kind.HARD ? nearest(trace, flat, centers) : assigned(trace, flat, features);
    Node sums = trace.apply(new Contraction.MatMul(false, true), share, flat);
    Node weights = trace.apply(new Reduction.Sum(List.of(2)), share);
    Node v = trace.sub(sums, trace.mul(weights, centers));
    Node rows = trace.apply(new Normalizing.UnitLength(List.of(2), EPSILON), v);
    return trace.apply(new Normalizing.UnitLength(List.of(1), EPSILON),
        trace.reshape(rows, Shape.of(shape.dim(0), clusters * features)));
  }

  /// w · x + b at each place: a convolution of one cell.
  private static Node scores(Trace trace, Node x, Node w, Node b) {
    Node column = trace.reshape(w, Shape.of(w.shape().dim(0), w.shape().dim(1), 1));
    Node y = trace.apply(new Contraction.Conv(Window.of(1, Axis.of(1)), 1), x, column);
    return trace.add(y, trace.reshape(b, Shape.of(w.shape().dim(0), 1)));
  }

  private Node assigned(Trace trace, Node x, int features) {
    int all = clusters + ghosts;
    Node w = trace.parameter("weight", Shape.of(all, features), Initializer.xavierUniform());
    Node b = trace.parameter("bias", Shape.of(all), Initializer.zeros(), false);
    Node share = trace.apply(new Composite.Softmax(1), List.of(scores(trace, x, w, b)));
    return ghosts == 0 ? share : trace.apply(new View.Slice(1, 0, clusters), List.of(share));
  }

  /// The nearest centre has the largest 2 c · x − ‖c‖².
  private static Node nearest(Trace trace, Node x, Node centers) {
    Node norms = trace.apply(new Reduction.Sum(List.of(1)), trace.mul(centers, centers));
    Node b = trace.reshape(trace.affine(norms, -1, 0), Shape.of(centers.shape().dim(0)));
    Node near = scores(trace, x, trace.affine(centers, 2, 0), b);
    Node largest = trace.apply(new Reduction.Max(List.of(1)), near);
    Node hits = trace.apply(new Pointwise.Equal(), near, largest);
    return trace.apply(new Pointwise.Div(), hits, trace.apply(new Reduction.Sum(List.of(1)), hits));
  }

  @Override public String kind() {
    return kindOf.word;
  }

  @Override public String toString() {
    return Source.call(kindOf.word, kindOf == Kind.GHOST ? List.of(clusters, ghosts) : List.of(clusters));
  }
}
