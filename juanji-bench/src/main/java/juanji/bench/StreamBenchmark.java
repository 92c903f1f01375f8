package juanji.bench;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What memory allows: y = a · x + z over arrays as long as those of [PassBenchmark], after STREAM's triad (McCalpin,
/// *Memory bandwidth and machine balance in current high performance computers*, 1995).
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StreamBenchmark {
  private static final VectorSpecies<Float> V = FloatVector.SPECIES_PREFERRED;

  /// The loop.
  @Param("TRIAD")
  public String loop;

  private final float[] x = new float[(int) PassBenchmark.SHAPE.size()];
  private final float[] y = new float[x.length];
  private final float[] z = new float[x.length];

  /// Floats that are read or written.
  static double floats() {
    return 3.0 * PassBenchmark.SHAPE.size();
  }

  /// One pass.
  @Benchmark
  public float[] run() {
    FloatVector a = FloatVector.broadcast(V, 0.5f);
    for (int i = 0; i < x.length; i += V.length()) {
      FloatVector.fromArray(V, x, i).fma(a, FloatVector.fromArray(V, z, i)).intoArray(y, i);
    }
    return y;
  }
}
