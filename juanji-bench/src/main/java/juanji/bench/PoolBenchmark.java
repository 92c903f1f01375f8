package juanji.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import juanji.op.Axis;
import juanji.op.Op;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Pooling of 8 × 64 × 56 × 56 by windows of 2 × 2.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PoolBenchmark {
  private static final Axis AXIS = Axis.of(2).withStride(2);
  private static final Window WINDOW = Window.of(AXIS, AXIS);
  private static final Shape X = Shape.of(8, 64, 56, 56);
  private static final Shape Y = Shape.of(8, 64, 28, 28);

  /// The operations.
  public enum Kind { MAX, MAX_GRADIENT, MEAN, MEAN_GRADIENT }

  /// Which operation.
  @Param
  public Kind kind;

  private BoundKernel kernel;

  /// Floats that are read or written at least once.
  static double floats(Kind kind) {
    return kind == Kind.MAX_GRADIENT ? 2.0 * X.size() + Y.size() : X.size() + Y.size();
  }

  /// Makes the kernel.
  @Setup
  public void prepare() {
    Op op = switch (kind) {
      case MAX -> new Windowed.MaxPool(WINDOW);
      case MAX_GRADIENT -> new Windowed.MaxPoolInput(WINDOW);
      case MEAN -> new Windowed.AvgPool(WINDOW, Windowed.Divisor.WINDOW);
      case MEAN_GRADIENT -> new Windowed.AvgPoolInput(WINDOW, Windowed.Divisor.WINDOW, X.slice(2, 4));
    };
    List<Shape> inputs = switch (kind) {
      case MAX, MEAN -> List.of(X);
      case MAX_GRADIENT -> List.of(X, Y);
      case MEAN_GRADIENT -> List.of(Y);
    };
    kernel = new BoundKernel(op, inputs, true);
  }

  /// One pass.
  @Benchmark
  public float run() {
    return kernel.run();
  }
}
