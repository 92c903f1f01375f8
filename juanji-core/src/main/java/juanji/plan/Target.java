package juanji.plan;

import java.lang.System.Logger.Level;
import java.util.Iterator;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import juanji.kernel.KernelProvider;
import juanji.kernel.ScalarProvider;

/// The machine that a plan is made for: which kernels it has.
///
/// ```java
/// Plan plan = Compiler.compile(graph, 64, Target.best());
/// ```
public final class Target {
  private final KernelProvider provider;
  private final boolean exact;
  private final Optional<Tuning> tuning;

  private Target(KernelProvider provider, boolean exact, Optional<Tuning> tuning) {
    this.provider = provider;
    this.exact = exact;
    this.tuning = tuning;
  }

  /// Plain Java kernels, which every machine runs.
  public static Target scalar() {
    return new Target(new ScalarProvider(), false, Optional.empty());
  }

  /// The best kernels on the module path or class path. If there are none but the scalar ones, the log says so, once.
  public static Target best() {
    return Best.TARGET;
  }

  /// This target without algorithms that round more than the definition of a convolution does. They are faster, and
  /// their error stays near 3 · 10⁻⁵ of the results' root mean square.
  public Target exact() {
    return new Target(provider.exact(), true, tuning);
  }

  /// This target with the kernels that were the fastest when timed, rather than expected to be.
  ///
  /// ```java
  /// Target target = Target.best().tuned(Tuning.of(2));
  /// ```
  public Target tuned(Tuning tuning) {
    return new Target(provider.tunable(), exact, Optional.of(tuning));
  }

  /// The name of the kernel provider, such as `vector`.
  public String provider() {
    return provider.name();
  }

  /// Floats that the kernels compute at once.
  public int lanes() {
    return provider.lanes();
  }

  KernelProvider kernels() {
    return provider;
  }

  Optional<Tuning> tuning() {
    return tuning;
  }

  @Override public String toString() {
    return provider.name() + ", " + provider.lanes() + (provider.lanes() == 1 ? " lane" : " lanes")
        + (exact ? ", exact" : "") + (tuning.isPresent() ? ", tuned" : "");
  }

  /// Looked up when first asked for.
  private static final class Best {
    static final Target TARGET = new Target(find(), false, Optional.empty());

    private static KernelProvider find() {
      Optional<String> trouble = Optional.empty();
      Optional<KernelProvider> best = Optional.empty();
      Iterator<KernelProvider> found = ServiceLoader.load(KernelProvider.class, Target.class.getClassLoader())
          .iterator();
      while (true) {
        try {
          if (!found.hasNext()) {
            break;
          }
          KernelProvider next = found.next();
          if (best.isEmpty() || next.priority() > best.get().priority()) {
            best = Optional.of(next);
          }
        } catch (ServiceConfigurationError | LinkageError e) {
          trouble = Optional.of(e.toString());
        }
      }
      if (best.isEmpty()) {
        String remedy = trouble.map(t -> "The vector kernels do not load (" + t + "): on the class path they need the "
            + "option --add-modules jdk.incubator.vector.")
            .orElse("Put juanji-vector on the module path, or on the class path together with the option "
            + "--add-modules jdk.incubator.vector.");
        System.getLogger("juanji").log(Level.WARNING,
            "Juanji runs on its scalar kernels, which are several times slower than the vector kernels. " + remedy);
      }
      return best.orElseGet(ScalarProvider::new);
    }
  }
}
