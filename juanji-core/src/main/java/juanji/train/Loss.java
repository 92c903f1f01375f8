package juanji.train;

import java.util.List;
import juanji.graph.Node;
import juanji.op.Algebra;

/// What training makes small: one number for a batch of outputs and the classes they should have told.
///
/// `toString` gives back the code that makes a loss; on the command line, a loss is a word with settings ([#named]).
///
/// ```java
/// Trainer.of(model).loss(Loss.crossEntropy().smoothing(0.1));
/// ```
public interface Loss {
  /// The loss as a node.
  ///
  /// @param scores the network's outputs, N × K
  /// @param classes the right classes, N numbers from 0 to K − 1; for some losses also one number per score, N × K
  /// @return a scalar, the mean over the batch
  Node of(Algebra<Node> algebra, Node scores, Node classes);

  /// Whether outputs are scores of which the largest tells the class. If not, they are places in a space, of any
  /// number, and there is no accuracy.
  default boolean tellsClasses() {
    return true;
  }

  /// Cross-entropy of softmax and classes.
  static CrossEntropyLoss crossEntropy() {
    return new CrossEntropyLoss(0, List.of());
  }

  /// Cross-entropy of the sigmoid of each score.
  static BinaryLoss binaryCrossEntropy() {
    return new BinaryLoss(1);
  }

  /// Focal loss with a γ of 2 and an α of 0.25.
  static FocalLoss focal() {
    return new FocalLoss(2, 0.25);
  }

  /// The mean of (scores − targets)².
  static DifferenceLoss meanSquaredError() {
    return new DifferenceLoss(DifferenceLoss.Measure.SQUARED, 1);
  }

  /// The mean of |scores − targets|.
  static DifferenceLoss meanAbsoluteError() {
    return new DifferenceLoss(DifferenceLoss.Measure.ABSOLUTE, 1);
  }

  /// Squared up to a difference of δ, absolute beyond.
  static DifferenceLoss huber(double delta) {
    return new DifferenceLoss(DifferenceLoss.Measure.HUBER, delta);
  }

  /// Hinge loss of several classes with a margin of 1.
  static HingeLoss hinge() {
    return new HingeLoss(1, false);
  }

  /// Kullback–Leibler divergence.
  static DivergenceLoss divergence() {
    return new DivergenceLoss(0);
  }

  /// Batch-hard triplet loss with a margin of 0.2.
  static TripletLoss triplet() {
    return new TripletLoss(0.2, TripletLoss.Mining.HARD);
  }

  /// Contrastive loss with a margin of 1.
  static ContrastiveLoss contrastive() {
    return new ContrastiveLoss(1);
  }

  /// A loss by the word that names it on the command line, with settings behind colons or commas:
  /// `cross-entropy:smoothing=0.1,weights=1/1/5`, `binary:positive=3`, `focal:gamma=2,alpha=0.25`, `mse`, `mae`,
  /// `huber:delta=1`, `hinge:margin=1` (`hinge:one-versus-all`), `kl:smoothing=0.1`, `triplet:margin=0.2`
  /// (`triplet:semi-hard`), `contrastive:margin=1`.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  static Loss named(String name) {
    Phrase phrase = new Phrase("loss", name);
    return phrase.complete(switch (phrase.word()) {
      case "cross-entropy" -> new CrossEntropyLoss(phrase.next("smoothing", 0), phrase.numbers("weights", List.of()));
      case "binary" -> new BinaryLoss(phrase.next("positive", 1));
      case "focal" -> new FocalLoss(phrase.next("gamma", 2), phrase.next("alpha", 0.25));
      case "mse" -> meanSquaredError();
      case "mae" -> meanAbsoluteError();
      case "huber" -> huber(phrase.next("delta", 1));
      case "hinge" -> {
        boolean binary = phrase.flag("one-versus-all");
        yield new HingeLoss(phrase.next("margin", 1), binary);
      }
      case "kl" -> new DivergenceLoss(phrase.next("smoothing", 0));
      case "triplet" -> {
        boolean semi = phrase.flag("semi-hard");
        yield new TripletLoss(phrase.next("margin", 0.2),
            semi ? TripletLoss.Mining.SEMI_HARD : TripletLoss.Mining.HARD);
      }
      case "contrastive" -> new ContrastiveLoss(phrase.next("margin", 1));
      default -> throw phrase.unknown("cross-entropy, binary, focal, mse, mae, huber, hinge, kl, triplet and "
          + "contrastive");
    });
  }
}
