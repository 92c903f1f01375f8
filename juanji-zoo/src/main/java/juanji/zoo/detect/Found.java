package juanji.zoo.detect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A box that a network found.
///
/// @param box where
/// @param label which class, from 0 on; of proposals 0
/// @param score how sure, from 0 to 1
public record Found(Box box, int label, double score) {
  /// The best of boxes that mean the same: by falling score, each that overlaps none of its class that was taken by
  /// more than `most`.
  public static List<Found> distinct(List<Found> all, double most) {
    List<Found> kept = new ArrayList<>();
    for (Found candidate : all.stream().sorted(Comparator.comparingDouble(Found::score).reversed()).toList()) {
      if (kept.stream().noneMatch(k -> k.label == candidate.label && k.box.overlap(candidate.box) > most)) {
        kept.add(candidate);
      }
    }
    return kept;
  }
}
