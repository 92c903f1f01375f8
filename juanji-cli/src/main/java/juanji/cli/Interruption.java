package juanji.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a training save its state when the JVM is told to end (Ctrl-C, or a polite kill): the JVM waits for it, though
/// not for long.
final class Interruption implements AutoCloseable {
  /// The exit code of a program ended by Ctrl-C.
  static final int CODE = 130;
  private static final int PATIENCE_SECONDS = 15;

  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean requested;

  Interruption() {
    hook = new Thread(this::stop, "juanji-stop");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stop() {
    requested = true;
    try {
      over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether the training is to stop.
  boolean requested() {
    return requested;
  }

  /// Says that everything is saved.
  @Override public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is ending; the hook has just been told that it may.
    }
  }
}
