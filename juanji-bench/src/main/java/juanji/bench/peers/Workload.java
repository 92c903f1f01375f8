package juanji.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import juanji.nn.Model;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A network, what is done with it, and by how much Juanji is to be faster than the best peer.
///
/// @param id its name, such as `T1` or `I1/8`
/// @param title the network in words
/// @param training whether a training step is measured; else inference
/// @param batch samples per run
/// @param model the network
/// @param checked the network for the check, without anything random
/// @param goal the ratio to the peer
record Workload(String id, String title, boolean training, int batch, Supplier<Model> model, Supplier<Model> checked,
    double goal) {
  private static final long SEED = 7;
  private static final int TOKENS = 20_000;

  /// All of them.
  static final List<Workload> ALL = List.of(
      training("T1", "LeNet-5", 64, Networks::lenet5, 1.5),
      training("T2", "VGG-small 32×32", 64, Networks::vggSmall, 2.0),
      training("T3", "ResNet-18 32×32", 32, Networks::resnet18, 2.0),
      training("T4", "MobileNet-v1 32×32", 32, () -> Networks.mobileNet(32, 1, 10), 1.3),
      new Workload("T5", "TextCNN", true, 50, () -> Networks.textCnn(0.5), () -> Networks.textCnn(0), 1.5),
      inference("I1/1", "VGG-16", 1, Networks::vgg16, 2.5),
      inference("I1/8", "VGG-16", 8, Networks::vgg16, 2.5),
      inference("I2/1", "ResNet-50", 1, Networks::resnet50, 1.3),
      inference("I2/8", "ResNet-50", 8, Networks::resnet50, 1.3),
      inference("I3/1", "MobileNet-v1", 1, () -> Networks.mobileNet(224, 2, 1000), 1.1),
      inference("I3/8", "MobileNet-v1", 8, () -> Networks.mobileNet(224, 2, 1000), 1.1),
      inference("I4/1", "GoogLeNet", 1, Networks::googLeNet, 1.5),
      inference("I4/8", "GoogLeNet", 8, Networks::googLeNet, 1.5),
      inference("I5/1", "LeNet-5", 1, Networks::lenet5, 1.2),
      inference("I5/256", "LeNet-5", 256, Networks::lenet5, 1.2));

  private static Workload training(String id, String title, int batch, Supplier<Model> model, double goal) {
    return new Workload(id, title, true, batch, model, model, goal);
  }

  private static Workload inference(String id, String title, int batch, Supplier<Model> model, double goal) {
    return new Workload(id, title, false, batch, model, model, goal);
  }

  /// The workloads of a name: `I1` means every batch of it.
  ///
  /// @throws IllegalArgumentException if there is none
  static List<Workload> named(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    List<Workload> found = ALL.stream().filter(w -> w.id.equals(wanted) || w.id.startsWith(wanted + "/")).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException("there is no workload '" + name + "'.\n"
          + "  C1: the workloads are " + String.join(", ", ALL.stream().map(Workload::id).toList()) + ".\n"
          + "  Name some of them, or none for all; I1 stands for I1/1 and I1/8.");
    }
    return found;
  }

  /// A batch of inputs: standard normal numbers, or token ids.
  Tensor input(Model network) {
    Shape shape = network.input().shape().prepend(batch);
    Random random = new Random(SEED);
    float[] values = new float[shape.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = shape.rank() == 2 ? random.nextInt(TOKENS) : (float) random.nextGaussian();
    }
    return Tensor.of(shape, values);
  }

  /// The class of each sample.
  Tensor classes(Model network) {
    Random random = new Random(SEED + 1);
    float[] values = new float[batch];
    for (int i = 0; i < batch; i++) {
      values[i] = random.nextInt(network.outputShape().dim(0));
    }
    return Tensor.of(Shape.of(batch), values);
  }

  @Override public String toString() {
    return title + (training ? ", training step" : ", inference") + ", batch " + batch;
  }
}
