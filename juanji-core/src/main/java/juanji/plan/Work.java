package juanji.plan;

import java.util.List;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.LocalContraction;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// How much arithmetic an operation is. A multiplication and an addition count as two; products with padding count,
/// too.
public final class Work {
  private Work() {
  }

  /// Multiplications and additions of an operation on inputs of the given shapes.
  public static long flops(Op op, List<Shape> inputs, Shape output) {
    return switch (op) {
      case Contraction.Conv _ -> 2 * output.size() * inputs.get(1).size(1);
      case Contraction.ConvInput _ -> 2 * inputs.get(0).size() * inputs.get(1).size(1);
      case Contraction.ConvFilter _ -> 2 * inputs.get(1).size() * output.size(1);
      case LocalContraction.LocalConv local -> 2 * output.size() * inputs.get(0).dim(1) * local.window().taps();
      case LocalContraction.LocalInput local -> 2 * inputs.get(0).size() * output.dim(1) * local.window().taps();
      case LocalContraction.LocalFilter local ->
          2 * inputs.get(1).size() * inputs.get(0).dim(1) * local.window().taps();
      case Contraction.MatMul m -> 2 * output.size() * inputs.getFirst().dim(m.transposeA() ? -2 : -1);
      case Windowed w -> Math.max(output.size(), inputs.getLast().size()) * w.window().taps()
          / (w instanceof Windowed.AvgPoolInput || w instanceof Windowed.MaxPoolInput
          ? w.window().axes().stream().mapToInt(a -> a.stride()).reduce(1, (a, b) -> a * b) : 1);
      case Regional _ -> inputs.getFirst().size();
      case Pointwise _, Random _ -> output.size();
      case Reduction _ -> inputs.getFirst().size();
      case ChannelStatistics _ -> 4 * inputs.getFirst().size();
      case Composite.Softmax _, Composite.LogSoftmax _ -> 4 * output.size();
      case View _, Composite _, CustomOp _ -> 0;
    };
  }
}
