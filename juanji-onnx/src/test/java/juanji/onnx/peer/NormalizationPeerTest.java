package juanji.onnx.peer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.op.Normalizing;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;
import juanji.testkit.Values;
import org.junit.jupiter.api.Test;

/// Normalisations are ONNX Runtime's; those with weights as whole layers.
class NormalizationPeerTest {
  private static final int OPSET = 21;

  /// A layer with weights drawn anew, whose graph's parameters the model takes as inputs in the given order.
  private static Comparison layer(Draw draw, Layer layer, Shape x, String type, Map<String, String> parameters,
      Consumer<OnnxNode> attributes) {
    Graph graph = Model.of(new Input(x.sample()), layer).graph();
    OnnxModel model = new OnnxModel(OPSET).input("x", x).output("y", false, x.rank());
    Map<String, Tensor> values = new LinkedHashMap<>();
    List<String> names = new ArrayList<>(List.of("x"));
    String path = graph.parameters().isEmpty() ? "" : graph.parameters().getFirst().name();
    String prefix = path.contains(".") ? path.substring(0, path.lastIndexOf('.') + 1) : "";
    parameters.forEach((own, kind) -> {
      String name = prefix + own;
      Shape shape = graph.parameters().stream().filter(p -> p.name().equals(name)).findFirst()
          .map(Node::shape).orElseThrow();
      values.put(name, Comparison.numbers(draw, shape, kind.equals("positive") ? Values.POSITIVE : Values.SIGNED));
      model.input(name, shape);
      names.add(name);
    });
    attributes.accept(model.node(type, names, List.of("y")));
    return new Comparison(layer + " of " + x, model, graph, Map.of("x", Comparison.numbers(draw, x)), values);
  }

  private static Map<String, String> affine() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("weight", "signed");
    names.put("bias", "signed");
    return names;
  }

  private static Shape pictures(Draw draw) {
    return draw.spatial(draw.between(1, 3)).prepend(draw.channels()).prepend(draw.between(1, 3));
  }

  @Test void batches() {
    Comparison.all(1, 100, draw -> {
      Map<String, String> names = affine();
      names.put("running_mean", "signed");
      names.put("running_var", "positive");
      double epsilon = draw.of(List.of(1e-5, 1e-3, 0.1));
      return layer(draw, Layers.batchNorm().epsilon(epsilon), pictures(draw), "BatchNormalization", names,
          node -> node.real("epsilon", epsilon));
    });
  }

  @Test void instances() {
    Comparison.all(2, 80, draw -> {
      double epsilon = draw.of(List.of(1e-3, 0.1));
      return layer(draw, Layers.instanceNorm().epsilon(epsilon).affine(), pictures(draw), "InstanceNormalization",
          affine(), node -> node.real("epsilon", epsilon));
    });
  }

  @Test void layers() {
    Comparison.all(3, 80, draw -> {
      double epsilon = draw.of(List.of(1e-3, 0.1));
      return layer(draw, Layers.layerNorm().epsilon(epsilon), pictures(draw), "LayerNormalization", affine(),
          node -> node.real("epsilon", epsilon).number("axis", 1));
    });
  }

  @Test void groups() {
    Comparison.all(4, 80, draw -> {
      double epsilon = draw.of(List.of(1e-3, 0.1));
      int groups = draw.between(1, 4);
      Shape some = pictures(draw);
      Shape x = some.with(1, groups * draw.between(1, 7));
      return layer(draw, Layers.groupNorm(groups).epsilon(epsilon), x, "GroupNormalization", affine(),
          node -> node.real("epsilon", epsilon).number("num_groups", groups));
    });
  }

  /// ONNX divides alpha by the size. Of even sizes, which ONNX Runtime does not take, it has the odd channel behind.
  @Test void localResponses() {
    Comparison.all(5, 100, draw -> {
      int size = 2 * draw.between(0, 3) + 1;
      double alpha = draw.between(1, 8) / 4.0;
      double beta = draw.of(List.of(0.5, 0.75, 1.0, 2.0));
      double k = draw.between(1, 3);
      Shape x = draw.spatial(2).prepend(draw.channels()).prepend(draw.between(1, 3));
      OnnxModel model = new OnnxModel(13).input("x", x).output("y", false, x.rank());
      model.node("LRN", List.of("x"), List.of("y")).number("size", size).real("alpha", alpha * size)
          .real("beta", beta).real("bias", k);
      return op(draw, new Normalizing.LocalResponse(size, alpha, beta, k), model, x);
    });
  }

  private static Comparison op(Draw draw, Normalizing op, OnnxModel model, Shape x) {
    GraphBuilder b = new GraphBuilder();
    Graph graph = b.output("y", b.apply(op, b.input("x", x))).build();
    return new Comparison(op + " of " + x, model, graph, Map.of("x", Comparison.numbers(draw, x)), Map.of());
  }

  @Test void lengths() {
    Comparison.all(6, 80, draw -> {
      Shape x = draw.shape(draw.between(1, 5));
      int axis = draw.between(0, x.rank() - 1);
      OnnxModel model = new OnnxModel(OPSET).input("x", x).output("y", false, x.rank());
      model.node("LpNormalization", List.of("x"), List.of("y")).number("axis", axis).number("p", 2);
      return op(draw, new Normalizing.UnitLength(List.of(axis), 1e-12), model, x);
    });
  }

  /// Without weights, as a composition of ONNX's own operators.
  @Test void channelsOfEachPlace() {
    Comparison.all(7, 40, draw -> {
      Shape x = pictures(draw);
      int rank = x.rank();
      OnnxModel model = new OnnxModel(OPSET).input("x", x).output("y", false, rank);
      int[] last = IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == rank - 1 ? 1 : i + 1).toArray();
      int[] back = IntStream.range(0, rank).map(i -> i == 0 ? 0 : i == 1 ? rank - 1 : i - 1).toArray();
      Graph graph = Model.of(new Input(x.sample()), Layers.layerNorm().epsilon(0.01).channels()).graph();
      Map<String, Tensor> values = new LinkedHashMap<>();
      graph.parameters().forEach(p -> {
        values.put(p.name(), Comparison.numbers(draw, p.shape()));
        model.input(p.name(), p.shape());
      });
      List<String> names = new ArrayList<>(List.of("turned"));
      graph.parameters().stream().map(Node::name).sorted((a, b) -> Boolean.compare(a.endsWith("bias"),
          b.endsWith("bias"))).forEach(names::add);
      model.node("Transpose", List.of("x"), List.of("turned")).numbers("perm", last);
      model.node("LayerNormalization", names, List.of("normal")).number("axis", -1).real("epsilon", 0.01);
      model.node("Transpose", List.of("normal"), List.of("y")).numbers("perm", back);
      return new Comparison("layerNorm().channels() of " + x, model, graph,
          Map.of("x", Comparison.numbers(draw, x)), values);
    });
  }
}
