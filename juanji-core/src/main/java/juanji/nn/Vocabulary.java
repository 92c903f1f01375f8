package juanji.nn;

import java.util.Arrays;
import java.util.List;
import juanji.op.Padding;

/// The words of [Architecture] for the kinds of convolution and pooling and for the layers that move elements.
final class Vocabulary {
  /// The words that can stand at the start of a layer.
  static final List<String> WORDS = List.of("depthwise", "separable", "spatiallySeparable", "convTransposed",
      "locallyConnected", "tiledConv");

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
      case TiledConvolution layer when call.word().equals("tiles") -> layer.tiles(call.ints(1, 3));
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
