package juanji.retrieve;

import java.util.ArrayList;
import java.util.List;

/// How good an index's answers are, where samples of one group should find each other.
///
/// Each sample is a query for the others of its group; itself does not count, and samples that are alone in their group
/// ask nothing. Recall at k is the share of queries with one of their group among the first k; the mean average
/// precision is the mean over the queries of the mean over a query's group of the precision at each one's place.
///
/// @param recall for each k from 1 on
/// @param meanAveragePrecision 0 to 1
/// @param firstFour how many of a query's group are among the first four, itself included, on average: UKBench's score
/// @param queries how many there were
public record Ranking(List<Double> recall, double meanAveragePrecision, double firstFour, int queries) {
  private static final int MOST = 10;
  private static final int FOUR = 4;

  /// Takes a copy.
  public Ranking {
    recall = List.copyOf(recall);
  }

  /// Asks for each sample of an index.
  ///
  /// @param groups the group of each sample
  public static Ranking of(DescriptorIndex index, List<String> groups) {
    double[] found = new double[MOST];
    double precision = 0;
    double four = 0;
    int queries = 0;
    for (int q = 0; q < groups.size(); q++) {
      String own = groups.get(q);
      int others = (int) groups.stream().filter(own::equals).count() - 1;
      if (others == 0) {
        continue;
      }
      queries++;
      List<DescriptorIndex.Hit> hits = index.like(q, groups.size());
      int rank = 0;
      int right = 0;
      double sum = 0;
      int self = q;
      for (int i = 0; i < Math.min(FOUR, hits.size()); i++) {
        four += groups.get(hits.get(i).index()).equals(own) ? 1 : 0;
      }
      for (DescriptorIndex.Hit hit : hits) {
        if (hit.index() == self) {
          continue;
        }
        rank++;
        if (groups.get(hit.index()).equals(own)) {
          right++;
          sum += (double) right / rank;
          for (int k = rank; right == 1 && k <= MOST; k++) {
            found[k - 1]++;
          }
        }
      }
      precision += sum / others;
    }
    List<Double> recall = new ArrayList<>();
    for (double f : found) {
      recall.add(queries == 0 ? 0 : f / queries);
    }
    return new Ranking(recall, queries == 0 ? 0 : precision / queries, queries == 0 ? 0 : four / queries, queries);
  }
}
