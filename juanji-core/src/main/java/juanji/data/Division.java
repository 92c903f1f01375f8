package juanji.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Samples divided into parts of given shares, such that no group is in two parts, and every class is in each part in
/// the same proportion as far as groups allow.
///
/// A group is what must stay together: the pictures of one person, the recordings of one speaker, the frames of one
/// film. Without groups each sample is one of its own. Groups come in an order drawn from the seed, the larger first,
/// and each goes to the part that lacks most of what it has.
///
/// Constraints: C1 there are shares, at least 0, with a sum above 0; C2 there is one label, and one group if any, per
/// sample.
///
/// ```java
/// int[] part = Division.of(labels, List.of(), true, 42, 0.8, 0.1, 0.1);   // 0, 1 or 2 for each sample
/// ```
public final class Division {
  private Division() {
  }

  /// The part of each sample.
  ///
  /// @param labels the class of each sample, from 0 on
  /// @param groups the group of each sample, or none
  /// @param stratified whether classes are kept in proportion
  /// @param shares the size of each part; they are divided by their sum
  /// @throws IllegalArgumentException if a constraint is broken
  public static int[] of(int[] labels, List<String> groups, boolean stratified, long seed, double... shares) {
    double sum = Arrays.stream(shares).sum();
    if (!(sum > 0) || !Double.isFinite(sum) || !Arrays.stream(shares).allMatch(s -> s >= 0)) {
      throw new IllegalArgumentException("data cannot be divided into " + Arrays.toString(shares) + ".\n"
          + "  C1: shares are at least 0, and not all are 0; received " + Arrays.toString(shares) + ".\n"
          + "  Use 0.8, 0.1 and 0.1.");
    }
    if (!groups.isEmpty() && groups.size() != labels.length) {
      throw new IllegalArgumentException(labels.length + " samples cannot be of " + groups.size() + " groups.\n"
          + "  C2: there is one group per sample, or none at all.\n  Give every sample a group.");
    }
    int classes = stratified ? 1 + Arrays.stream(labels).max().orElse(0) : 1;
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int i = 0; i < labels.length; i++) {
      members.computeIfAbsent(groups.isEmpty() ? Integer.toString(i) : groups.get(i), _ -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> order = new ArrayList<>(members.values());
    Collections.shuffle(order, new Random(seed));
    order.sort(Comparator.comparing((List<Integer> g) -> g.size()).reversed());
    double[][] lacking = new double[shares.length][classes];
    for (int label : labels) {
      for (int p = 0; p < shares.length; p++) {
        lacking[p][stratified ? label : 0] += shares[p] / sum;
      }
    }
    double[] room = new double[shares.length];
    for (int p = 0; p < shares.length; p++) {
      room[p] = labels.length * shares[p] / sum;
    }
    int[] part = new int[labels.length];
    for (List<Integer> group : order) {
      int best = -1;
      double most = 0;
      for (int p = 0; p < shares.length; p++) {
        double lack = 0;
        for (int i : group) {
          lack += lacking[p][stratified ? labels[i] : 0] / group.size();
        }
        // What a part lacks of a class decides, then what it lacks at all, each in proportion to its share.
        double score = lack + 1e-3 * room[p] / labels.length;
        if (shares[p] > 0 && (best < 0 || score > most)) {
          best = p;
          most = score;
        }
      }
      for (int i : group) {
        part[i] = best;
        lacking[best][stratified ? labels[i] : 0]--;
        room[best]--;
      }
    }
    return part;
  }
}
