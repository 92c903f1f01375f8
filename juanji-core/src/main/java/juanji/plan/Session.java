package juanji.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.kernel.CacheLine;
import juanji.kernel.Layout;
import juanji.kernel.Operands;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Runs a plan again and again on the same memory.
///
/// The parameters' tensors are used where they lie: updates change them. A session is not thread-safe; sessions may
/// share parameters that none of them updates, and may share [Workers].
///
/// ```java
/// Session session = new Session(plan, weights, workers);
/// Tensor scores = session.run(Map.of("x", batch)).get("y");
/// ```
public final class Session {
  /// Less than this much work is over before another thread has begun.
  private static final long FEW_FLOPS = 100_000;
  private static final long FEW_FLOATS = 65_536;
  /// A step of less work than this has one thread in a session's first run: kernels are compiled meanwhile, and threads
  /// that wait for compiled code would take the processor from the compiler.
  private static final long COLD_FLOPS = 200_000_000;

  /// Working memory, and which session wrote it last.
  private static final class Arena {
    private final float[] floats;
    private Session last;

    Arena(int size) {
      this.floats = CacheLine.array(size);
    }
  }

  /// A step's memory; `inputs` are the operands whose array is given anew at each run.
  private record Bound(Step step, Operands operands, float[][] arrays, Map<Integer, String> inputs, boolean threads) {
  }

  private final Plan plan;
  private final Workers workers;
  private final Map<String, Tensor> parameters;
  private final Arena arena;
  private final List<Bound> bound = new ArrayList<>();
  private final Map<String, Shape> inputs = new LinkedHashMap<>();
  private boolean prepared;
  private boolean warm;

  /// A session on the given parameters.
  ///
  /// @param parameters a tensor for each parameter of the graph, by name; more are ignored
  /// @throws PlanException if one is missing or has another shape
  public Session(Plan plan, Map<String, Tensor> parameters, Workers workers) {
    this(plan, parameters, workers, Optional.empty());
  }

  /// A session in the working memory of another if that is large enough, such as for an epoch's last and smaller batch.
  /// The two must not run at the same time.
  ///
  /// @param lender whose memory it uses, too
  /// @throws PlanException if a parameter is missing or has another shape
  public Session(Plan plan, Map<String, Tensor> parameters, Workers workers, Session lender) {
    this(plan, parameters, workers, Optional.of(lender));
  }

  private Session(Plan plan, Map<String, Tensor> parameters, Workers workers, Optional<Session> lender) {
    this.plan = plan;
    this.workers = workers;
    this.parameters = parameters;
    for (Node.Parameter p : plan.graph().parameters()) {
      check("parameter", p.name(), p.shape(), parameters);
    }
    for (Node.Input i : plan.graph().inputs()) {
      inputs.put(i.name(), i.shape());
    }
    try {
      this.arena = lender.map(s -> s.arena).filter(a -> a.floats.length - CacheLine.FIRST >= plan.memory().floats())
          .orElseGet(() -> new Arena(plan.memory().floats()));
    } catch (OutOfMemoryError e) {
      throw new PlanException("there is not enough memory for this plan: it needs " + (plan.bytes() >> 20) + " MiB.\n"
          + "  C1: the working memory fits in the Java heap, of which at most "
          + (Runtime.getRuntime().maxMemory() >> 20) + " MiB exist.\n"
          + "  Use a smaller batch, or give Java more memory with -Xmx.");
    }
    List<Step> steps = plan.memory().steps();
    for (int i = 0; i < steps.size(); i++) {
      bound.add(bind(steps.get(i), plan.memory().packings()[i], plan.memory().workspaces()[i]));
    }
  }

  private static void check(String kind, String name, Shape shape, Map<String, Tensor> given) {
    Tensor tensor = given.get(name);
    if (tensor == null || !tensor.shape().equals(shape)) {
      String problem = tensor == null ? "is missing" : "has the wrong shape";
      throw new PlanException(kind + " '" + name + "' " + problem + ".\n"
          + "  C2: every " + kind + " is given in its shape, here " + shape + "; received "
          + (tensor == null ? "only " + new TreeSet<>(given.keySet()) : tensor.shape()) + ".\n"
          + "  Give a tensor of " + shape + " under this name.");
    }
  }

  private Bound bind(Step step, int packing, int workspace) {
    List<Value> values = new ArrayList<>();
    values.add(step.output());
    values.addAll(step.inputs());
    int[] own = IntStream.of(packing, workspace).filter(place -> place >= 0).toArray();
    int count = values.size() + own.length;
    float[][] arrays = new float[count][];
    int[] offsets = new int[count];
    Map<Integer, String> given = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      switch (plan.memory().places().get(values.get(i))) {
        case Place.Arena(int offset) -> {
          arrays[i] = arena.floats;
          offsets[i] = CacheLine.FIRST + offset;
        }
        case Place.Parameter(String name) -> arrays[i] = parameters.get(name).data();
        case Place.Constant(Tensor value) -> arrays[i] = value.data();
        case Place.Input(String name) -> given.put(i, name);
      }
    }
    for (int i = 0; i < own.length; i++) {
      arrays[values.size() + i] = arena.floats;
      offsets[values.size() + i] = CacheLine.FIRST + own[i];
    }
    long floats = values.stream().mapToLong(Value::length).sum();
    return new Bound(step, new Operands(arrays, offsets), arrays, given,
        step.flops() > FEW_FLOPS || floats > FEW_FLOATS);
  }

  /// The plan that this session runs.
  public Plan plan() {
    return plan;
  }

  /// Says that parameters were changed from outside, so that what was computed from them once is computed again.
  public void refresh() {
    prepared = false;
  }

  /// Runs the plan.
  ///
  /// @param given a tensor for each input, by name
  /// @return the outputs by name, in memory of their own
  /// @throws PlanException if an input is missing or has another shape than the plan was made for
  public Map<String, Tensor> run(Map<String, Tensor> given) {
    inputs.forEach((name, shape) -> check("input", name, shape, given));
    if (!prepared || arena.last != this) {
      prepare(new long[bound.size()]);
    }
    for (Bound b : bound) {
      if (!b.step.once()) {
        run(b, given);
      }
    }
    warm = true;
    return results(given);
  }

  /// Computes what depends on weights alone, and packs what is packed once as soon as it is there: of what is computed
  /// in order to be packed, little is in memory at a time.
  ///
  /// @param nanos what this takes is added to
  private void prepare(long[] nanos) {
    pack(-1, nanos);
    for (int i = 0; i < nanos.length; i++) {
      Bound b = bound.get(i);
      if (b.step.once()) {
        long begun = System.nanoTime();
        workers.run(b.step.kernel(), b.operands, 0, b.step.kernel().phases(), b.threads);
        nanos[i] += System.nanoTime() - begun;
        pack(i, nanos);
      }
    }
    prepared = true;
    arena.last = this;
  }

  /// Packs the operands that are there once a step is done; −1 for those that are given.
  private void pack(int ready, long[] nanos) {
    for (int i = 0; i < nanos.length; i++) {
      Bound b = bound.get(i);
      if (b.step.packedOnce() && plan.memory().ready()[i] == ready) {
        long begun = System.nanoTime();
        workers.run(b.step.kernel(), b.operands, 0, 1, b.threads);
        nanos[i] += System.nanoTime() - begun;
      }
    }
  }

  private void run(Bound b, Map<String, Tensor> given) {
    b.inputs.forEach((operand, name) -> b.arrays[operand] = given.get(name).data());
    workers.run(b.step.kernel(), b.operands, b.step.packedOnce() ? 1 : 0, b.step.kernel().phases(),
        b.threads && (warm || b.step.flops() > COLD_FLOPS));
  }

  /// Runs the plan and measures each step. What is computed once, such as packed filters, counts in the run that
  /// computes it.
  ///
  /// @param given a tensor for each input, by name
  /// @return nanoseconds of each step, in the order of the plan's table
  public long[] time(Map<String, Tensor> given) {
    inputs.forEach((name, shape) -> check("input", name, shape, given));
    long[] nanos = new long[bound.size()];
    if (!prepared) {
      prepare(nanos);
    }
    for (int i = 0; i < nanos.length; i++) {
      if (!bound.get(i).step.once()) {
        long begun = System.nanoTime();
        run(bound.get(i), given);
        nanos[i] += System.nanoTime() - begun;
      }
    }
    warm = true;
    results(given);
    return nanos;
  }

  private Map<String, Tensor> results(Map<String, Tensor> given) {
    Map<String, Tensor> results = new LinkedHashMap<>();
    plan.graph().outputs().forEach((name, node) -> {
      Tensor result = Tensor.zeros(node.shape());
      read(new Value(node, Layout.PLAIN), given, result.data());
      results.put(name, result);
    });
    // After the outputs, which may be parameters' old values.
    update(given);
    return results;
  }

  private void update(Map<String, Tensor> given) {
    // A new value may be another parameter's old one: these are read before any is written.
    Map<String, float[]> moved = new LinkedHashMap<>();
    plan.memory().copies().forEach((name, value) -> {
      if (plan.memory().places().get(value) instanceof Place.Parameter) {
        float[] fresh = new float[value.node().shape().length()];
        read(value, given, fresh);
        moved.put(name, fresh);
      }
    });
    plan.memory().copies().forEach((name, value) -> {
      float[] to = parameters.get(name).data();
      if (moved.containsKey(name)) {
        System.arraycopy(moved.get(name), 0, to, 0, to.length);
      } else {
        read(value, given, to);
      }
    });
  }

  private void read(Value value, Map<String, Tensor> given, float[] to) {
    switch (plan.memory().places().get(value)) {
      case Place.Arena(int offset) -> System.arraycopy(arena.floats, CacheLine.FIRST + offset, to, 0, to.length);
      case Place.Parameter(String name) -> copy(parameters.get(name), to);
      case Place.Constant(Tensor constant) -> copy(constant, to);
      case Place.Input(String name) -> copy(given.get(name), to);
    }
  }

  private static void copy(Tensor from, float[] to) {
    System.arraycopy(from.data(), 0, to, 0, to.length);
  }

  /// Fills the working memory with a value, for tests that nothing is read before it is written.
  public void poison(float value) {
    Arrays.fill(arena.floats, value);
    prepared = false;
  }
}
