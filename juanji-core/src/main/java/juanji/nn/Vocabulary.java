package juanji.nn;

import java.util.Arrays;
import java.util.List;
import juanji.op.Padding;

/// The words of [Architecture] for the kinds of convolution and pooling and for the layers that move elements.
final class Vocabulary {
  /// The words that can stand at the start of a layer.
  static final List<String> WORDS = List.of("depthwise", "separable", "spatiallySeparable", "convTransposed",
      "locallyConnected", "tiledConv", "lpPool", "stochasticPool", "globalSumPool", "globalLpPool",
      "globalStochasticPool", "adaptiveAvgPool", "adaptiveMaxPool", "spatialPyramid", "roiPool", "roiAlign", "unpool",
      "vlad", "netVlad", "ghostVlad", "actionVlad", "reshape", "permute", "slice", "pad", "split", "multiply", "resize",
      "upsample", "crop", "padChannels", "pixelShuffle", "pixelUnshuffle", "channelShuffle", "embedding");

  private Vocabulary() {
  }

  /// What a word with its arguments stands for, or null if it is not one of these.
  static Object value(Architecture.Call call) {
    return switch (call.word()) {
      case "depthwise" -> Layers.depthwise(call.ints(1, 3));
      case "separable" -> Layers.separable(first(call), others(call));
      case "spatiallySeparable" -> Layers.spatiallySeparable(first(call), others(call));
      case "convTransposed" -> Layers.convTransposed(first(call), others(call));
      case "locallyConnected" -> Layers.locallyConnected(first(call), others(call));
      case "tiledConv" -> Layers.tiledConv(first(call), others(call));
      default -> {
        Object pooling = pooling(call);
        yield pooling == null ? rearrangement(call) : pooling;
      }
    };
  }

  private static Object pooling(Architecture.Call call) {
    return switch (call.word()) {
      case "lpPool" -> {
        List<Object> all = call.arguments();
        if (all.size() < 2 || !(all.getFirst() instanceof Number exponent)) {
          throw call.wrong("an exponent and 1 to 3 whole numbers");
        }
        yield Layers.lpPool(exponent.doubleValue(),
            new Architecture.Call(call.word(), all.subList(1, all.size())).ints(1, 3));
      }
      case "stochasticPool" -> Layers.stochasticPool(call.ints(1, 3));
      case "globalSumPool" -> call.nothing(Layers.globalSumPool());
      case "globalLpPool" -> Layers.globalLpPool(call.number());
      case "globalStochasticPool" -> call.nothing(Layers.globalStochasticPool());
      case "adaptiveAvgPool" -> Layers.adaptiveAvgPool(call.ints(1, 3));
      case "adaptiveMaxPool" -> Layers.adaptiveMaxPool(call.ints(1, 3));
      case "spatialPyramid" -> Layers.spatialPyramid(call.ints(1, 16));
      case "roiPool" -> {
        int[] numbers = call.ints(2, 2);
        yield Layers.roiPool(numbers[0], numbers[1]);
      }
      case "roiAlign" -> {
        int[] numbers = call.ints(2, 2);
        yield Layers.roiAlign(numbers[0], numbers[1]);
      }
      case "unpool" -> {
        Layer[] parts = call.layers(2, 2);
        if (!(parts[0] instanceof Pooling pool)) {
          throw call.wrong("a pooling and a layer");
        }
        yield Layers.unpool(pool, parts[1]);
      }
      case "vlad" -> Layers.vlad(call.whole());
      case "netVlad" -> Layers.netVlad(call.whole());
      case "ghostVlad" -> {
        int[] numbers = call.ints(2, 2);
        yield Layers.ghostVlad(numbers[0], numbers[1]);
      }
      case "actionVlad" -> Layers.actionVlad(call.whole());
      default -> null;
    };
  }

  private static Object rearrangement(Architecture.Call call) {
    return switch (call.word()) {
      case "reshape" -> Layers.reshape(call.ints(1, 8));
      case "permute" -> Layers.permute(call.ints(1, 8));
      case "slice" -> {
        int[] numbers = call.ints(3, 3);
        yield Layers.slice(numbers[0], numbers[1], numbers[2]);
      }
      case "pad" -> {
        int[] numbers = call.ints(1, 2);
        yield Layers.pad(numbers[0], numbers[numbers.length - 1]);
      }
      case "split" -> Layers.split(call.layers(1, Integer.MAX_VALUE));
      case "multiply" -> {
        Layer[] parts = call.layers(2, 2);
        yield Layers.multiply(parts[0], parts[1]);
      }
      case "resize" -> Layers.resize(call.ints(1, 3));
      case "upsample" -> Layers.upsample(call.ints(1, 3));
      case "crop" -> Layers.crop(call.whole());
      case "padChannels" -> Layers.padChannels(call.whole());
      case "pixelShuffle" -> Layers.pixelShuffle(call.whole());
      case "pixelUnshuffle" -> Layers.pixelUnshuffle(call.whole());
      case "channelShuffle" -> Layers.channelShuffle(call.whole());
      case "embedding" -> {
        int[] numbers = call.ints(2, 2);
        yield Layers.embedding(numbers[0], numbers[1]);
      }
      default -> null;
    };
  }

  private static int first(Architecture.Call call) {
    return call.ints(2, 4)[0];
  }

  private static int[] others(Architecture.Call call) {
    int[] numbers = call.ints(2, 4);
    return Arrays.copyOfRange(numbers, 1, numbers.length);
  }

  /// What a wither makes of a layer, or null if the layer does not have it.
  static Object changed(Object target, Architecture.Call call) {
    Object own = switch (target) {
      case DepthwiseConvolution layer when call.word().equals("multiplier") -> layer.multiplier(call.whole());
      case SeparableConvolution layer -> switch (call.word()) {
        case "multiplier" -> layer.multiplier(call.whole());
        case "pointwiseFirst" -> call.nothing(layer.pointwiseFirst());
        default -> null;
      };
      case TransposedConvolution layer -> switch (call.word()) {
        case "outputPadding" -> layer.outputPadding(call.ints(1, 3));
        case "groups" -> layer.groups(call.whole());
        default -> null;
      };
      case RegionPooling layer -> switch (call.word()) {
        case "scale" -> layer.scale(call.number());
        case "samples" -> layer.samples(call.whole());
        case "aligned" -> call.nothing(layer.aligned());
        default -> null;
      };
      case Rearrangement.Bordering layer -> switch (call.word()) {
        case "reflect" -> call.nothing(layer.reflect());
        case "replicate" -> call.nothing(layer.replicate());
        case "circular" -> call.nothing(layer.circular());
        default -> null;
      };
      case Resizing layer -> switch (call.word()) {
        case "byNearest" -> call.nothing(layer.byNearest());
        case "linear" -> call.nothing(layer.linear());
        case "alignCorners" -> call.nothing(layer.alignCorners());
        default -> null;
      };
      case TiledConvolution layer -> switch (call.word()) {
        case "tiles" -> layer.tiles(call.ints(1, 3));
        case "regions" -> layer.regions(call.ints(1, 3));
        default -> null;
      };
      default -> null;
    };
    if (own == null && target instanceof BorderedLayer<?> layer) {
      own = switch (call.word()) {
        case "reflect" -> call.nothing(layer.reflect());
        case "replicate" -> call.nothing(layer.replicate());
        case "circular" -> call.nothing(layer.circular());
        default -> null;
      };
    }
    return own == null && target instanceof WindowLayer<?> layer ? window(layer, call) : own;
  }

  private static Object window(WindowLayer<?> layer, Architecture.Call call) {
    return switch (call.word()) {
      case "stride" -> layer.stride(call.ints(1, 3));
      case "dilation" -> layer.dilation(call.ints(1, 3));
      case "padding" -> !call.arguments().isEmpty() && call.arguments().getFirst() instanceof Padding
          ? layer.padding(Architecture.sides(call)) : layer.padding(call.ints(1, 3));
      case "same" -> call.nothing(layer.same());
      case "sameLower" -> call.nothing(layer.sameLower());
      case "full" -> call.nothing(layer.full());
      case "causal" -> call.nothing(layer.causal());
      case "noBias" -> call.nothing(layer.noBias());
      case "initializer" -> layer.initializer(call.initializer());
      default -> null;
    };
  }
}
