package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;

import java.util.List;
import java.util.Locale;
import juanji.draw.BarChart;
import juanji.nn.Layer;
import juanji.nn.Model;

/// How many weights a layer of as many units as the input has cells takes: full, local, shared. Nothing is allocated.
final class SharingLab {
  static final Laboratory LAB = new Laboratory("sharing", "18", new Words("Local connections, shared weights",
      "局部连接与权值共享"), new Words("10¹² weights, 10⁸, and 100", "10¹² 个权重、10⁸ 个、100 个"),
      List.of(Choice.number("size", 1000, 2, 30_000, "The side of the input."),
          Choice.number("kernel", 10, 1, 1000, "The side of what one unit sees.")), SharingLab::run);

  private SharingLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    int size = setup.number("size");
    int kernel = setup.number("kernel");
    if (kernel > size) {
      throw new IllegalArgumentException("a unit cannot see more than there is.\n  C1: the kernel is at most the size; "
          + "received " + kernel + " and " + size + ".\n  Take a smaller kernel.");
    }
    long units = (long) size * size;
    long taps = (long) kernel * kernel;
    long full = count(size, flatten(), dense((int) Math.min(units, Integer.MAX_VALUE)).noBias());
    long local = count(size, locallyConnected(1, kernel).same().noBias());
    long shared = count(size, conv(1, kernel).same().noBias());
    result.finding("Fully connected, as many units as cells take (" + size + "²)² weights", "全连接：单元数与格数相同时要 (" + size
        + "²)² 个权重", comma(full), full == units * units);
    result.finding("Locally connected over " + kernel + "×" + kernel + " it is " + size + "²·" + kernel + "²", "局部连接 "
        + kernel + "×" + kernel + "：" + size + "²·" + kernel + "² 个", comma(local), local == units * taps);
    result.finding("Shared it is " + kernel + "²", "共享：" + kernel + "² 个", comma(shared), shared == taps);
    long bias = count(size, conv(1, kernel).same()) - shared;
    result.finding("There is one bias for each filter", "每个滤波器一个偏置", Long.toString(bias), bias == 1);
    result.exhibit("Weights", "权重数", BarChart.of("weights").byRatio().bar("full", full).bar("local", local)
        .bar("shared", shared).drawing());
  }

  private static long count(int size, Layer... layers) {
    return Model.of(input(1, size, size), layers).weightCount();
  }

  private static String comma(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }
}
