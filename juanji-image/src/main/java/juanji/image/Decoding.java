package juanji.image;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import juanji.data.Problem;

/// Decodes many pictures on all processors; the result does not depend on how many there are.
final class Decoding {
  private static final long REPORT_MILLIS = 100;

  private Decoding() {
  }

  /// Where pixels go; called by several threads at once, for different pictures.
  interface Sink {
    void put(int index, byte[] pixels);
  }

  /// Decodes each picture, and says which ones could be; the others are added to the problems in order.
  static boolean[] all(List<PictureSource> pictures, ImageSize size, IntConsumer progress, List<Problem> problems,
      Sink sink) {
    boolean[] decoded = new boolean[pictures.size()];
    String[] reasons = new String[pictures.size()];
    Decoder decoder = new Decoder(size);
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Runnable worker = () -> {
      for (int i = next.getAndIncrement(); i < decoded.length; i = next.getAndIncrement()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        try {
          sink.put(i, decoder.decode(pictures.get(i)).pixels());
          decoded[i] = true;
        } catch (UndecodableException e) {
          reasons[i] = e.getMessage();
        }
        done.incrementAndGet();
      }
    };
    int threads = Math.clamp(decoded.length, 1, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("decode-", 0)
        .factory());
    try {
      List<? extends Future<?>> running = IntStream.range(0, threads).mapToObj(t -> pool.submit(worker)).toList();
      for (Future<?> one : running) {
        await(one, done, progress);
      }
      progress.accept(decoded.length);
    } finally {
      stop(pool);
    }
    for (int i = 0; i < decoded.length; i++) {
      if (reasons[i] != null) {
        problems.add(new Problem(pictures.get(i).name(), reasons[i]));
      }
    }
    return decoded;
  }

  private static void await(Future<?> worker, AtomicInteger done, IntConsumer progress) {
    while (true) {
      try {
        worker.get(REPORT_MILLIS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        progress.accept(done.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("reading the pictures was interrupted");
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  /// Waits for the workers, because they read from an archive that is closed next; they notice within one row.
  private static void stop(ExecutorService pool) {
    boolean interrupted = Thread.interrupted();
    pool.shutdownNow();
    try {
      pool.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
