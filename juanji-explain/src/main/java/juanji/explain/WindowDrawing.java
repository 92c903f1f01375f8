package juanji.explain;

import java.util.ArrayList;
import java.util.List;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Paint;
import juanji.op.Axis;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Where a window goes: the input with its padding, the cells that the first, the second and the last window read, and
/// the cells of the output that they give. All places come from [Window].
///
/// ```java
/// Drawing d = WindowDrawing.of(Window.of(2, Axis.of(3).withDilation(2)), Shape.of(7, 7));
/// ```
///
/// Constraints: C1 window and input have two axes.
public final class WindowDrawing {
  private static final double CELL = 20;

  private WindowDrawing() {
  }

  /// The drawing of a window over an input of height × width.
  public static Drawing of(Window window, Shape spatial) {
    if (window.rank() != 2 || spatial.rank() != 2) {
      throw new IllegalArgumentException("a window cannot be drawn.\n"
          + "  C1: window and input have two axes; received " + window.rank() + " and " + spatial + ".\n"
          + "  Give a window over height and width.");
    }
    List<Axis.Placed> placed = window.over(spatial);
    Axis.Placed down = placed.get(0);
    Axis.Placed across = placed.get(1);
    int rows = down.before() + spatial.dim(0) + Math.max(0, down.after());
    int columns = across.before() + spatial.dim(1) + Math.max(0, across.after());
    List<Mark> marks = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        boolean inside = r >= down.before() && r < down.before() + spatial.dim(0) && c >= across.before()
            && c < across.before() + spatial.dim(1);
        Paint paint = inside ? Paint.fill(Colour.RAISED).outlined(Colour.SOFT) : Paint.line(Colour.LINE).dashed();
        marks.add(Mark.rectangle(1 + c * CELL, 1 + r * CELL, CELL, CELL, paint));
      }
    }
    List<Mark> out = new ArrayList<>();
    for (int r = 0; r < down.out(); r++) {
      for (int c = 0; c < across.out(); c++) {
        out.add(Mark.rectangle(1 + c * CELL, 1 + r * CELL, CELL, CELL,
            Paint.fill(Colour.RAISED).outlined(Colour.SOFT)));
      }
    }
    List<int[]> shown = new ArrayList<>();
    shown.add(new int[] {0, 0});
    if (across.out() > 1) {
      shown.add(new int[] {0, 1});
    }
    if (down.out() > 1) {
      shown.add(new int[] {down.out() - 1, across.out() - 1});
    }
    for (int i = 0; i < shown.size(); i++) {
      Colour colour = Colour.series(i);
      window(marks, window, shown.get(i), colour, 2.5 * i);
      out.add(Mark.rectangle(1 + shown.get(i)[1] * CELL, 1 + shown.get(i)[0] * CELL, CELL, CELL,
          Paint.fill(colour).opacity(0.45).outlined(colour).width(2)));
    }
    Drawing input = new Drawing(columns * CELL + 2, rows * CELL + 2, marks);
    Drawing output = new Drawing(across.out() * CELL + 2, down.out() * CELL + 2, out);
    return Drawing.row(14, input.captioned(spatial.toString()), Drawing.arrow(30),
        output.captioned(down.out() + " × " + across.out()));
  }

  private static void window(List<Mark> marks, Window window, int[] place, Colour colour, double inset) {
    Axis down = window.axes().get(0);
    Axis across = window.axes().get(1);
    double top = 1 + place[0] * down.stride() * CELL;
    double left = 1 + place[1] * across.stride() * CELL;
    for (int r = 0; r < down.kernel(); r++) {
      for (int c = 0; c < across.kernel(); c++) {
        marks.add(Mark.rectangle(left + c * across.dilation() * CELL + 1, top + r * down.dilation() * CELL + 1,
            CELL - 2, CELL - 2, Paint.fill(colour).opacity(0.28)));
      }
    }
    marks.add(Mark.rectangle(left + inset, top + inset, across.span() * CELL - 2 * inset,
        down.span() * CELL - 2 * inset, Paint.line(colour).width(2)));
  }
}
