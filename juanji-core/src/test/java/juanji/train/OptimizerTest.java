package juanji.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Interpreter;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.nn.Initializer;
import juanji.op.Exact;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// Each optimiser for several steps against plain arrays and the formula of its paper: a weight of 2 × 3 to which decay
/// applies, and a bias of 3 to which it does not, with gradients given from outside.
class OptimizerTest {
  private static final int STEPS = 7;
  private static final double[][] START = {Reference.random(6, 1, 1), Reference.random(3, 1, 2)};
  private static final Shape[] SHAPES = {Shape.of(2, 3), Shape.of(3)};

  private static double gradient(int step, int tensor, int i) {
    return Reference.random(9, 2, 100 + step)[tensor * 6 + i];
  }

  /// The state of one optimiser on one tensor, in arrays by name.
  private static final class State {
    final double[] w;
    final double[] g;
    final double[] slot1;
    final double[] slot2;

    State(double[] start) {
      w = start.clone();
      g = new double[w.length];
      slot1 = new double[w.length];
      slot2 = new double[w.length];
    }
  }

  private interface Formula {
    /// One step of one tensor; `decays` says whether decay applies to it.
    void step(State s, int t, double rate, boolean decays);
  }

  private static Exact scalar(double value) {
    return new Exact(Shape.of(), new double[] {value});
  }

  private static Graph graph(Optimizer optimizer) {
    GraphBuilder b = new GraphBuilder();
    List<Optimizer.Weight> weights = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Node.Parameter w = b.parameter("w" + i, SHAPES[i]);
      weights.add(new Optimizer.Weight(w, new Declaration("w" + i, SHAPES[i], Initializer.zeros(), false, true, i == 0),
          b.input("g" + i, SHAPES[i])));
    }
    Optimizer.Step step = new Optimizer.Step(b, b.input("rate", Shape.of()));
    List<Node> values = optimizer.update(step, weights);
    for (int i = 0; i < 2; i++) {
      b.update(weights.get(i).parameter(), values.get(i));
    }
    optimizer.finish(step, weights, values);
    return b.build();
  }

  /// The state after each step, with kept tensors by name.
  private static List<Map<String, Exact>> run(Optimizer optimizer) {
    Graph graph = graph(optimizer);
    Map<String, Exact> state = new HashMap<>();
    for (int i = 0; i < 2; i++) {
      state.put("w" + i, new Exact(SHAPES[i], START[i]));
    }
    graph.parameters().stream().filter(p -> p.name().startsWith(Optimizer.KEPT)).forEach(p -> state.put(p.name(),
        Optimizer.Step.origin(p.name()).map(state::get).orElse(new Exact(p.shape(), new double[p.shape().length()]))));
    List<Map<String, Exact>> states = new ArrayList<>();
    for (int t = 1; t <= STEPS; t++) {
      Map<String, Exact> given = new HashMap<>(state);
      given.put("rate", scalar(rate(t)));
      for (int i = 0; i < 2; i++) {
        double[] g = new double[SHAPES[i].length()];
        for (int j = 0; j < g.length; j++) {
          g[j] = gradient(t, i, j);
        }
        given.put("g" + i, new Exact(SHAPES[i], g));
      }
      optimizer.scalars(t).forEach((name, value) -> given.put(name, scalar(value)));
      state.putAll(Interpreter.run(graph, given).updates());
      states.add(new HashMap<>(state));
    }
    return states;
  }

  private static double rate(int t) {
    return 0.1 / t;
  }

  private static void check(Optimizer optimizer, Formula formula) {
    List<Map<String, Exact>> states = run(optimizer);
    for (int i = 0; i < 2; i++) {
      State s = new State(START[i]);
      for (int t = 1; t <= STEPS; t++) {
        for (int j = 0; j < s.g.length; j++) {
          s.g[j] = gradient(t, i, j);
        }
        formula.step(s, t, rate(t), i == 0);
        for (int j = 0; j < s.w.length; j++) {
          assertEquals(s.w[j], states.get(t - 1).get("w" + i).data()[j], 2e-6, optimizer + " step " + t);
        }
      }
    }
  }

  private static double norm(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x * x;
    }
    return Math.sqrt(sum);
  }

  private static void each(State s, IntConsumer body) {
    IntStream.range(0, s.w.length).forEach(body);
  }

  @Test void sgdFollowsItsFormula() {
    check(Optimizer.sgd(1), (s, t, rate, decays) -> each(s, i -> s.w[i] -= rate * s.g[i]));
    check(Optimizer.sgd(1).momentum(0.9).weightDecay(0.2), (s, t, rate, decays) -> each(s, i -> {
      s.slot1[i] = 0.9 * s.slot1[i] + s.g[i] + (decays ? 0.2 * s.w[i] : 0);
      s.w[i] -= rate * s.slot1[i];
    }));
    check(Optimizer.sgd(1).momentum(0.8).lookAhead(), (s, t, rate, decays) -> each(s, i -> {
      s.slot1[i] = 0.8 * s.slot1[i] + s.g[i];
      s.w[i] -= rate * (s.g[i] + 0.8 * s.slot1[i]);
    }));
  }

  private static double adam(State s, int t, int i, double g, double b1, double b2, double epsilon) {
    s.slot1[i] = b1 * s.slot1[i] + (1 - b1) * g;
    s.slot2[i] = b2 * s.slot2[i] + (1 - b2) * g * g;
    return s.slot1[i] / (1 - Math.pow(b1, t)) / (Math.sqrt(s.slot2[i] / (1 - Math.pow(b2, t))) + epsilon);
  }

  @Test void adamFollowsItsFormula() {
    check(Optimizer.adam(1).betas(0.8, 0.95).weightDecay(0.1), (s, t, rate, decays) -> each(s, i ->
        s.w[i] -= rate * adam(s, t, i, s.g[i] + (decays ? 0.1 * s.w[i] : 0), 0.8, 0.95, 1e-8)));
    check(Optimizer.adamW(1).weightDecay(0.3), (s, t, rate, decays) -> each(s, i ->
        s.w[i] -= rate * (adam(s, t, i, s.g[i], 0.9, 0.999, 1e-8) + (decays ? 0.3 * s.w[i] : 0))));
  }

  @Test void adaptiveOptimisersFollowTheirFormulas() {
    check(Optimizer.rmsProp(1).alpha(0.9).weightDecay(0.1), (s, t, rate, decays) -> each(s, i -> {
      double g = s.g[i] + (decays ? 0.1 * s.w[i] : 0);
      s.slot1[i] = 0.9 * s.slot1[i] + 0.1 * g * g;
      s.w[i] -= rate * g / (Math.sqrt(s.slot1[i]) + 1e-8);
    }));
    check(Optimizer.rmsProp(1).momentum(0.5), (s, t, rate, decays) -> each(s, i -> {
      s.slot1[i] = 0.99 * s.slot1[i] + 0.01 * s.g[i] * s.g[i];
      s.slot2[i] = 0.5 * s.slot2[i] + s.g[i] / (Math.sqrt(s.slot1[i]) + 1e-8);
      s.w[i] -= rate * s.slot2[i];
    }));
    check(Optimizer.adagrad(1), (s, t, rate, decays) -> each(s, i -> {
      s.slot1[i] += s.g[i] * s.g[i];
      s.w[i] -= rate * s.g[i] / (Math.sqrt(s.slot1[i]) + 1e-10);
    }));
    check(Optimizer.adadelta(1).rho(0.9), (s, t, rate, decays) -> each(s, i -> {
      s.slot1[i] = 0.9 * s.slot1[i] + 0.1 * s.g[i] * s.g[i];
      double d = s.g[i] * Math.sqrt(s.slot2[i] + 1e-6) / Math.sqrt(s.slot1[i] + 1e-6);
      s.slot2[i] = 0.9 * s.slot2[i] + 0.1 * d * d;
      s.w[i] -= rate * d;
    }));
  }

  @Test void largeBatchOptimisersScaleByLayer() {
    check(Optimizer.lars(1).trust(0.1).momentum(0.7).weightDecay(0.05), (s, t, rate, decays) -> {
      double size = norm(s.w);
      double ratio = decays ? 0.1 * size / (norm(s.g) + 0.05 * size) : 1;
      each(s, i -> {
        s.slot1[i] = 0.7 * s.slot1[i] + ratio * (s.g[i] + (decays ? 0.05 * s.w[i] : 0));
        s.w[i] -= rate * s.slot1[i];
      });
    });
    check(Optimizer.lamb(1).weightDecay(0.2), (s, t, rate, decays) -> {
      double[] u = new double[s.w.length];
      each(s, i -> u[i] = adam(s, t, i, s.g[i], 0.9, 0.999, 1e-6) + (decays ? 0.2 * s.w[i] : 0));
      double ratio = decays ? norm(s.w) / norm(u) : 1;
      each(s, i -> s.w[i] -= rate * ratio * u[i]);
    });
  }

  @Test void clippingLimitsWhatTheInnerOptimiserSees() {
    check(Optimizer.sgd(1).clipValue(0.5), (s, t, rate, decays) -> each(s, i ->
        s.w[i] -= rate * Math.max(-0.5, Math.min(0.5, s.g[i]))));
    for (double limit : new double[] {1.5, 100}) {
      check(Optimizer.sgd(1).momentum(0.9).clipNorm(limit), (s, t, rate, decays) -> {
        double[] all = new double[9];
        Arrays.setAll(all, i -> gradient(t, i < 6 ? 0 : 1, i < 6 ? i : i - 6));
        double scale = Math.min(1, limit / norm(all));
        each(s, i -> {
          s.slot1[i] = 0.9 * s.slot1[i] + scale * s.g[i];
          s.w[i] -= rate * s.slot1[i];
        });
      });
    }
  }

  @Test void averagesFollowTheWeights() {
    List<Map<String, Exact>> states = run(Optimizer.sgd(1).average(0.75));
    double average = START[0][2];
    for (Map<String, Exact> state : states) {
      average = 0.75 * average + 0.25 * state.get("w0").data()[2];
      assertEquals(average, state.get(Optimizer.Step.copy("average", "w0")).data()[2], 1e-9);
    }
  }

  @Test void slowWeightsFollowEveryThirdStep() {
    Optimizer looking = Optimizer.sgd(1).lookingAhead(3, 0.4);
    List<Map<String, Exact>> states = run(looking);
    double w = START[0][1];
    double slow = w;
    for (int t = 1; t <= STEPS; t++) {
      w -= rate(t) * gradient(t, 0, 1);
      if (t % 3 == 0) {
        slow += 0.4 * (w - slow);
        w = slow;
      }
      assertEquals(w, states.get(t - 1).get("w0").data()[1], 1e-9);
      assertEquals(slow, states.get(t - 1).get(Optimizer.Step.copy("slow", "w0")).data()[1], 1e-9);
    }
    assertEquals("slow", looking.evaluated().orElseThrow());
  }

  @Test void namesAreReadWithTheirSettings() {
    assertEquals(Optimizer.sgd(0.1).momentum(0.9).clipNorm(1), Optimizer.named("sgd:momentum=0.9,clip-norm=1", 0.1));
    assertEquals(Optimizer.sgd(0.1).momentum(0.9).lookAhead(), Optimizer.named("sgd:nesterov", 0.1));
    assertEquals(Optimizer.adamW(0.1).lookingAhead(5, 0.5).average(0.99),
        Optimizer.named("adamw:average=0.99,look-ahead=5", 0.1));
    assertEquals(Optimizer.lamb(0.1).weightDecay(0), Optimizer.named("lamb:decay=0", 0.1));
    assertEquals("rmsProp(0.1).momentum(0.5).clipValue(2)",
        Optimizer.named("rmsprop:momentum=0.5,clip-value=2", 0.1).toString());
    for (String name : List.of("adam", "adagrad", "adadelta:rho=0.8", "lars:trust=0.01")) {
      assertEquals(0.25, Optimizer.named(name, 0.1).rate(0.25).rate());
    }
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Optimizer.named("adam:momentum=0.9", 0.1))
        .getMessage().contains("C1: 'adam' has no setting 'momentum'"));
    for (String wrong : List.of("sgdd", "sgd:momentum=1", "adam:beta1=2", "sgd:clip-norm=-1", "sgd:average=1",
        "lamb:decay=-0.5x", "sgd:look-ahead=1.5")) {
      assertEquals(3, assertThrows(IllegalArgumentException.class, () -> Optimizer.named(wrong, 0.1)).getMessage()
          .lines().count(), wrong);
    }
  }
}
