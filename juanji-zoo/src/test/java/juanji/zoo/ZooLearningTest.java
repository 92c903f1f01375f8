package juanji.zoo;

import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.audio.SoundData;
import juanji.data.Dataset;
import juanji.data.Idx;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.data.Subset;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;
import juanji.nn.Model;
import juanji.op.Composite;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.text.TextData;
import juanji.text.TextPreparation;
import juanji.text.Tokens;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.Steps;
import juanji.train.Trained;
import juanji.train.Trainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every network, at a size that two cores can train, lowers its loss on real data.
@Tag("learning")
class ZooLearningTest {
  private static Path data(String name) {
    Path path = Samples.DATA.resolve(name);
    assumeTrue(Files.exists(path), "no ../shared/data/" + name);
    return path;
  }

  /// The mean loss of the last epoch over that of the first.
  private static double ratio(Model model, Dataset data, int epochs, Optimizer optimizer) {
    Trained trained = Trainer.of(model.initialize(3)).optimizer(optimizer).epochs(epochs).batch(16).seed(5).fit(data);
    return trained.history().getLast().loss() / trained.history().getFirst().loss();
  }

  private static void learns(String name, Model model, Dataset data, int epochs, Optimizer optimizer) {
    double ratio = ratio(model, data, epochs, optimizer);
    assertTrue(ratio < 0.7, name + ": the loss fell to " + ratio + " of that of the first epoch");
  }

  private static Dataset normalized(Dataset data) {
    return Normalized.of(data, Preprocessing.measure(data));
  }

  private static Dataset digits(int count) {
    return normalized(Subset.first(Idx.train(data("mnist")), count));
  }

  /// Every tenth picture of each class, scaled.
  private static Dataset cifar(int side, int count) {
    ImageFolder all = ImageFolder.open(data("cifar10").resolve("test.zip"), ImageSize.size(side, side));
    int step = all.size() / count;
    return normalized(Subset.of(all, IntStream.range(0, count).map(i -> i * step).toArray()));
  }

  @TestFactory Stream<DynamicTest> digitsAreLearned() {
    Dataset digits = digits(320);
    Optimizer sgd = Optimizer.sgd(0.02).momentum(0.9);
    return Stream.of(Map.entry("lenet5", LeNet5.modern(digits.shape(), 10)),
        Map.entry("lenet5-classic", LeNet5.classic(digits.shape(), 10)),
        Map.entry("deepface-small", DeepFace.small(true, digits.shape(), 10)),
        Map.entry("deepface-small-shared", DeepFace.small(false, digits.shape(), 10)))
        .map(e -> dynamicTest(e.getKey(), () -> learns(e.getKey(), e.getValue(), digits, 20, sgd)));
  }

  @TestFactory Stream<DynamicTest> smallPicturesAreLearned() {
    Dataset pictures = cifar(32, 160);
    Shape shape = pictures.shape();
    Optimizer adam = Optimizer.adam(0.001);
    return Stream.of("nin", "vgg-small", "small-cnn", "sppnet-small", "resnet20", "resnet18-small",
        "mobilenet-v1-small", "squeezenet-1.0", "squeezenet-1.1").map(name -> dynamicTest(name, () ->
        learns(name, Zoo.network(name).model(shape, 10), pictures, name.startsWith("s") || name.equals("nin") ? 30 : 12,
            adam)));
  }

  /// The convolutions of networks whose fully connected layers are too large for two cores, with one small layer.
  @TestFactory Stream<DynamicTest> trunksAreLearned() {
    Dataset pictures = cifar(64, 64);
    Shape shape = pictures.shape();
    Optimizer adam = Optimizer.adam(3e-4);
    List<DynamicTest> tests = new ArrayList<>();
    for (String name : List.of("alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "vgg11-bn", "vgg13-bn", "vgg16-bn",
        "vgg19-bn")) {
      tests.add(dynamicTest(name, () -> learns(name, Zoo.network(name).model(shape, 10).upTo("features")
          .then(globalAvgPool(), flatten(), dense(10)), pictures, 10, adam)));
    }
    return tests.stream();
  }

  @TestFactory Stream<DynamicTest> largePicturesAreLearned() {
    Dataset pictures = cifar(80, 64);
    Shape shape = pictures.shape();
    Optimizer adam = Optimizer.adam(0.001);
    List<String> names = List.of("googlenet", "googlenet-auxiliary", "googlenet-5x5", "inception-v3", "resnet18",
        "resnet34", "resnet50", "resnet101", "xception", "mobilenet-v1", "mobilenet-v2", "nin-imagenet");
    return names.stream().map(name -> dynamicTest(name, () ->
        learns(name, Zoo.network(name).model(shape, 10), pictures, 8, adam)));
  }

  @TestFactory Stream<DynamicTest> theOriginalsWithResponseNormalisationLearn() {
    Dataset pictures = cifar(80, 64);
    Shape shape = pictures.shape();
    return Stream.of(Map.entry("alexnet-two-groups", AlexNet.twoGroups(shape, 10).replace("dense1", dense(256))
        .replace("dense2", dense(256))), Map.entry("googlenet-published", GoogLeNet.published(shape, 10)),
        Map.entry("sppnet", SppNet.zf5(shape, 10).replace("dense1", dense(256)).replace("dense2", dense(256))))
        .map(e -> dynamicTest(e.getKey(), () -> learns(e.getKey(), e.getValue(), pictures,
            e.getKey().startsWith("google") ? 20 : 60, Optimizer.adam(3e-4))));
  }

  @Test void inceptionWithItsAuxiliaryHeadLearns() {
    Dataset pictures = cifar(299, 16);
    learns("inception-v3-auxiliary", Inception3.withAuxiliary(pictures.shape(), 10), pictures, 6,
        Optimizer.adam(0.001));
  }

  @Test void facesAreLearned() {
    Dataset all = normalized(ImageFolder.open(data("faces-orl"), ImageSize.size(39, 31)));
    Dataset some = Subset.of(all, IntStream.range(0, all.size()).filter(i -> all.label(i) < 10).toArray());
    Model deepId = DeepId.of(some.shape(), all.classes().size());
    learns("deepid", deepId, some, 40, Optimizer.adam(0.002));
  }

  private static List<String> sentences(String file) throws IOException {
    return Files.readAllLines(data("sentence-polarity").resolve(file), StandardCharsets.ISO_8859_1).subList(0, 160);
  }

  @TestFactory Stream<DynamicTest> sentencesAreLearned() throws IOException {
    List<String> texts = new ArrayList<>(sentences("rt-polarity.neg"));
    texts.addAll(sentences("rt-polarity.pos"));
    int[] labels = IntStream.range(0, texts.size()).map(i -> i / 160).toArray();
    TextPreparation how = TextPreparation.measure(texts, Tokens.WORDS, 4000, 48);
    Dataset data = TextData.of(texts, List.of("negative", "positive"), labels, texts).prepared(how);
    int words = data.shape().dim(0);
    int known = how.known() + 2;
    Shape page = Shape.of(70, 256);
    String alphabet = "abcdefghijklmnopqrstuvwxyz0123456789-,;.!?:'\"/\\|_@#$%^&*~`+=<>()[]{}";
    Samples letters = Samples.of(data, texts.size(), page, (_, i) -> {
      float[] ones = new float[page.length()];
      for (int c = 0; c < Math.min(256, texts.get(i).length()); c++) {
        int row = alphabet.indexOf(texts.get(i).charAt(c));
        if (row >= 0) {
          ones[row * 256 + c] = 1;
        }
      }
      return ones;
    });
    Optimizer adam = Optimizer.adam(0.002);
    return Stream.of(
        dynamicTest("rand", () -> learns("rand", TextCnn.rand(words, known, 32, 2), data, 12, adam)),
        dynamicTest("static", () -> learns("static", TextCnn.fixed(words, known, 32, 2), data, 12, adam)),
        dynamicTest("non-static", () -> learns("tuned", TextCnn.tuned(words, known, 32, 2), data, 12, adam)),
        dynamicTest("multichannel", () -> learns("multi", TextCnn.multichannel(words, known, 32, 2), data, 12, adam)),
        dynamicTest("charcnn", () -> learns("charcnn", CharCnn.of(32, 64, page, 2), letters, 40,
            Optimizer.adam(0.003))));
  }

  @Test void spokenDigitsAreLearned() {
    SoundData all = SoundData.open(data("spoken-digits").resolve("recordings"), Optional.empty(), Optional.empty(),
        List.of()).parts().values().iterator().next();
    int step = all.size() / 160;
    Dataset some = normalized(Subset.of(all, IntStream.range(0, 160).map(i -> i * step).toArray()));
    learns("speech-cnn", SpeechCnn.of(some.shape(), all.classes().size()), some, 12, Optimizer.adam(0.001));
  }

  /// Digits that move over eight frames, to the right if their number is even.
  private static Samples films(int side) {
    Dataset digits = Idx.train(data("mnist"));
    return Samples.of(digits, 32, Shape.of(1, 8, side, side), (values, i) -> {
      float[] film = new float[8 * side * side];
      for (int t = 0; t < 8; t++) {
        int shift = (digits.label(i) % 2 == 0 ? 1 : -1) * (t - 4);
        for (int y = 0; y < 28; y++) {
          for (int x = 0; x < 28; x++) {
            film[(t * side + y + 4) * side + Math.clamp(x + 8L + shift, 0, side - 1)] = values[y * 28 + x];
          }
        }
      }
      return film;
    });
  }

  @Test void filmsAreLearned() {
    Samples films = films(48);
    learns("c3d", C3d.of(0.125, Shape.of(1, 16, 48, 48), 10), Samples.of(films, 32, Shape.of(1, 16, 48, 48),
        (values, _) -> {
          float[] twice = new float[2 * values.length];
          for (int t = 0; t < 16; t++) {
            System.arraycopy(values, t / 2 * 48 * 48, twice, t * 48 * 48, 48 * 48);
          }
          return twice;
        }), 40, Optimizer.adam(0.001));
    learns("r2plus1d-18", R2Plus1d.r18(films.shape(), 10), films, 5, Optimizer.adam(0.001));
  }

  /// Six people, ten views of each, so that every batch has several of some.
  @TestFactory Stream<DynamicTest> placesAreLearned() {
    Dataset all = normalized(ImageFolder.open(data("faces-orl"), ImageSize.size(64, 64)));
    Dataset some = Subset.of(all, IntStream.range(0, all.size()).filter(i -> all.label(i) < 6).toArray());
    return Stream.of(Map.entry("alexnet", NetVlad.onAlexNet(some.shape(), 4)),
        Map.entry("vgg16", NetVlad.onVgg16(some.shape(), 4))).map(e -> dynamicTest(e.getKey(), () -> {
          Trained trained = Trainer.of(e.getValue().initialize(3)).loss(Loss.triplet())
              .optimizer(Optimizer.adam(3e-4)).epochs(16).batch(16).seed(5).fit(some);
          double ratio = trained.history().getLast().loss() / trained.history().getFirst().loss();
          assertTrue(ratio < 0.7, e.getKey() + ": " + ratio);
        }));
  }

  /// The mean of the last ten losses over that of the first ten.
  static double fall(double... losses) {
    return IntStream.range(losses.length - 10, losses.length).mapToDouble(i -> losses[i]).sum()
        / IntStream.range(0, 10).mapToDouble(i -> losses[i]).sum();
  }

  @Test void pixelsAreLearned() {
    Samples pictures = Samples.of(Idx.train(data("mnist")), 64, Shape.of(1, 32, 32), (values, _) ->
        Samples.centred(values, 28, 32));
    Model net = Zoo.network("unet-small").model(pictures.shape(), 1).initialize(3);
    SplittableRandom random = new SplittableRandom(4);
    try (Workers workers = Workers.all()) {
      Steps steps = Steps.of(net, Optimizer.adam(0.002), (b, y) -> b.apply(new Composite.MeanSquaredError(), y,
          b.input("ink", net.outputShape().batched())), 1, workers);
      double[] losses = new double[60];
      for (int i = 0; i < losses.length; i++) {
        Tensor ink = pictures.batch(8 * i, 8);
        Tensor noisy = ink.copy();
        for (int k = 0; k < noisy.data().length; k++) {
          noisy.data()[k] += (float) random.nextDouble(-0.8, 0.8);
        }
        losses[i] = steps.step(Map.of("x", noisy, "ink", ink));
      }
      assertTrue(fall(losses) < 0.4, "U-Net takes noise off digits: " + fall(losses));
    }
  }

  @Test void generatorsLearnToMakePictures() {
    Samples pictures = Samples.of(Idx.train(data("mnist")), 32, Shape.of(1, 32, 32), (values, _) ->
        Samples.centred(values, 28, 32));
    Model generator = Dcgan.generator(16, 16, 1, 32).initialize(3);
    SplittableRandom random = new SplittableRandom(4);
    Tensor codes = Tensor.zeros(Shape.of(32, 16, 1, 1));
    for (int i = 0; i < codes.data().length; i++) {
      codes.data()[i] = (float) random.nextGaussian();
    }
    try (Workers workers = Workers.all()) {
      Steps steps = Steps.of(generator, Optimizer.adam(0.005), (b, y) -> b.apply(new Composite.MeanSquaredError(), y,
          b.input("wanted", generator.outputShape().batched())), 1, workers);
      double[] losses = new double[80];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = steps.step(Map.of("x", codes, "wanted", pictures.batch(0, 32)));
      }
      assertTrue(fall(losses) < 0.3, "a code per digit: " + fall(losses));
    }
  }

  @Test void discriminatorsTellDigitsFromNoise() {
    Samples pictures = Samples.of(Idx.train(data("mnist")), 64, Shape.of(1, 32, 32), (values, i) -> i % 2 == 0
        ? Samples.centred(values, 28, 32) : Samples.centred(shuffled(values, i), 28, 32));
    Samples told = new Samples(pictures.shape(), List.of("digit", "noise"), pictures.values(),
        IntStream.range(0, 64).mapToObj(i -> i % 2).toList());
    Model net = Dcgan.discriminator(8, 1, 32).then(relu(), dropout(0.1), dense(2));
    learns("dcgan-discriminator", net, told, 12, Optimizer.adam(0.002));
  }

  private static float[] shuffled(float[] values, int seed) {
    float[] mixed = values.clone();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = mixed.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      float kept = mixed[i];
      mixed[i] = mixed[j];
      mixed[j] = kept;
    }
    return mixed;
  }
}
