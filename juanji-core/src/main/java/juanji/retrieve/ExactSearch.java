package juanji.retrieve;

import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.input;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Predictor;

/// Exact search: a query's inner products with all descriptors of an index are one matrix product, which the kernels
/// compute that networks run on. Thread-safe.
///
/// ```java
/// List<DescriptorIndex.Hit> hits = ExactSearch.of(index, workers).nearest(descriptor, 10);
/// ```
public final class ExactSearch {
  private final DescriptorIndex index;
  private final Predictor products;

  private ExactSearch(DescriptorIndex index, Predictor products) {
    this.index = index;
    this.products = products;
  }

  /// A search of an index, on the given threads, which stay open.
  public static ExactSearch of(DescriptorIndex index, Workers workers) {
    int length = index.vectors().getFirst().length;
    int count = index.vectors().size();
    float[] all = new float[Math.multiplyExact(length, count)];
    for (int i = 0; i < count; i++) {
      System.arraycopy(index.vectors().get(i), 0, all, i * length, length);
    }
    Model product = Model.of(input(length), dense(count).noBias());
    String name = product.parameters().getFirst().name();
    return new ExactSearch(index, Predictor.of(product.withWeights(Weights.of(Map.of(name,
        Tensor.of(Shape.of(count, length), all)))), workers));
  }

  /// The most alike samples, the best first; where equal, in their order.
  ///
  /// @param descriptor as a [Describer] gives it, before the whitening
  public List<DescriptorIndex.Hit> nearest(float[] descriptor, int count) {
    float[] query = index.whitening().map(w -> w.apply(descriptor)).orElse(descriptor);
    return best(products(List.of(query)), 0, count);
  }

  /// For each of some samples of the index those most like it, itself included.
  public List<List<DescriptorIndex.Hit>> like(List<Integer> samples, int count) {
    float[] all = products(samples.stream().map(i -> index.vectors().get(i)).toList());
    List<List<DescriptorIndex.Hit>> hits = new ArrayList<>();
    for (int q = 0; q < samples.size(); q++) {
      hits.add(best(all, q, count));
    }
    return hits;
  }

  private float[] products(List<float[]> queries) {
    int length = index.vectors().getFirst().length;
    float[] all = new float[queries.size() * length];
    for (int q = 0; q < queries.size(); q++) {
      System.arraycopy(queries.get(q), 0, all, q * length, length);
    }
    return products.scores(Tensor.of(Shape.of(queries.size(), length), all)).data();
  }

  private List<DescriptorIndex.Hit> best(float[] products, int query, int count) {
    int n = index.vectors().size();
    PriorityQueue<DescriptorIndex.Hit> best = new PriorityQueue<>((a, b) -> a.likeness() != b.likeness()
        ? Double.compare(a.likeness(), b.likeness()) : Integer.compare(b.index(), a.index()));
    for (int i = 0; i < n; i++) {
      float product = products[query * n + i];
      if (best.size() < count || product > best.peek().likeness()) {
        best.add(new DescriptorIndex.Hit(i, index.names().get(i), product));
        if (best.size() > count) {
          best.poll();
        }
      }
    }
    List<DescriptorIndex.Hit> hits = new ArrayList<>();
    while (!best.isEmpty()) {
      hits.addFirst(best.poll());
    }
    return hits;
  }
}
