package juanji.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import juanji.kernel.CacheLine;
import juanji.kernel.Kernel;
import juanji.kernel.Operands;

/// Threads that share the units of a kernel. They wait by spinning for a fraction of a millisecond, since the next step
/// usually follows at once, and then park, so that an idle pool costs nothing.
///
/// Each thread begins with a range of the units that is its own, so that neighbouring steps find the same samples in
/// the same core's caches, and then helps the others. Which thread computes which unit does not change the bits.
///
/// ```java
/// try (Workers workers = Workers.of(2)) {
///   Session session = new Session(plan, weights, workers);
/// }
/// ```
public final class Workers implements AutoCloseable {
  private static final int SPINS = 20_000;
  /// Floats behind a thread's memory, four cache lines: the collector may lay the memories of two threads side by side,
  /// and a line that both write would travel between the processors with every write.
  private static final int APART = 64;

  /// The units of one phase of a kernel, which threads take one by one, from their own range first. A thread that comes
  /// late finds none left: counters serve one job after the other, and say which one they serve.
  private final class Job {
    private final Kernel kernel;
    private final Operands operands;
    private final int phase;
    private final int units;
    private final int number;
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    Job(Kernel kernel, Operands operands, int phase, int units, int number) {
      this.kernel = kernel;
      this.operands = operands;
      this.phase = phase;
      this.units = units;
      this.number = number;
      for (int thread = 0; thread < threads(); thread++) {
        next.set(place(thread), counter(end(thread - 1)));
      }
    }

    private long counter(int unit) {
      return (long) number << Integer.SIZE | unit;
    }

    /// The first unit behind a thread's range.
    private int end(int thread) {
      return (int) ((long) units * (thread + 1) / threads());
    }

    /// A unit of a thread's range; −1 if none is left, or the counter serves another job already.
    private int take(int thread) {
      int place = place(thread);
      int end = end(thread);
      while (true) {
        long counter = next.get(place);
        int unit = (int) counter;
        if (counter != counter(unit) || unit >= end) {
          return -1;
        }
        if (next.compareAndSet(place, counter, counter + 1)) {
          return unit;
        }
      }
    }

    /// Whether every unit has been taken.
    boolean taken() {
      for (int thread = 0; thread < threads(); thread++) {
        if (next.get(place(thread)) < counter(end(thread))) {
          return false;
        }
      }
      return true;
    }

    /// @param thread whose range comes first
    void work(int thread, float[] scratch) {
      int finished = 0;
      for (int i = 0; i < threads(); i++) {
        int range = (thread + i) % threads();
        for (int unit = take(range); unit >= 0; unit = take(range)) {
          try {
            kernel.run(operands, phase, unit, scratch);
          } catch (Throwable t) {
            failure = t;
          }
          finished++;
        }
      }
      if (finished > 0) {
        done.addAndGet(finished);
      }
    }
  }

  /// A thread and its memory.
  private final class Worker implements Runnable {
    private final int number;
    private float[] scratch = new float[0];
    private volatile boolean parked;
    private Thread thread;

    Worker(int number) {
      this.number = number;
    }

    @Override public void run() {
      Job last = null;
      int spins = 0;
      while (!closed) {
        Job job = current;
        if (job != last && job != null) {
          last = job;
          spins = 0;
          scratch = atLeast(job.kernel.scratch(), scratch);
          job.work(number, scratch);
        } else if (++spins < SPINS) {
          Thread.onSpinWait();
        } else {
          // A finished job would keep a whole session's memory alive.
          last = null;
          parked = true;
          if (idle() && !closed) {
            LockSupport.park(Workers.this);
          }
          parked = false;
          spins = 0;
        }
      }
    }

    private boolean idle() {
      Job job = current;
      return job == null || job.taken();
    }
  }

  private final List<Worker> workers = new ArrayList<>();
  /// For each thread the number of the job and the next unit of the thread's range. They lie apart, since a line that
  /// two cores write costs more than many a unit does, and are made once: a step of training has hundreds of jobs.
  private final AtomicLongArray next;
  private int jobs;
  private float[] ownScratch = new float[0];
  private volatile Job current;
  private volatile boolean closed;

  private Workers(int threads) {
    next = new AtomicLongArray((threads + 2) * APART);
    for (int i = 1; i < threads; i++) {
      Worker worker = new Worker(i);
      worker.thread = Thread.ofPlatform().daemon().name("juanji-worker-" + i).unstarted(worker);
      workers.add(worker);
    }
    workers.forEach(w -> w.thread.start());
  }

  private static int place(int thread) {
    return (thread + 1) * APART;
  }

  /// As many threads as given, the caller's included.
  ///
  /// @throws IllegalArgumentException if `threads` is not from 1 to 1024
  public static Workers of(int threads) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("a pool of " + threads + " threads cannot be made.\n"
          + "  C1: there are 1 to 1024 threads; received " + threads + ".\n"
          + "  Use the number of cores, " + Runtime.getRuntime().availableProcessors() + ".");
    }
    return new Workers(threads);
  }

  /// One thread per processor.
  public static Workers all() {
    return of(Runtime.getRuntime().availableProcessors());
  }

  /// The number of threads.
  public int threads() {
    return workers.size() + 1;
  }

  /// Runs all units of a kernel's phases; returns when they are done.
  ///
  /// @param first the first phase to run
  /// @param end the phase behind the last to run
  /// @param worthThreads whether there is enough work for more than the calling thread
  synchronized void run(Kernel kernel, Operands operands, int first, int end, boolean worthThreads) {
    ownScratch = atLeast(kernel.scratch(), ownScratch);
    for (int phase = first; phase < end; phase++) {
      int units = kernel.units(phase);
      if (workers.isEmpty() || units == 1 || !worthThreads) {
        for (int unit = 0; unit < units; unit++) {
          kernel.run(operands, phase, unit, ownScratch);
        }
      } else {
        share(new Job(kernel, operands, phase, units, ++jobs));
      }
    }
  }

  private static float[] atLeast(int floats, float[] memory) {
    int needed = floats + APART;
    return memory.length - CacheLine.FIRST < needed ? CacheLine.array(needed) : memory;
  }

  private void share(Job job) {
    current = job;
    for (Worker worker : workers) {
      if (worker.parked) {
        LockSupport.unpark(worker.thread);
      }
    }
    job.work(0, ownScratch);
    while (job.done.get() < job.units) {
      Thread.onSpinWait();
    }
    // What a finished job refers to may be collected.
    current = null;
    Throwable failure = job.failure;
    if (failure != null) {
      throw new IllegalStateException("the kernel " + job.kernel.name() + " failed", failure);
    }
  }

  /// Ends the threads.
  @Override public void close() {
    closed = true;
    workers.forEach(w -> LockSupport.unpark(w.thread));
  }
}
