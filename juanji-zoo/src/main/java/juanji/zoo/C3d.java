package juanji.zoo;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// C3D, VGG's idea for films: eight convolutions of 3 × 3 × 3 over time, height and width.
///
/// Source: Tran et al., *Learning spatiotemporal features with 3D convolutional networks*, 2015.
public final class C3d {
  private C3d() {
  }

  /// The network: 79,991,015 weights on 3 × 16 × 112 × 112 (channels, frames, height, width) and 487 classes.
  public static Model of(Shape input, int classes) {
    return of(1, input, classes);
  }

  /// The network with all channels and units multiplied.
  ///
  /// @param width what they are multiplied by
  public static Model of(double width, Shape input, int classes) {
    int units = scaled(4096, width);
    return Model.of(new Input(input),
        conv3(64, width).named("conv1"), relu(), maxPool(1, 2, 2),
        conv3(128, width).named("conv2"), relu(), maxPool(2),
        conv3(256, width).named("conv3a"), relu(), conv3(256, width).named("conv3b"), relu(), maxPool(2),
        conv3(512, width).named("conv4a"), relu(), conv3(512, width).named("conv4b"), relu(), maxPool(2),
        conv3(512, width).named("conv5a"), relu(), conv3(512, width).named("conv5b"), relu(),
        maxPool(2).padding(0, 1, 1), flatten(),
        dense(units).named("fc6"), relu(), dropout(0.5), dense(units).named("fc7"), relu(), dropout(0.5),
        dense(classes).named("fc8"));
  }

  private static Convolution conv3(int filters, double width) {
    return conv(scaled(filters, width), 3).padding(1).initializer(Initializer.heNormal());
  }

  private static int scaled(int channels, double width) {
    return Math.max(1, (int) Math.round(channels * width));
  }
}
