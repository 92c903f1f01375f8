package juanji.onnx;

import java.util.ArrayList;
import java.util.List;
import juanji.onnx.proto.AttributeProto;
import juanji.op.Pointwise;

/// Pointwise operations as ONNX operators.
final class PointwiseWriter {
  private PointwiseWriter() {
  }

  static String write(Sheet sheet, Pointwise op, List<String> in) {
    return switch (op) {
      case Pointwise.Add _ -> sheet.apply("Add", in);
      case Pointwise.Sub _ -> sheet.apply("Sub", in);
      case Pointwise.Mul _ -> sheet.apply("Mul", in);
      case Pointwise.Div _ -> sheet.apply("Div", in);
      case Pointwise.Max _ -> sheet.apply("Max", in);
      case Pointwise.Greater _ -> sheet.real(sheet.apply("Greater", in));
      case Pointwise.Equal _ -> sheet.real(sheet.apply("Equal", in));
      case Pointwise.Affine(double factor, double offset) -> affine(sheet, in.getFirst(), factor, offset);
      case Pointwise.Relu _ -> sheet.apply("Relu", in);
      case Pointwise.Positive _ -> sheet.real(sheet.apply("Greater", List.of(in.getFirst(), sheet.number(0))));
      case Pointwise.Tanh _ -> sheet.apply("Tanh", in);
      case Pointwise.Sigmoid _ -> sheet.apply("Sigmoid", in);
      case Pointwise.Exp _ -> sheet.apply("Exp", in);
      case Pointwise.Log _ -> sheet.apply("Log", in);
      case Pointwise.Reciprocal _ -> sheet.apply("Reciprocal", in);
      case Pointwise.Sqrt _ -> sheet.apply("Sqrt", in);
      case Pointwise.Abs _ -> sheet.apply("Abs", in);
      case Pointwise.Sign _ -> sheet.apply("Sign", in);
      case Pointwise.Clamp(double low, double high) -> clip(sheet, in.getFirst(), low, high);
      case Pointwise.Softplus _ -> softplus(sheet, in.getFirst());
      case Pointwise.Erf _ -> sheet.apply("Erf", in);
    };
  }

  private static String affine(Sheet sheet, String x, double factor, double offset) {
    String scaled = factor == 1 ? x : factor == -1 ? sheet.apply("Neg", List.of(x))
        : sheet.apply("Mul", List.of(x, sheet.number(factor)));
    return offset == 0 ? factor == 1 ? sheet.apply("Identity", List.of(x)) : scaled
        : sheet.apply("Add", List.of(scaled, sheet.number(offset)));
  }

  private static String clip(Sheet sheet, String x, double low, double high) {
    List<String> in = new ArrayList<>(List.of(x, low == Double.NEGATIVE_INFINITY ? "" : sheet.number(low)));
    if (high < Double.POSITIVE_INFINITY) {
      in.add(sheet.number(high));
    }
    return sheet.apply("Clip", in);
  }

  /// ONNX's Softplus, in the form that does not overflow: max(x, 0) + softplus(−|x|).
  private static String softplus(Sheet sheet, String x) {
    String small = sheet.apply("Softplus", List.of(sheet.apply("Neg", List.of(sheet.apply("Abs", List.of(x))))));
    return sheet.apply("Add", List.of(sheet.apply("Relu", List.of(x)), small));
  }

  static AttributeProto real(String name, double value) {
    return AttributeProto.of(name, (float) value);
  }
}
