package juanji.train;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Algebra;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.View;

/// Triplet loss: max(0, d(a, p) − d(a, n) + margin), for triplets of an anchor, a positive of its class and a negative
/// of another that are found within the batch.
///
/// - Batch-hard: each anchor with its farthest positive and its nearest negative, by Euclidean distance; the mean over
///   the anchors that have both.
/// - Semi-hard: each anchor and positive with the nearest of the negatives farther away than the positive, or, if there
///   is none, with the farthest negative, by squared distance; the mean over all pairs whose anchor has a negative. It
///   compares N³ distances: with batches of 64, 262,144.
///
/// The network's outputs are places in a space (embeddings), not scores: there is no accuracy in training.
///
/// Constraints: C1 embeddings are N × D, targets N class numbers; C2 the margin is finite and above 0. Sources: Schroff
/// et al., *FaceNet*, 2015 (semi-hard); Hermans et al., *In defense of the triplet loss*, 2017 (batch-hard).
///
/// @param margin how much farther negatives should be
/// @param mining which triplets are taken
public record TripletLoss(double margin, Mining mining) implements Loss {
  /// More than any distance.
  private static final double FAR = 1e30;

  /// Which triplets are taken.
  public enum Mining {
    /// The hardest of each anchor.
    HARD,
    /// For each pair, the hardest that is not harder than the pair.
    SEMI_HARD
  }

  /// Checks C2.
  public TripletLoss {
    if (!(margin > 0 && margin < 1e30)) {
      throw Targets.refused("triplet loss", "C2", "the margin is above 0", margin, "Use 0.2.");
    }
  }

  /// With another margin.
  public TripletLoss margin(double value) {
    return new TripletLoss(value, mining);
  }

  /// With semi-hard triplets.
  public TripletLoss semiHard() {
    return new TripletLoss(margin, Mining.SEMI_HARD);
  }

  @Override public boolean tellsClasses() {
    return false;
  }

  @Override public Node of(Algebra<Node> algebra, Node scores, Node classes) {
    Pairs pairs = Pairs.of("triplet loss", algebra, scores, classes);
    return mining == Mining.HARD ? hard(algebra, pairs) : semiHard(algebra, pairs);
  }

  private static Node largest(Algebra<Node> algebra, int axis, Node x) {
    return algebra.apply(new Reduction.Max(List.of(axis)), x);
  }

  /// The smallest of x along an axis where `among` is 1; far away if it is so nowhere.
  private static Node smallest(Algebra<Node> algebra, int axis, Node x, Node among) {
    Node masked = algebra.add(x, algebra.affine(among, -FAR, FAR));
    return algebra.affine(largest(algebra, axis, algebra.affine(masked, -1, 0)), -1, 0);
  }

  /// The mean of the losses where `valid` is 1; 0 if it is so nowhere.
  private static Node mean(Algebra<Node> algebra, Node losses, Node valid) {
    Node count = algebra.apply(new Pointwise.Clamp(1, Double.POSITIVE_INFINITY), Targets.sum(algebra, valid));
    return algebra.apply(new Pointwise.Div(), Targets.sum(algebra, algebra.mul(losses, valid)), count);
  }

  private Node hard(Algebra<Node> algebra, Pairs pairs) {
    Node distances = pairs.distances(algebra);
    Node positive = pairs.positive(algebra);
    Node different = pairs.different(algebra);
    Node valid = algebra.mul(largest(algebra, 1, positive), largest(algebra, 1, different));
    Node near = algebra.mul(smallest(algebra, 1, distances, different), valid);
    Node far = largest(algebra, 1, algebra.mul(distances, positive));
    return mean(algebra, Targets.relu(algebra, algebra.affine(algebra.sub(far, near), 1, margin)), valid);
  }

  private Node semiHard(Algebra<Node> algebra, Pairs pairs) {
    // Axes: anchor, positive, negative.
    Node positive = pairs.squares();
    View.Permute turn = new View.Permute(List.of(0, 2, 1));
    Node negative = algebra.apply(turn, pairs.squares());
    Node different = algebra.apply(turn, pairs.different(algebra));
    Node farther = algebra.mul(algebra.apply(new Pointwise.Greater(), negative, positive), different);
    Node some = largest(algebra, 2, farther);
    Node nearest = algebra.mul(smallest(algebra, 2, negative, farther), some);
    Node farthest = algebra.mul(largest(algebra, 2, algebra.mul(negative, different)), algebra.affine(some, -1, 1));
    Node chosen = algebra.add(nearest, farthest);
    Node valid = algebra.mul(pairs.positive(algebra), largest(algebra, 2, different));
    return mean(algebra, Targets.relu(algebra, algebra.affine(algebra.sub(positive, chosen), 1, margin)), valid);
  }

  @Override public String toString() {
    return "triplet()" + (margin == 0.2 ? "" : ".margin(" + Targets.literal(margin) + ")")
        + (mining == Mining.HARD ? "" : ".semiHard()");
  }
}
