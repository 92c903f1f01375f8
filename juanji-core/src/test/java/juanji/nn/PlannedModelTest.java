package juanji.nn;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.depthwise;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.separable;
import static juanji.nn.Layers.softmax;
import static juanji.nn.Layers.tanh;
import static juanji.nn.Layers.tiledConv;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import juanji.graph.Graph;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models run by their plan give what their graph means.
class PlannedModelTest {
  static Stream<Model> models() {
    return Stream.of(SampleNetworks.lenet5(Shape.of(2, 17, 13), 3), SampleNetworks.normalized(Shape.of(3, 9, 11), 4),
        Model.of(input(3, 7, 11),
            concat(conv(4, 1).then(relu()), chain(conv(3, 1), conv(5, 3, 5).same()), maxPool(3).stride(1).same()),
            residual(chain(conv(6, 3).same().groups(2), batchNorm(), tanh(), dropout(0.4)), conv(6, 1).noBias()),
            conv(6, 3).stride(2, 1).padding(1).dilation(1, 2), avgPool(2).ceiling(), batchNorm(), globalMaxPool(),
            flatten(), dense(5), softmax()),
        Model.of(input(3, 7, 11), conv(4, 3), Layers.groupNorm(2), Layers.gelu(), Layers.dropBlock(0.3, 2), conv(6, 3),
            Layers.layerNorm().channels(), Layers.mish(), Layers.channelDropout(0.2), Layers.localResponseNorm(3),
            Layers.prelu(), residual(chain(conv(6, 1), Layers.elu(1), Layers.stochasticDepth(0.3))), Layers.glu(),
            Layers.maxout(3), Layers.instanceNorm().affine(), Layers.hardSwish(), flatten(), Layers.l2Norm(),
            dense(6), Layers.softplus()),
        Model.of(input(3, 9, 8), depthwise(3).multiplier(2).same().reflect(), separable(5, 3).circular().same(), relu(),
            conv(4, 3).turned().padding(2).replicate(), tiledConv(3, 3).tiles(2, 3), tanh(),
            convTransposed(4, 3).stride(2).same(), locallyConnected(3, 2).stride(2), flatten(), dense(3)),
        Model.of(input(3, 11, 9), Layers.lpPool(2.5, 2).stride(1), Layers.stochasticPool(3).stride(2), Layers.pad(1)
            .reflect(), conv(8, 3), Layers.channelShuffle(2), Layers.unpool(maxPool(2), conv(8, 1)),
            Layers.pixelShuffle(2), Layers.resize(7, 5), Layers.split(identity(), conv(3, 1)),
            Layers.multiply(identity(), Layers.adaptiveAvgPool(1)), concat(chain(Layers.netVlad(3)),
            chain(Layers.ghostVlad(2, 1)), Layers.spatialPyramid(3, 2, 1), chain(Layers.adaptiveMaxPool(3), flatten()),
            chain(Layers.vlad(2)))),
        Model.of(input(7), Layers.embedding(9, 5), conv(4, 3), relu(), flatten(), dense(3)),
        Model.of(input(2, 23), conv(4, 3).causal(), batchNorm(), relu(), flatten(), dense(3)),
        Model.of(input(2, 5, 6, 7), conv(4, 3).same(), relu(), maxPool(2), flatten(), dense(3)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void inferenceAndTrainingGiveWhatTheGraphMeans(Model fresh) {
    Model model = fresh.initialize(3);
    Shape batch = model.input().shape().prepend(3);
    float[] values = new float[batch.length()];
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    Map<String, Tensor> inputs = Map.of("x", Tensor.of(batch, values), "step", Tensor.scalar(7));
    try (Workers workers = Workers.of(2)) {
      for (boolean training : new boolean[] {false, true}) {
        Graph graph = model.graph(training, 5);
        Map<String, Tensor> parameters = new HashMap<>();
        model.weights().tensors().forEach((name, tensor) -> parameters.put(name, tensor.copy()));
        Map<String, Exact> given = new HashMap<>();
        parameters.forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
        inputs.forEach((name, tensor) -> given.put(name, Exact.of(tensor)));
        Map<String, Tensor> used = new HashMap<>(inputs);
        used.keySet().retainAll(graph.inputs().stream().map(i -> i.name()).toList());
        Interpreter.Results expected = Interpreter.run(graph, given);
        Tensor y = new Session(Compiler.compile(graph, 3, Target.scalar()), parameters, workers).run(used).get("y");
        near(expected.outputs().get("y"), y, "y");
        expected.updates().forEach((name, value) -> near(value, parameters.get(name), name));
      }
    }
  }

  private static void near(Exact expected, Tensor actual, String name) {
    assertEquals(expected.shape(), actual.shape());
    for (int i = 0; i < expected.data().length; i++) {
      assertEquals(expected.data()[i], actual.data()[i], 1e-5 * Math.max(1, Math.abs(expected.data()[i])), name);
    }
  }
}
