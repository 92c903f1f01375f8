package juanji.train;

import java.util.SplittableRandom;
import juanji.data.Dataset;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A dataset cut into batches in a given order. Tensors are used again from batch to batch.
final class Batches {
  /// Samples and their classes.
  ///
  /// @param x N × sample
  /// @param classes N class numbers
  record Batch(Tensor x, Tensor classes) {
  }

  private final Dataset data;
  private final int size;
  private final Batch whole;
  private final int rest;
  private Batch last;

  Batches(Dataset data, int size) {
    this.data = data;
    this.size = Math.min(size, data.size());
    this.rest = data.size() % this.size;
    this.whole = empty(this.size);
  }

  private Batch empty(int count) {
    return new Batch(Tensor.zeros(data.shape().prepend(count)), Tensor.zeros(Shape.of(count)));
  }

  /// The number of samples in a whole batch.
  int size() {
    return size;
  }

  /// The number of batches, the smaller last one included.
  int count() {
    return Math.ceilDiv(data.size(), size);
  }

  /// The number of samples in the last batch.
  int lastSize() {
    return rest == 0 ? size : rest;
  }

  /// The batch of the given number.
  ///
  /// @param order which sample comes at which place
  Batch read(int number, int[] order) {
    int from = number * size;
    int count = Math.min(size, data.size() - from);
    if (count < size && last == null) {
      last = empty(count);
    }
    Batch batch = count < size ? last : whole;
    int length = (int) data.shape().size();
    for (int i = 0; i < count; i++) {
      int sample = order[from + i];
      data.read(sample, batch.x().data(), i * length);
      batch.classes().data()[i] = data.label(sample);
    }
    return batch;
  }

  /// The samples in their own order.
  static int[] inOrder(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    return order;
  }

  /// The samples in an order that depends on the seed and the epoch alone.
  static int[] shuffled(int count, long seed, int epoch) {
    int[] order = inOrder(count);
    SplittableRandom random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + epoch);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }
}
