package juanji.testkit;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.celu;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.channelDropout;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropBlock;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.elu;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.frozen;
import static juanji.nn.Layers.gelu;
import static juanji.nn.Layers.geluTanh;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.glu;
import static juanji.nn.Layers.groupNorm;
import static juanji.nn.Layers.hardSigmoid;
import static juanji.nn.Layers.hardSwish;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.instanceNorm;
import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.layerNorm;
import static juanji.nn.Layers.leakyRelu;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.logSoftmax;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.maxout;
import static juanji.nn.Layers.mish;
import static juanji.nn.Layers.prelu;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.relu6;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.selu;
import static juanji.nn.Layers.sides;
import static juanji.nn.Layers.sigmoid;
import static juanji.nn.Layers.silu;
import static juanji.nn.Layers.softmax;
import static juanji.nn.Layers.softplus;
import static juanji.nn.Layers.softsign;
import static juanji.nn.Layers.stochasticDepth;
import static juanji.nn.Layers.sumPool;
import static juanji.nn.Layers.tanh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.stream.Stream;
import juanji.graph.Node;
import juanji.nn.Architecture;
import juanji.nn.CustomLayer;
import juanji.nn.Layer;
import juanji.nn.Trace;
import juanji.tensor.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every layer keeps every contract, and its text is its source.
class LayerContractTest {
  private static final Shape IMAGE = Shape.of(5, 9, 7);

  record Case(Layer layer, Shape sample) {
  }

  private static List<Case> cases() {
    return List.of(new Case(conv(6, 3).same(), IMAGE), new Case(conv(10, 3, 2).stride(2).groups(5), IMAGE),
        new Case(conv(5, 3).dilation(2).noBias().full(), IMAGE), new Case(conv(5, 3).padding(sides(0, 2)), IMAGE),
        new Case(conv(5, 3).groups(5).causal(), IMAGE), new Case(conv(9, 3).sameLower(), Shape.of(3, 17)),
        new Case(conv(4, 2).same(), Shape.of(2, 5, 6, 4)), new Case(dense(7), Shape.of(11)),
        new Case(maxPool(3).stride(2), IMAGE), new Case(avgPool(2, 3).same(), IMAGE), new Case(sumPool(2), IMAGE),
        new Case(globalAvgPool(), IMAGE), new Case(globalMaxPool(), IMAGE), new Case(relu(), IMAGE),
        new Case(tanh(), IMAGE), new Case(sigmoid(), IMAGE), new Case(softmax(), IMAGE), new Case(logSoftmax(), IMAGE),
        new Case(flatten(), IMAGE), new Case(dropout(0.4), IMAGE), new Case(batchNorm(), IMAGE),
        new Case(batchNorm().epsilon(0.01).momentum(0.25), Shape.of(13)), new Case(identity(), IMAGE),
        new Case(residual(chain(conv(5, 3).same().noBias(), batchNorm(), relu())), IMAGE),
        new Case(residual(conv(8, 1), conv(8, 1).noBias()), IMAGE),
        new Case(concat(conv(3, 1), maxPool(3).stride(1).same()), IMAGE),
        new Case(frozen(chain(conv(3, 1), batchNorm())), IMAGE), new Case(conv(4, 3).named("stem"), IMAGE),
        new Case(relu6(), IMAGE), new Case(leakyRelu(), IMAGE), new Case(prelu(), IMAGE), new Case(elu(0.5), IMAGE),
        new Case(celu(0.5), IMAGE), new Case(selu(), IMAGE), new Case(gelu(), IMAGE), new Case(geluTanh(), IMAGE),
        new Case(silu(), IMAGE), new Case(mish(), IMAGE), new Case(hardSwish(), IMAGE), new Case(hardSigmoid(), IMAGE),
        new Case(softplus(), IMAGE), new Case(softsign(), IMAGE), new Case(maxout(5), IMAGE),
        new Case(glu(), Shape.of(18, 5, 3)), new Case(channelDropout(0.3), IMAGE),
        new Case(stochasticDepth(0.3), IMAGE), new Case(dropBlock(0.2, 3), IMAGE), new Case(layerNorm(), IMAGE),
        new Case(groupNorm(5), IMAGE), new Case(groupNorm(3), Shape.of(18, 5, 3)), new Case(instanceNorm(), IMAGE),
        new Case(localResponseNorm(3), IMAGE), new Case(l2Norm(), IMAGE));
  }

  @TestFactory Stream<DynamicTest> layersKeepTheirContracts() {
    return cases().stream().map(c -> dynamicTest(c.layer + " of " + c.sample,
        () -> LayerCheck.of(c.layer, c.sample).check()));
  }

  @TestFactory Stream<DynamicTest> textIsSource() {
    return cases().stream().map(c -> dynamicTest(c.layer.toString(),
        () -> assertEquals(c.layer, Architecture.parse(c.layer.toString()))));
  }

  /// A layer of a user's.
  record Scaling(double factor) implements CustomLayer {
    @Override public Node apply(Trace trace, Node x) {
      return trace.affine(x, factor, 0);
    }

    @Override public String kind() {
      return "scaling";
    }

    @Override public String toString() {
      return "scaling(" + factor + ")";
    }
  }

  @Test void ownLayersAreCheckedInOneLine() {
    LayerCheck.of(new Scaling(2), Shape.of(3, 8, 8)).check();
  }
}
