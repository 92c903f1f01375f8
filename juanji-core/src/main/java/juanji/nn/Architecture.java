package juanji.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.op.Padding;

/// Reads layers and models from the text that they give back, which is also how model files and the command line
/// describe networks.
///
/// ```
/// value  = number | "string" | word(value, …) wither…
/// wither = .word(value, …)
/// ```
///
/// The words are those of [Layers] and [Initializer], the withers those of the layers; nothing else can be called, so
/// that a text from a stranger is only a description. Limits: 1,048,576 characters, 64 levels, 10,000 layers.
///
/// ```java
/// Layer layer = Architecture.parse("chain(conv(6, 5).same(), relu(), maxPool(2))");
/// Model model = Architecture.model("Model.of(input(1, 28, 28), flatten(), dense(10))");
/// ```
public final class Architecture {
  /// The words of [Layers] and [Initializer].
  public static final Architecture STANDARD = new Architecture(Map.of());

  private final Map<String, Maker> makers;

  private Architecture(Map<String, Maker> makers) {
    this.makers = Map.copyOf(makers);
  }

  /// Makes a layer of your own from the arguments of its word.
  public interface Maker {
    /// The layer.
    ///
    /// @param arguments numbers as [Integer] or [Double], strings, layers and initialisers
    /// @throws IllegalArgumentException if it cannot be made of these
    Layer make(List<Object> arguments);
  }

  /// This vocabulary and one more word, for a layer of your own.
  public Architecture with(String word, Maker maker) {
    Map<String, Maker> more = new LinkedHashMap<>(makers);
    more.put(word, maker);
    return new Architecture(more);
  }

  /// The layer that a text in the standard words describes.
  ///
  /// @throws ArchitectureException if it describes none
  public static Layer parse(String text) {
    return STANDARD.readLayer(text);
  }

  /// The model that a text in the standard words describes, with the weights of seed 0.
  ///
  /// @throws ArchitectureException if it describes none
  /// @throws juanji.op.ShapeException if a layer cannot take the output of the one before
  public static Model model(String text) {
    return STANDARD.readModel(text);
  }

  /// The layer that a text describes.
  ///
  /// @throws ArchitectureException if it describes none
  public Layer readLayer(String text) {
    ArchitectureReader reader = new ArchitectureReader(text, this);
    return reader.all() instanceof Layer layer ? layer : reader.refuse("a layer", "conv(6, 5).same()");
  }

  /// The model that a text describes, with the weights of seed 0.
  ///
  /// @throws ArchitectureException if it describes none
  /// @throws juanji.op.ShapeException if a layer cannot take the output of the one before
  public Model readModel(String text) {
    ArchitectureReader reader = new ArchitectureReader(text, this);
    return reader.all() instanceof Outline outline ? Model.of(outline.input(), outline.layers())
        : reader.refuse("a model", "Model.of(input(1, 28, 28), flatten(), dense(10))");
  }

  /// A model that was read but not checked yet.
  record Outline(Input input, Layer... layers) {
  }

  /// A word with its arguments.
  ///
  /// @param word the word
  /// @param arguments what stands between its parentheses
  record Call(String word, List<Object> arguments) {
    IllegalArgumentException wrong(String expected) {
      return new IllegalArgumentException(word + " cannot take these arguments.\n"
          + "  C3: " + word + " takes " + expected + "; received "
          + Source.brief(arguments.isEmpty() ? "nothing" : Source.call("", arguments)) + ".\n"
          + "  Give it " + expected + ".");
    }

    Object refuse(String expected) {
      throw wrong(expected);
    }

    <T> List<T> all(Class<T> type, int least, int most, String expected) {
      if (arguments.size() < least || arguments.size() > most || !arguments.stream().allMatch(type::isInstance)) {
        throw wrong(expected);
      }
      return arguments.stream().map(type::cast).toList();
    }

    int[] ints(int least, int most) {
      String count = least == most ? least == 1 ? "one whole number" : least + " whole numbers"
          : least + " to " + most + " whole numbers";
      return all(Integer.class, least, most, count).stream().mapToInt(Integer::intValue).toArray();
    }

    int whole() {
      return ints(1, 1)[0];
    }

    double number() {
      return all(Number.class, 1, 1, "one number").getFirst().doubleValue();
    }

    Layer[] layers(int least, int most) {
      String count = most == 1 ? "one layer" : least == 0 ? "layers" : "at least one layer";
      return all(Layer.class, least, most, count).toArray(Layer[]::new);
    }

    <T> T nothing(T result) {
      all(Object.class, 0, 0, "no arguments");
      return result;
    }

    Initializer initializer() {
      return all(Initializer.class, 1, 1, "an initialiser such as heNormal()").getFirst();
    }
  }

  /// What a word with its arguments stands for, if it is known.
  Optional<Object> value(Call call) {
    Maker maker = makers.get(call.word());
    return maker != null ? Optional.of(maker.make(call.arguments())) : Optional.ofNullable(switch (call.word()) {
      case "Model.of" -> outline(call);
      case "input" -> Layers.input(call.ints(1, 4));
      case "conv" -> {
        int[] numbers = call.ints(2, 4);
        int[] kernel = Arrays.copyOfRange(numbers, 1, numbers.length);
        yield new Convolution(numbers[0], Sliding.of(kernel), 1, true, Optional.empty());
      }
      case "maxPool" -> Layers.maxPool(call.ints(1, 3));
      case "avgPool" -> Layers.avgPool(call.ints(1, 3));
      case "sumPool" -> Layers.sumPool(call.ints(1, 3));
      case "globalAvgPool" -> call.nothing(Layers.globalAvgPool());
      case "globalMaxPool" -> call.nothing(Layers.globalMaxPool());
      case "flatten" -> call.nothing(Layers.flatten());
      case "dense" -> Layers.dense(call.whole());
      case "dropout" -> Layers.dropout(call.number());
      case "channelDropout" -> Layers.channelDropout(call.number());
      case "stochasticDepth" -> Layers.stochasticDepth(call.number());
      case "dropBlock" -> {
        List<Number> numbers = call.all(Number.class, 2, 2, "a probability and the extent of a block");
        yield numbers.get(1) instanceof Integer block ? Layers.dropBlock(numbers.get(0).doubleValue(), block)
            : call.refuse("a probability and a whole number");
      }
      case "prelu" -> call.arguments().isEmpty() ? Layers.prelu() : Layers.prelu(call.number());
      case "batchNorm" -> call.nothing(Layers.batchNorm());
      case "layerNorm" -> call.nothing(Layers.layerNorm());
      case "groupNorm" -> Layers.groupNorm(call.whole());
      case "instanceNorm" -> call.nothing(Layers.instanceNorm());
      case "localResponseNorm" -> Layers.localResponseNorm(call.whole());
      case "l2Norm" -> call.nothing(Layers.l2Norm());
      case "chain" -> Layers.chain(call.layers(0, Integer.MAX_VALUE));
      case "concat" -> Layers.concat(call.layers(1, Integer.MAX_VALUE));
      case "residual" -> {
        Layer[] parts = call.layers(1, 2);
        yield parts.length == 1 ? Layers.residual(parts[0]) : Layers.residual(parts[0], parts[1]);
      }
      case "frozen" -> Layers.frozen(call.layers(1, 1)[0]);
      case "unscoped" -> Layers.unscoped(call.layers(1, 1)[0]);
      case "auxiliary" -> {
        List<Object> all = call.arguments();
        yield all.size() == 2 && all.get(0) instanceof Layer head && all.get(1) instanceof Number weight
            ? Layers.auxiliary(head, weight.doubleValue()) : call.refuse("a layer and a number");
      }
      case "identity" -> call.nothing(Layers.identity());
      case "sides" -> {
        int[] cells = call.ints(2, 2);
        yield Layers.sides(cells[0], cells[1]);
      }
      case "zeros" -> call.nothing(Initializer.zeros());
      case "constant" -> Initializer.constant(call.number());
      case "heNormal" -> call.nothing(Initializer.heNormal());
      case "heUniform" -> call.nothing(Initializer.heUniform());
      case "xavierNormal" -> call.nothing(Initializer.xavierNormal());
      case "xavierUniform" -> call.nothing(Initializer.xavierUniform());
      case "fanInUniform" -> call.nothing(Initializer.fanInUniform());
      default -> Activation.function(call.word()).<Object>map(f -> activation(f, call))
          .orElseGet(() -> Vocabulary.value(call));
    });
  }

  /// The words that can stand at the start of a layer.
  List<String> words() {
    List<String> words = new ArrayList<>(List.of("conv", "maxPool", "avgPool", "sumPool", "globalAvgPool",
        "globalMaxPool", "flatten", "dense", "dropout", "channelDropout", "stochasticDepth", "dropBlock", "batchNorm",
        "layerNorm", "groupNorm", "instanceNorm", "localResponseNorm", "l2Norm", "prelu", "chain", "concat",
        "residual", "frozen", "unscoped", "auxiliary", "identity"));
    Arrays.stream(Activation.Function.values()).forEach(f -> words.add(f.word()));
    words.addAll(Vocabulary.WORDS);
    words.addAll(makers.keySet().stream().sorted().toList());
    return words;
  }

  private static Activation activation(Activation.Function function, Call call) {
    int most = function.usual().size();
    List<Number> given = call.all(Number.class, 0, most, most == 0 ? "no arguments" : "one number");
    return given.isEmpty() ? new Activation(function)
        : new Activation(function, given.stream().map(Number::doubleValue).toList());
  }

  private static Outline outline(Call call) {
    List<Object> all = call.arguments();
    if (all.isEmpty() || !(all.getFirst() instanceof Input input)) {
      throw call.wrong("an input and layers");
    }
    return new Outline(input, new Call(call.word(), all.subList(1, all.size())).layers(0, Integer.MAX_VALUE));
  }

  /// What a wither makes of a value, if the value has that wither.
  static Optional<Object> changed(Object target, Call call) {
    Object result = switch (target) {
      case Convolution layer -> changed(layer, call);
      case Pooling layer -> changed(layer, call);
      case Linear layer -> switch (call.word()) {
        case "noBias" -> call.nothing(layer.noBias());
        case "initializer" -> layer.initializer(call.initializer());
        default -> null;
      };
      case BatchNormalization layer -> switch (call.word()) {
        case "epsilon" -> layer.epsilon(call.number());
        case "momentum" -> layer.momentum(call.number());
        default -> null;
      };
      case LayerNormalization layer -> switch (call.word()) {
        case "epsilon" -> layer.epsilon(call.number());
        case "channels" -> call.nothing(layer.channels());
        default -> null;
      };
      case GroupNormalization layer -> call.word().equals("epsilon") ? layer.epsilon(call.number()) : null;
      case InstanceNormalization layer -> switch (call.word()) {
        case "epsilon" -> layer.epsilon(call.number());
        case "affine" -> call.nothing(layer.affine());
        default -> null;
      };
      case LocalResponseNormalization layer -> switch (call.word()) {
        case "alpha" -> layer.alpha(call.number());
        case "beta" -> layer.beta(call.number());
        case "k" -> layer.k(call.number());
        default -> null;
      };
      case UnitLengthScaling layer -> call.word().equals("epsilon") ? layer.epsilon(call.number()) : null;
      case ParametricRelu layer -> call.word().equals("sharing") ? call.nothing(layer.sharing()) : null;
      default -> Vocabulary.changed(target, call);
    };
    if (result == null && target instanceof Layer layer) {
      result = switch (call.word()) {
        case "named" -> layer.named(call.all(String.class, 1, 1, "a name in quotes").getFirst());
        case "then" -> layer.then(call.layers(1, 1)[0]);
        default -> null;
      };
    }
    return Optional.ofNullable(result);
  }

  private static Object changed(Convolution layer, Call call) {
    return switch (call.word()) {
      case "stride" -> layer.stride(call.ints(1, 3));
      case "dilation" -> layer.dilation(call.ints(1, 3));
      case "padding" -> sided(call) ? layer.padding(sides(call)) : layer.padding(call.ints(1, 3));
      case "same" -> call.nothing(layer.same());
      case "sameLower" -> call.nothing(layer.sameLower());
      case "full" -> call.nothing(layer.full());
      case "causal" -> call.nothing(layer.causal());
      case "groups" -> layer.groups(call.whole());
      case "reflect" -> call.nothing(layer.reflect());
      case "replicate" -> call.nothing(layer.replicate());
      case "circular" -> call.nothing(layer.circular());
      case "turned" -> call.nothing(layer.turned());
      case "noBias" -> call.nothing(layer.noBias());
      case "initializer" -> layer.initializer(call.initializer());
      default -> null;
    };
  }

  private static Object changed(Pooling layer, Call call) {
    return switch (call.word()) {
      case "stride" -> layer.stride(call.ints(1, 3));
      case "dilation" -> layer.dilation(call.ints(1, 3));
      case "padding" -> sided(call) ? layer.padding(sides(call)) : layer.padding(call.ints(1, 3));
      case "same" -> call.nothing(layer.same());
      case "sameLower" -> call.nothing(layer.sameLower());
      case "ceiling" -> call.nothing(layer.ceiling());
      case "countPadding" -> call.nothing(layer.countPadding());
      default -> null;
    };
  }

  private static boolean sided(Call call) {
    return !call.arguments().isEmpty() && call.arguments().getFirst() instanceof Padding;
  }

  static Padding[] sides(Call call) {
    return call.all(Padding.class, 1, 3, "sides(before, after) for all axes, or for each").toArray(Padding[]::new);
  }
}
