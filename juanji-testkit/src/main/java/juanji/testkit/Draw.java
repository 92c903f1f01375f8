package juanji.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.tensor.Shape;

/// A seeded choice of asymmetric geometries and of numbers.
///
/// ```java
/// Draw draw = new Draw(7);
/// Window window = draw.window(2, false);    // such as 3×1 stride 2×1, padded 0+2
/// ```
public final class Draw {
  /// Numbers of channels around the block sizes of vector kernels, and primes.
  private static final int[] CHANNELS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 19, 24, 31, 32, 33};

  private final SplittableRandom random;

  /// Choices that follow from a seed.
  public Draw(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /// A number from `low` to `high`, both included.
  public int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  /// True once in `times`.
  public boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /// One of the given.
  public <T> T of(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /// A number of channels: small, prime, or about as many as vector kernels put into a block.
  public int channels() {
    return CHANNELS[random.nextInt(CHANNELS.length)];
  }

  /// A window axis: kernels of 1 to 5, strides and dilations of 1 to 3, every rule of padding, and unequal paddings.
  ///
  /// @param pooling whether the axis may be in ceiling mode
  public Axis axis(boolean pooling) {
    int kernel = between(1, 5);
    int dilation = between(1, 3);
    int span = dilation * (kernel - 1) + 1;
    Padding padding = switch (between(0, 5)) {
      case 0 -> Padding.SAME;
      case 1 -> Padding.Rule.SAME_LOWER;
      case 2 -> Padding.FULL;
      case 3 -> Padding.Rule.CAUSAL;
      case 4 -> Padding.VALID;
      default -> Padding.of(between(0, span - 1), between(0, span - 1));
    };
    return new Axis(kernel, between(1, 3), dilation, padding, pooling && oneIn(3));
  }

  /// A window with its own choice along each axis; sometimes of one cell.
  public Window window(int rank, boolean pooling) {
    return oneIn(6) ? Window.of(rank, Axis.of(1))
        : new Window(IntStream.range(0, rank).mapToObj(_ -> axis(pooling)).toList());
  }

  /// Spatial extents: the fewer axes, the longer.
  public Shape spatial(int rank) {
    int most = rank == 1 ? 37 : rank == 2 ? 13 : 6;
    return Shape.of(IntStream.range(0, rank).map(_ -> between(1, most)).toArray());
  }

  /// A shape with extents from 1 to 6.
  public Shape shape(int rank) {
    return Shape.of(IntStream.range(0, rank).map(_ -> between(1, 6)).toArray());
  }

  /// Some axes out of `rank`, in any order.
  public List<Integer> axes(int rank) {
    List<Integer> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (random.nextBoolean()) {
        axes.add(between(0, axes.size()), i);
      }
    }
    return axes;
  }

  /// All axes out of `rank`, in any order.
  public List<Integer> order(int rank) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      order.add(between(0, i), i);
    }
    return order;
  }

  /// A shape that broadcasts to the given one: some extents 1, some leading axes missing.
  public Shape narrow(Shape wide) {
    int[] dims = wide.toArray();
    for (int i = 0; i < dims.length; i++) {
      dims[i] = random.nextBoolean() ? dims[i] : 1;
    }
    return Shape.of(dims).slice(between(0, dims.length), dims.length);
  }

  /// Elements of a kind.
  public double[] numbers(Shape shape, Values kind) {
    double[] numbers = new double[shape.length()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = switch (kind) {
        case Values.Uniform(double low, double high) -> random.nextDouble(low, high);
        case Values.Whole(int low, int high) -> between(low, high);
        case Values.Apart _ -> i;
      };
    }
    if (kind instanceof Values.Apart(double gap)) {
      for (int i = numbers.length - 1; i >= 0; i--) {
        int other = between(0, i);
        double chosen = numbers[other];
        numbers[other] = numbers[i];
        // Half a gap off, so that none is 0.
        numbers[i] = (chosen - numbers.length / 2 + 0.5) * gap;
      }
    }
    // Floats are what kernels see: so must be what definitions see.
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) numbers[i];
    }
    return numbers;
  }
}
