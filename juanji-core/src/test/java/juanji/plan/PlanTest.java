package juanji.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Interpreter;
import juanji.graph.Node;
import juanji.op.Axis;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.Exact;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final SplittableRandom RANDOM = new SplittableRandom(7);

  static Tensor random(Shape shape) {
    Tensor t = Tensor.zeros(shape);
    for (int i = 0; i < t.data().length; i++) {
      t.data()[i] = (float) (RANDOM.nextDouble() * 2 - 1);
    }
    return t;
  }

  /// A training step of a small network with all kinds of step: convolutions, batch-norm, pooling, residual, loss, SGD.
  static Graph trainingStep() {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", Shape.of(3, 9, 7).batched());
    Node target = b.input("target", Shape.of(Shape.UNBOUND));
    Window same = Window.of(2, Axis.of(3).withPadding(Padding.SAME));
    Node w1 = b.parameter("w1", Shape.of(5, 3, 3, 3));
    Node b1 = b.parameter("b1", Shape.of(5));
    Node c1 = b.apply(new Contraction.Conv(same, 1), x, w1);
    Node a1 = b.apply(new Pointwise.Relu(), b.add(c1, b.reshape(b1, Shape.of(5, 1, 1))));
    Composite.Normalize norm = new Composite.Normalize(List.of(0, 2, 3), 1e-5);
    Node gamma = b.parameter("gamma", Shape.of(5));
    Node w2 = b.parameter("w2", Shape.of(5, 5, 3, 3));
    Node c2 = b.apply(new Contraction.Conv(same, 1), a1, w2);
    Node n2 = b.mul(b.apply(norm, c2), b.reshape(gamma, Shape.of(5, 1, 1)));
    Node r2 = b.apply(new Pointwise.Relu(), b.add(n2, a1));
    Node p2 = b.apply(new Windowed.MaxPool(Window.of(2, Axis.of(2).withStride(2))), r2);
    Node flat = b.reshape(p2, Shape.of(Shape.UNBOUND, 5 * 4 * 3));
    Node w3 = b.parameter("w3", Shape.of(4, 60));
    Node b3 = b.parameter("b3", Shape.of(4));
    Node y = b.add(b.apply(new Contraction.MatMul(false, true), flat, w3), b3);
    Node loss = b.apply(new Composite.CrossEntropy(), y, target);
    List<Node> parameters = List.of(w1, b1, gamma, w2, w3, b3);
    List<Optional<Node>> gradients = b.gradients(loss, parameters);
    Node rate = b.input("rate", Shape.of());
    for (int i = 0; i < parameters.size(); i++) {
      Node.Parameter p = (Node.Parameter) parameters.get(i);
      Node.Parameter v = b.parameter("v/" + p.name(), p.shape());
      Node moved = b.add(b.affine(v, 0.9, 0), gradients.get(i).orElseThrow());
      b.update(v, moved);
      b.update(p, b.sub(p, b.mul(moved, rate)));
    }
    Node mean = b.reshape(norm.mean(b, c2), Shape.of(5));
    Node.Parameter running = b.parameter("running", Shape.of(5));
    b.update(running, b.add(b.affine(running, 0.9, 0), b.affine(mean, 0.1, 0)));
    return b.output("loss", loss).output("y", y).build();
  }

  static void compare(Graph graph, int batch, Target target, Map<String, Tensor> inputs, int threads) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    graph.parameters().forEach(p -> parameters.put(p.name(), random(p.shape())));
    Plan plan = Compiler.compile(graph, batch, target);
    Map<String, Exact> given = new HashMap<>();
    inputs.forEach((name, t) -> given.put(name, Exact.of(t)));
    try (Workers workers = Workers.of(threads)) {
      Session session = new Session(plan, parameters, workers);
      session.poison(Float.NaN);
      for (int run = 0; run < 3; run++) {
        parameters.forEach((name, t) -> given.put(name, Exact.of(t)));
        Interpreter.Results expected = Interpreter.run(graph, given);
        Map<String, Tensor> results = session.run(inputs);
        expected.outputs().forEach((name, e) -> close(name + "\n" + plan, e, results.get(name)));
        expected.updates().forEach((name, e) -> close(name + "\n" + plan, e, parameters.get(name)));
      }
    }
  }

  private static void close(String what, Exact expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape());
    for (int i = 0; i < expected.data().length; i++) {
      double e = expected.data()[i];
      assertTrue(Math.abs(e - actual.data()[i]) <= 2e-4 * (1 + Math.abs(e)),
          what + " at " + i + ": expected " + e + " but was " + actual.data()[i]);
    }
  }

  @Test void plannedTrainingStepEqualsTheInterpreter() {
    for (int threads = 1; threads <= 2; threads++) {
      for (Target target : List.of(Target.scalar(), Target.best())) {
        Tensor labels = Tensor.of(Shape.of(6), 0, 1, 2, 3, 1, 0);
        compare(trainingStep(), 6, target, Map.of("x", random(Shape.of(6, 3, 9, 7)), "target", labels, "rate",
            Tensor.scalar(0.1f)), threads);
      }
    }
  }

  @Test void tableNamesTheFusedSteps() {
    String table = Compiler.compile(trainingStep(), 6, Target.scalar()).toString();
    System.out.println(table);
    assertTrue(table.contains("conv · add · relu"), table);
  }
}
