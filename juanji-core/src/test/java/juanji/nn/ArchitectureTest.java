package juanji.nn;

import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.frozen;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.leakyRelu;
import static juanji.nn.Layers.logSoftmax;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.sides;
import static juanji.nn.Layers.sigmoid;
import static juanji.nn.Layers.softmax;
import static juanji.nn.Layers.sumPool;
import static juanji.nn.Layers.tanh;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import juanji.graph.Node;
import juanji.op.ShapeException;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private record Scaling(double factor) implements CustomLayer {
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

  /// Each layer with the code that makes it.
  static Stream<List<Object>> samples() {
    return Stream.of(
        List.of(conv(6, 5), "conv(6, 5)"),
        List.of(conv(6, 3, 5), "conv(6, 3, 5)"),
        List.of(conv(6, 3, 5, 7), "conv(6, 3, 5, 7)"),
        List.of(conv(6, 5).stride(2).dilation(3).same(), "conv(6, 5).stride(2).dilation(3).same()"),
        List.of(conv(6, 5).stride(2, 1).dilation(1, 3), "conv(6, 5).stride(2, 1).dilation(1, 3)"),
        List.of(conv(6, 5).sameLower().noBias(), "conv(6, 5).sameLower().noBias()"),
        List.of(conv(6, 5).full(), "conv(6, 5).full()"),
        List.of(conv(6, 5).causal(), "conv(6, 5).causal()"),
        List.of(conv(6, 5).padding(2), "conv(6, 5).padding(2)"),
        List.of(conv(6, 5).padding(2, 0), "conv(6, 5).padding(2, 0)"),
        List.of(conv(6, 5).padding(sides(2, 1)), "conv(6, 5).padding(sides(2, 1))"),
        List.of(conv(6, 5).padding(sides(2, 1), sides(0, 0)), "conv(6, 5).padding(sides(2, 1), sides(0, 0))"),
        List.of(conv(6, 5).groups(3).initializer(Initializer.heNormal()),
            "conv(6, 5).groups(3).initializer(heNormal())"),
        List.of(dense(10), "dense(10)"),
        List.of(dense(10).noBias().initializer(Initializer.xavierNormal()),
            "dense(10).initializer(xavierNormal()).noBias()"),
        List.of(dense(10).initializer(Initializer.constant(0.25)), "dense(10).initializer(constant(0.25))"),
        List.of(dense(10).initializer(Initializer.zeros()), "dense(10).initializer(zeros())"),
        List.of(dense(10).initializer(Initializer.heUniform()), "dense(10).initializer(heUniform())"),
        List.of(dense(10).initializer(Initializer.xavierUniform()), "dense(10).initializer(xavierUniform())"),
        List.of(dense(10).initializer(Initializer.fanInUniform()), "dense(10).initializer(fanInUniform())"),
        List.of(maxPool(2), "maxPool(2)"),
        List.of(maxPool(2, 3), "maxPool(2, 3)"),
        List.of(maxPool(3).stride(2).padding(1).ceiling(), "maxPool(3).stride(2).padding(1).ceiling()"),
        List.of(maxPool(3).dilation(2).sameLower(), "maxPool(3).dilation(2).sameLower()"),
        List.of(avgPool(3).stride(1).same().countPadding(), "avgPool(3).stride(1).same().countPadding()"),
        List.of(sumPool(2).padding(sides(0, 1)), "sumPool(2).padding(sides(0, 1))"),
        List.of(globalAvgPool(), "globalAvgPool()"),
        List.of(globalMaxPool(), "globalMaxPool()"),
        List.of(relu(), "relu()"), List.of(tanh(), "tanh()"), List.of(sigmoid(), "sigmoid()"),
        List.of(leakyRelu(), "leakyRelu(0.01)"), List.of(leakyRelu(0.2), "leakyRelu(0.2)"),
        List.of(Layers.relu6(), "relu6()"), List.of(Layers.elu(1), "elu(1)"), List.of(Layers.celu(0.5), "celu(0.5)"),
        List.of(Layers.selu(), "selu()"), List.of(Layers.gelu(), "gelu()"), List.of(Layers.geluTanh(), "geluTanh()"),
        List.of(Layers.silu(), "silu()"), List.of(Layers.mish(), "mish()"), List.of(Layers.glu(), "glu()"),
        List.of(Layers.hardSwish(), "hardSwish()"), List.of(Layers.hardSigmoid(), "hardSigmoid()"),
        List.of(Layers.softplus(), "softplus()"), List.of(Layers.softsign(), "softsign()"),
        List.of(Layers.maxout(3), "maxout(3)"), List.of(Layers.prelu(), "prelu()"),
        List.of(Layers.prelu(0).sharing(), "prelu(0).sharing()"),
        List.of(Layers.channelDropout(0.1), "channelDropout(0.1)"),
        List.of(Layers.stochasticDepth(0.1), "stochasticDepth(0.1)"),
        List.of(Layers.dropBlock(0.1, 7), "dropBlock(0.1, 7)"),
        List.of(Layers.layerNorm(), "layerNorm()"),
        List.of(Layers.layerNorm().epsilon(1e-6).channels(), "layerNorm().epsilon(1.0E-6).channels()"),
        List.of(Layers.groupNorm(4).epsilon(1e-3), "groupNorm(4).epsilon(0.001)"),
        List.of(Layers.instanceNorm().affine(), "instanceNorm().affine()"),
        List.of(Layers.localResponseNorm(5).alpha(2e-5).beta(0.5).k(1),
            "localResponseNorm(5).alpha(2.0E-5).beta(0.5).k(1)"),
        List.of(Layers.l2Norm().epsilon(0.5), "l2Norm().epsilon(0.5)"),
        List.of(softmax(), "softmax()"), List.of(logSoftmax(), "logSoftmax()"),
        List.of(flatten(), "flatten()"), List.of(identity(), "identity()"),
        List.of(dropout(0.2), "dropout(0.2)"), List.of(dropout(0), "dropout(0)"),
        List.of(batchNorm(), "batchNorm()"),
        List.of(batchNorm().epsilon(1e-3).momentum(0.01), "batchNorm().epsilon(0.001).momentum(0.01)"),
        List.of(batchNorm().epsilon(1e-12), "batchNorm().epsilon(1.0E-12)"),
        List.of(chain(), "chain()"),
        List.of(chain(relu(), chain(tanh())), "chain(relu(), chain(tanh()))"),
        List.of(relu().then(tanh()).then(sigmoid()), "chain(relu(), tanh(), sigmoid())"),
        List.of(concat(relu(), conv(1, 1).then(relu())), "concat(relu(), chain(conv(1, 1), relu()))"),
        List.of(residual(relu()), "residual(relu())"),
        List.of(residual(conv(4, 1), conv(4, 1).noBias()), "residual(conv(4, 1), conv(4, 1).noBias())"),
        List.of(frozen(dense(3)), "frozen(dense(3))"),
        List.of(frozen(dense(3)).named("head"), "frozen(dense(3).named(\"head\"))"),
        List.of(Layers.crop(2), "crop(2)"), List.of(Layers.padChannels(3), "padChannels(3)"),
        List.of(Layers.unscoped(concat(relu(), tanh())), "unscoped(concat(relu(), tanh()))"),
        List.of(Layers.auxiliary(dense(3), 0.3), "auxiliary(dense(3), 0.3)"),
        List.of(conv(4, 1).named("layer4.0.conv-1_a"), "conv(4, 1).named(\"layer4.0.conv-1_a\")"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void textIsTheCodeAndIsReadAgain(List<Object> sample) {
    assertEquals(sample.get(1), sample.get(0).toString());
    Layer again = Architecture.parse(sample.get(0).toString());
    assertEquals(sample.get(0), again);
    assertEquals(sample.get(0).hashCode(), again.hashCode());
  }

  @Test void everyKindOfLayerIsAmongTheSamples() {
    List<Class<?>> seen = Stream.of(samples(), ConvolutionKindsTest.sources(), PoolingKindsTest.sources(),
        RearrangementTest.sources(), VladTest.sources()).flatMap(s -> s)
        .<Class<?>>map(s -> s.get(0).getClass()).distinct().toList();
    assertEquals(List.of(CustomLayer.class), kinds(Layer.class).filter(k -> !seen.contains(k)).toList());
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(ArchitectureTest::kinds)
        : Stream.of(type);
  }

  @Test void modelsAreReadAgain() {
    for (Model model : List.of(SampleNetworks.lenet5(Shape.of(3, 32, 47), 7),
        SampleNetworks.normalized(Shape.of(3, 64, 48), 5))) {
      assertEquals(model, Architecture.model(model.toString()));
    }
    Model spread = Architecture.model("  Model.of( input( 1,28 ,28 ) ,\r\n\tconv( 6 , 5 ) . same ( ) , flatten()\n) ");
    assertEquals("Model.of(input(1, 28, 28),\n    conv(6, 5).same(),\n    flatten())", spread.toString());
  }

  @Test void ownLayersAreReadByTheirWord() {
    Architecture mine = Architecture.STANDARD.with("scaling",
        arguments -> new Scaling(((Number) arguments.getFirst()).doubleValue()));
    assertEquals(chain(relu(), new Scaling(0.5)), mine.readLayer(chain(relu(), new Scaling(0.5)).toString()));
    assertThrows(ArchitectureException.class, () -> Architecture.parse("scaling(0.5)"));
  }

  @Test void c2UnknownWordsAreNamedWithTheirPlace() {
    var e = assertThrows(ArchitectureException.class, () -> Architecture.parse("chain(relu(),\n  konv(6, 5))"));
    assertEquals(2, e.line());
    assertEquals(3, e.column());
    assertTrue(e.getMessage().startsWith("""
        the architecture cannot be read at line 2, column 3.
          C2: a known layer is expected; received 'konv'.
          Layers are conv, maxPool, avgPool, sumPool, globalAvgPool, globalMaxPool,"""), e.getMessage());
    assertTrue(e.getMessage().contains(" relu, ") && e.getMessage().endsWith("."), e.getMessage());
  }

  @Test void c2UnknownWithersAreNamedWithTheirPlace() {
    var e = assertThrows(ArchitectureException.class, () -> Architecture.parse("conv(6, 5).same().bias()"));
    assertEquals("""
        the architecture cannot be read at line 1, column 19.
          C2: conv has no 'bias'; received .bias(…).
          Remove it, or see the documentation of conv.""", e.getMessage());
  }

  @Test void c3WrongArgumentsAreNamed() {
    var e = assertThrows(ArchitectureException.class, () -> Architecture.parse("chain(dense(0.5))"));
    assertEquals("""
        the architecture cannot be read at line 1, column 7.
          C3: dense takes one whole number; received (0.5).
          Give it one whole number.""", e.getMessage());
    var zero = assertThrows(ArchitectureException.class, () -> Architecture.parse("conv(0, 5)"));
    assertTrue(zero.getMessage().contains("C2: there is at least one filter"), zero.getMessage());
  }

  @Test void whatIsNoArchitectureIsRefused() {
    for (String text : List.of("", " ", "conv", "conv(", "conv(6", "conv(6,", "conv(6,)", "conv(6 5)", "conv(6, 5))",
        "conv(6, 5).", "conv(6, 5).same", "conv(6, 5).named(x)", "conv(6, 5).named(\"", "conv(6, 5).named(\"a\nb\")",
        "conv(6, 5).named(\"..\")", "conv(99999999999, 5)", "dropout(1e999)", "dropout(NaN)", "dropout(0x1)",
        "dropout(-)", "5", "\"a\"", "heNormal()", "chain(5)", "chain(heNormal())", "concat()", "input(3)",
        "Model.of(input(3), relu())", "relu();", "relu() relu()", "System.exit(0)", "relu\u0000()", "relu(1)",
        "conv(1, 2, 3, 4, 5)", "maxPool()", "residual()", "conv(6, 5).padding(same())", "conv(6, 5).padding(-1)",
        "conv(6, 5).stride(0)", "conv(6, 3, 3).stride(1, 1, 1)", "conv(6, 5).initializer(5)", "dropout(1)")) {
      var e = assertThrows(ArchitectureException.class, () -> Architecture.parse(text), text);
      assertEquals(3, e.getMessage().lines().count(), e.getMessage());
    }
    assertThrows(ArchitectureException.class, () -> Architecture.model("relu()"));
    assertThrows(ArchitectureException.class, () -> Architecture.model("Model.of(relu())"));
    assertThrows(ShapeException.class, () -> Architecture.model("Model.of(input(1, 3, 3), conv(6, 5))"));
  }

  @Test void c1LimitsHold() {
    String deep = "residual(".repeat(63) + "relu()" + ")".repeat(63);
    assertInstanceOf(Residual.class, Architecture.parse(deep));
    for (String text : List.of("residual(" + deep + ")", "chain(".repeat(100_000), "relu()" + ".named(\"a\")"
        .repeat(10_001), "chain(" + "relu(),".repeat(10_000) + "relu())", " ".repeat(1 << 20) + "relu()")) {
      var e = assertTimeoutPreemptively(Duration.ofSeconds(2),
          () -> assertThrows(ArchitectureException.class, () -> Architecture.parse(text)));
      assertTrue(e.getMessage().contains("\n  C1: "), e.getMessage());
    }
  }

  @Test void hostileSizesGiveErrorsAtOnce() {
    for (String layers : List.of("conv(2147483647, 1), conv(2147483647, 1).groups(2147483647)",
        "conv(2147483647, 1), conv(2147483646, 1).groups(5)", "conv(3, 1).padding(2147483647)",
        "conv(3, 536870911).full()", "conv(2147483647, 2147483647)",
        "concat(conv(2147483647, 1), conv(2147483647, 1), conv(1, 1))",
        "conv(2147483647, 1), flatten(), dense(2147483647)")) {
      assertTimeoutPreemptively(Duration.ofSeconds(2), () -> {
        try {
          Model model = Architecture.model("Model.of(input(2147483647, 7, 7), " + layers + ")");
          assertTrue(model.weightCount() > 0);
        } catch (IllegalArgumentException | ArithmeticException e) {
          assertTrue(e.getMessage().length() < 2000);
        }
      }, layers);
    }
  }

  @Test void damagedTextsGiveErrorsOrLayers() {
    String text = SampleNetworks.normalized(Shape.of(3, 64, 48), 5).toString();
    SplittableRandom random = new SplittableRandom(11);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      StringBuilder changed = new StringBuilder(text);
      int at = random.nextInt(text.length());
      changed.setCharAt(at, (char) random.nextInt(32, 127));
      try {
        Architecture.model(changed.toString());
      } catch (IllegalArgumentException e) {
        refused++;
        assertEquals(3, e.getMessage().lines().count(), e.getMessage());
      }
    }
    assertTrue(refused > 2000, "refused " + refused);
  }
}
