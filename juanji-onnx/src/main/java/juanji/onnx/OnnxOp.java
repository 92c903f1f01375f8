package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import juanji.op.Algebra;
import juanji.op.CustomOp;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.op.ShapeException;
import juanji.tensor.Shape;

/// Operations that ONNX has and networks seldom need. Plans run them by their definition.
///
/// ```
/// OnnxOp = Function | Power | Remainder | Select | Product | ArgMax
/// ```
public sealed interface OnnxOp extends CustomOp {
  /// The shape in which shapes meet: axes are matched from the last, and extents of 1 are repeated.
  private static Shape common(List<Shape> shapes) {
    Shape all = shapes.getFirst();
    for (Shape next : shapes) {
      all = new Pointwise.Add().shape(List.of(all, next));
    }
    return all;
  }

  /// For each element of `out`, the element of an operand that meets it.
  private static int[] indices(Shape operand, Shape out) {
    return HostMath.indices(operand, out);
  }

  /// y = f(a) for each element.
  ///
  /// @param kind which function
  record Function(Kind kind) implements OnnxOp {
    /// The functions.
    public enum Kind {
      /// The largest whole number up to a.
      FLOOR,
      /// The smallest whole number from a.
      CEIL,
      /// The nearest whole number, halves to even.
      ROUND,
      /// The whole number between 0 and a nearest to a.
      TRUNCATE,
      /// sin a.
      SIN,
      /// cos a.
      COS,
      /// tan a.
      TAN,
      /// arcsin a.
      ASIN,
      /// arccos a.
      ACOS,
      /// arctan a.
      ATAN,
      /// sinh a.
      SINH,
      /// cosh a.
      COSH,
      /// arsinh a.
      ASINH,
      /// arcosh a.
      ACOSH,
      /// artanh a.
      ATANH,
      /// 1 where a is no number.
      IS_NAN,
      /// 1 where a is +∞.
      IS_POSITIVE_INFINITY,
      /// 1 where a is −∞.
      IS_NEGATIVE_INFINITY
    }

    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      return shapes.getFirst();
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      double[] a = inputs.getFirst();
      double[] y = new double[a.length];
      if (kind == Kind.ROUND) {
        // What quantised networks do all the time.
        for (int i = 0; i < y.length; i++) {
          y[i] = Math.rint(a[i]);
        }
        return y;
      }
      DoubleUnaryOperator function = function();
      for (int i = 0; i < y.length; i++) {
        y[i] = function.applyAsDouble(a[i]);
      }
      return y;
    }

    private DoubleUnaryOperator function() {
      return switch (kind) {
        case FLOOR -> Math::floor;
        case CEIL -> Math::ceil;
        case ROUND -> Math::rint;
        case TRUNCATE -> a -> a < 0 ? Math.ceil(a) : Math.floor(a);
        case SIN -> Math::sin;
        case COS -> Math::cos;
        case TAN -> Math::tan;
        case ASIN -> Math::asin;
        case ACOS -> Math::acos;
        case ATAN -> Math::atan;
        case SINH -> Math::sinh;
        case COSH -> Math::cosh;
        case ASINH -> a -> Math.copySign(Math.log(Math.abs(a) + Math.sqrt(a * a + 1)), a);
        case ACOSH -> a -> Math.log(a + Math.sqrt(a * a - 1));
        case ATANH -> a -> 0.5 * Math.log1p(2 * a / (1 - a));
        case IS_NAN -> a -> Double.isNaN(a) ? 1 : 0;
        case IS_POSITIVE_INFINITY -> a -> a == Double.POSITIVE_INFINITY ? 1 : 0;
        case IS_NEGATIVE_INFINITY -> a -> a == Double.NEGATIVE_INFINITY ? 1 : 0;
      };
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(slope(algebra, in.getFirst(), output).map(s -> algebra.mul(gradient, s)));
    }

    private <V> Optional<V> slope(Algebra<V> algebra, V a, V y) {
      return switch (kind) {
        case FLOOR, CEIL, ROUND, TRUNCATE, IS_NAN, IS_POSITIVE_INFINITY, IS_NEGATIVE_INFINITY -> Optional.empty();
        case SIN -> Optional.of(algebra.apply(new Function(Kind.COS), a));
        case COS -> Optional.of(algebra.affine(algebra.apply(new Function(Kind.SIN), a), -1, 0));
        case TAN -> Optional.of(algebra.affine(algebra.mul(y, y), 1, 1));
        case ASIN -> Optional.of(overRoot(algebra, algebra.affine(algebra.mul(a, a), -1, 1)));
        case ACOS -> Optional.of(algebra.affine(overRoot(algebra, algebra.affine(algebra.mul(a, a), -1, 1)), -1, 0));
        case ATAN -> Optional.of(over(algebra, algebra.affine(algebra.mul(a, a), 1, 1)));
        case SINH -> Optional.of(algebra.apply(new Function(Kind.COSH), a));
        case COSH -> Optional.of(algebra.apply(new Function(Kind.SINH), a));
        case ASINH -> Optional.of(overRoot(algebra, algebra.affine(algebra.mul(a, a), 1, 1)));
        case ACOSH -> Optional.of(overRoot(algebra, algebra.affine(algebra.mul(a, a), 1, -1)));
        case ATANH -> Optional.of(over(algebra, algebra.affine(algebra.mul(a, a), -1, 1)));
      };
    }

    private static <V> V over(Algebra<V> algebra, V a) {
      return algebra.apply(new Pointwise.Reciprocal(), a);
    }

    private static <V> V overRoot(Algebra<V> algebra, V a) {
      return over(algebra, algebra.apply(new Pointwise.Sqrt(), a));
    }
  }

  /// y = aᵇ.
  ///
  /// Inputs broadcast. Gradient: b · aᵇ⁻¹, and aᵇ · ln a.
  record Power() implements OnnxOp {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      return common(shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      return HostMath.binary(shapes, inputs, Math::pow);
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V less = algebra.apply(this, in.get(0), algebra.affine(in.get(1), 1, -1));
      V first = algebra.mul(gradient, algebra.mul(in.get(1), less));
      V second = algebra.mul(gradient, algebra.mul(output, algebra.apply(new Pointwise.Log(), in.get(0))));
      return List.of(Optional.of(algebra.sumTo(first, in.get(0))), Optional.of(algebra.sumTo(second, in.get(1))));
    }
  }

  /// y = a − n · b, with n the quotient truncated, or rounded down if `floored`.
  ///
  /// Inputs broadcast. Gradient: 1 with respect to a, none with respect to b.
  ///
  /// @param floored whether y has b's sign instead of a's
  record Remainder(boolean floored) implements OnnxOp {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 2);
      return common(shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      return HostMath.binary(shapes, inputs, this::at);
    }

    private double at(double a, double b) {
      double rest = a % b;
      return floored && rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.sumTo(gradient, in.get(0))), Optional.empty());
    }
  }

  /// y = a where c is not 0, else b.
  ///
  /// Inputs: c, a, b, which broadcast. The condition has no gradient.
  record Select() implements OnnxOp {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 3);
      return common(shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      Shape out = shape(shapes);
      double[] c = HostMath.spread(shapes.get(0), inputs.get(0), out);
      double[] a = HostMath.spread(shapes.get(1), inputs.get(1), out);
      double[] b = HostMath.spread(shapes.get(2), inputs.get(2), out);
      double[] y = new double[c.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = c[i] != 0 ? a[i] : b[i];
      }
      return y;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      V none = algebra.affine(gradient, 0, 0);
      V first = algebra.apply(this, List.of(in.get(0), gradient, none));
      V second = algebra.apply(this, List.of(in.get(0), none, gradient));
      return List.of(Optional.empty(), Optional.of(algebra.sumTo(first, in.get(1))),
          Optional.of(algebra.sumTo(second, in.get(2))));
    }
  }

  /// y = the product of x along some axes, which keep an extent of 1.
  ///
  /// Gradient: dy · y / x, for elements other than 0.
  ///
  /// @param axes the axes
  record Product(List<Integer> axes) implements OnnxOp {
    /// Takes a copy of the list.
    public Product {
      axes = List.copyOf(axes);
    }

    @Override public Shape shape(List<Shape> shapes) {
      return new Reduction.Sum(axes).shape(shapes);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      Shape y = shape(shapes);
      double[] out = new double[y.length()];
      Arrays.fill(out, 1);
      int[] to = indices(y, shapes.getFirst());
      for (int i = 0; i < to.length; i++) {
        out[to[i]] *= inputs.getFirst()[i];
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.of(algebra.apply(new Pointwise.Div(), algebra.mul(gradient, output), in.getFirst())));
    }
  }

  /// y = the place of the largest x along an axis, which keeps an extent of 1.
  ///
  /// Constraints: C1 the axis exists and has cells. It has no gradient.
  ///
  /// @param axis the axis
  /// @param last whether the last of equal maxima is told instead of the first
  record ArgMax(int axis, boolean last) implements OnnxOp {
    @Override public Shape shape(List<Shape> shapes) {
      arity(shapes, 1);
      Shape x = shapes.getFirst();
      if (axis < 0 || axis >= x.rank() || x.dim(axis) == 0) {
        throw new ShapeException(label(), "C1: the axis exists and has cells; received axis " + axis + " of " + x + ".",
            "Name an axis of the input.", shapes);
      }
      return x.with(axis, 1);
    }

    @Override public double[] reference(List<Shape> shapes, List<double[]> inputs) {
      Shape x = shapes.getFirst();
      double[] in = inputs.getFirst();
      double[] out = new double[shape(shapes).length()];
      int inner = (int) x.size(axis + 1);
      int extent = x.dim(axis);
      for (int i = 0; i < out.length; i++) {
        int base = i / inner * extent * inner + i % inner;
        int best = 0;
        for (int j = 1; j < extent; j++) {
          double gain = in[base + j * inner] - in[base + best * inner];
          best = gain > 0 || last && gain == 0 ? j : best;
        }
        out[i] = best;
      }
      return out;
    }

    @Override public <V> List<Optional<V>> gradient(Algebra<V> algebra, List<V> in, V output, V gradient) {
      return List.of(Optional.empty());
    }
  }
}
