package juanji.bench.peers;

import static juanji.nn.Layers.*;

import java.util.ArrayList;
import java.util.List;
import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Layer;
import juanji.nn.Linear;
import juanji.nn.Model;

/// The networks of the benchmark, with weights drawn as He et al. do. Convolutions before batch-norm have no bias.
final class Networks {
  private static final int[][] MOBILE = {{64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1},
      {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};
  /// Filters of an Inception module: 1×1, before and of 3×3, before and of 5×5, behind the pooling.
  private static final int[][] INCEPTION = {{64, 96, 128, 16, 32, 32}, {128, 128, 192, 32, 96, 64}, {},
      {192, 96, 208, 16, 48, 64}, {160, 112, 224, 24, 64, 64}, {128, 128, 256, 24, 64, 64},
      {112, 144, 288, 32, 64, 64}, {256, 160, 320, 32, 128, 128}, {}, {256, 160, 320, 32, 128, 128},
      {384, 192, 384, 48, 128, 128}};

  private Networks() {
  }

  private static Model model(int[] input, List<Layer> layers) {
    return Model.of(input(input), layers.toArray(Layer[]::new)).initialize(1);
  }

  private static Convolution he(int filters, int kernel, int stride) {
    return conv(filters, kernel).stride(stride).padding(kernel / 2).initializer(Initializer.heNormal());
  }

  private static Linear fully(int units) {
    return dense(units).initializer(Initializer.heNormal());
  }

  private static Layer normed(int filters, int kernel, int stride) {
    return chain(he(filters, kernel, stride).noBias(), batchNorm());
  }

  private static Layer rectified(int filters, int kernel, int stride) {
    return chain(normed(filters, kernel, stride), relu());
  }

  static Model lenet5() {
    return model(new int[] {1, 28, 28}, List.of(he(6, 5, 1), relu(), maxPool(2), he(16, 5, 1).padding(0), relu(),
        maxPool(2), flatten(), fully(120), relu(), fully(84), relu(), fully(10)));
  }

  static Model vggSmall() {
    List<Layer> layers = new ArrayList<>();
    for (int filters : new int[] {64, 128, 256}) {
      layers.addAll(List.of(rectified(filters, 3, 1), rectified(filters, 3, 1), maxPool(2)));
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), fully(10)));
    return model(new int[] {3, 32, 32}, layers);
  }

  static Model resnet18() {
    List<Layer> layers = new ArrayList<>(List.of(rectified(64, 3, 1)));
    int channels = 64;
    for (int filters : new int[] {64, 128, 256, 512}) {
      for (int block = 0; block < 2; block++) {
        int stride = block == 0 && filters > 64 ? 2 : 1;
        Layer body = chain(rectified(filters, 3, stride), normed(filters, 3, 1));
        layers.add(channels == filters && stride == 1 ? residual(body) : residual(body, normed(filters, 1, stride)));
        layers.add(relu());
        channels = filters;
      }
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), fully(10)));
    return model(new int[] {3, 32, 32}, layers);
  }

  static Model mobileNet(int size, int firstStride, int classes) {
    List<Layer> layers = new ArrayList<>(List.of(rectified(32, 3, firstStride)));
    for (int[] block : MOBILE) {
      layers.addAll(List.of(depthwise(3).stride(block[1]).padding(1).initializer(Initializer.heNormal()).noBias(),
          batchNorm(), relu(), rectified(block[0], 1, 1)));
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), fully(classes)));
    return model(new int[] {3, size, size}, layers);
  }

  static Model textCnn(double dropping) {
    List<Layer> branches = new ArrayList<>();
    for (int kernel : new int[] {3, 4, 5}) {
      branches.add(chain(he(100, kernel, 1).padding(0), relu(), globalMaxPool()));
    }
    return model(new int[] {64}, List.of(embedding(20_000, 128), concat(branches.toArray(Layer[]::new)), flatten(),
        dropout(dropping), fully(2)));
  }

  static Model vgg16() {
    List<Layer> layers = new ArrayList<>();
    for (int[] stage : new int[][] {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}}) {
      for (int i = 0; i < stage[1]; i++) {
        layers.addAll(List.of(he(stage[0], 3, 1), relu()));
      }
      layers.add(maxPool(2));
    }
    layers.addAll(List.of(flatten(), fully(4096), relu(), fully(4096), relu(), fully(1000)));
    return model(new int[] {3, 224, 224}, layers);
  }

  static Model resnet50() {
    List<Layer> layers = new ArrayList<>(List.of(rectified(64, 7, 2), maxPool(3).stride(2).padding(1)));
    int width = 64;
    for (int blocks : new int[] {3, 4, 6, 3}) {
      for (int i = 0; i < blocks; i++) {
        int stride = i == 0 && width > 64 ? 2 : 1;
        Layer body = chain(rectified(width, 1, 1), rectified(width, 3, stride), normed(4 * width, 1, 1));
        layers.add(i == 0 ? residual(body, normed(4 * width, 1, stride)) : residual(body));
        layers.add(relu());
      }
      width *= 2;
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), fully(1000)));
    return model(new int[] {3, 224, 224}, layers);
  }

  static Model googLeNet() {
    List<Layer> layers = new ArrayList<>(List.of(rectified(64, 7, 2), maxPool(3).stride(2).padding(1),
        rectified(64, 1, 1), rectified(192, 3, 1), maxPool(3).stride(2).padding(1)));
    for (int[] f : INCEPTION) {
      layers.add(f.length == 0 ? maxPool(3).stride(2).padding(1) : concat(rectified(f[0], 1, 1),
          chain(rectified(f[1], 1, 1), rectified(f[2], 3, 1)), chain(rectified(f[3], 1, 1), rectified(f[4], 5, 1)),
          chain(maxPool(3).stride(1).padding(1), rectified(f[5], 1, 1))));
    }
    layers.addAll(List.of(globalAvgPool(), flatten(), fully(1000)));
    return model(new int[] {3, 224, 224}, layers);
  }
}
