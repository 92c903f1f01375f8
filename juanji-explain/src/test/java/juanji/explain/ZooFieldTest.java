package juanji.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.graph.ReceptiveField;
import juanji.nn.Model;
import juanji.nn.RegionPooling;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.zoo.Network;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Of every network of the zoo, on small inputs: what a deep layer really looks at lies within what it can see, along
/// each spatial axis, be it one, two or three. It takes minutes, so it runs only with `mvn -Plearning verify`.
@Tag("learning")
final class ZooFieldTest {
  private static final int[] SIDES = {20, 32, 48, 64, 80, 96, 112, 128, 160, 224, 299, 400, 572};
  private static final int CLASSES = 3;

  @Test void gradientsStayInsideTheFieldOfEveryNetwork() {
    List<String> wrong = new ArrayList<>();
    int narrower = 0;
    for (Network network : Zoo.all()) {
      Model model = smallest(network);
      Model seen = WordVectors.of(model).map(WordVectors::rest).orElse(model);
      List<String> paths = spatial(seen);
      assertTrue(!paths.isEmpty(), network.name() + " has a layer with spatial axes");
      Model whole = drawn(cut(seen, paths.getLast()));
      for (int i : new int[] {paths.size() / 2, paths.size() - 1}) {
        String path = paths.get(i);
        Model part = cut(whole, path);
        String found = outside(part, path);
        if (!found.isEmpty()) {
          wrong.add(network.name() + " " + path + ": " + found);
        }
        if (part.input().shape().rank() == 3 && Probe.spatial(part).contains(path)) {
          EffectiveField field = EffectiveField.of(part, path, 1, TrainedDigits.WORKERS);
          if (!field.insideTheory() || field.height() > field.fieldRows() || field.width() > field.fieldColumns()) {
            wrong.add(network.name() + " " + path + ": " + field.height() + " × " + field.width());
          }
          narrower += field.height() < Math.min(field.fieldRows(), field.rows()) ? 1 : 0;
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(narrower > 10, "effective fields are narrower than what can be seen in " + narrower + " layers");
  }

  /// The network on the smallest input that it takes, with few outputs.
  private static Model smallest(Network network) {
    Shape usual = network.input();
    if (usual.rank() > 2) {
      for (int side : SIDES) {
        Optional<Model> model = side > usual.dim(-1) ? Optional.empty() : made(network, usual.with(usual.rank() - 1,
            side).with(usual.rank() - 2, side));
        if (model.isPresent() && !spatial(model.get()).isEmpty()) {
          return model.get().initialize(1);
        }
      }
    }
    return made(network, usual).orElseGet(network::model).initialize(1);
  }

  private static Optional<Model> made(Network network, Shape input) {
    try {
      return Optional.of(network.model(input, CLASSES));
    } catch (IllegalArgumentException e) {
      // Too small for its windows.
      return Optional.empty();
    }
  }

  /// The layers whose output has as many spatial axes as the input and more than one place. What lies behind the
  /// pooling of regions is left out: it depends on the regions, an input of their own, which no field tells of.
  private static List<String> spatial(Model model) {
    int rank = model.input().shape().rank();
    Map<Node, Boolean> known = new IdentityHashMap<>();
    return Probe.places(model).stream().filter(p -> p.output().shape().rank() == rank + 1
        && p.output().shape().size(2) > 1 && alone(p.output(), known)).map(p -> p.path()).toList();
  }

  /// Whether a node depends on no other input than the sample.
  private static boolean alone(Node node, Map<Node, Boolean> known) {
    Boolean before = known.get(node);
    if (before != null) {
      return before;
    }
    boolean alone = !(node instanceof Node.Input) || !node.name().equals(RegionPooling.REGIONS);
    for (Node input : node.inputs()) {
      alone &= alone(input, known);
    }
    known.put(node, alone);
    return alone;
  }

  /// The network up to a layer, so that the weights behind it are not drawn; whole where that is inside a branch.
  private static Model cut(Model model, String path) {
    try {
      return model.upTo(path);
    } catch (IllegalArgumentException e) {
      return model;
    }
  }

  /// The network with weights drawn once: drawing takes longer than most gradients.
  private static Model drawn(Model model) {
    return model.withWeights(model.weights());
  }

  /// The first cell outside of the field of the middle element on which that depends; empty if there is none.
  private static String outside(Model model, String path) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Node y = model.trace(builder, x, false, 0).trace().outputs().get(path);
    List<ReceptiveField.Along> field = ReceptiveField.of(builder.output("y", y).build(), x).get(y).axes();
    Shape in = model.input().shape();
    Shape out = y.shape().bind(1);
    int[] middle = new int[out.rank()];
    int at = 0;
    for (int a = 1; a < middle.length; a++) {
      middle[a] = out.dim(a) / 2;
      at = at * out.dim(a) + middle[a];
    }
    Tensor mix = Tensor.zeros(out);
    mix.data()[at] = 1;
    Tensor sample = Tensor.zeros(in.prepend(1));
    Random random = new Random(2);
    for (int i = 0; i < sample.data().length; i++) {
      sample.data()[i] = (float) random.nextGaussian();
    }
    float[] g = LayerSlope.of(model, path, TrainedDigits.WORKERS).run(sample, mix).data();
    int[] strides = in.strides();
    for (int i = 0; i < g.length; i++) {
      for (int a = 1; a < in.rank(); a++) {
        int cell = i / strides[a] % in.dim(a);
        double from = field.get(a - 1).start() + middle[a + 1] * field.get(a - 1).jump();
        if (g[i] != 0 && (cell < Math.floor(from) || cell >= Math.ceil(from + field.get(a - 1).size()))) {
          return "cell " + cell + " of axis " + a + " outside of " + field.get(a - 1);
        }
      }
    }
    return "";
  }
}
