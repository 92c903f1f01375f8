package juanji.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.onnx.proto.ElementType;
import juanji.op.Axis;
import juanji.op.Contraction;
import juanji.op.Reduction;
import juanji.op.View;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Products of matrices, and sums of products as Einstein wrote them.
final class Products {
  private Products() {
  }

  static void register(Map<String, Operator> table) {
    table.put("Gemm", Operator.of(Products::gemm));
    table.put("MatMul", Operator.of(c -> {
      Value a = c.values().weight(c.input(0), Ground.Use.TRAINED);
      Value b = c.values().weight(c.input(1), Ground.Use.TRAINED);
      return c.values().typed(matMul(c, number(c, a), number(c, b)), c.input(0).type());
    }));
    table.put("Einsum", Operator.of(Products::einsum));
  }

  /// Whole numbers as real ones, in double precision.
  private static Value number(Call c, Value value) {
    return HostTensor.whole(value.type()) ? c.values().typed(value, ElementType.DOUBLE) : value;
  }

  private static Value gemm(Call c) {
    Values v = c.values();
    Value a = v.weight(c.input(0), Ground.Use.TRAINED);
    Value b = v.weight(c.input(1), Ground.Use.TRAINED);
    boolean transA = c.whole("transA", 0) != 0;
    boolean transB = c.whole("transB", 0) != 0;
    double alpha = c.real("alpha", 1);
    double beta = c.real("beta", 1);
    c.ignore("broadcast");
    if (a.shape().rank() != 2 || b.shape().rank() != 2) {
      throw c.wrong("both factors are matrices; received " + c.shapes());
    }
    Value y = v.apply(new Contraction.MatMul(transA, transB), number(c, a), number(c, b));
    y = alpha == 1 ? y : v.scaled(y, alpha);
    if (c.has(2)) {
      Value bias = number(c, v.weight(c.input(2), Ground.Use.BIAS));
      y = v.add(y, beta == 1 ? bias : v.scaled(bias, beta));
    }
    return v.typed(y, c.input(0).type());
  }

  /// The product of the last two axes, for all before them, which broadcast.
  static Value matMul(Call c, Value first, Value second) {
    Values v = c.values();
    Shape a = first.shape();
    Shape b = second.shape();
    if (a.rank() == 0 || b.rank() == 0) {
      throw c.wrong("both factors have axes; received " + c.shapes());
    }
    if (b.rank() == 1) {
      Value y = matMul(c, first, v.reshape(second, Shape.of(b.dim(0), 1)));
      return v.reshape(y, y.shape().slice(0, y.shape().rank() - 1));
    }
    if (a.rank() == 1) {
      Value y = matMul(c, v.reshape(first, Shape.of(1, a.dim(0))), second);
      Shape s = y.shape();
      return v.reshape(y, Moving.joined(s.slice(0, s.rank() - 2), s.slice(s.rank() - 1, s.rank())));
    }
    if (b.rank() == 2 && a.rank() > 2) {
      return a.bound() ? rows(v, first, second) : columns(v, first, second);
    }
    int rank = Math.max(a.rank(), b.rank());
    Shape wideA = Reshaping.widened(a, rank);
    Shape wideB = Reshaping.widened(b, rank);
    Value x = v.reshape(first, wideA);
    Value y = v.reshape(second, wideB);
    if (!wideA.slice(0, rank - 2).equals(wideB.slice(0, rank - 2))) {
      x = stacked(c, x, wideB, rank);
      y = stacked(c, y, wideA, rank);
    }
    return v.apply(new Contraction.MatMul(turned(x), turned(y)), turned(x) ? unturned(x) : x,
        turned(y) ? unturned(y) : y);
  }

  /// Whether a value is another one with rows and columns exchanged, which the product does by itself.
  private static boolean turned(Value x) {
    if (!(x instanceof Value.Flow(Node.Apply node, var type))
        || !(node.op() instanceof View.Permute(List<Integer> order)) || order.size() < 2) {
      return false;
    }
    int rank = order.size();
    return order.get(rank - 1) == rank - 2 && order.get(rank - 2) == rank - 1
        && IntStream.range(0, rank - 2).allMatch(i -> order.get(i) == i);
  }

  private static Value unturned(Value x) {
    return x instanceof Value.Flow(Node.Apply node, var type) ? new Value.Flow(node.inputs().getFirst(), type) : x;
  }

  private static Value stacked(Call c, Value x, Shape like, int rank) {
    long[] target = OpenBatch.numbers(x.shape());
    for (int i = 0; i < rank - 2; i++) {
      if (target[i] == 1) {
        target[i] = like.dim(i) == Shape.UNBOUND ? OpenBatch.OPEN : like.dim(i);
      }
    }
    return Moving.expanded(c, x, target);
  }

  /// One matrix on the right: all rows at once.
  private static Value rows(Values v, Value a, Value b) {
    Shape s = a.shape();
    int k = s.dim(-1);
    Value flat = v.reshape(a, Shape.of(Math.toIntExact(s.slice(0, s.rank() - 1).size()), k));
    return v.reshape(v.apply(new Contraction.MatMul(false, false), flat, b), s.with(-1, b.shape().dim(1)));
  }

  /// One matrix on the right of an open batch of matrices: a convolution whose channels are the columns.
  private static Value columns(Values v, Value a, Value b) {
    Shape s = a.shape();
    int rank = s.rank();
    List<Integer> order = new ArrayList<>(List.of(0, rank - 1));
    IntStream.range(1, rank - 1).forEach(order::add);
    Value turned = v.apply(new View.Permute(order), a);
    Shape inner = turned.shape().slice(2, rank);
    int k = s.dim(-1);
    int m = b.shape().dim(1);
    Value x = v.reshape(turned, Shape.of(Shape.UNBOUND, k, Math.toIntExact(inner.size())));
    Value w = v.reshape(v.apply(new View.Permute(List.of(1, 0)), b), Shape.of(m, k, 1));
    Value y = v.reshape(v.apply(new Contraction.Conv(Window.of(Axis.of(1)), 1), x, w),
        Moving.joined(Shape.of(Shape.UNBOUND, m), inner));
    List<Integer> back = new ArrayList<>(List.of(0));
    IntStream.range(2, rank).forEach(back::add);
    back.add(1);
    return v.apply(new View.Permute(back), y);
  }

  /// Products of one or two values or more, each letter an axis; the first two are multiplied, then the next.
  private static Value einsum(Call c) {
    String equation = c.text("equation", "").replaceAll("\\s", "");
    int arrow = equation.indexOf("->");
    String[] terms = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    if (terms.length != c.count()) {
      throw c.wrong("the equation has a term for each input; received '" + equation + "' for " + c.count());
    }
    int dots = 0;
    for (int i = 0; i < terms.length; i++) {
      if (terms[i].contains("...")) {
        dots = Math.max(dots, c.shape(i).rank() - (terms[i].length() - 3));
      }
    }
    String stack = IntStream.range(0, dots).mapToObj(i -> String.valueOf((char) ('0' + i)))
        .collect(Collectors.joining());
    for (int i = 0; i < terms.length; i++) {
      int own = c.shape(i).rank() - (terms[i].length() - 3);
      terms[i] = terms[i].contains("...") ? terms[i].replace("...", stack.substring(dots - own)) : terms[i];
      if (terms[i].length() != c.shape(i).rank() || !terms[i].matches("[A-Za-z0-9]*")) {
        throw c.wrong("the equation has a letter for each axis; received '" + equation + "' for " + c.shapes());
      }
    }
    String output = arrow >= 0 ? equation.substring(arrow + 2).replace("...", stack) : implicit(terms, stack);
    Values v = c.values();
    Value result = diagonal(c, number(c, c.input(0)), terms[0]);
    String letters = distinct(terms[0]);
    for (int i = 1; i < terms.length; i++) {
      Value next = diagonal(c, number(c, c.input(i)), terms[i]);
      String own = distinct(terms[i]);
      String later = output + String.join("", Arrays.asList(terms).subList(i + 1, terms.length));
      String kept = distinct(letters + own).chars().mapToObj(ch -> String.valueOf((char) ch))
          .filter(later::contains).collect(Collectors.joining());
      result = contracted(c, result, letters, next, own, kept);
      letters = kept;
    }
    String last = letters;
    List<Integer> gone = IntStream.range(0, last.length()).filter(i -> output.indexOf(last.charAt(i)) < 0).boxed()
        .toList();
    if (!gone.isEmpty()) {
      Shape s = result.shape();
      result = v.reshape(v.apply(new Reduction.Sum(gone), result), Shape.of(IntStream.range(0, s.rank())
          .filter(a -> !gone.contains(a)).map(s::dim).toArray()));
      letters = letters.chars().filter(ch -> output.indexOf(ch) >= 0).mapToObj(ch -> String.valueOf((char) ch))
          .collect(Collectors.joining());
    }
    String from = letters;
    return v.typed(Reshaping.permuted(v, result, output.chars().mapToObj(from::indexOf).toList()), c.input(0).type());
  }

  private static String implicit(String[] terms, String stack) {
    String all = String.join("", terms);
    return stack + all.chars().filter(ch -> all.indexOf(ch) == all.lastIndexOf(ch) && stack.indexOf(ch) < 0).sorted()
        .mapToObj(ch -> String.valueOf((char) ch)).collect(Collectors.joining());
  }

  private static String distinct(String letters) {
    return letters.chars().distinct().mapToObj(ch -> String.valueOf((char) ch)).collect(Collectors.joining());
  }

  /// The value with axes of the same letter taken together.
  private static Value diagonal(Call c, Value x, String letters) {
    for (int i = 0; i < letters.length(); i++) {
      int j = letters.indexOf(letters.charAt(i), i + 1);
      if (j >= 0) {
        int n = x.shape().dim(i);
        if (i + 1 != j || x.shape().dim(j) != n || !x.shape().bound()) {
          throw c.unsupported("attribute 'equation' takes a diagonal of axes that are not neighbours");
        }
        Shape s = x.shape();
        Value flat = c.values().reshape(x, Moving.joined(s.slice(0, i), Shape.of(n * n), s.slice(j + 1, s.rank())));
        Value taken = Moving.take(c.values(), flat, i, IntStream.range(0, n).mapToObj(k -> k * (n + 1)).toList());
        return diagonal(c, taken, letters.substring(0, j) + letters.substring(j + 1));
      }
    }
    return x;
  }

  /// a and b multiplied, and summed over all letters that are not kept: a stack of matrix products.
  private static Value contracted(Call c, Value a, String lettersA, Value b, String lettersB, String kept) {
    Values v = c.values();
    String summed = only(lettersA, ch -> lettersB.indexOf(ch) >= 0 && kept.indexOf(ch) < 0);
    String stack = only(lettersA, ch -> lettersB.indexOf(ch) >= 0 && kept.indexOf(ch) >= 0);
    String rows = only(lettersA, ch -> lettersB.indexOf(ch) < 0);
    String columns = only(lettersB, ch -> lettersA.indexOf(ch) < 0);
    Value x = Reshaping.permuted(v, a, places(stack + rows + summed, lettersA));
    Value y = Reshaping.permuted(v, b, places(stack + summed + columns, lettersB));
    if (!x.shape().bound() || !y.shape().bound()) {
      throw c.unsupported("it multiplies values of an open batch; the network can be run, but not become a model of "
          + "any batch");
    }
    int s = stack.length();
    int m = size(x.shape().slice(s, s + rows.length()));
    int k = size(x.shape().slice(s + rows.length(), x.shape().rank()));
    int n = size(y.shape().slice(s + summed.length(), y.shape().rank()));
    Shape outer = HostMath.common(x.shape().slice(0, s), y.shape().slice(0, s));
    Value left = Moving.expanded(c, x, OpenBatch.numbers(Moving.joined(outer, x.shape().slice(s, x.shape().rank()))));
    Value right = Moving.expanded(c, y, OpenBatch.numbers(Moving.joined(outer, y.shape().slice(s, y.shape().rank()))));
    Value product = v.apply(new Contraction.MatMul(false, false), v.reshape(left, Shape.of(size(outer), m, k)),
        v.reshape(right, Shape.of(size(outer), k, n)));
    Shape whole = Moving.joined(outer, x.shape().slice(s, s + rows.length()),
        y.shape().slice(s + summed.length(), y.shape().rank()));
    Value all = v.reshape(product, whole);
    String letters = stack + rows + columns;
    List<Integer> gone = IntStream.range(0, letters.length()).filter(i -> kept.indexOf(letters.charAt(i)) < 0).boxed()
        .toList();
    Value reduced = all;
    if (!gone.isEmpty()) {
      Shape full = all.shape();
      reduced = v.reshape(v.apply(new Reduction.Sum(gone), all), Shape.of(IntStream.range(0, full.rank())
          .filter(i -> !gone.contains(i)).map(full::dim).toArray()));
    }
    String rest = only(letters, ch -> kept.indexOf(ch) >= 0);
    return Reshaping.permuted(v, reduced, places(kept, rest));
  }

  private static int size(Shape shape) {
    return Math.toIntExact(shape.size());
  }

  private static String only(String letters, IntPredicate wanted) {
    return letters.chars().filter(wanted).mapToObj(ch -> String.valueOf((char) ch)).collect(Collectors.joining());
  }

  private static List<Integer> places(String wanted, String letters) {
    return wanted.chars().mapToObj(letters::indexOf).toList();
  }
}
