package juanji.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.op.Axis;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Gather;
import juanji.op.LocalContraction;
import juanji.op.Nonlinearity;
import juanji.op.Normalizing;
import juanji.op.Op;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.Summarizing;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// The table of what operations refuse: for every labelled constraint shapes that break it, and the exact message.
///
/// A new operation does not compile here until it has its errors.
public final class OpErrors {
  private static final Window THREE = Window.of(2, Axis.of(3));

  private OpErrors() {
  }

  /// The error samples of a kind of operation; the first is always a wrong number of inputs, C0.
  public static List<ErrorSample> of(Op kind) {
    List<ErrorSample> errors = new ArrayList<>();
    if (!(kind instanceof View.Concat)) {
      int inputs = arity(kind);
      errors.add(error(kind, List.of(), "C0: it takes " + inputs + " inputs; received 0.",
          "Give it exactly " + inputs + "."));
    }
    errors.addAll(constraints(kind));
    return errors;
  }

  private static int arity(Op kind) {
    return switch (kind) {
      case Regional.RoiPoolInput _, Regional.RoiAlignInput _ -> 3;
      case Contraction _, Random _, View.Expand _, Gather.Lookup _, Gather.LookupInput _, Gather.Pick _,
          Windowed.MaxPoolInput _, Regional _ -> 2;
      case Windowed _, Reduction _, View _ -> 1;
      case Pointwise op -> op.inputs();
      case Composite op -> op.inputs();
      case CustomOp _ -> 0;
    };
  }

  static ErrorSample error(Op op, List<Shape> shapes, String constraint, String remedy) {
    return new ErrorSample(op, shapes, op.label() + " cannot take its input.\n  " + constraint + "\n  " + remedy);
  }

  private static List<ErrorSample> constraints(Op kind) {
    return switch (kind) {
      case Contraction.Conv _ -> conv();
      case Contraction.ConvInput _ -> convInput();
      case Contraction.ConvFilter _ -> convFilter();
      case LocalContraction op -> LocalSamples.errors(op);
      case Contraction.MatMul op -> List.of(
          error(op, List.of(Shape.of(2, 3, 4), Shape.of(4, 5)), "C1: both have the same rank of 2 or more and the same "
              + "leading extents; received 2 × 3 × 4 and 4 × 5.", "Reshape them to matrices or to equal stacks of "
              + "matrices."),
          error(op, List.of(Shape.of(3, 4), Shape.of(5, 6)), "C2: the inner extents agree; received 4 of 3 × 4 and 5 "
              + "of 5 × 6.", "Transpose one of them, or change the number of inputs of the layer."));
      case Pointwise.Unary _ -> List.of();
      case Pointwise.Binary op -> List.of(error(op, List.of(Shape.of(2, 3), Shape.of(4)), "C1: extents are equal or 1 "
          + "along each axis, counted from the last; received 2 × 3 and 4.",
          "Reshape an operand so that its axes meet those of the others."));
      case Windowed op -> windowed(op);
      case Reduction op -> List.of(error(op, List.of(Shape.of()), "C1: each axis is from 0 to -1 and named once; "
          + "received [0] for scalar.", "Name axes that the input has."));
      case View op -> view(op);
      case Random.Mask op -> List.of(error(op, List.of(Shape.of(3), Shape.of(1)), "C2: the step's number is a scalar; "
          + "received 1.", "Use the graph's step input."));
      case Random.Uniform op -> List.of(error(op, List.of(Shape.of(3), Shape.of(1)), "C2: the step's number is a "
          + "scalar; received 1.", "Use the graph's step input."));
      case Regional op -> RegionalSamples.errors(op);
      // The sum within refuses: C1 and C5 of the pooling.
      case Summarizing.LpPool _ -> List.of();
      case Composite.Normalize _ -> List.of();
      case ChannelStatistics.Moments op -> List.of(error(op, List.of(Shape.of(3)), "C1: the input is batch × channels "
          + "or more; received 3.", "Give samples of at least one axis."));
      case ChannelStatistics.CentredSums op -> List.of(
          error(op, List.of(Shape.of(3), Shape.of(3), Shape.of(1)), "C1: the input is batch × channels or more; "
              + "received 3.", "Give samples of at least one axis."),
          error(op, List.of(Shape.of(2, 3, 4), Shape.of(2, 3, 4), Shape.of(3)), "C2: both large inputs have the same "
              + "shape, and the third one number per channel; received 2 × 3 × 4, 2 × 3 × 4 and 3.",
              "Keep the reduced axes as extents of 1."));
      case Composite.Softmax _ -> List.of();
      case Composite.LogSoftmax _ -> List.of();
      case Composite.CrossEntropy op -> List.of(
          error(op, List.of(Shape.of(2, 3, 4), Shape.of(2)), "C1: the scores are batch × classes; received 2 × 3 × 4.",
              "End the network with a layer such as dense(classes)."),
          error(op, List.of(Shape.of(2, 3), Shape.of(3)), "C2: the targets are one class number per sample or one "
              + "probability per class; received 3 for scores of 2 × 3.", "Give targets of 2 or 2 × 3."));
      case Composite.MeanSquaredError op -> List.of(error(op, List.of(Shape.of(2, 3), Shape.of(2)), "C1: predictions "
          + "and targets have the same shape; received 2 × 3 and 2.", "Give one target per prediction."));
      case Composite.SampleNumbers op -> List.of(error(op, List.of(Shape.of()), "C1: the input has a batch "
          + "axis; received a scalar.", "Give a batch of samples."));
      case Nonlinearity.Elementwise _ -> List.of();
      case Nonlinearity.Prelu op -> List.of(error(op, List.of(Shape.of(2, 1), Shape.of(3)), "C1: the slopes broadcast "
          + "to the input; received 3 for 2 × 1.", "Give one slope, or one per channel."));
      case Nonlinearity.Maxout op -> List.of(error(op, List.of(Shape.of(2, 3, 5)), "C2: the pieces divide the "
          + "channels; received 2 pieces for 2 × 3 × 5.", "Use as many pieces as divide the channels, or other "
          + "channels."));
      case Nonlinearity.Glu op -> List.of(error(op, List.of(Shape.of(3, 4)), "C1: axis 0 exists and has an even "
          + "extent; received 3 × 4.", "Give twice as many channels as should come out."));
      case Normalizing.LocalResponse op -> List.of(error(op, List.of(Shape.of(7)), "C2: the input is batch × channels "
          + "or more; received 7.", "Give samples of at least one axis."));
      // The sum within refuses: C1 of the sum.
      case Normalizing.UnitLength _ -> List.of();
      case CustomOp _ -> List.of();
    };
  }

  private static List<ErrorSample> conv() {
    Shape x = Shape.of(2, 6, 8, 9);
    Op plain = new Contraction.Conv(THREE, 1);
    return List.of(
        error(plain, List.of(Shape.of(6, 8, 9), Shape.of(4, 6, 3, 3)), "C1: a window over 2 axes takes x and w of rank "
            + "4 (batch or filters, channels, 2 spatial); received 6 × 8 × 9 and 4 × 6 × 3 × 3.", "Use a window with "
            + "as many axes as the input has spatial axes, or reshape the input."),
        error(plain, List.of(x, Shape.of(4, 5, 3, 3)), "C2: the filters' channels times the groups are the input's "
            + "channels; received 5 · 1 for an input of 2 × 6 × 8 × 9.", "Use filters of 6 channels."),
        error(new Contraction.Conv(THREE, 4), List.of(x, Shape.of(4, 1, 3, 3)), "C3: groups = 4 must divide the "
            + "channels, but there are 6 in 2 × 6 × 8 × 9.", "Use groups 1, 2, or change the previous "
            + "layer's filters."),
        error(new Contraction.Conv(THREE, 3), List.of(x, Shape.of(4, 2, 3, 3)), "C3: groups = 3 must divide the "
            + "filters, but there are 4.", "Use groups 1, 2, or change the number of filters."),
        error(plain, List.of(x, Shape.of(4, 6, 3, 5)), "C4: the filters' extents are the window's, 3 × 3; received "
            + "filters of 4 × 6 × 3 × 5.", "Use filters of … × 3 × 3."),
        error(plain, List.of(Shape.of(2, 6, 8, 2), Shape.of(4, 6, 3, 3)), "C5: the window spans 3 cells along spatial "
            + "axis 1, but the input 2 × 6 × 8 × 2 has only 2 there, padding included.", "Use a kernel of at most 2 "
            + "there, more padding, or a larger input."));
  }

  private static List<ErrorSample> convInput() {
    Op op = new Contraction.ConvInput(THREE, 1, Shape.of(8, 9));
    Shape y = Shape.of(2, 4, 6, 7);
    return List.of(
        error(op, List.of(Shape.of(4, 6, 7), Shape.of(4, 6, 3, 3)), "C1: a window over 2 axes takes y and w of rank 4 "
            + "(batch or filters, channels, 2 spatial); received 4 × 6 × 7 and 4 × 6 × 3 × 3.", "Use a window with as "
            + "many axes as the input has spatial axes, or reshape the input."),
        error(op, List.of(y, Shape.of(5, 6, 3, 3)), "C2: there are as many filters as channels of y; received 5 "
            + "filters for 2 × 4 × 6 × 7.", "Use 4 filters."),
        error(new Contraction.ConvInput(THREE, 3, Shape.of(8, 9)), List.of(y, Shape.of(4, 2, 3, 3)), "C3: groups = 3 "
            + "must divide the filters, but there are 4.", "Use groups 1, 2, or change the number of filters."),
        error(op, List.of(y, Shape.of(4, 6, 1, 3)), "C4: the filters' extents are the window's, 3 × 3; received "
            + "filters of 4 × 6 × 1 × 3.", "Use filters of … × 3 × 3."),
        error(op, List.of(Shape.of(2, 4, 6, 8), Shape.of(4, 6, 3, 3)), "C6: the window 3×3 takes 6 × 7 positions over "
            + "8 × 9; received 2 × 4 × 6 × 8.", "Use the spatial extents that belong to the output."));
  }

  private static List<ErrorSample> convFilter() {
    Op op = new Contraction.ConvFilter(THREE, 1);
    Shape x = Shape.of(2, 6, 8, 9);
    return List.of(
        error(op, List.of(x, Shape.of(4, 6, 7)), "C1: a window over 2 axes takes x and y of rank 4 (batch or filters, "
            + "channels, 2 spatial); received 2 × 6 × 8 × 9 and 4 × 6 × 7.", "Use a window with as many axes as the "
            + "input has spatial axes, or reshape the input."),
        error(op, List.of(x, Shape.of(3, 4, 6, 7)), "C2: x and y have the same batch; received 2 × 6 × 8 × 9 and "
            + "3 × 4 × 6 × 7.", "Use the output that belongs to the input."),
        error(new Contraction.ConvFilter(THREE, 5), List.of(x, Shape.of(2, 5, 6, 7)), "C3: groups = 5 must divide the "
            + "channels, but there are 6 in 2 × 6 × 8 × 9.", "Use 1 group, or change the previous layer's filters."),
        error(op, List.of(x, Shape.of(2, 4, 6, 8)), "C6: the window 3×3 takes 6 × 7 positions over 8 × 9; received "
            + "2 × 4 × 6 × 8.", "Use the spatial extents that belong to the output."));
  }

  private static List<ErrorSample> windowed(Windowed kind) {
    Window far = Window.of(2, Axis.of(3).withPadding(Padding.of(3, 0)));
    String rank = "C1: a window over 2 axes takes %s of rank 4 (batch or filters, channels, 2 spatial); received %s.";
    String axes = "Use a window with as many axes as the input has spatial axes, or reshape the input.";
    String outside = "C2: every window holds a cell of the input; with 3×3 pad 3+0 over 1 × 2 × 5 × 7 one lies wholly "
        + "in the padding.";
    String less = "Pad by less than the window's span of 3 cells, and dilate by less than the input's extent.";
    String spans = "C5: the window spans 3 cells along spatial axis 0, but the input 1 × 2 × 2 × 7 has only 2 there, "
        + "padding included.";
    String smaller = "Use a kernel of at most 2 there, more padding, or a larger input.";
    Shape x = Shape.of(1, 2, 5, 7);
    Shape small = Shape.of(1, 2, 2, 7);
    return switch (kind) {
      case Windowed.MaxPool op -> List.of(
          error(op, List.of(Shape.of(2, 5, 7)), rank.formatted("an input", "2 × 5 × 7"), axes),
          error(new Windowed.MaxPool(far), List.of(x), outside, less), error(op, List.of(small), spans, smaller));
      case Windowed.AvgPool op -> List.of(
          error(op, List.of(Shape.of(2, 5, 7)), rank.formatted("an input", "2 × 5 × 7"), axes),
          error(new Windowed.AvgPool(far, op.divisor()), List.of(x), outside, less),
          error(op, List.of(small), spans, smaller));
      case Windowed.MaxPoolInput op -> List.of(
          error(op, List.of(Shape.of(2, 5, 7), Shape.of(1, 2, 3, 5)), rank.formatted("an input", "2 × 5 × 7"), axes),
          error(new Windowed.MaxPoolInput(far), List.of(x, x), outside, less),
          error(op, List.of(small, small), spans, smaller),
          error(op, List.of(x, x), "C6: the gradient has the shape of the pooled input, 1 × 2 × 3 × 5; received "
              + "1 × 2 × 5 × 7.", "Use the output that belongs to the input."));
      case Windowed.AvgPoolInput op -> List.of(
          error(op, List.of(Shape.of(2, 3, 3)), rank.formatted("a gradient", "2 × 3 × 3"), axes),
          error(op, List.of(x), "C6: the window 3×3 takes 3 × 3 positions over 5 × 5; received 1 × 2 × 5 × 7.",
              "Use the spatial extents that belong to the output."));
    };
  }

  private static List<ErrorSample> view(View kind) {
    String cut = "Cut inside the input.";
    return switch (kind) {
      case View.Reshape _ -> List.of(
          error(new View.Reshape(Shape.of(Shape.UNBOUND, Shape.UNBOUND)), List.of(Shape.of(6)),
              "C1: at most one extent is left open; received 6 for a target of N × N.",
              "Choose a target with as many elements as the input."),
          error(new View.Reshape(Shape.of(4)), List.of(Shape.of(2, 3)), "C2: the number of elements stays the same; "
              + "received 2 × 3 for a target of 4.", "Choose a target with as many elements as the input."));
      case View.Permute _ -> List.of(error(new View.Permute(List.of(0, 0)), List.of(Shape.of(2, 3)), "C1: the order "
          + "names each axis from 0 to 1 once; received [0, 0] for 2 × 3.", "Name every axis once."));
      case View.Slice _ -> List.of(error(new View.Slice(1, 2, 4), List.of(Shape.of(2, 3)), "C1: the axis exists and "
          + "0 ≤ from < to ≤ its extent; received axis 1 from 2 to 4 for 2 × 3.", cut));
      case View.Pad _ -> List.of(error(new View.Pad(2, 1, 1, 0), List.of(Shape.of(2, 3)), "C1: the axis exists and is "
          + "padded by 0 or more; received axis 2 by 1 and 1 for 2 × 3.", "Use Slice to make an axis shorter."));
      case View.Concat _ -> List.of(
          error(new View.Concat(0), List.of(), "C1: there is at least one input; received none.", "Join something."),
          error(new View.Concat(1), List.of(Shape.of(2, 3), Shape.of(4, 3)), "C2: the inputs agree in all extents but "
              + "that of axis 1; received 2 × 3 and 4 × 3.", "Give all branches the same spatial size, for example "
              + "with same padding and equal strides."),
          error(new View.Concat(0), List.of(Shape.of(3).batched()), "C3: the extents along the axis are known; "
              + "received N × 3 for axis 0.", "Join along another axis than the batch."));
      case Gather op -> GatherSamples.errors(op);
      case View.Expand op -> List.of(error(op, List.of(Shape.of(3), Shape.of(2, 1)), "C1: the first input broadcasts "
          + "to the second's shape; received 3 and 2 × 1.", "Use a value with extents of 1 where it is repeated."));
    };
  }

  /// Axes, paddings and windows that do not exist, by the message they are refused with.
  public static Map<Runnable, String> geometries() {
    return Map.of(() -> Axis.of(0), "a window of kernel 0, stride 1 and dilation 1 does not exist.\n"
        + "  C1: kernel, stride and dilation are 1 or more, and dilation · (kernel − 1) + 1 stays below 2²⁹.\n"
        + "  Use positive whole numbers.",
        () -> Padding.of(-1, 2), "padding (-1, 2) does not exist.\n"
        + "  C1: both sides are padded by 0 to 2²⁹ − 1 cells; received -1 and 2.\n"
        + "  Pad by 0 or more, or slice the input first if it should become smaller.",
        () -> new Window(Stream.generate(() -> Axis.of(3)).limit(4).toList()),
        "a window over 4 axes does not exist.\n  C1: a window has 1, 2 or 3 axes; received 4.\n"
        + "  Give one axis per spatial axis of the input.");
  }
}
