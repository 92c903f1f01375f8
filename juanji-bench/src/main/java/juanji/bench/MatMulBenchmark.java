package juanji.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import juanji.op.Contraction;
import juanji.tensor.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Products of matrices.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MatMulBenchmark {
  /// Products of well-known networks.
  public enum Product {
    /// LeNet's first dense layer and its gradients.
    LENET_DENSE(64, 400, 120, false, true),
    LENET_DENSE_INPUT(64, 120, 400, false, false),
    LENET_DENSE_WEIGHTS(120, 64, 400, true, false),
    /// A square one.
    SQUARE_512(512, 512, 512, false, false),
    /// One sample through a large dense layer.
    ONE_ROW(1, 4096, 1000, false, true);

    private final Contraction.MatMul op;
    private final Shape a;
    private final Shape b;
    private final double flops;

    Product(int m, int k, int n, boolean transposeA, boolean transposeB) {
      this.op = new Contraction.MatMul(transposeA, transposeB);
      this.a = transposeA ? Shape.of(k, m) : Shape.of(m, k);
      this.b = transposeB ? Shape.of(n, k) : Shape.of(k, n);
      this.flops = 2.0 * m * n * k;
    }

    /// Multiplications and additions.
    double flops() {
      return flops;
    }
  }

  /// Which product.
  @Param
  public Product product;

  private BoundKernel kernel;

  /// Makes the kernel.
  @Setup
  public void prepare() {
    kernel = new BoundKernel(product.op, List.of(product.a, product.b), false);
  }

  /// One pass.
  @Benchmark
  public float run() {
    return kernel.run();
  }
}
