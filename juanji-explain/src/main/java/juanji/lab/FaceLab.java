package juanji.lab;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import juanji.data.Dataset;
import juanji.draw.BarChart;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.explain.ArchitectureDrawing;
import juanji.explain.Features;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.tensor.Shape;

/// Own weights at each place against shared ones, on pictures that are aligned and on the same pictures moved.
///
/// Source: Taigman et al., *DeepFace*, 2014.
final class FaceLab {
  static final Laboratory LAB = new Laboratory("faces", "20", new Words("Local against shared weights on faces",
      "人脸上的局部权重与共享权重"), new Words("own weights at each place suit aligned inputs, shared ones shifted inputs",
      "各处独立的权重适合对齐的输入，共享权重适合平移的输入"),
      List.of(Choice.number("shift", 3, 1, 40, "How many pixels pictures are moved at most, each way."),
          Choice.seen(12_000), Choice.seeds(Desk.REPEATS),
          Choice.data("Faces with a folder per person, instead of the built-in digits.")),
      FaceLab::run);
  private static final double RATE = 0.03;
  private static final int FILTERS = 8;
  private static final int KERNEL = 5;
  private static final int LEAST_SIDE = 20;
  private static final int SHOWN = 6;

  private FaceLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    Setup.Data data = data(setup, 1);
    Shape shape = data.train().shape();
    int shift = setup.number("shift");
    int side = shape.rank() == 3 ? Math.min(shape.dim(1), shape.dim(2)) : 0;
    if (side < LEAST_SIDE || shift > side / 2) {
      throw new IllegalArgumentException("the pictures are too small for this laboratory.\n"
          + "  C1: their shorter side is at least " + LEAST_SIDE + " and twice the shift; received " + shape
          + " and a shift of " + shift + ".\n  Use larger pictures, or a smaller shift.");
    }
    deepFace(result);
    String what = setup.hasData() ? "pictures" : "digits";
    String zh = setup.hasData() ? "图片" : "数字";
    result.remark("Two networks, the same but for their first layer, learn to tell " + data.train().classes().size()
        + " classes of " + what + ": from aligned ones, and from the same ones moved by up to " + shift
        + " pixels each way.", "两个网络只有第一层不同，学习分辨 " + data.train().classes().size() + " 类" + zh
        + "：一次用对齐的，一次用各方向平移至多 " + shift + " 个像素的。");
    List<Drawing> shown = new ArrayList<>();
    Dataset moved = Moved.shifted(data.test(), shift);
    for (Dataset d : List.of(data.test(), moved)) {
      List<Drawing> row = new ArrayList<>();
      for (int i = 0; i < Math.min(SHOWN, d.size()); i++) {
        row.add(Features.picture(Desk.sample(d, i * Math.max(1, d.size() / SHOWN)), 72));
      }
      shown.add(Drawing.row(6, row));
    }
    result.exhibit("Aligned, and moved", "对齐的与平移后的", Drawing.column(8, shown));
    compare(desk, setup, shift, result);
  }

  /// Pictures that are aligned: digits are, once they are centred.
  private static Setup.Data data(Setup setup, int seed) {
    Setup.Data given = setup.data(seed);
    return setup.hasData() ? given : new Setup.Data(Moved.aligned(given.train()), Moved.aligned(given.test()));
  }

  private static Model network(Setup.Data data, Layer first) {
    return Model.of(input(data.train().shape().toArray()), first, relu(), maxPool(2), flatten(),
        dense(data.train().classes().size()));
  }

  private static void compare(Desk desk, Setup setup, int shift, Result result) {
    List<Layer> layers = List.of(locallyConnected(FILTERS, KERNEL).stride(2), conv(FILTERS, KERNEL).stride(2));
    int seeds = setup.number("seeds");
    int seen = setup.number("seen");
    double[][][] told = new double[2][3][seeds];
    for (int seed = 1; seed <= seeds; seed++) {
      Setup.Data data = data(setup, seed);
      Dataset movedTest = Moved.shifted(data.test(), shift);
      for (int i = 0; i < 2; i++) {
        Model network = network(data, layers.get(i));
        Model model = desk.learn(network, data.train(), seen, RATE, seed);
        told[i][0][seed - 1] = desk.accuracy(model, data.test());
        told[i][1][seed - 1] = desk.accuracy(model, movedTest);
        told[i][2][seed - 1] = desk.accuracy(desk.learn(network, Moved.shifted(data.train(), shift), seen, RATE, seed),
            movedTest);
      }
    }
    Repeats[] aligned = new Repeats[2];
    Repeats[] lost = new Repeats[2];
    Repeats[] taught = new Repeats[2];
    BarChart chart = BarChart.of("accuracy (%), its spread over " + seeds + " repeats").width(460);
    for (int i = 0; i < 2; i++) {
      aligned[i] = new Repeats(told[i][0]);
      Repeats fallen = new Repeats(told[i][1]);
      lost[i] = aligned[i].minus(fallen);
      taught[i] = new Repeats(told[i][2]);
      String name = i == 0 ? "local" : "shared";
      Colour colour = Colour.series(i);
      chart = bar(bar(bar(chart, name + ": aligned", aligned[i], colour), name + ": moved", fallen, colour),
          name + ": taught by moved", taught[i], colour);
    }
    Setup.Data data = data(setup, 1);
    double chance = 1.0 / data.train().classes().size();
    result.finding("On aligned pictures both learn", "对齐的图片上两者都能学会", both(aligned),
        aligned[0].minus(3 * chance), aligned[1].minus(3 * chance));
    result.finding("On moved ones shared weights lose less", "平移后，共享权重损失更小", both(lost), lost[0].minus(lost[1]));
    result.finding("Taught by moved ones, shared weights tell more of them", "用平移的图片学习后，共享权重认出更多", both(taught),
        taught[1].minus(taught[0]));
    Repeats ahead = aligned[1].minus(aligned[0]);
    Repeats further = taught[1].minus(taught[0]);
    result.finding("Own weights suit aligned pictures: there, shared weights are ahead by less, or behind",
        "独立权重适合对齐的图片：那时共享权重领先得更少，甚至落后", "aligned " + ahead.percent() + ", moved " + further.percent(),
        further.minus(ahead));
    result.exhibit("What each tells", "各自的识别率", chart.drawing());
    Model own = network(data, layers.get(0)).initialize(1);
    Model shares = network(data, layers.get(1)).initialize(1);
    long local = weights(own, "locallyConnected1");
    long shared = weights(shares, "conv1");
    result.finding("The local layer has as many times the weights as there are places",
        "局部层的权重是共享层的“位置数”倍", local + " : " + shared, local == shared * places(shares));
  }

  private static BarChart bar(BarChart chart, String name, Repeats shares, Colour colour) {
    return chart.bar(name, Math.round(1000 * shares.mean()) / 10.0, 100 * shares.spread(), colour);
  }

  private static String both(Repeats[] shares) {
    return "local " + shares[0].percent() + ", shared " + shares[1].percent();
  }

  private static long weights(Model model, String path) {
    return model.weights().tensor(path + ".weight").shape().size();
  }

  private static long places(Model model) {
    return model.upTo("conv1").outputShape().size(1);
  }

  private static void deepFace(Result result) {
    Model deepFace = Model.of(input(3, 152, 152), conv(32, 11), relu(), maxPool(3).stride(2).same(), conv(16, 9),
        relu(), locallyConnected(16, 9), relu(), locallyConnected(16, 7).stride(2), relu(), locallyConnected(16, 5),
        relu(), flatten(), dense(4096), relu(), dense(4030));
    Shape last = deepFace.upTo("locallyConnected3").outputShape();
    result.finding("DeepFace as described: 21 × 21 places behind the last local layer, 4,030 classes",
        "按描述的 DeepFace：最后一个局部层后是 21 × 21 个位置，4,030 类", last + "; " + deepFace.outputShape(),
        last.equals(Shape.of(16, 21, 21)) && deepFace.outputShape().equals(Shape.of(4030)));
    long local = sum(deepFace, "local");
    long conv = sum(deepFace, "conv");
    result.finding("Its local layers have many times the weights of its convolutions", "局部层的权重是卷积层的许多倍",
        String.format(Locale.ROOT, "%,d : %,d", local, conv), local > 10 * conv);
    result.exhibit("DeepFace", "DeepFace", ArchitectureDrawing.of(deepFace));
  }

  private static long sum(Model model, String kind) {
    return model.summary().rows().stream().filter(r -> r.path().startsWith(kind)).mapToLong(Summary.Row::weights).sum();
  }
}
