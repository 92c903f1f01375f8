package juanji.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The weights of a picture filter: rows of numbers and a divisor.
///
/// y = Σ weight · x / divisor. The divisor is apart so that sums of whole weights stay exact.
///
/// ```java
/// FilterKernel blur = FilterKernel.named("gaussian");
/// FilterKernel own = FilterKernel.parse("1 0 -1; 0 0 0; -1 0 1");
/// ```
///
/// Constraints: C1 there are 1 to 99 rows of 1 to 99 weights, all rows equally long; C2 all numbers are finite, and the
/// divisor is not 0.
///
/// @param name what it is called
/// @param weights row by row; not copied
/// @param divisor what the sum is divided by
public record FilterKernel(String name, double[][] weights, double divisor) {
  /// The kernels that have a name, in the order in which they are shown.
  public static final List<FilterKernel> NAMED = List.of(
      of("identity", 1, "0 0 0; 0 1 0; 0 0 0"),
      of("edge", 1, "1 0 -1; 0 0 0; -1 0 1"),
      of("edge-center", 1, "-1 -1 -1; -1 8 -1; -1 -1 -1"),
      of("sharpen", 1, "0 -1 0; -1 5 -1; 0 -1 0"),
      of("box", 9, "1 1 1; 1 1 1; 1 1 1"),
      of("gaussian", 16, "1 2 1; 2 4 2; 1 2 1"),
      of("sobel-x", 1, "-1 0 1; -2 0 2; -1 0 1"),
      of("sobel-y", 1, "-1 -2 -1; 0 0 0; 1 2 1"),
      of("laplace", 1, "0 1 0; 1 -4 1; 0 1 0"),
      of("emboss", 1, "-2 -1 0; -1 1 1; 0 1 2"),
      of("box-5", 25, "1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1; 1 1 1 1 1"),
      of("gaussian-5", 256, "1 4 6 4 1; 4 16 24 16 4; 6 24 36 24 6; 4 16 24 16 4; 1 4 6 4 1"),
      of("motion", 5, "1 0 0 0 0; 0 1 0 0 0; 0 0 1 0 0; 0 0 0 1 0; 0 0 0 0 1"));
  private static final int LARGEST = 99;

  /// Checks the constraints.
  public FilterKernel {
    int width = weights.length == 0 ? 0 : weights[0].length;
    if (weights.length < 1 || weights.length > LARGEST || width < 1 || width > LARGEST
        || Arrays.stream(weights).anyMatch(r -> r.length != width)) {
      throw new IllegalArgumentException("the kernel '" + brief(name) + "' cannot be used.\n"
          + "  C1: there are 1 to " + LARGEST + " rows of 1 to " + LARGEST
          + " weights, all rows equally long; received rows of "
          + Arrays.stream(weights).limit(20).map(r -> Integer.toString(r.length)).collect(Collectors.joining(", "))
          + " weights.\n  Write rows with ';' between them, as in \"1 0 -1; 0 0 0; -1 0 1\".");
    }
    if (!Double.isFinite(divisor) || divisor == 0
        || Arrays.stream(weights).flatMapToDouble(Arrays::stream).anyMatch(w -> !Double.isFinite(w))) {
      throw new IllegalArgumentException("the kernel '" + brief(name) + "' cannot be used.\n"
          + "  C2: weights are finite numbers, and the divisor is not 0; received the divisor " + divisor + ".\n"
          + "  Write numbers such as 1, -0.5 or 1/9.");
    }
  }

  private static FilterKernel of(String name, double divisor, String rows) {
    return new FilterKernel(name, numbers(rows), divisor);
  }

  /// The kernel of a name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static FilterKernel named(String name) {
    return NAMED.stream().filter(k -> k.name.equals(name)).findFirst().orElseThrow(() ->
        new IllegalArgumentException("there is no kernel '" + brief(name) + "'.\n"
            + "  C1: the kernels are " + NAMED.stream().map(FilterKernel::name).collect(Collectors.joining(", "))
            + ", or rows of numbers; received '" + brief(name) + "'.\n"
            + "  Name one of these, or write rows as in \"1 0 -1; 0 0 0; -1 0 1\"."));
  }

  /// A kernel by its name, or written as rows of numbers: blanks or commas between the numbers of a row, `;` between
  /// rows; `1/9` is a number, too.
  ///
  /// @throws IllegalArgumentException if the text is neither
  public static FilterKernel parse(String text) {
    if (!text.strip().matches("[-+.,;/ \t0-9eE]*[0-9][-+.,;/ \t0-9eE]*") || text.length() > 100_000) {
      return named(text.strip());
    }
    double[][] weights = numbers(text);
    // Ninths and the like are summed as whole numbers and divided once.
    for (int divisor = 1; divisor <= 4096; divisor++) {
      double[][] whole = new double[weights.length][];
      boolean all = true;
      for (int r = 0; r < weights.length && all; r++) {
        whole[r] = new double[weights[r].length];
        for (int c = 0; c < weights[r].length; c++) {
          whole[r][c] = Math.rint(weights[r][c] * divisor);
          all &= whole[r][c] / divisor == weights[r][c];
        }
      }
      if (all) {
        return new FilterKernel("custom", whole, divisor);
      }
    }
    return new FilterKernel("custom", weights, 1);
  }

  private static double[][] numbers(String text) {
    List<double[]> rows = new ArrayList<>();
    for (String row : text.strip().replaceFirst(";\\s*$", "").split(";")) {
      rows.add(Arrays.stream(row.strip().split("[,\\s]+")).mapToDouble(FilterKernel::number).toArray());
    }
    return rows.toArray(double[][]::new);
  }

  private static double number(String word) {
    try {
      int slash = word.indexOf('/');
      return slash < 0 ? Double.parseDouble(word)
          : Double.parseDouble(word.substring(0, slash)) / Double.parseDouble(word.substring(slash + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("a kernel cannot have the weight '" + brief(word) + "'.\n"
          + "  C2: weights are finite numbers; received '" + brief(word) + "'.\n"
          + "  Write numbers such as 1, -0.5 or 1/9.", e);
    }
  }

  private static String brief(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  /// How many rows.
  public int height() {
    return weights.length;
  }

  /// How many weights in a row.
  public int width() {
    return weights[0].length;
  }

  /// This kernel turned by 180°: what true convolution lays on the picture.
  public FilterKernel turned() {
    double[][] turned = new double[height()][width()];
    for (int r = 0; r < height(); r++) {
      for (int c = 0; c < width(); c++) {
        turned[r][c] = weights[height() - 1 - r][width() - 1 - c];
      }
    }
    return new FilterKernel(name, turned, divisor);
  }

  /// The rows, and the divisor if it is not 1.
  @Override public String toString() {
    return Arrays.stream(weights).map(r -> Arrays.stream(r).mapToObj(w -> w == Math.rint(w)
        ? String.format(Locale.ROOT, "%.0f", w) : Double.toString(w)).collect(Collectors.joining(" ")))
        .collect(Collectors.joining("; ")) + (divisor == 1 ? "" : " / " + (divisor == Math.rint(divisor)
        ? String.format(Locale.ROOT, "%.0f", divisor) : Double.toString(divisor)));
  }
}
