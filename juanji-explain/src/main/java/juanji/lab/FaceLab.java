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
          Choice.seen(12_000), Choice.data("Faces with a folder per person, instead of the built-in digits.")),
      FaceLab::run);
  private static final double RATE = 0.03;
  private static final int FILTERS = 8;
  private static final int KERNEL = 5;
  private static final int LEAST_SIDE = 20;
  private static final int SHOWN = 6;

  private FaceLab() {
  }

  private static void run(Desk desk, Setup setup, Result result) {
    Setup.Data given = setup.data();
    Setup.Data data = setup.hasData() ? given
        : new Setup.Data(Moved.aligned(given.train()), Moved.aligned(given.test()));
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
    compare(desk, setup, data, shift, result);
  }

  private static void compare(Desk desk, Setup setup, Setup.Data data, int shift, Result result) {
    Dataset movedTest = Moved.shifted(data.test(), shift);
    Dataset movedTrain = Moved.shifted(data.train(), shift);
    List<Layer> layers = List.of(locallyConnected(FILTERS, KERNEL).stride(2), conv(FILTERS, KERNEL).stride(2));
    double[] aligned = new double[2];
    double[] fallen = new double[2];
    double[] taught = new double[2];
    BarChart chart = BarChart.of("accuracy (%)").width(600);
    List<Model> trained = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Model network = Model.of(input(data.train().shape().toArray()), layers.get(i), relu(), maxPool(2), flatten(),
          dense(data.train().classes().size()));
      Model model = desk.learn(network, data.train(), setup.number("seen"), RATE);
      trained.add(model);
      aligned[i] = desk.accuracy(model, data.test());
      fallen[i] = desk.accuracy(model, movedTest);
      taught[i] = desk.accuracy(desk.learn(network, movedTrain, setup.number("seen"), RATE), movedTest);
      String name = i == 0 ? "local" : "shared";
      Colour colour = Colour.series(i);
      chart = chart.bar(name + ": aligned", 100 * aligned[i], 0, colour)
          .bar(name + ": moved", 100 * fallen[i], 0, colour)
          .bar(name + ": moved, and taught so", 100 * taught[i], 0, colour);
    }
    double chance = 1.0 / data.train().classes().size();
    result.finding("On aligned pictures both learn", "对齐的图片上两者都能学会", both(aligned), Math.min(aligned[0], aligned[1])
        > 3 * chance);
    result.finding("On moved ones shared weights lose less", "平移后，共享权重损失更小", String.format(Locale.ROOT,
        "local − %.1f, shared − %.1f", 100 * (aligned[0] - fallen[0]), 100 * (aligned[1] - fallen[1])),
        aligned[1] - fallen[1] < aligned[0] - fallen[0]);
    result.finding("Taught by moved ones, shared weights tell more of them", "用平移的图片学习后，共享权重认出更多", both(taught),
        taught[1] > taught[0]);
    result.finding("Own weights suit aligned pictures: there, shared weights are ahead by less, or behind",
        "独立权重适合对齐的图片：那时共享权重领先得更少，甚至落后", String.format(Locale.ROOT, "%+.1f aligned, %+.1f moved",
        100 * (aligned[1] - aligned[0]), 100 * (taught[1] - taught[0])),
        aligned[1] - aligned[0] < taught[1] - taught[0]);
    result.exhibit("What each tells", "各自的识别率", chart.drawing());
    long local = weights(trained.get(0), "locallyConnected1");
    long shared = weights(trained.get(1), "conv1");
    result.finding("The local layer has as many times the weights as there are places",
        "局部层的权重是共享层的“位置数”倍", local + " : " + shared, local == shared * places(trained.get(1)));
  }

  private static String both(double[] shares) {
    return String.format(Locale.ROOT, "local %.1f %%, shared %.1f %%", 100 * shares[0], 100 * shares[1]);
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
