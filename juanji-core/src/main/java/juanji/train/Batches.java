package juanji.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import juanji.data.Dataset;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A dataset cut into batches in a given order.
///
/// Reading runs ahead: while a step computes on one batch, threads of their own read, decode and vary the samples of
/// the next. What a batch holds does not depend on them. Tensors are used again from batch to batch.
final class Batches implements AutoCloseable {
  private static final int MOST_THREADS = 4;

  /// Samples and their classes.
  ///
  /// @param x N × sample
  /// @param classes N class numbers; where samples are mixed, N × K shares
  /// @param labels the class of each sample; where samples are mixed, that of the larger share
  record Batch(Tensor x, Tensor classes, int[] labels) {
  }

  /// What of an epoch is read.
  ///
  /// @param number the batch
  /// @param order which sample comes at which place
  /// @param epoch from 1 on; 0 for samples as they are
  private record Place(int number, int[] order, int epoch) {
    boolean is(int other, int[] orders, int epochs) {
      return number == other && epoch == epochs && order == orders;
    }

    Place next() {
      return new Place(number + 1, order, epoch);
    }
  }

  private final Dataset data;
  private final int total;
  private final int size;
  private final Optional<Mixing> mixing;
  private final long seed;
  private final Batch[] whole = new Batch[2];
  private final Batch[] last = new Batch[2];
  private final int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
  private ExecutorService readers;
  private Place ahead;
  private List<Future<?>> reading = List.of();

  /// @param size the number of samples in a batch
  Batches(Dataset data, int size) {
    this(data, data.size(), size, Optional.empty(), 0);
  }

  /// @param total the number of samples in an epoch
  /// @param mixing how samples are mixed
  /// @param seed what mixing draws from
  Batches(Dataset data, int total, int size, Optional<Mixing> mixing, long seed) {
    this.data = data;
    this.total = total;
    this.size = Math.min(size, total);
    this.mixing = mixing;
    this.seed = seed;
  }

  private Batch room(int number, int count) {
    Batch[] rooms = count < size ? last : whole;
    int which = number % 2;
    if (rooms[which] == null) {
      rooms[which] = new Batch(Tensor.zeros(data.shape().prepend(count)), Tensor.zeros(mixing.isPresent()
          ? Shape.of(count, data.classes().size()) : Shape.of(count)), new int[count]);
    }
    return rooms[which];
  }

  /// The number of samples in an epoch.
  int total() {
    return total;
  }

  /// The number of samples in a whole batch.
  int size() {
    return size;
  }

  /// The number of batches, the smaller last one included.
  int count() {
    return Math.ceilDiv(total, size);
  }

  /// The batch of the given number, of samples as they are. It holds until the next but one is read.
  Batch read(int number, int[] order) {
    return read(number, order, 0);
  }

  /// The batch of the given number, as an epoch sees it.
  ///
  /// @param order which sample comes at which place
  Batch read(int number, int[] order, int epoch) {
    if (ahead == null || !ahead.is(number, order, epoch)) {
      await();
      begin(new Place(number, order, epoch));
    }
    Place place = ahead;
    await();
    int count = count(number);
    Batch batch = room(number, count);
    if (mixing.isPresent()) {
      mixing.get().mix(batch, data.shape(),
          new SplittableRandom(seed * 0x9e3779b97f4a7c15L + epoch * 0x632be59bd9b4e019L + number));
    }
    if (number + 1 < count()) {
      begin(place.next());
    } else {
      ahead = null;
    }
    return batch;
  }

  private int count(int number) {
    return Math.min(size, total - number * size);
  }

  private void begin(Place place) {
    ahead = place;
    if (readers == null) {
      readers = Executors.newFixedThreadPool(threads, task -> {
        Thread thread = new Thread(task, "juanji-read");
        thread.setDaemon(true);
        return thread;
      });
    }
    int count = count(place.number);
    Batch batch = room(place.number, count);
    List<Future<?>> tasks = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = (int) ((long) count * t / threads);
      int to = (int) ((long) count * (t + 1) / threads);
      if (to > from) {
        tasks.add(readers.submit(() -> fill(batch, place, from, to)));
      }
    }
    reading = tasks;
  }

  private void fill(Batch batch, Place place, int from, int to) {
    int length = data.shape().length();
    for (int i = from; i < to; i++) {
      int sample = place.order[place.number * size + i];
      if (place.epoch == 0) {
        data.read(sample, batch.x().data(), i * length);
      } else {
        data.readVaried(sample, place.epoch, batch.x().data(), i * length);
      }
      int label = data.label(sample);
      batch.labels()[i] = label;
      if (mixing.isEmpty()) {
        batch.classes().data()[i] = label;
      }
    }
  }

  private void await() {
    try {
      for (Future<?> task : reading) {
        task.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException r -> throw r;
        case Error error -> throw error;
        default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("reading samples was interrupted");
    } finally {
      reading = List.of();
    }
  }

  /// Ends the reading threads.
  @Override public void close() {
    if (readers != null) {
      readers.shutdownNow();
    }
  }

  /// The samples in their own order.
  static int[] inOrder(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    return order;
  }

  /// Numbers in an order that depends on the seed and the epoch alone.
  static int[] shuffled(int count, long seed, int epoch) {
    int[] order = inOrder(count);
    shuffle(order, new SplittableRandom(seed * 0x9e3779b97f4a7c15L + epoch));
    return order;
  }

  static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
