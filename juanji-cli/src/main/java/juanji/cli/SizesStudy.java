package juanji.cli;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.resize;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.data.Pictures;
import juanji.data.Preprocessing;
import juanji.data.Subset;
import juanji.image.Picture;
import juanji.image.Resize;
import juanji.json.Json;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.train.Evaluation;
import juanji.train.Optimizer;
import juanji.train.Schedule;
import juanji.train.Trainer;
import juanji.zoo.SppNet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji study sizes`: a network that takes pictures of any size, trained at one or at several, against one of a
/// fixed size.
///
/// As in the paper on SPPNet, each epoch has one size, and the next another.
@Command(name = "sizes", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Trains a small SPPNet at several sizes in turn, the same at one size, and a twin that takes only",
        "this size (4 x 4 maxima in place of the pyramid), and measures each at other sizes. The twin is given",
        "pictures that were brought to the size and then stretched back to its own.", ""})
final class SizesStudy implements Callable<Integer> {
  private static final double RATE = 0.02;

  @Parameters(index = "0", paramLabel = "DATA", description = "Pictures of one size, as for train.")
  private String data;

  @Option(names = "--samples", paramLabel = "N", description = "How many to train on. Default: 5000.")
  private int samples = 5000;

  @Option(names = "--test-samples", paramLabel = "N", description = "How many to measure on. Default: 2000.")
  private int measured = 2000;

  @Option(names = "--train-sizes", paramLabel = "N,…", split = ",", description = "What one network is trained at, in "
      + "percent of the pictures' own size. Default: 75,100,125.")
  private List<Integer> trained = List.of(75, 100, 125);

  @Option(names = "--test-sizes", paramLabel = "N,…", split = ",", description = "What they are measured at, in "
      + "percent. Default: 50,62,75,88,100,125,150.")
  private List<Integer> tested = List.of(50, 62, 75, 88, 100, 125, 150);

  @Option(names = "--epochs", paramLabel = "N", description = "Default: 15.")
  private int epochs = 15;

  @Option(names = "--seed", paramLabel = "N", description = "Default: 1.")
  private long seed = 1;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  SizesStudy() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    if (samples < 10 || measured < 10 || epochs < 1 || epochs > 1000
        || Stream.concat(trained.stream(), tested.stream()).anyMatch(p -> p < 25 || p > 400)) {
      throw CommandException.usage("this study cannot be made.", "--samples and --test-samples are at least 10, "
          + "--epochs from 1 to 1,000, sizes from 25 to 400 percent; received " + samples + ", " + measured + ", "
          + epochs + ", " + trained + " and " + tested + ".", "Leave them out for the defaults.");
    }
    TrainSettings settings = new TrainSettings(Map.of("data", Json.of(data)));
    DataArgument argument = DataArgument.of(data);
    DataParts parts = DataParts.open(argument, PictureSize.of(argument, settings, Optional.empty(), screen), Map.of(),
        settings, screen);
    Shape own = parts.train().shape();
    if (own.rank() != 3 || Math.min(own.dim(1), own.dim(2)) < 28 || argument.unit(false).equals("sound")) {
      throw CommandException.usage("this study is of pictures.", "Samples are channels × height × width, of 28 pixels "
          + "or more; received " + own + ".", "Give a folder of pictures.");
    }
    Dataset train = Subset.first(StudyCommand.mixed(parts.train()), samples);
    Dataset test = Subset.first(StudyCommand.mixed(parts.test()), measured);
    Preprocessing steps = Preprocessing.measure(train);
    List<List<String>> rows = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of("network", "trained at"));
    tested.forEach(p -> names.add(side(own, p)));
    rows.add(names);
    try (Workers workers = threads.open()) {
      Study study = new Study(train, test, steps, screen, workers);
      rows.add(study.row("SPPNet", trained, false));
      rows.add(study.row("SPPNet", List.of(100), false));
      rows.add(study.row("fixed size", List.of(100), true));
    }
    screen.clear();
    screen.result(Numbers.count(train.size()) + " pictures to train on, " + Numbers.count(test.size())
        + " to measure on, " + epochs + " epochs, seed " + seed + "; accuracy in % at each size");
    TextTables.of(rows, 2).forEach(screen::result);
    return 0;
  }

  private static int scaled(int side, int percent) {
    return Math.max(1, Math.round(side * percent / 100f));
  }

  private static String side(Shape own, int percent) {
    return scaled(own.dim(1), percent) + "×" + scaled(own.dim(2), percent);
  }

  private static Shape shape(Shape own, int percent) {
    return Shape.of(own.dim(0), scaled(own.dim(1), percent), scaled(own.dim(2), percent));
  }

  /// The same pictures at another size.
  private static Dataset at(Dataset data, int percent) {
    Shape own = data.shape();
    Shape other = shape(own, percent);
    byte[][] pixels = new byte[data.size()][];
    float[] values = new float[own.length()];
    for (int i = 0; i < pixels.length; i++) {
      data.read(i, values, 0);
      byte[] bytes = new byte[values.length];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] = (byte) Math.round(255 * values[k]);
      }
      pixels[i] = percent == 100 ? bytes : Resize.stretch(new Picture(own.dim(0), own.dim(1), own.dim(2), bytes),
          other.dim(1), other.dim(2)).pixels();
    }
    return Pictures.of(other, data.classes(), pixels, IntStream.range(0, pixels.length).map(data::label).toArray(),
        data::source);
  }

  /// The twin: the finest level of the pyramid at this size, and nothing else.
  private static Model fixed(Shape own, int classes) {
    int height = own.dim(1) / 4;
    int width = own.dim(2) / 4;
    return SppNet.small(own, classes).replace("spatialPyramid1", chain(maxPool(height / 4, width / 4), flatten()));
  }

  /// What all networks share.
  private final class Study {
    private final Dataset train;
    private final Dataset test;
    private final Preprocessing steps;
    private final Screen screen;
    private final Workers workers;

    Study(Dataset train, Dataset test, Preprocessing steps, Screen screen, Workers workers) {
      this.train = train;
      this.test = test;
      this.steps = steps;
      this.screen = screen;
      this.workers = workers;
    }

    private Dataset normalised(Dataset data) {
      Shape shape = data.shape();
      return Normalized.of(data, new Preprocessing(shape.dim(0), shape.dim(1), shape.dim(2), steps.mean(), steps.std(),
          steps.framing()));
    }

    List<String> row(String name, List<Integer> sizes, boolean fixed) {
      Shape own = train.shape();
      int classes = train.classes().size();
      Model model = (fixed ? fixed(own, classes) : SppNet.small(own, classes)).initialize(seed);
      List<Dataset> scaled = sizes.stream().map(p -> normalised(at(train, p))).toList();
      for (int epoch = 0; epoch < epochs; epoch++) {
        screen.status(name + " at " + sizes + " %: epoch " + (epoch + 1) + " of " + epochs);
        Dataset now = scaled.get(epoch % scaled.size());
        double rate = RATE * Schedule.cosine().factor(epoch, epochs, List.of());
        model = Trainer.of(model.withInput(now.shape())).optimizer(Optimizer.sgd(rate).momentum(0.9).weightDecay(5e-4))
            .schedule(Schedule.constant()).epochs(1).seed(seed + epoch).workers(workers).fit(now).last();
      }
      List<String> row = new ArrayList<>(List.of(name, String.join(", ", sizes.stream().map(p -> side(own, p))
          .toList())));
      for (int percent : tested) {
        Dataset seen = normalised(at(test, percent));
        Model at = fixed ? stretched(model, seen.shape()) : model.withInput(seen.shape());
        row.add(String.format(Locale.ROOT, "%.1f", 100 * Evaluation.of(at, seen, workers).accuracy()));
      }
      return row;
    }

    /// The twin behind a layer that brings pictures to its own size.
    private Model stretched(Model twin, Shape shape) {
      if (shape.equals(twin.input().shape())) {
        return twin;
      }
      Layer bring = resize(twin.input().shape().dim(1), twin.input().shape().dim(2)).linear().named("bring");
      List<Layer> layers = new ArrayList<>(List.of(bring));
      layers.addAll(twin.layers());
      return Model.of(new Input(shape), layers.toArray(Layer[]::new)).withWeights(twin.weights());
    }
  }
}
