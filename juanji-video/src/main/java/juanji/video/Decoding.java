package juanji.video;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import juanji.image.UndecodableException;

/// Decodes many videos on all processors; the result does not depend on how many there are.
///
/// @param videos where they are
/// @param how what of them is kept
/// @param store where it is kept
record Decoding(List<Path> videos, VideoPreparation how, FrameStore store) {
  /// Decodes all videos.
  ///
  /// @param progress is told the number of videos done so far, from the calling thread
  /// @return for each the reason why it cannot be decoded, or null
  /// @throws CancellationException if the calling thread is interrupted; it stays interrupted
  String[] run(IntConsumer progress) {
    String[] reasons = new String[videos.size()];
    AtomicInteger next = new AtomicInteger();
    int threads = Math.clamp(videos.size(), 1, Runtime.getRuntime().availableProcessors());
    try (ExecutorService pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("decode-", 0)
        .factory())) {
      List<? extends Future<?>> running = videos.stream().map(_ -> pool.submit(() -> {
        int i = next.getAndIncrement();
        try {
          store.put(i, how.kept(videos.get(i)));
        } catch (UndecodableException e) {
          reasons[i] = e.getMessage();
        }
      })).toList();
      for (int i = 0; i < running.size(); i++) {
        try {
          running.get(i).get();
        } catch (InterruptedException e) {
          pool.shutdownNow();
          Thread.currentThread().interrupt();
          throw new CancellationException("reading the videos was interrupted");
        } catch (ExecutionException e) {
          pool.shutdownNow();
          throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
        progress.accept(i + 1);
      }
    }
    return reasons;
  }
}
