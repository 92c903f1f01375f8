package juanji.nn;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import juanji.json.Json;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static String field(Model model, String path) {
    return model.summary().rows().stream().filter(r -> r.path().equals(path)).findFirst().orElseThrow().field();
  }

  @Test void lenetAsATable() {
    // 28·28·6·25 + 10·10·16·150 + 400·120 + 120·84 + 84·10 products.
    assertEquals("""
        layer    │ code              │ output       │ weights │ mult-adds │ sees  │   memory
        ─────────┼───────────────────┼──────────────┼─────────┼───────────┼───────┼─────────
        input    │ input(1, 28, 28)  │ 1 × 28 × 28  │         │           │ 1×1   │  3.1 KiB
        conv1    │ conv(6, 5).same() │ 6 × 28 × 28  │     156 │   117,600 │ 5×5   │ 18.4 KiB
        relu1    │ relu()            │ 6 × 28 × 28  │         │           │ 5×5   │ 18.4 KiB
        maxPool1 │ maxPool(2)        │ 6 × 14 × 14  │         │           │ 6×6   │  4.6 KiB
        conv2    │ conv(16, 5)       │ 16 × 10 × 10 │   2,416 │   240,000 │ 14×14 │  6.3 KiB
        relu2    │ relu()            │ 16 × 10 × 10 │         │           │ 14×14 │  6.3 KiB
        maxPool2 │ maxPool(2)        │ 16 × 5 × 5   │         │           │ 16×16 │  1.6 KiB
        flatten1 │ flatten()         │ 400          │         │           │ 28×28 │  1.6 KiB
        dense1   │ dense(120)        │ 120          │  48,120 │    48,000 │ 28×28 │    480 B
        relu3    │ relu()            │ 120          │         │           │ 28×28 │    480 B
        dense2   │ dense(84)         │ 84           │  10,164 │    10,080 │ 28×28 │    336 B
        relu4    │ relu()            │ 84           │         │           │ 28×28 │    336 B
        dense3   │ dense(10)         │ 10           │     850 │       840 │ 28×28 │     40 B
        ─────────┼───────────────────┼──────────────┼─────────┼───────────┼───────┼─────────
        total    │                   │              │  61,706 │   416,520 │       │ 61.7 KiB
        """, SampleNetworks.lenet5(Shape.of(1, 28, 28), 10).summary().toString());
  }

  @Test void jsonHasTheSameNumbers() {
    Summary summary = SampleNetworks.lenet5(Shape.of(1, 28, 28), 10).summary();
    Json json = Json.parse(summary.toJson());
    assertEquals(61_706, json.member("weights").asLong());
    assertEquals(416_520, json.member("multiplyAdds").asLong());
    assertEquals(summary.bytes(), json.member("bytes").asLong());
    Json conv2 = json.member("rows").items().get(4);
    assertEquals("conv2", conv2.member("path").asText());
    assertEquals(List.of(16L, 10L, 10L), conv2.member("output").items().stream().map(Json::asLong).toList());
    assertEquals("14×14", conv2.member("field").asText());
  }

  @Test void vgg11HasThePublishedNumbers() {
    List<Layer> layers = new ArrayList<>();
    for (int filters : new int[] {64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0}) {
      layers.addAll(filters == 0 ? List.of(maxPool(2)) : List.of(conv(filters, 3).padding(1), relu()));
    }
    layers.addAll(List.of(flatten(), dense(4096), relu(), dense(4096), relu(), dense(1000)));
    Model vgg = Model.of(input(3, 224, 224), layers.toArray(Layer[]::new));
    assertEquals(132_863_336, vgg.weightCount());
    assertEquals(7_609_090_048L, vgg.summary().multiplyAdds());
    assertEquals("150×150", field(vgg, "maxPool5"));
    assertEquals("224×224", field(vgg, "dense3"));
  }

  @Test void twoSmallKernelsSeeWhatALargeOneSees() {
    Model small = Model.of(input(16, 28, 28), conv(16, 3).noBias(), conv(16, 3).noBias());
    Model large = Model.of(input(16, 28, 28), conv(16, 5).noBias());
    assertEquals(field(large, "conv1"), field(small, "conv2"));
    assertEquals(2 * 9 * 256, small.weightCount());
    assertEquals(25 * 256, large.weightCount());
  }

  @Test void inceptionNaiveAndReduced() {
    Layer pool = maxPool(3).stride(1).same();
    Model naive = Model.of(input(16, 28, 28), concat(conv(16, 1).noBias(), conv(16, 3).same().noBias(),
        conv(16, 5).same().noBias(), pool));
    assertEquals(8_960, naive.weightCount());
    assertEquals(8_960L * 28 * 28, naive.summary().multiplyAdds());
    assertEquals(Shape.of(64, 28, 28), naive.outputShape());
    assertEquals("5×5", field(naive, "concat1"));
    // The module as it is drawn: 1×1 convolutions before the 3×3, before the 5×5 and after the pooling.
    Model reduced = Model.of(input(16, 28, 28), concat(conv(16, 1).noBias(),
        chain(conv(8, 1).noBias(), conv(16, 3).same().noBias()),
        chain(conv(8, 1).noBias(), conv(16, 5).same().noBias()), chain(pool, conv(16, 1).noBias())));
    assertEquals((2 * 16 + 2 * 8 + 9 * 8 + 25 * 8) * 16, reduced.weightCount());
    assertEquals(5_120, reduced.weightCount());
    // The sum (3·C1 + C2 + 9·C2 + 25·C2)·C1 counts three convolutions of 16 and one of 8 filters: one reduction that
    // both kernels share, and a second convolution after the pooling.
    Model counted = Model.of(input(16, 28, 28), concat(conv(16, 1).noBias(),
        chain(conv(8, 1).noBias(), concat(conv(16, 3).same().noBias(), conv(16, 5).same().noBias())),
        chain(pool, conv(16, 1).noBias(), conv(16, 1).noBias())));
    assertEquals(5_248, counted.weightCount());
  }

  @Test void oneMillionUnitsFullyConnectedAndConvolved() {
    assertEquals(1_000_000_000_000L, Model.of(input(1, 1000, 1000), flatten(), dense(1_000_000).noBias()).summary()
        .weights());
    assertEquals(100, Model.of(input(1, 1000, 1000), conv(1, 10).same().noBias()).summary().weights());
  }
}
