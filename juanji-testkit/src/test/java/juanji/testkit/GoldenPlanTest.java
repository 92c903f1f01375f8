package juanji.testkit;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.op.Composite;
import juanji.plan.Compiler;
import juanji.plan.Target;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

/// The plans of named networks, line by line: what a change of a pass or a kernel moves is seen here.
class GoldenPlanTest {
  private static void check(String name, Graph graph, int batch) throws IOException {
    Golden.check(name, Compiler.compile(graph, batch, Target.scalar()).toString());
  }

  /// One step of plain gradient descent on cross-entropy.
  private static Graph training(Model model) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Model.Traced traced = model.trace(builder, x, true, 0);
    Node loss = builder.apply(new Composite.CrossEntropy(), traced.output(), builder.input("target",
        Shape.of().batched()));
    List<Node.Parameter> weights = traced.trace().declarations().stream().filter(Declaration::trainable)
        .map(d -> builder.parameter(d.name(), d.shape())).toList();
    List<Optional<Node>> gradients = builder.gradients(loss, weights);
    for (int i = 0; i < weights.size(); i++) {
      builder.update(weights.get(i), builder.sub(weights.get(i), builder.affine(gradients.get(i).orElseThrow(), 0.1,
          0)));
    }
    return builder.output("loss", loss).build();
  }

  private static Model lenet5() {
    return Model.of(input(1, 28, 28), conv(6, 5).same(), relu(), maxPool(2), conv(16, 5), relu(), maxPool(2), flatten(),
        dense(120), relu(), dense(84), relu(), dense(10));
  }

  private static Model residualNetwork() {
    return Model.of(input(3, 17, 13), conv(19, 3).same().noBias(), batchNorm(), relu(),
        residual(chain(conv(19, 3).same().noBias(), batchNorm(), relu(), conv(19, 3).same().noBias(), batchNorm())),
        relu(), globalAvgPool(), flatten(), dense(7));
  }

  @Test void lenetInference() throws IOException {
    check("lenet5-inference-64", lenet5().graph(), 64);
  }

  @Test void lenetTraining() throws IOException {
    check("lenet5-training-64", training(lenet5()), 64);
  }

  @Test void residualInference() throws IOException {
    check("residual-inference-5", residualNetwork().graph(), 5);
  }

  @Test void residualTraining() throws IOException {
    check("residual-training-5", training(residualNetwork()), 5);
  }
}
