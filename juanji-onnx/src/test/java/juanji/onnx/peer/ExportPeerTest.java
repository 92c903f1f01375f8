package juanji.onnx.peer;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.gelu;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.multiply;
import static juanji.nn.Layers.prelu;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.sigmoid;
import static juanji.nn.Layers.silu;
import static juanji.nn.Layers.split;
import static juanji.nn.Layers.tiledConv;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.graph.MultiplyAdds;
import juanji.graph.Node;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.RegionPooling;
import juanji.nn.Weights;
import juanji.onnx.OnnxExport;
import juanji.onnx.proto.OnnxException;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import juanji.testkit.GraphSample;
import juanji.testkit.LayerCheck;
import juanji.testkit.LayerSamples;
import juanji.testkit.Values;
import juanji.zoo.Network;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What is exported computes in ONNX Runtime what it computes here: no element differs by more than 10⁻⁴ of the largest
/// one.
class ExportPeerTest {
  private static final double TOLERANCE = 1e-4;
  private static final List<Integer> OPSETS = List.of(OnnxExport.LEAST_OPSET, OnnxExport.USUAL_OPSET, 21);

  /// What operators before version 16 cannot say.
  private static final List<String> NEWER = List.of("unpool(maxPool(3).stride(2), tanh())",
      "roiAlign(2, 2).scale(0.75).samples(2).aligned()");

  static byte[] bytes(OnnxExport export) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      export.model().write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /// The network with weights and running statistics that all differ from where they start.
  private static Model stirred(Model model) {
    Draw draw = new Draw(9);
    Map<String, Tensor> weights = new LinkedHashMap<>();
    model.parameters().forEach(d -> weights.put(d.name(), d.name().endsWith("running_var")
        ? Comparison.numbers(draw, d.shape(), Values.POSITIVE) : d.shape().rank() > 1
        ? model.weights().tensors().get(d.name()) : Comparison.numbers(draw, d.shape())));
    return model.withWeights(Weights.of(weights));
  }

  private static void agree(String what, Model model, byte[] file, GraphSample sample) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(sample.inputs());
    inputs.keySet().retainAll(sample.graph().inputs().stream().map(Node::name).toList());
    Tensor expected = Peer.run(file, inputs).get("y");
    try (Workers workers = Workers.of(1)) {
      Tensor actual = new Session(Compiler.compile(sample.graph(), sample.batch(), sample.sizes(), Target.best()),
          model.weights().tensors(), workers).run(inputs).get("y");
      Peer.close(what, expected, Exact.of(actual), TOLERANCE);
    }
  }

  @TestFactory Stream<DynamicTest> everyKindOfLayer() {
    return LayerSamples.kinds().stream().flatMap(kind -> LayerSamples.of(kind).stream()).flatMap(check -> OPSETS
        .stream().map(opset -> dynamicTest(check.layer() + " in version " + opset, () -> exported(check, opset))));
  }

  private static void exported(LayerCheck check, int opset) {
    Model model = stirred(check.model());
    OnnxExport export = OnnxExport.of(model).opset(opset);
    if (opset < 16 && NEWER.contains(check.layer().toString())) {
      assertTrue(assertThrows(OnnxException.class, export::model).getMessage().contains("C2"));
      return;
    }
    byte[] file = bytes(export);
    for (int batch : opset == OnnxExport.USUAL_OPSET ? new int[] {1, 3} : new int[] {2}) {
      GraphSample sample = check.graph(false, batch);
      // ONNX defines nothing for a region of no picture.
      sample.inputs().computeIfPresent(RegionPooling.REGIONS, (_, table) -> {
        Tensor regions = table.copy();
        for (int i = 0; i < regions.data().length; i += 5) {
          regions.data()[i] = Math.max(0, regions.data()[i]);
        }
        return regions;
      });
      agree(check.layer() + " of " + batch + " × " + check.sample(), model, file, sample);
    }
  }

  /// Named networks that compute a sample in moments.
  @TestFactory Stream<DynamicTest> zoo() {
    return Zoo.all().stream().map(Network::model).filter(model -> model.weightCount() <= 2_000_000
        && MultiplyAdds.of(model.graph()) <= 60_000_000 && model.graph().inputs().size() == 1).map(model ->
            dynamicTest(model.toString().lines().findFirst().orElseThrow(), () -> {
              Model drawn = model.initialize(1);
              Shape x = model.input().shape().prepend(2);
              boolean tokens = model.toString().contains("embedding(");
              Tensor numbers = Comparison.numbers(new Draw(1), x, tokens ? new Values.Whole(0, 20) : Values.SIGNED);
              agree(model.toString(), drawn, bytes(OnnxExport.of(drawn)), new GraphSample(drawn.graph(), 2,
                  Map.of("x", numbers), drawn.weights().tensors()));
            }));
  }

  private static Layer layer(Draw draw, int channels) {
    Layer same = conv(channels, draw.of(List.of(1, 3, 5))).same();
    return switch (draw.between(0, 11)) {
      case 0, 1, 2 -> conv(channels, 3).same();
      case 3 -> batchNorm();
      case 4 -> draw.of(List.of(relu(), silu(), gelu(), prelu(), sigmoid()));
      case 5 -> residual(chain(same, batchNorm(), relu()));
      case 6 -> concat(same, identity()).then(conv(channels, 1));
      case 7 -> multiply(identity(), chain(globalAvgPool(), conv(channels, 1), sigmoid()));
      case 8 -> dropout(0.3);
      case 9 -> channels % 2 == 0 ? split(conv(channels / 2, 1), identity()) : identity();
      case 10 -> tiledConv(channels, 3).same();
      default -> draw.of(List.of(maxPool(2).stride(1).same(), avgPool(3).stride(1).same(),
          avgPool(3).stride(1).padding(1).countPadding(), maxPool(3).stride(1).padding(1)));
    };
  }

  @TestFactory Stream<DynamicTest> randomNetworks() {
    return IntStream.range(0, 60).mapToObj(seed -> dynamicTest("network " + seed, () -> {
      Draw draw = new Draw(seed);
      int channels = draw.between(2, 9);
      Layer[] layers = IntStream.range(0, draw.between(3, 9)).mapToObj(_ -> layer(draw, channels))
          .toArray(Layer[]::new);
      Model model = stirred(Model.of(input(channels, draw.between(4, 11), draw.between(4, 9)), layers).then(flatten(),
          dense(7)).initialize(seed));
      byte[] file = bytes(OnnxExport.of(model).opset(draw.between(OnnxExport.LEAST_OPSET,
          OnnxExport.MOST_OPSET)));
      int batch = draw.between(1, 4);
      Shape x = model.input().shape().prepend(batch);
      agree(model.toString(), model, file, new GraphSample(model.graph(), batch,
          Map.of("x", Comparison.numbers(draw, x)), model.weights().tensors()));
    }));
  }
}
