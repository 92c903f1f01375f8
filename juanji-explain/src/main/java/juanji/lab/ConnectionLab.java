package juanji.lab;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.tiledConv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import juanji.draw.Drawing;
import juanji.explain.Illustrations;
import juanji.explain.SharingDrawing;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The four kinds of connection, weights coloured by sharing.
///
/// Source: Ngiam et al., *Tiled convolutional neural networks*, 2010.
final class ConnectionLab {
  static final Laboratory LAB = new Laboratory("connections", "19", new Words("Four kinds of connection", "四种连接"),
      new Words("full, local, tiled and shared", "全连接、局部连接、平铺与共享"),
      List.of(Choice.number("cells", 9, 3, 24, "Cells of the input."),
          Choice.number("kernel", 3, 1, 9, "Cells that a unit sees."),
          Choice.number("tiles", 2, 1, 16, "Sets of weights of the tiled convolution.")), ConnectionLab::run);

  private ConnectionLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int cells = setup.number("cells");
    int kernel = setup.number("kernel");
    int tiles = setup.number("tiles");
    int places = cells - kernel + 1;
    if (places < tiles) {
      throw new IllegalArgumentException("there are fewer places than sets of weights.\n"
          + "  C1: tiles is at most cells − kernel + 1; received " + tiles + " and " + places + ".\n"
          + "  Take more cells, or fewer tiles.");
    }
    Map<String, Layer> kinds = new LinkedHashMap<>();
    kinds.put("full", chain(flatten(), dense(places)));
    kinds.put("local", locallyConnected(1, kernel));
    kinds.put("tiled", tiledConv(1, kernel).tiles(tiles));
    kinds.put("shared", conv(1, kernel));
    boolean one = Arrays.deepEquals(SharingDrawing.joints(tiledConv(1, kernel).tiles(1), cells),
        SharingDrawing.joints(conv(1, kernel), cells));
    boolean many = Arrays.deepEquals(distinct(SharingDrawing.joints(tiledConv(1, kernel).tiles(places), cells)),
        distinct(SharingDrawing.joints(locallyConnected(1, kernel), cells)));
    List<Long> weights = new ArrayList<>();
    List<Drawing> drawings = new ArrayList<>();
    kinds.values().forEach(layer -> {
      int[][] joints = SharingDrawing.joints(layer, cells);
      weights.add(Arrays.stream(joints).flatMapToInt(Arrays::stream).filter(w -> w > 0).distinct().count());
      drawings.add(SharingDrawing.of(layer, cells));
    });
    result.finding("Weights, counted by what joins what: full ≥ local ≥ tiled ≥ shared", "按连接数出的权重：全连接 ≥ 局部 ≥ 平铺 ≥ 共享",
        join(weights), weights.get(0) >= weights.get(1) && weights.get(1) >= weights.get(2)
        && weights.get(2) >= weights.get(3));
    result.finding("They are places · cells, places · kernel, tiles · kernel and kernel",
        "它们等于：位置数 · 格数、位置数 · 核长、组数 · 核长、核长", join(weights), weights.equals(List.of((long) places * cells,
        (long) places * kernel, (long) tiles * kernel, (long) kernel)));
    for (int i = 0; i < drawings.size(); i++) {
      result.exhibit(i == 0 ? "Lines of one colour are one weight, found by measuring" : "",
          i == 0 ? "同色的线是同一个权重，由测量得到" : "", drawings.get(i));
    }
    result.finding("A tiled convolution of one set is a convolution", "只有一组权重的平铺卷积就是卷积", Boolean.toString(one), one);
    result.finding("With a set for each place it is locally connected", "每个位置一组时就是局部连接", Boolean.toString(many), many);
    moves(desk, kinds, cells, tiles, result);
    result.exhibit("Tiles on a plane", "平面上的平铺", Illustrations.of("weights-tiles"));
  }

  private static String join(List<Long> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }

  /// Weights numbered by their first occurrence, so that only sharing counts.
  private static int[][] distinct(int[][] joints) {
    Map<Integer, Integer> numbers = new HashMap<>();
    return Arrays.stream(joints).map(row -> Arrays.stream(row).map(w -> w == 0 ? 0
        : numbers.computeIfAbsent(w, _ -> numbers.size() + 1)).toArray()).toArray(int[][]::new);
  }

  /// By how many places an input has to be moved for the output to be the same, moved.
  private static void moves(Desk desk, Map<String, Layer> kinds, int cells, int tiles, Result result) {
    Map<String, Integer> least = new LinkedHashMap<>();
    kinds.forEach((name, layer) -> {
      Model model = Model.of(input(1, cells), layer).initialize(3);
      Random random = new Random(1);
      Tensor x = Tensor.zeros(Shape.of(1, cells));
      for (int i = 0; i < cells; i++) {
        x.data()[i] = random.nextFloat();
      }
      float[] y = desk.sample(model, x).data();
      int found = 0;
      for (int by = 1; by < y.length && found == 0; by++) {
        Tensor moved = Tensor.zeros(x.shape());
        System.arraycopy(x.data(), 0, moved.data(), by, cells - by);
        float[] z = desk.sample(model, moved).data();
        boolean same = true;
        for (int i = 0; i + by < y.length; i++) {
          same &= Math.abs(z[i + by] - y[i]) < 1e-5;
        }
        found = same ? by : 0;
      }
      least.put(name, found);
    });
    result.finding("Shared weights give the same output, moved, for every moved input; tiled ones for moves by " + tiles
        + "; others for none", "输入移动时，共享权重的输出跟着移动；平铺的只在移动 " + tiles + " 时如此；其他的从不", least.toString(),
        least.get("shared") == 1 && (least.get("tiled") == tiles
        || least.get("tiled") == 0 && cells - 2 * tiles <= 0) && least.get("local") == 0 && least.get("full") == 0);
  }
}
