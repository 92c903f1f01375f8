package juanji.cli;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.netVlad;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import juanji.data.Preprocessing;
import juanji.image.PictureFile;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.VladClusters;
import juanji.plan.Workers;
import juanji.retrieve.Describer;
import juanji.retrieve.DescriptorIndex;
import juanji.retrieve.Ranking;
import juanji.retrieve.Whitening;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.Predictor;
import juanji.train.Schedule;
import juanji.train.Steps;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji study retrieval`: NetVLAD against the mean and the maximum over places, on the same trunk.
///
/// The trunk stays as it is, and its maps are computed once. Behind it comes a 1 × 1 convolution and one of the three
/// poolings, trained by triplets that are found within batches of a few views of several objects. Half of the objects
/// are trained on, the other half is measured. The same poolings on the trunk's own maps stand beside them; there,
/// NetVLAD starts from centres of the maps by k-means and is not trained.
@Command(name = "retrieval", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Compares NetVLAD with the mean and the maximum over all places, behind the convolutions of a",
        "trained network: how well views of one object find each other, as they come and trained by triplets on",
        "other objects.", ""})
final class RetrievalStudy implements Callable<Integer> {
  private static final int FEATURES = 128;
  private static final int OBJECTS = 12;
  private static final int VIEWS = 4;
  private static final int MOST_FEATURES = 20_000;
  private static final String VLAD = "netVlad1";

  @Parameters(index = "0", paramLabel = "DATA", description = "A folder of pictures.")
  private Path data;

  @Parameters(index = "1", paramLabel = "MODEL", description = "A model file that train wrote for colour pictures.")
  private Path file;

  @Option(names = "--group-of", paramLabel = "N", description = "Files with numbers in their names belong together "
      + "in this many: 0 to N-1, N to 2N-1, as in UKBench.")
  private Optional<Integer> groupOf = Optional.empty();

  @Option(names = "--label", paramLabel = "PATTERN", description = "A regular expression that finds a file's group in "
      + "its path. Default: its folder.")
  private Optional<String> label = Optional.empty();

  @Option(names = "--size", paramLabel = "HxW", description = "What pictures are brought to. Default: 64x96.")
  private String size = "64x96";

  @Option(names = "--layer", paramLabel = "PATH", description = "The layer whose maps are pooled. Default: the last "
      + "one with channels over places.")
  private Optional<String> layer = Optional.empty();

  @Option(names = "--clusters", paramLabel = "K", description = "Of NetVLAD. Default: 16.")
  private int clusters = 16;

  @Option(names = "--whiten", paramLabel = "N", description = "Keep N principal components of trained descriptors, "
      + "whitened; 0 keeps all of them as they are. Default: 64.")
  private int whiten = 64;

  @Option(names = "--epochs", paramLabel = "N", description = "How often each object is seen. Default: 40.")
  private int epochs = 40;

  @Option(names = "--seed", paramLabel = "N", description = "Default: 1.")
  private long seed = 1;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  RetrievalStudy() {
  }

  /// The pictures' maps, and what they belong to.
  ///
  /// @param values one array of channels × height × width per picture
  private record Maps(Shape shape, List<String> names, List<float[]> values, List<String> groups) {
    List<String> objects() {
      return groups.stream().distinct().toList();
    }

    Maps of(List<String> objects) {
      List<Integer> chosen = new ArrayList<>();
      for (int i = 0; i < groups.size(); i++) {
        if (objects.contains(groups.get(i))) {
          chosen.add(i);
        }
      }
      return new Maps(shape, chosen.stream().map(names::get).toList(), chosen.stream().map(values::get).toList(),
          chosen.stream().map(groups::get).toList());
    }

    Tensor batch(List<Integer> chosen) {
      Tensor batch = Tensor.zeros(shape.prepend(chosen.size()));
      for (int i = 0; i < chosen.size(); i++) {
        System.arraycopy(values.get(chosen.get(i)), 0, batch.data(), i * shape.length(), shape.length());
      }
      return batch;
    }
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    if (clusters < 1 || clusters > 1024 || epochs < 1 || epochs > 10_000 || whiten < 0) {
      throw CommandException.usage("this study cannot be made.", "--clusters is from 1 to 1,024, --epochs from 1 to "
          + "10,000, --whiten at least 0; received " + clusters + ", " + epochs + " and " + whiten + ".",
          "Leave them out for the defaults.");
    }
    Optional<Pattern> pattern = label.map(l -> new KindSettings(new TrainSettings(Map.of("label", Json.of(l)))).label()
        .orElseThrow());
    try (Workers workers = threads.open()) {
      Maps all = maps(pattern, screen, workers);
      List<String> objects = new ArrayList<>();
      var random = new SplittableRandom(seed);
      all.objects().forEach(o -> objects.add(random.nextInt(objects.size() + 1), o));
      if (objects.size() < 2 * OBJECTS || objects.size() == all.groups().size()) {
        throw CommandException.usage("these pictures cannot be studied.", "There are at least " + 2 * OBJECTS
            + " groups with several pictures; received " + objects.size() + " of " + all.groups().size()
            + " pictures.", "Say by --label or --group-of which belong together.");
      }
      Maps train = all.of(objects.subList(0, objects.size() / 2));
      Maps test = all.of(objects.subList(objects.size() / 2, objects.size()));
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("pooling", "training", "numbers", "recall@1", "recall@4", "mAP"));
      for (Pooling pooling : Pooling.values()) {
        screen.status(pooling.title + ", as it comes");
        Model plain = started(Model.of(new Input(all.shape()), pooling.layers(clusters)), pooling, train, workers);
        rows.add(row(pooling, "none", test, described(plain, test, workers)));
      }
      for (Pooling pooling : Pooling.values()) {
        Model head = trained(pooling, train, screen, workers);
        List<float[]> own = described(head, test, workers);
        rows.add(row(pooling, "triplets", test, own));
        if (whiten > 0) {
          Whitening whitening = Whitening.measure(described(head, train, workers), whiten);
          rows.add(row(pooling, "triplets, whitened", test, own.stream().map(whitening::apply).toList()));
        }
      }
      screen.clear();
      screen.result("trained on " + Numbers.count(train.groups().size()) + " pictures of " + objects.size() / 2
          + " objects, measured on " + Numbers.count(test.groups().size()) + " of "
          + (objects.size() - objects.size() / 2) + " others; maps of " + all.shape() + ", " + epochs
          + " epochs, seed " + seed);
      TextTables.of(rows, 2).forEach(screen::result);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    return 0;
  }

  private Maps maps(Optional<Pattern> pattern, Screen screen, Workers workers) {
    ModelFile known = ModelArgument.file(file);
    Preprocessing pre = known.preprocessing().orElseThrow(() -> CommandException.failure("the model '" + file
        + "' says nothing of pictures.", "Its file tells how pictures are read; received one without.",
        "Use a model that 'juanji train' wrote for pictures."));
    int[] sides = new TrainSettings(Map.of("size", Json.of(size))).size().orElseThrow();
    Preprocessing larger = new Preprocessing(pre.channels(), sides[0], sides[1], pre.mean(), pre.std(), pre.framing());
    String path = layer.orElseGet(() -> Describer.of(known.model(), workers).layer());
    Model trunk = known.model().upTo(path).withInput(Shape.of(pre.channels(), sides[0], sides[1]));
    if (trunk.outputShape().rank() != 3) {
      throw CommandException.usage("the layer '" + path + "' has no maps.", "Its output is channels × height × width; "
          + "received " + trunk.outputShape() + ".", "Name a convolution, or a layer behind one.");
    }
    List<Path> files = IndexCommand.files(data);
    long needed = 4L * trunk.outputShape().length() * files.size();
    if (needed > Runtime.getRuntime().maxMemory() / 2) {
      throw CommandException.usage("the maps of " + files.size() + " pictures do not fit in memory.", "They take "
          + (needed >> 20) + " MiB, and at most half of the memory may be used.", "Choose a smaller --size.");
    }
    Predictor predictor = Predictor.of(trunk, workers);
    Maps maps = new Maps(trunk.outputShape(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Path picture : files) {
      String name = data.relativize(picture).toString();
      maps.values.add(predictor.scores(PictureFile.read(picture, larger)).data().clone());
      maps.names.add(name);
      maps.groups.add(IndexCommand.group(name, pattern, groupOf));
      screen.status("seeing: " + Numbers.count(maps.names.size()) + " of " + Numbers.count(files.size()));
    }
    return maps;
  }

  /// How maps become a vector.
  private enum Pooling {
    AVERAGE("mean"), MAXIMUM("maximum"), NETVLAD("NetVLAD");

    private final String title;

    Pooling(String title) {
      this.title = title;
    }

    Layer[] layers(int clusters) {
      return switch (this) {
        case AVERAGE -> new Layer[] {globalAvgPool(), flatten(), l2Norm()};
        case MAXIMUM -> new Layer[] {globalMaxPool(), flatten(), l2Norm()};
        case NETVLAD -> new Layer[] {l2Norm(), netVlad(clusters).named(VLAD)};
      };
    }
  }

  /// NetVLAD from the centres of the features that it gets; the others as they are.
  private Model started(Model head, Pooling pooling, Maps train, Workers workers) {
    Model drawn = head.initialize(seed);
    if (pooling != Pooling.NETVLAD) {
      return drawn;
    }
    Predictor before = Predictor.of(drawn.upTo("l2Norm1"), workers);
    int places = train.shape.dim(1) * train.shape.dim(2);
    int step = Math.max(1, Math.ceilDiv(train.names.size() * places, MOST_FEATURES));
    List<Integer> some = new ArrayList<>();
    for (int i = 0; i < train.names.size(); i += step) {
      some.add(i);
    }
    Tensor features = VladClusters.features(before.scores(train.batch(some)));
    return drawn.withWeights(VladClusters.of(features, clusters, seed).into(drawn.weights(), VLAD));
  }

  private Model trained(Pooling pooling, Maps train, Screen screen, Workers workers) {
    List<Layer> layers = new ArrayList<>(List.of(conv(FEATURES, 1)));
    layers.addAll(List.of(pooling.layers(clusters)));
    Model start = started(Model.of(new Input(train.shape), layers.toArray(Layer[]::new)), pooling, train, workers);
    Steps steps = Steps.of(start, Optimizer.adam(0.001), (b, y) -> Loss.triplet().of(b, y,
        b.input("object", Shape.of(Shape.UNBOUND))), seed, workers);
    List<String> objects = train.objects();
    Map<String, List<Integer>> views = new LinkedHashMap<>();
    for (int i = 0; i < train.groups.size(); i++) {
      views.computeIfAbsent(train.groups.get(i), _ -> new ArrayList<>()).add(i);
    }
    for (int epoch = 0; epoch < epochs; epoch++) {
      screen.status(pooling.title + " by triplets: epoch " + (epoch + 1) + " of " + epochs);
      var random = new SplittableRandom(seed + epoch);
      List<String> order = new ArrayList<>();
      objects.forEach(o -> order.add(random.nextInt(order.size() + 1), o));
      steps.rateFactor(Schedule.cosine().factor(epoch, epochs, List.of()));
      for (int from = 0; from + OBJECTS <= order.size(); from += OBJECTS) {
        List<Integer> chosen = new ArrayList<>();
        List<Float> numbers = new ArrayList<>();
        for (int o = from; o < from + OBJECTS; o++) {
          for (int view : some(views.get(order.get(o)), random)) {
            chosen.add(view);
            numbers.add((float) o);
          }
        }
        Tensor classes = Tensor.zeros(Shape.of(numbers.size()));
        for (int i = 0; i < numbers.size(); i++) {
          classes.data()[i] = numbers.get(i);
        }
        steps.step(Map.of("x", train.batch(chosen), "object", classes));
      }
    }
    return steps.model();
  }

  /// All views of an object, or where there are more than a batch takes, some that are drawn anew each time.
  private static List<Integer> some(List<Integer> views, SplittableRandom random) {
    if (views.size() <= VIEWS) {
      return views;
    }
    List<Integer> drawn = new ArrayList<>();
    views.forEach(v -> drawn.add(random.nextInt(drawn.size() + 1), v));
    return drawn.subList(0, VIEWS);
  }

  private static List<float[]> described(Model head, Maps maps, Workers workers) {
    Predictor predictor = Predictor.of(head, workers);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < maps.values.size(); i++) {
      vectors.add(predictor.scores(maps.batch(List.of(i))).data().clone());
    }
    return vectors;
  }

  private static List<String> row(Pooling pooling, String training, Maps test, List<float[]> vectors) {
    Ranking ranking = Ranking.of(new DescriptorIndex(test.names, vectors, Optional.empty(), Map.of()), test.groups);
    return List.of(pooling.title, training, Numbers.count(vectors.getFirst().length),
        Numbers.percent(ranking.recall().get(0)), Numbers.percent(ranking.recall().get(VIEWS - 1)),
        Numbers.percent(ranking.meanAveragePrecision()));
  }
}
