package juanji.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Op;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Convolutions and their gradients, filters in the plain order and packed by the kernel each time, as in training.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ConvBenchmark {
  /// Layers of well-known networks.
  public enum Layer {
    /// ResNet's first stage, and its later ones.
    C64_K3(8, 64, 64, 56, 3, 1, 1, 1),
    C128_K3(8, 128, 128, 28, 3, 1, 1, 1),
    C256_K3(8, 256, 256, 14, 3, 1, 1, 1),
    C512_K3(8, 512, 512, 7, 3, 1, 1, 1),
    /// A bottleneck's expansion and reduction.
    C64_256_K1(8, 64, 256, 56, 1, 1, 0, 1),
    C256_64_K1(8, 256, 64, 56, 1, 1, 0, 1),
    C512_K1(8, 512, 512, 14, 1, 1, 0, 1),
    C2048_512_K1(8, 2048, 512, 7, 1, 1, 0, 1),
    /// Strided convolutions and the first layer of a network on photographs.
    C128_K3_S2(8, 128, 128, 56, 3, 2, 1, 1),
    C512_K3_S2(1, 512, 512, 14, 3, 2, 1, 1),
    C3_64_K7_S2(8, 3, 64, 224, 7, 2, 3, 1),
    /// MobileNet.
    DEPTHWISE_K3(8, 256, 256, 14, 3, 1, 1, 256),
    /// Windows with holes, of one axis, and of three; groups of several vectors, and ResNeXt's of four channels.
    DILATED(8, 64, 64, 1, Axis.of(3).withDilation(2).withPadding(Padding.of(2)), 56, 56),
    ONE_AXIS(8, 64, 64, 1, Axis.of(3).withPadding(Padding.of(1)), 3136),
    THREE_AXES(4, 64, 64, 1, Axis.of(3).withPadding(Padding.of(1)), 8, 28, 28),
    GROUPS_OF_64(8, 256, 256, 4, Axis.of(3).withPadding(Padding.of(1)), 28, 28),
    GROUPS_OF_4(8, 128, 128, 32, Axis.of(3).withPadding(Padding.of(1)), 56, 56),
    /// LeNet.
    LENET_1(64, 1, 6, 28, 5, 1, 2, 1),
    LENET_2(64, 6, 16, 14, 5, 1, 0, 1);

    private final Shape x;
    private final Shape w;
    private final Shape y;
    private final Window window;
    private final int groups;

    Layer(int n, int c, int k, int size, int kernel, int stride, int pad, int groups) {
      this(n, c, k, groups, Axis.of(kernel).withStride(stride).withPadding(Padding.of(pad)), size, size);
    }

    Layer(int n, int c, int k, int groups, Axis axis, int... spatial) {
      this.window = Window.of(spatial.length, axis);
      this.groups = groups;
      this.x = Shape.of(spatial).prepend(c).prepend(n);
      this.w = window.kernel().prepend(c / groups).prepend(k);
      this.y = new Contraction.Conv(window, groups).shape(List.of(x, w));
    }

    /// Multiplications and additions, those on padding included.
    double flops() {
      return 2.0 * y.size() * w.size(1);
    }
  }

  /// The three products of a convolution.
  public enum Face { FORWARD, INPUT_GRADIENT, FILTER_GRADIENT }

  /// Which layer.
  @Param
  public Layer layer;

  /// Which product.
  @Param
  public Face face;

  private BoundKernel kernel;

  /// Makes the kernel.
  @Setup
  public void prepare() {
    Op op = switch (face) {
      case FORWARD -> new Contraction.Conv(layer.window, layer.groups);
      case INPUT_GRADIENT -> new Contraction.ConvInput(layer.window, layer.groups, layer.x.slice(2, layer.x.rank()));
      case FILTER_GRADIENT -> new Contraction.ConvFilter(layer.window, layer.groups);
    };
    List<Shape> inputs = switch (face) {
      case FORWARD -> List.of(layer.x, layer.w);
      case INPUT_GRADIENT -> List.of(layer.y, layer.w);
      case FILTER_GRADIENT -> List.of(layer.x, layer.y);
    };
    // Photographs arrive plain.
    kernel = new BoundKernel(op, inputs, layer.x.dim(1) > 3 || face == Face.INPUT_GRADIENT);
  }

  /// One pass.
  @Benchmark
  public float run() {
    return kernel.run();
  }
}
