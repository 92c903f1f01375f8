package juanji.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import juanji.nn.Activation;
import juanji.nn.BatchNormalization;
import juanji.nn.Concatenation;
import juanji.nn.Convolution;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.nn.Named;
import juanji.nn.Pooling;
import juanji.nn.Residual;
import juanji.nn.SeparableConvolution;
import juanji.nn.Sequence;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.ShapeException;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A network with less work, made from another in one of four ways. It has weights of its own, to be trained anew.
///
/// @param way how it was made
/// @param changed how many layers were replaced
/// @param model the network
public record Advice(Way way, int changed, Model model) {
  /// The ways.
  public enum Way {
    /// A kernel of 5 or more as several of 3 with ReLU between them: the same field, fewer weights.
    STACKED,
    /// A convolution as one per channel and a 1 × 1 one.
    SEPARABLE,
    /// A 1 × 1 convolution to a quarter of the channels before each larger one.
    REDUCED,
    /// Pooling before the convolution that it followed: the same weights, work divided by the pooled area.
    POOLED_FIRST
  }

  private static final int FEWEST_CHANNELS = 8;

  /// The networks that the four ways make of a network of pictures, where they apply and still fit.
  public static List<Advice> of(Model model) {
    List<Advice> all = new ArrayList<>();
    for (Way way : Way.values()) {
      int[] changed = new int[1];
      try {
        List<Layer> layers = sequence(model.layers(), way, changed, model.input().shape());
        if (changed[0] > 0) {
          all.add(new Advice(way, changed[0], Model.of(model.input(), layers.toArray(Layer[]::new)).initialize(1)));
        }
      } catch (ShapeException e) {
        // The way leads to a layer that does not fit any more, such as a window larger than what is pooled first.
        continue;
      }
    }
    return all;
  }

  private static List<Layer> sequence(List<Layer> layers, Way way, int[] changed, Shape input) {
    List<Layer> result = new ArrayList<>();
    Shape shape = input;
    for (Layer layer : layers) {
      Optional<Convolution> conv = plain(layer);
      Layer next = conv.isPresent() ? convolution(conv.get(), way, changed, shape.dim(0)) : inside(layer, way,
          changed, shape);
      result.add(next);
      shape = Model.of(new Input(shape), layer).outputShape();
      if (way == Way.POOLED_FIRST && next instanceof Pooling pool && pool.summary() == Pooling.Summary.MAX) {
        poolFirst(result, changed);
      }
    }
    return result;
  }

  /// Moves the pooling at the end in front of the convolution before it, if only activations lie between.
  private static void poolFirst(List<Layer> layers, int[] changed) {
    int at = layers.size() - 2;
    while (at >= 0 && plain(layers.get(at)).isEmpty() && keepsShape(layers.get(at))) {
      at--;
    }
    if (at > 0 && plain(layers.get(at)).isPresent()) {
      layers.add(at, layers.removeLast());
      changed[0]++;
    }
  }

  private static boolean keepsShape(Layer layer) {
    return layer instanceof Activation || layer instanceof BatchNormalization;
  }

  private static Layer inside(Layer layer, Way way, int[] changed, Shape input) {
    return switch (layer) {
      case Sequence s -> new Sequence(sequence(s.layers(), way, changed, input));
      case Named n -> new Named(inside(n.layer(), way, changed, input), n.name());
      case Concatenation c -> new Concatenation(c.branches().stream().map(b ->
          (Layer) new Sequence(sequence(List.of(b), way, changed, input))).toList());
      case Residual r -> new Residual(new Sequence(sequence(List.of(r.body()), way, changed, input)), r.shortcut());
      default -> layer;
    };
  }

  /// A convolution over a plane without groups, borders or turning.
  private static Optional<Convolution> plain(Layer layer) {
    Layer inner = layer instanceof Named n ? n.layer() : layer;
    boolean usual = inner instanceof Convolution c && c.groups() == 1 && !c.isTurned()
        && !inner.toString().matches(".*\\.(reflect|replicate|circular|initializer)\\(.*");
    return usual ? Optional.of((Convolution) inner) : Optional.empty();
  }

  private static Layer convolution(Convolution conv, Way way, int[] changed, int channels) {
    Window window = conv.window(2);
    Axis down = window.axes().get(0);
    Axis across = window.axes().get(1);
    boolean large = window.taps() > 1;
    return switch (way) {
      case STACKED -> {
        if (!down.equals(across) || down.kernel() < 5 || down.kernel() % 2 == 0 || down.dilation() > 1
            || !(down.padding() instanceof Padding.Rule)) {
          yield conv;
        }
        changed[0]++;
        List<Layer> stack = new ArrayList<>();
        int times = down.kernel() / 2;
        for (int i = 0; i < times; i++) {
          stack.add(sliding(Layers.conv(conv.filters(), 3), down.padding(), i == times - 1 ? down.stride() : 1));
          if (i < times - 1) {
            stack.add(Layers.relu());
          }
        }
        yield new Sequence(stack);
      }
      case SEPARABLE -> {
        if (!large || channels < 2) {
          yield conv;
        }
        changed[0]++;
        SeparableConvolution apart = Layers.separable(conv.filters(), down.kernel(), across.kernel())
            .stride(down.stride(), across.stride()).dilation(down.dilation(), across.dilation());
        yield down.padding().equals(across.padding()) ? apart.padding(down.padding())
            : apart.padding(down.padding(), across.padding());
      }
      case REDUCED -> {
        if (!large || channels < FEWEST_CHANNELS) {
          yield conv;
        }
        changed[0]++;
        yield Layers.chain(Layers.conv(channels / 4, 1), Layers.relu(), conv);
      }
      case POOLED_FIRST -> conv;
    };
  }

  private static Layer sliding(Convolution conv, Padding padding, int stride) {
    Convolution moved = conv.padding(padding);
    return stride == 1 ? moved : moved.stride(stride);
  }
}
