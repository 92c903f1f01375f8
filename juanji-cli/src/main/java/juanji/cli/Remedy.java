package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import juanji.augment.Augmentation;
import juanji.augment.Augmented;
import juanji.data.Dataset;
import juanji.data.Subset;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.train.Loss;
import juanji.train.Penalty;
import juanji.train.Sampling;
import juanji.train.Trainer;

/// One remedy against learning by heart: the training as it is, changed in one thing.
///
/// @param name what is changed
/// @param group the remedy that it is a setting of
/// @param data how the data is changed, given the samples to train on and all that there are
/// @param network how deep: the number of convolutions, and the share of units that are dropped
/// @param trainer how the training is changed
record Remedy(String name, String group, DataChange data, Depth network, UnaryOperator<Trainer> trainer) {
  private static final int SEED = 7;
  private static final int UNEVEN = 8;

  /// What is trained on.
  interface DataChange {
    Dataset of(Dataset some, Dataset all);
  }

  /// The network's size.
  ///
  /// @param convolutions how many
  /// @param dropped the share of units dropped before the scores
  record Depth(int convolutions, double dropped) {
    Model model(Shape input, int classes) {
      List<Layer> layers = new ArrayList<>();
      int side = Math.min(input.dim(1), input.dim(2));
      for (int i = 0; i < convolutions; i++) {
        layers.add(Layers.conv(16 << Math.min(i, 2), 3).same());
        layers.add(Layers.relu());
        if (side >= 8) {
          layers.add(Layers.maxPool(2));
          side /= 2;
        }
      }
      layers.addAll(List.of(Layers.flatten(), Layers.dense(96), Layers.relu()));
      if (dropped > 0) {
        layers.add(Layers.dropout(dropped));
      }
      layers.add(Layers.dense(classes));
      return Model.of(new Input(input), layers.toArray(Layer[]::new));
    }
  }

  private static final Depth PLAIN = new Depth(2, 0);

  /// The training as it is.
  static Remedy none() {
    return new Remedy("as it is", "none", (some, all) -> some, PLAIN, t -> t);
  }

  /// All remedies.
  ///
  /// @param shape the samples
  /// @param mirrored whether a mirrored sample is still of its class
  static List<Remedy> all(Shape shape, boolean mirrored) {
    String words = (mirrored ? "flip + " : "") + "affine:shift=0.08,rotate=10,scale=0.9/1.1 + noise:0.03";
    List<Remedy> all = new ArrayList<>(List.of(none(),
        new Remedy("four times the data", "more data", (some, whole) -> Subset.first(whole, 4 * some.size()), PLAIN,
            t -> t),
        new Remedy("batches of 256", "larger batch", (some, whole) -> some, PLAIN, t -> t.batch(256)),
        new Remedy("classes uneven 8 to 1", "balance", (some, whole) -> uneven(some), PLAIN, t -> t),
        new Remedy("uneven, drawn evenly", "balance", (some, whole) -> uneven(some), PLAIN, t ->
            t.sampling(Sampling.balanced())),
        new Remedy("loss (y − y′)²", "another loss", (some, whole) -> some, PLAIN,
            t -> t.loss(Loss.meanSquaredError())),
        new Remedy("loss |y − y′|", "another loss", (some, whole) -> some, PLAIN,
            t -> t.loss(Loss.meanAbsoluteError())),
        new Remedy("one convolution", "depth", (some, whole) -> some, new Depth(1, 0), t -> t),
        new Remedy("three convolutions", "depth", (some, whole) -> some, new Depth(3, 0), t -> t),
        new Remedy("augmentation", "augmentation", (some, whole) ->
            Augmented.of(some, Augmentation.named(words), SEED), PLAIN, t -> t),
        new Remedy("penalty λ·Σ|W|", "penalties", (some, whole) -> some, PLAIN,
            t -> t.penalty(Penalty.named("l1:1e-4"))),
        new Remedy("penalty λ·ΣW²", "penalties", (some, whole) -> some, PLAIN,
            t -> t.penalty(Penalty.named("l2:1e-3"))),
        new Remedy("half of the units dropped", "dropped units", (some, whole) -> some, new Depth(2, 0.5), t -> t)));
    return all;
  }

  /// The data with only an eighth of the samples of every second class.
  private static Dataset uneven(Dataset data) {
    int[] seen = new int[data.classes().size()];
    List<Integer> kept = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      int k = data.label(i);
      if (k % 2 == 0 || seen[k]++ % UNEVEN == 0) {
        kept.add(i);
      }
    }
    return Subset.of(data, kept.stream().mapToInt(n -> n).toArray());
  }
}
