package juanji.onnx.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import juanji.op.Axis;
import juanji.op.Padding;
import juanji.op.Window;
import juanji.testkit.Draw;

/// A window, and the attributes by which ONNX means the same.
///
/// @param window the window
/// @param autoPad ONNX's word for its padding; empty for given numbers of cells
record Sliding(Window window, String autoPad) {
  /// A window drawn anew: kernels of 1 to 5, strides and dilations of 1 to 3, unequal paddings or one of ONNX's rules.
  ///
  /// @param pooling whether windows may be incomplete, and padding stays below the kernel, as ONNX Runtime demands
  static Sliding draw(Draw draw, int rank, boolean pooling) {
    String autoPad = draw.of(List.of("", "", "SAME_UPPER", "SAME_LOWER", "VALID"));
    boolean ceiling = pooling && autoPad.isEmpty() && draw.oneIn(2);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int stride = draw.between(1, 3);
      // ONNX Runtime refuses same padding of dilated windows; where windows are smaller than their stride, it cuts the
      // input (a padding below 0) in pooling, and leaves off what ONNX's formula adds in transposed convolution.
      boolean same = autoPad.startsWith("SAME");
      int kernel = draw.between(same ? stride : 1, 5);
      int dilation = same ? 1 : draw.between(1, 3);
      int most = pooling ? kernel - 1 : dilation * (kernel - 1);
      Padding padding = switch (autoPad) {
        case "SAME_UPPER" -> Padding.Rule.SAME_UPPER;
        case "SAME_LOWER" -> Padding.Rule.SAME_LOWER;
        case "VALID" -> Padding.VALID;
        default -> Padding.of(draw.between(0, most), draw.between(0, most));
      };
      axes.add(new Axis(kernel, stride, dilation, padding, ceiling));
    }
    return new Sliding(new Window(axes), autoPad);
  }

  private int[] each(ToIntFunction<Axis> of) {
    return window.axes().stream().mapToInt(of).toArray();
  }

  /// The cells of padding: all in front, then all behind.
  int[] pads() {
    int rank = window.rank();
    int[] pads = new int[2 * rank];
    for (int i = 0; i < rank; i++) {
      if (window.axes().get(i).padding() instanceof Padding.Explicit(int before, int after)) {
        pads[i] = before;
        pads[rank + i] = after;
      }
    }
    return pads;
  }

  /// Writes the window's attributes.
  OnnxNode onto(OnnxNode node) {
    node.numbers("kernel_shape", each(Axis::kernel)).numbers("strides", each(Axis::stride))
        .numbers("dilations", each(Axis::dilation));
    return autoPad.isEmpty() ? node.numbers("pads", pads()) : node.text("auto_pad", autoPad);
  }

  /// Writes the attribute of incomplete windows.
  OnnxNode ceiling(OnnxNode node) {
    return node.number("ceil_mode", window.axes().getFirst().ceiling() ? 1 : 0);
  }
}
