package juanji.zoo;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.crop;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.unscoped;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// U-Net, which tells a class for every pixel: down to small maps that see much, and up again by transposed
/// convolutions, where each level is joined with the maps of the same size on the way down.
///
/// x: N × channels × H × W, y: N × classes × H′ × W′, a score per class and pixel.
///
/// Source: Ronneberger, Fischer and Brox, *U-Net: convolutional networks for biomedical image segmentation*, 2015.
public final class UNet {
  private UNet() {
  }

  /// The published network, whose convolutions have no border: of 1 × 572 × 572 it tells the inner 388 × 388, with
  /// 31,030,658 weights for 2 classes. Sides of 16 · n + 12 are taken.
  public static Model published(Shape input, int classes) {
    return of(64, 4, false, input, classes);
  }

  /// The network with borders of zeros, which tells every pixel.
  ///
  /// @param width filters of the first level, of the paper 64; each level below has twice as many
  /// @param levels how often sides are halved, of the paper 4; they are multiples of 2^levels
  public static Model same(int width, int levels, Shape input, int classes) {
    return of(width, levels, true, input, classes);
  }

  private static Model of(int width, int levels, boolean same, Shape input, int classes) {
    Layer net = twice("bottom", width << levels, same);
    int cut = 4;
    for (int level = levels; level >= 1; level--) {
      int filters = width << level - 1;
      Layer copy = same ? identity() : crop(cut);
      Layer below = chain(maxPool(2), net, convTransposed(filters, 2).stride(2).named("up" + level));
      net = chain(twice("down" + level, filters, same), unscoped(concat(copy, below)),
          twice("join" + level, filters, same));
      cut = 2 * cut + 8;
    }
    return Model.of(new Input(input), net, conv(classes, 1).named("scores"));
  }

  /// Two convolutions of 3 × 3 with ReLU.
  private static Layer twice(String name, int filters, boolean same) {
    return Blocks.numbered(conv3x3(filters, same), relu(), conv3x3(filters, same), relu()).named(name);
  }

  private static Convolution conv3x3(int filters, boolean same) {
    return conv(filters, 3).padding(same ? 1 : 0).initializer(Initializer.heNormal());
  }
}
