package juanji.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Composite;
import juanji.op.Pointwise;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What memory bounds, as a plan computes it on one thread: each pass reads and writes values of 8 × 64 × 56 × 56.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PassBenchmark {
  static final Shape SHAPE = Shape.of(8, 64, 56, 56);
  private static final Shape CHANNELS = Shape.of(64, 1, 1);
  private static final Composite.Normalize NORMALIZE = new Composite.Normalize(List.of(0, 2, 3), 1e-5);

  /// The passes, each with how often its memory must be passed over: a value that is read twice with a sum over all of
  /// it in between counts twice.
  public enum Pass {
    /// x to its statistics, x to y.
    BATCH_NORM_TRAINING(3),
    /// x to its statistics, x and dy to two sums, x and dy to dx.
    BATCH_NORM_GRADIENT(6),
    /// x to y, by a factor and an offset per channel.
    BATCH_NORM_INFERENCE(2),
    /// x to y, along rows of 56.
    SOFTMAX(2),
    /// x and what is added to y.
    ADD_RELU(3),
    /// A chain of six operations on x.
    CHAIN(2),
    /// Weight, velocity and gradient to weight and velocity.
    MOMENTUM(5),
    /// Weight, two moments and gradient to weight and moments.
    ADAM(7);

    private final int passes;

    Pass(int passes) {
      this.passes = passes;
    }

    double floats() {
      return (double) passes * SHAPE.size();
    }
  }

  /// Which pass.
  @Param
  public Pass pass;

  private final GraphBuilder b = new GraphBuilder();
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private Workers workers;
  private Session session;

  private static Tensor values(Shape shape) {
    Random random = new Random(shape.length());
    float[] values = new float[shape.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() + 0.5f;
    }
    return Tensor.of(shape, values);
  }

  private Node input(String name) {
    inputs.put(name, values(SHAPE));
    return b.input(name, SHAPE);
  }

  private Node.Parameter parameter(String name, Shape shape) {
    parameters.put(name, values(shape));
    return b.parameter(name, shape);
  }

  private void update(String name, Node value) {
    b.update(parameter(name, SHAPE), value);
  }

  private Node normal(Node x) {
    return b.add(b.mul(b.apply(NORMALIZE, List.of(x)), parameter("gamma", CHANNELS)), parameter("beta", CHANNELS));
  }

  /// Makes the plan.
  @Setup
  public void prepare() {
    Node x = input("x");
    switch (pass) {
      case BATCH_NORM_TRAINING -> update("y", normal(x));
      case BATCH_NORM_GRADIENT ->
          update("dx", b.gradients(normal(x), input("dy"), List.of(x)).getFirst().orElseThrow());
      case BATCH_NORM_INFERENCE ->
          update("y", b.add(b.mul(x, parameter("scale", CHANNELS)), parameter("shift", CHANNELS)));
      case SOFTMAX -> update("y", b.apply(new Composite.Softmax(3), List.of(x)));
      case ADD_RELU -> update("y", b.apply(new Pointwise.Relu(), List.of(b.add(x, input("z")))));
      case CHAIN -> update("y", b.apply(new Pointwise.Clamp(-1, 6), List.of(b.affine(b.apply(new Pointwise.Abs(),
          List.of(b.apply(new Pointwise.Relu(), List.of(b.add(b.mul(x, parameter("scale", CHANNELS)),
              parameter("shift", CHANNELS)))))), 0.5, 0.1))));
      case MOMENTUM -> {
        Node velocity = b.add(b.affine(parameter("velocity", SHAPE), 0.9, 0), x);
        Node.Parameter weight = parameter("weight", SHAPE);
        b.update(b.parameter("velocity", SHAPE), velocity);
        b.update(weight, b.sub(weight, b.affine(velocity, 1e-9, 0)));
      }
      case ADAM -> {
        Node first = b.add(b.affine(parameter("first", SHAPE), 0.9, 0), b.affine(x, 0.1, 0));
        Node second = b.add(b.affine(parameter("second", SHAPE), 0.999, 0), b.affine(b.mul(x, x), 0.001, 0));
        Node.Parameter weight = parameter("weight", SHAPE);
        b.update(b.parameter("first", SHAPE), first);
        b.update(b.parameter("second", SHAPE), second);
        b.update(weight, b.sub(weight, b.apply(new Pointwise.Div(), List.of(b.affine(first, 1e-9, 0),
            b.affine(b.apply(new Pointwise.Sqrt(), List.of(second)), 1, 1e-8)))));
      }
    }
    Graph graph = b.build();
    workers = Workers.of(1);
    session = new Session(Compiler.compile(graph, SHAPE.dim(0), Target.best()), parameters, workers);
  }

  /// One pass.
  @Benchmark
  public Map<String, Tensor> run() {
    return session.run(inputs);
  }

  /// Ends the thread.
  @TearDown
  public void close() {
    workers.close();
  }
}
