package juanji.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import juanji.kernel.Kernel;
import juanji.kernel.Task;

/// Chooses kernels by timing those that come into question, rather than by an estimate.
///
/// What is timed depends on the operation, the shapes and layouts of its operands, the kernels at hand and the number
/// of threads, and takes a fraction of a second each; what is known already is not timed again. Timings differ from run
/// to run, and kernels round differently: who keeps the choices and begins with them the next time has the same plans
/// and the same bits again. The choices of one machine say little about another. Thread-safe.
///
/// ```java
/// Tuning tuning = Tuning.of(2);
/// Plan plan = Compiler.compile(model.graph(), 64, Target.best().tuned(tuning));
/// Map<String, String> keep = tuning.choices();
/// Plan same = Compiler.compile(model.graph(), 64, Target.best().tuned(Tuning.of(keep, 2, found -> { })));
/// ```
public final class Tuning {
  private final int threads;
  private final Consumer<Found> listener;
  private final Map<String, String> choices;

  /// A kernel that was found to be the fastest.
  ///
  /// @param task what is to be computed, and on how many threads: the key among the choices
  /// @param kernel the kernel's name
  /// @param timings how long each kernel took, such as `direct 5×16 12.1 ms, winograd F4 5×16 4.8 ms`
  public record Found(String task, String kernel, String timings) {
  }

  private Tuning(Map<String, String> choices, int threads, Consumer<Found> listener) {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("kernels cannot be timed on " + threads + " threads.\n"
          + "  C5: there are 1 to 1024 threads; received " + threads + ".\n"
          + "  Use as many as the plan will be run on.");
    }
    this.choices = new TreeMap<>(choices);
    this.threads = threads;
    this.listener = listener;
  }

  /// Times everything once.
  ///
  /// @param threads how many threads kernels are timed on, from 1 to 1024
  /// @throws IllegalArgumentException if `threads` is out of range
  public static Tuning of(int threads) {
    return of(Map.of(), threads, _ -> {
    });
  }

  /// Times what has not been chosen before.
  ///
  /// @param choices what another tuning found; names of kernels that no longer exist are ignored
  /// @param threads how many threads kernels are timed on, from 1 to 1024
  /// @param listener is told of each new choice
  /// @throws IllegalArgumentException if `threads` is out of range
  public static Tuning of(Map<String, String> choices, int threads, Consumer<Found> listener) {
    return new Tuning(choices, threads, listener);
  }

  /// What has been chosen, the choices that it began with included: a kernel's name for each task.
  public synchronized Map<String, String> choices() {
    return Collections.unmodifiableMap(new TreeMap<>(choices));
  }

  /// The kernel that is known to be the fastest for a task, or else is found to be.
  ///
  /// @param candidates the one that is expected to be the fastest first
  /// @param step where the task's values lie
  synchronized Optional<Kernel> fastest(Task task, List<Kernel> candidates, LayOut.Placed step) {
    if (candidates.size() < 2) {
      return candidates.stream().findFirst();
    }
    String key = key(task, candidates);
    String known = choices.get(key);
    Optional<Kernel> kernel = candidates.stream().filter(k -> k.name().equals(known)).findFirst();
    if (kernel.isPresent()) {
      return kernel;
    }
    Timings timings = Timings.of(task, candidates, step, threads);
    Kernel fastest = candidates.get(timings.fastest());
    choices.put(key, fastest.name());
    listener.accept(new Found(key, fastest.name(), timings.toString()));
    return Optional.of(fastest);
  }

  /// What the time depends on. Of the chain it does so little that layers that differ in it alone are timed once.
  private String key(Task task, List<Kernel> candidates) {
    return task.op() + " of " + task.inputs() + " as " + task.layouts() + " to " + task.layout()
        + (task.weightsStay() ? ", packed once, " : ", ") + threads + (threads == 1 ? " thread: " : " threads: ")
        + String.join(", ", candidates.stream().map(Kernel::name).sorted().toList());
  }
}
