package juanji.zoo.detect;

import static juanji.nn.Layers.dense;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import juanji.data.Dataset;
import juanji.data.Idx;
import juanji.nn.Model;
import juanji.nn.RegionPooling;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Optimizer;
import juanji.train.Steps;
import juanji.zoo.FastRcnn;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Detectors lower their losses on scenes of real digits.
@Tag("learning")
class DetectLearningTest {
  private static final int SIDE = 96;
  private static final Path MNIST = Path.of("../../shared/data/mnist");

  /// A digit somewhere, twice its size.
  private record Scene(float[] picture, Box box, int label) {
    static Scene of(Dataset digits, int i) {
      SplittableRandom random = new SplittableRandom(i);
      float[] digit = new float[784];
      digits.read(i, digit, 0);
      int left = random.nextInt(SIDE - 56);
      int top = random.nextInt(SIDE - 56);
      float[] picture = new float[3 * SIDE * SIDE];
      for (int y = 0; y < 56; y++) {
        for (int x = 0; x < 56; x++) {
          for (int c = 0; c < 3; c++) {
            picture[(c * SIDE + top + y) * SIDE + left + x] = digit[y / 2 * 28 + x / 2];
          }
        }
      }
      return new Scene(picture, new Box(left + 8, top + 8, left + 48, top + 48), digits.label(i));
    }
  }

  private static List<Scene> scenes() {
    assumeTrue(Files.isDirectory(MNIST), "no ../shared/data/mnist");
    Dataset digits = Idx.train(MNIST);
    return IntStream.range(0, 8).mapToObj(i -> Scene.of(digits, i)).toList();
  }

  private static Tensor pictures(List<Scene> scenes) {
    Tensor all = Tensor.zeros(Shape.of(scenes.size(), 3, SIDE, SIDE));
    for (int i = 0; i < scenes.size(); i++) {
      System.arraycopy(scenes.get(i).picture(), 0, all.data(), i * 3 * SIDE * SIDE, 3 * SIDE * SIDE);
    }
    return all;
  }

  private static double ratio(List<Double> losses) {
    int n = losses.size();
    return losses.subList(n - 4, n).stream().mapToDouble(d -> d).sum()
        / losses.subList(0, 4).stream().mapToDouble(d -> d).sum();
  }

  @Test void proposalsAreLearned() {
    List<Scene> scenes = scenes();
    Anchors anchors = new Anchors(List.of(24.0, 40.0), List.of(1.0), 16);
    Proposals proposals = new Proposals(anchors, 6, 6);
    Model net = FastRcnn.proposals(Shape.of(3, SIDE, SIDE), anchors.perPlace()).initialize(3);
    try (Workers workers = Workers.all()) {
      Steps steps = Steps.of(net, Optimizer.adam(1e-4), (b, y) -> Losses.proposals(b, y,
          b.input("targets", net.outputShape().batched())), 1, workers);
      List<Double> losses = new ArrayList<>();
      Tensor targets = Tensor.zeros(net.outputShape().prepend(2));
      for (int i = 0; i < 24; i++) {
        List<Scene> two = List.of(scenes.get(2 * i % 8), scenes.get((2 * i + 1) % 8));
        for (int k = 0; k < 2; k++) {
          System.arraycopy(proposals.targets(List.of(two.get(k).box()), 32, i).data(), 0, targets.data(),
              k * net.outputShape().length(), net.outputShape().length());
        }
        losses.add(steps.step(Map.of("x", pictures(two), "targets", targets)));
      }
      assertTrue(ratio(losses) < 0.6, "losses of the region proposal network: " + losses);
    }
  }

  @Test void regionsAreLearned() {
    List<Scene> scenes = scenes();
    Model net = FastRcnn.detector(Shape.of(3, SIDE, SIDE), 10).replace("fc6", dense(128)).replace("fc7", dense(128))
        .initialize(3);
    try (Workers workers = Workers.all()) {
      Steps steps = Steps.of(net, Optimizer.adam(1e-4), (b, y) -> Losses.regions(b, y,
          b.input("targets", Shape.of(5).batched())), 1, workers);
      List<Double> losses = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        List<Scene> two = List.of(scenes.get(2 * i % 8), scenes.get((2 * i + 1) % 8));
        List<Regions.Labelled> regions = new ArrayList<>();
        for (int k = 0; k < 2; k++) {
          Box b = two.get(k).box();
          regions.addAll(Regions.labelled(k, List.of(b, new Box(b.x1() - 4, b.y1() + 3, b.x2() - 6, b.y2()),
              new Box(0, 0, 30, 30), new Box(60, 60, 96, 96)), List.of(new Found(b, two.get(k).label(), 1))));
        }
        losses.add(steps.step(Map.of("x", pictures(two), RegionPooling.REGIONS, Regions.table(regions), "targets",
            Regions.targets(regions))));
      }
      assertTrue(ratio(losses) < 0.7, "losses of Fast R-CNN: " + losses);
    }
  }
}
