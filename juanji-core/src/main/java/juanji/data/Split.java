package juanji.data;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A dataset cut in two: one part to train on, one to check on.
///
/// ```java
/// Split parts = Split.stratified(all, 0.9, 42);
/// parts.train().size();                     // 90 % of every class
/// ```
///
/// @param train the part to train on
/// @param validation the part that training never sees
public record Split(Dataset train, Dataset validation) {

  /// Cuts every class in the same proportion: of a class with n samples, `round(n · fraction)` go to `train`, though
  /// each part gets at least one where n is 2 or more. Which ones is drawn from the seed; inside both parts the samples
  /// keep the order of `all`, so that the same seed gives the same parts everywhere.
  ///
  /// Constraints: C1 0 < fraction < 1; C2 some class has two samples or more.
  ///
  /// @param fraction the share of `train`
  /// @throws IllegalArgumentException if a constraint is broken
  public static Split stratified(Dataset all, double fraction, long seed) {
    if (!(fraction > 0 && fraction < 1)) {
      throw new IllegalArgumentException("a dataset cannot be split at " + fraction + ".\n"
          + "  C1: the training part is more than 0 and less than 1 of the whole; received " + fraction + ".\n"
          + "  Use 0.8 or 0.9.");
    }
    int classes = all.classes().size();
    int[] counts = new int[classes];
    for (int i = 0; i < all.size(); i++) {
      counts[all.label(i)]++;
    }
    int[][] members = new int[classes][];
    for (int c = 0; c < classes; c++) {
      members[c] = new int[counts[c]];
    }
    int[] filled = new int[classes];
    for (int i = 0; i < all.size(); i++) {
      int c = all.label(i);
      members[c][filled[c]++] = i;
    }
    boolean[] train = new boolean[all.size()];
    int taken = 0;
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int[] own : members) {
      shuffle(own, seeds.split());
      int n = own.length;
      int share = n < 2 ? n : Math.clamp(Math.round(n * fraction), 1, n - 1);
      for (int k = 0; k < share; k++) {
        train[own[k]] = true;
      }
      taken += share;
    }
    if (taken == all.size()) {
      throw new IllegalArgumentException("a dataset of " + all.size() + " samples cannot be split by class.\n"
          + "  C2: some class has at least two samples; received " + Arrays.toString(counts) + " per class.\n"
          + "  Add samples.");
    }
    int[] first = new int[taken];
    int[] second = new int[all.size() - taken];
    int f = 0;
    int s = 0;
    for (int i = 0; i < train.length; i++) {
      if (train[i]) {
        first[f++] = i;
      } else {
        second[s++] = i;
      }
    }
    return new Split(Subset.of(all, first), Subset.of(all, second));
  }

  /// The names of the classes, the same in both parts.
  public List<String> classes() {
    return train.classes();
  }

  private static void shuffle(int[] values, SplittableRandom random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int t = values[i];
      values[i] = values[j];
      values[j] = t;
    }
  }
}
