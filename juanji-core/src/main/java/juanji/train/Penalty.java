package juanji.train;

import java.util.List;
import java.util.stream.IntStream;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.tensor.Tensor;

/// What large weights cost: a term whose gradient is added to that of the loss, and a limit on the size of each unit's
/// weights after each update.
///
/// | | added to the loss, for each weight w | gradient |
/// |---|---|---|
/// | [#l1] | λ · Σ \|w\| | λ · sign w |
/// | [#l2] | λ/2 · Σ w² | λ · w, the same as SGD's weight decay |
/// | [#elasticNet] | the sum of both | |
/// | [#maxNorm] | nothing; after the update, each unit's weights are scaled down to a length of at most the limit | |
///
/// A unit's weights are those along all axes but the first: one filter, or one row of a dense layer. Penalties apply to
/// the weights of all layers, or of those below one path ([#on]); to biases and norms only if told so ([#everything]).
/// The loss that is reported does not include them.
///
/// ```java
/// Trainer.of(model).penalty(Penalty.l1(1e-5).on("conv1")).penalty(Penalty.maxNorm(3));
/// ```
///
/// Constraints: C1 λ and the limit are finite; λ is at least 0, the limit above 0 (infinite for none); C2 the path
/// names a layer with weights. Sources: Zou and Hastie, *Regularization and variable selection via the elastic net*,
/// 2005; Srivastava et al., *Dropout*, 2014 (max-norm).
///
/// @param absolute λ of the absolute values
/// @param square λ of the squares
/// @param limit the largest length of a unit's weights
/// @param path the layer whose weights are meant; empty for all
/// @param all whether biases and norms are meant, too
public record Penalty(double absolute, double square, double limit, String path, boolean all) {
  /// Checks C1.
  public Penalty {
    if (!(absolute >= 0 && square >= 0 && absolute < 1e30 && square < 1e30 && limit > 0)) {
      throw Targets.refused("a penalty", "C1", "λ is at least 0 and the limit above 0",
          absolute + ", " + square + " and " + limit, "Use a λ of 1e-4, or a limit of 3.");
    }
  }

  /// λ · Σ |w|.
  public static Penalty l1(double lambda) {
    return elasticNet(lambda, 0);
  }

  /// λ/2 · Σ w².
  public static Penalty l2(double lambda) {
    return elasticNet(0, lambda);
  }

  /// λ₁ · Σ |w| + λ₂/2 · Σ w².
  public static Penalty elasticNet(double absolute, double square) {
    return new Penalty(absolute, square, Double.POSITIVE_INFINITY, "", false);
  }

  /// Each unit's weights have a length of at most `limit`.
  public static Penalty maxNorm(double limit) {
    return new Penalty(0, 0, limit, "", false);
  }

  /// A penalty by the words of the command line: `l1:1e-5`, `l2:1e-4`, `elastic-net:1e-5:1e-4`, `max-norm:3`, each with
  /// `on=path` for one layer and `everything` for biases and norms, too.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  public static Penalty named(String name) {
    Phrase p = new Phrase("penalty", name);
    boolean all = p.flag("everything");
    String path = p.text("on", "");
    Penalty plain = switch (p.word()) {
      case "l1" -> l1(p.next("lambda", 1e-4));
      case "l2" -> l2(p.next("lambda", 1e-4));
      case "elastic-net" -> elasticNet(p.next("l1", 1e-4), p.next("l2", 1e-4));
      case "max-norm" -> maxNorm(p.next("limit", 3));
      default -> throw p.unknown("l1, l2, elastic-net and max-norm");
    };
    return p.complete(new Penalty(plain.absolute, plain.square, plain.limit, path, all));
  }

  /// For the weights of one layer, or of the layers inside it.
  public Penalty on(String layer) {
    return new Penalty(absolute, square, limit, layer, all);
  }

  /// For biases and norms, too.
  public Penalty everything() {
    return new Penalty(absolute, square, limit, path, true);
  }

  /// Whether it applies to a weight.
  boolean applies(Declaration weight) {
    return (all || weight.decays()) && (path.isEmpty() || weight.name().startsWith(path + "."));
  }

  /// Checks C2.
  void check(List<Optimizer.Weight> weights) {
    if (weights.stream().noneMatch(w -> applies(w.declaration()))) {
      throw new IllegalArgumentException("the penalty " + this + " applies to nothing.\n"
          + "  C2: the path names a layer with weights of the kind that is meant; received '" + path + "'.\n"
          + "  Name a layer such as '" + weights.getFirst().parameter().name().replaceFirst("\\.[^.]*$", "") + "'.");
    }
  }

  /// The gradient with the penalty's own.
  Optimizer.Weight penalised(GraphBuilder b, Optimizer.Weight weight) {
    if (!applies(weight.declaration())) {
      return weight;
    }
    Node w = weight.parameter();
    Node gradient = weight.gradient();
    if (square > 0) {
      gradient = b.add(gradient, b.affine(w, square, 0));
    }
    if (absolute > 0) {
      gradient = b.add(gradient, b.affine(b.apply(new Pointwise.Sign(), w), absolute, 0));
    }
    return weight.gradient(gradient);
  }

  /// The weight's new value within the limit.
  Node limited(GraphBuilder b, Optimizer.Weight weight, Node value) {
    if (limit == Double.POSITIVE_INFINITY || !applies(weight.declaration()) || value.shape().rank() < 2) {
      return value;
    }
    List<Integer> axes = IntStream.range(1, value.shape().rank()).boxed().toList();
    Node length = b.apply(new Pointwise.Sqrt(), b.apply(new Reduction.Sum(axes), b.mul(value, value)));
    Node scale = b.apply(new Pointwise.Div(), b.constant(Tensor.scalar((float) limit)),
        b.apply(new Pointwise.Clamp(limit, Double.POSITIVE_INFINITY), length));
    return b.mul(value, scale);
  }

  @Override public String toString() {
    String kind = limit < Double.POSITIVE_INFINITY && absolute == 0 && square == 0
        ? "maxNorm(" + Targets.literal(limit) + ")"
        : square == 0 ? "l1(" + absolute + ")" : absolute == 0 ? "l2(" + square + ")"
        : "elasticNet(" + absolute + ", " + square + ")";
    return kind + (path.isEmpty() ? "" : ".on(\"" + path + "\")") + (all ? ".everything()" : "");
  }
}
