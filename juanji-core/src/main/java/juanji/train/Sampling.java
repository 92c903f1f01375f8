package juanji.train;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import juanji.data.Dataset;

/// Which samples an epoch sees, and in which order. It depends on the data, the seed and the epoch alone.
///
/// ```java
/// Trainer.of(model).sampling(Sampling.balanced());
/// ```
public sealed interface Sampling {
  /// The number of samples that an epoch sees.
  int total(Dataset data);

  /// The samples of an epoch in their order.
  ///
  /// @param epoch from 1 on
  int[] order(Dataset data, long seed, int epoch);

  /// Every sample once, in a new order each time.
  static Sampling shuffled() {
    return new Shuffled();
  }

  /// As many samples as there are, every class equally often.
  static Sampling balanced() {
    return new Weighted(List.of());
  }

  /// Every sample at least once, those of smaller classes again until each class is as large as the largest.
  static Sampling oversampled() {
    return new Oversampled();
  }

  /// As many samples as there are, the classes in the given proportions.
  ///
  /// @param weights one per class
  static Sampling weighted(List<Double> weights) {
    return new Weighted(weights);
  }

  /// A way of sampling by the words that name it on the command line: `shuffled`, `balanced`, `oversampled`,
  /// `weighted:1/2/5`.
  ///
  /// @throws IllegalArgumentException if there is none of that name
  static Sampling named(String text) {
    Phrase phrase = new Phrase("sampling", text);
    return phrase.complete(switch (phrase.word()) {
      case "shuffled" -> shuffled();
      case "balanced" -> balanced();
      case "oversampled" -> oversampled();
      case "weighted" -> weighted(phrase.numbers("weights", List.of()));
      default -> throw phrase.unknown("shuffled, balanced, oversampled and weighted");
    });
  }

  /// The samples of each class, each list in a new order.
  private static int[][] members(Dataset data, SplittableRandom random) {
    int[] counts = new int[data.classes().size()];
    for (int i = 0; i < data.size(); i++) {
      counts[data.label(i)]++;
    }
    int[][] members = new int[counts.length][];
    for (int k = 0; k < counts.length; k++) {
      members[k] = new int[counts[k]];
    }
    int[] filled = new int[counts.length];
    for (int i = 0; i < data.size(); i++) {
      int k = data.label(i);
      members[k][filled[k]++] = i;
    }
    for (int[] own : members) {
      Batches.shuffle(own, random);
    }
    return members;
  }

  private static SplittableRandom random(long seed, int epoch) {
    return new SplittableRandom(seed * 0x9e3779b97f4a7c15L + epoch);
  }

  /// Every sample once.
  record Shuffled() implements Sampling {
    @Override public int total(Dataset data) {
      return data.size();
    }

    @Override public int[] order(Dataset data, long seed, int epoch) {
      return Batches.shuffled(data.size(), seed, epoch);
    }

    @Override public String toString() {
      return "shuffled";
    }
  }

  /// Smaller classes again until each is as large as the largest.
  record Oversampled() implements Sampling {
    @Override public int total(Dataset data) {
      int[][] members = members(data, new SplittableRandom(0));
      int most = 0;
      int present = 0;
      for (int[] own : members) {
        most = Math.max(most, own.length);
        present += own.length > 0 ? 1 : 0;
      }
      return Math.multiplyExact(most, present);
    }

    @Override public int[] order(Dataset data, long seed, int epoch) {
      SplittableRandom random = random(seed, epoch);
      int[] order = new int[total(data)];
      int[][] members = members(data, random);
      int most = 0;
      for (int[] own : members) {
        most = Math.max(most, own.length);
      }
      int at = 0;
      for (int[] own : members) {
        for (int i = 0; i < most && own.length > 0; i++) {
          order[at++] = own[i % own.length];
        }
      }
      Batches.shuffle(order, random);
      return order;
    }

    @Override public String toString() {
      return "oversampled";
    }
  }

  /// The classes in given proportions; within a class, every sample before any comes again.
  ///
  /// Constraints: C1 there are no weights, which means equal ones, or one per class; C2 weights are finite, at least 0,
  /// and above 0 for a class with samples.
  ///
  /// @param weights the proportions
  record Weighted(List<Double> weights) implements Sampling {
    /// Checks what can be checked of C2.
    public Weighted {
      weights = List.copyOf(weights);
      if (!weights.stream().allMatch(w -> w >= 0 && w < 1e30)
          || !weights.isEmpty() && weights.stream().allMatch(w -> w == 0)) {
        throw Targets.refused("sampling", "C2", "weights are at least 0, and not all are 0", weights,
            "Use weights such as 1 for common classes and 5 for rare ones.");
      }
    }

    @Override public int total(Dataset data) {
      return data.size();
    }

    @Override public int[] order(Dataset data, long seed, int epoch) {
      int classes = data.classes().size();
      if (!weights.isEmpty() && weights.size() != classes) {
        throw Targets.refused("sampling", "C1", "there is one weight per class, here " + classes, weights,
            "Give " + classes + " weights.");
      }
      SplittableRandom random = random(seed, epoch);
      int[][] members = members(data, random);
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += members[k].length == 0 ? 0 : weight(k);
      }
      if (sum == 0) {
        throw Targets.refused("sampling", "C2", "a class with samples has a weight above 0", weights,
            "Give every class of the data a weight.");
      }
      int[] order = new int[data.size()];
      int at = 0;
      double due = 0;
      for (int k = 0; k < classes; k++) {
        due += members[k].length == 0 ? 0 : weight(k) / sum * order.length;
        int own = members[k].length;
        // The last class fills what rounding has left.
        for (int i = 0; own > 0 && at < Math.min(order.length, Math.round(due)); i++, at++) {
          order[at] = members[k][i % own];
        }
      }
      Batches.shuffle(order, random);
      return order;
    }

    private double weight(int k) {
      return weights.isEmpty() ? 1 : weights.get(k);
    }

    @Override public String toString() {
      return weights.isEmpty() ? "balanced" : "weighted:" + weights.stream().map(Targets::literal)
          .collect(Collectors.joining("/"));
    }
  }
}
