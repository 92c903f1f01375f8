package juanji.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import juanji.nn.Model;
import juanji.tensor.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The networks have the numbers of weights that are published.
class SizeTest {
  private static final Shape IMAGENET = Shape.of(3, 224, 224);
  private static final Shape CIFAR = Shape.of(3, 32, 32);
  private static final Shape MNIST = Shape.of(1, 28, 28);

  static Stream<Arguments> sizes() {
    return Stream.of(
        Arguments.of("LeNet-5", LeNet5.modern(MNIST, 10), 61_706L),
        Arguments.of("LeNet-5 classic", LeNet5.classic(MNIST, 10), 61_706L),
        Arguments.of("VGG-11", Vgg.vgg11(IMAGENET, 1000), 132_863_336L),
        Arguments.of("VGG-13", Vgg.vgg13(IMAGENET, 1000), 133_047_848L),
        Arguments.of("VGG-16", Vgg.vgg16(IMAGENET, 1000), 138_357_544L),
        Arguments.of("VGG-19", Vgg.vgg19(IMAGENET, 1000), 143_667_240L),
        Arguments.of("VGG-11 BN", Vgg.vgg11BatchNorm(IMAGENET, 1000), 132_868_840L),
        Arguments.of("VGG-13 BN", Vgg.vgg13BatchNorm(IMAGENET, 1000), 133_053_736L),
        Arguments.of("VGG-16 BN", Vgg.vgg16BatchNorm(IMAGENET, 1000), 138_365_992L),
        Arguments.of("VGG-19 BN", Vgg.vgg19BatchNorm(IMAGENET, 1000), 143_678_248L),
        Arguments.of("VGG small", Vgg.small(CIFAR, 10), 1_148_874L),
        Arguments.of("ResNet-18", ResNet.resNet18(IMAGENET, 1000), 11_689_512L),
        Arguments.of("ResNet-34", ResNet.resNet34(IMAGENET, 1000), 21_797_672L),
        Arguments.of("ResNet-50", ResNet.resNet50(IMAGENET, 1000), 25_557_032L),
        Arguments.of("ResNet-101", ResNet.resNet101(IMAGENET, 1000), 44_549_160L),
        Arguments.of("ResNet-18 small", ResNet.resNet18Small(CIFAR, 10), 11_173_962L),
        Arguments.of("ResNet-20", ResNet.small(20, CIFAR, 10), 269_722L),
        Arguments.of("MobileNet-v1", MobileNet.v1(IMAGENET, 1000), 4_231_976L),
        Arguments.of("MobileNet-v1 small", MobileNet.v1Small(CIFAR, 10), 3_217_226L),
        Arguments.of("GoogLeNet BN 5x5", GoogLeNet.batchNorm5x5(IMAGENET, 1000), 7_005_832L),
        Arguments.of("TextCNN", TextCnn.rand(64, 20_000, 128, 2), 2_714_502L),
        Arguments.of("MobileNet-v2", MobileNet.v2(IMAGENET, 1000), 3_504_872L));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("sizes")
  void weightsAreAsPublished(String name, Model model, long weights) {
    assertEquals(weights, model.weightCount(), name);
  }
}
