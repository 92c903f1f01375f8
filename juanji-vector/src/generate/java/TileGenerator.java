import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes the register tiles: the innermost loops of all contractions, one method per number of pixels.
///
/// A tile keeps `pixels × vectors` sums in registers while one flat loop runs over a table of offsets. The compiler
/// keeps them there only if they are local variables, which is why they are generated. Run as
/// `java TileGenerator.java <output directory>`.
public final class TileGenerator {
  private static final int MAX_PIXELS = 14;

  private TileGenerator() {
  }

  /// How the pixels of a tile lie in the source.
  ///
  /// @param name the class's suffix
  /// @param step the distance between neighbours, or null if a table tells where each is
  /// @param lanewise whether the factor is a vector (one number per lane) instead of one number for all lanes
  /// @param vectors the numbers of vectors per pixel that tiles are written for
  record Kind(String name, String step, boolean lanewise, int... vectors) {
  }

  private static final List<Kind> KINDS = List.of(
      new Kind("One", "1", false, 1, 2),
      new Kind("Two", "2", false, 1, 2),
      new Kind("Block", "L", false, 1, 2),
      new Kind("TwoBlocks", "2 * L", false, 1, 2),
      new Kind("Table", null, false, 1, 2),
      new Kind("LanesBlock", "L", true, 1),
      new Kind("LanesTable", null, true, 1));

  /// Writes all classes.
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0], "juanji", "vector"));
    for (Kind kind : KINDS) {
      for (int vectors : kind.vectors()) {
        write(folder, "Tiles" + kind.name() + vectors, tiles(kind, vectors));
      }
    }
    write(folder, "Tiles", dispatch());
    write(folder, "NineTaps", nineTaps());
  }

  /// Leaves a file alone that already says the same, so that an incremental build stays one.
  private static void write(Path folder, String type, String text) throws IOException {
    Path file = folder.resolve(type + ".java");
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private static final String PARAMETERS = "int first, int end, int[] off, float[] x, int xo, int[] xs, float[] w, "
      + "int wo, float[] y, int yo, int[] ys, int p, int yBlock, boolean add";
  private static final String ARGUMENTS = "first, end, off, x, xo, xs, w, wo, y, yo, ys, p, yBlock, add";

  private static String tiles(Kind kind, int vectors) {
    StringBuilder out = new StringBuilder("""
        package juanji.vector;

        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorSpecies;

        /// Register tiles of %s.
        final class Tiles%s%d {
          private static final VectorSpecies<Float> V = FloatVector.SPECIES_PREFERRED;
          private static final int L = V.length();

          private Tiles%s%d() {
          }

          static void run(int pixels, %s) {
            switch (pixels) {
        """.formatted(description(kind, vectors), kind.name(), vectors, kind.name(), vectors, PARAMETERS));
    for (int p = 1; p <= MAX_PIXELS; p++) {
      out.append("      case %d -> tile%d(%s);%n".formatted(p, p, ARGUMENTS));
    }
    out.append("      default -> throw new IllegalStateException();\n    }\n  }\n");
    for (int p = 1; p <= MAX_PIXELS; p++) {
      out.append('\n').append(tile(kind, p, vectors));
    }
    return out.append("}\n").toString();
  }

  private static String description(Kind kind, int vectors) {
    return vectors + (vectors == 1 ? " vector" : " vectors") + " per pixel, " + (kind.step() == null
        ? "pixels anywhere" : "pixels " + kind.step() + " apart") + (kind.lanewise() ? ", lane by lane" : "");
  }

  /// One tile: sums[i][j] = Σ over t of x[pixel i + off[t]] · w[t][j].
  private static String tile(Kind kind, int pixels, int vectors) {
    List<String> lines = new ArrayList<>();
    lines.add("  private static void tile" + pixels + "(" + PARAMETERS + ") {");
    boolean table = kind.step() == null;
    for (int i = 0; i < (table ? pixels : 1); i++) {
      lines.add("    int x" + i + " = xo + xs[p" + plus(i) + "];");
    }
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < vectors; j++) {
        lines.add("    FloatVector " + sum(i, j) + " = FloatVector.zero(V);");
      }
    }
    // Every instruction in this loop counts: with few registers for integers, tables do better with one more addition
    // than with one more number that lives on.
    if (table) {
      lines.add("    int n = end - first;");
      lines.add("    for (int t = 0; t < n; t++) {");
      lines.add("      int o = off[first + t];");
      lines.add("      int at = wo + t * (" + vectors + " * L);");
    } else {
      lines.add("    int start = wo - first * (" + vectors + " * L);");
      lines.add("    for (int t = first; t < end; t++) {");
      lines.add("      int o = off[t];");
      lines.add("      int at = start + t * (" + vectors + " * L);");
      lines.add("      int base = x0 + o;");
    }
    for (int j = 0; j < vectors; j++) {
      lines.add("      FloatVector w" + j + " = FloatVector.fromArray(V, w, at" + times(j, "L") + ");");
    }
    for (int i = 0; i < pixels; i++) {
      String place = table ? "x" + i + " + o" : "base" + times(i, kind.step());
      lines.add("      FloatVector a" + i + " = FloatVector." + (kind.lanewise() ? "fromArray(V, x, " + place + ");"
          : "broadcast(V, x[" + place + "]);"));
      for (int j = 0; j < vectors; j++) {
        lines.add("      " + sum(i, j) + " = a" + i + ".fma(w" + j + ", " + sum(i, j) + ");");
      }
    }
    lines.add("    }");
    lines.add("    if (add) {");
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < vectors; j++) {
        lines.add("      " + sum(i, j) + " = " + sum(i, j) + ".add(FloatVector.fromArray(V, y, " + result(i, j) + "));");
      }
    }
    lines.add("    }");
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < vectors; j++) {
        lines.add("    " + sum(i, j) + ".intoArray(y, " + result(i, j) + ");");
      }
    }
    lines.add("  }\n");
    return String.join("\n", lines);
  }

  private static String sum(int pixel, int vector) {
    return "s" + pixel + "v" + vector;
  }

  private static String result(int pixel, int vector) {
    return "yo + ys[p" + plus(pixel) + "]" + times(vector, "yBlock");
  }

  private static String plus(int i) {
    return i == 0 ? "" : " + " + i;
  }

  private static String times(int i, String step) {
    return i == 0 ? "" : i == 1 ? " + " + step : " + " + i + " * " + step;
  }

  private static String dispatch() {
    StringBuilder out = new StringBuilder("""
        package juanji.vector;

        /// The register tiles of all kinds.
        final class Tiles {
          private Tiles() {
          }

          /// Computes y[ys[p + i] + j · yBlock …] = Σ over t from first to end − 1 of
          /// x[xo + xs[p + i] + off[t]] · w[wo + ((t − first) · vectors + j) · L …]
          /// for each pixel i and each vector j of the tile, or adds it to what is there.
          static void run(Spacing spacing, int vectors, int pixels, %s) {
            switch (spacing) {
        """.formatted(PARAMETERS));
    for (Kind kind : KINDS) {
      out.append("      case ").append(constant(kind.name())).append(" -> {\n");
      for (int vectors : kind.vectors()) {
        String call = "Tiles%s%d.run(pixels, %s);\n".formatted(kind.name(), vectors, ARGUMENTS);
        if (kind.vectors().length == 1) {
          out.append("        ").append(call);
        } else if (vectors == 1) {
          out.append("        if (vectors == 1) {\n          ").append(call).append("        } else {\n");
        } else {
          out.append("          ").append(call).append("        }\n");
        }
      }
      out.append("      }\n");
    }
    out.append("    }\n  }\n}\n");
    return out.toString();
  }

  /// Windows of nine taps lane by lane: their filters, or the gradients of their filters, stay in registers.
  private static String nineTaps() {
    StringBuilder out = new StringBuilder("""
        package juanji.vector;

        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorSpecies;

        /// Windows of nine taps on each channel by itself. The pixels of a row are one or two vectors apart, rows are
        /// `rowStep` floats apart and tap t lies `shifts[t]` floats from its pixel; y and dy have no gaps.
        final class NineTaps {
          private static final VectorSpecies<Float> V = FloatVector.SPECIES_PREFERRED;
          private static final int L = V.length();

          private NineTaps() {
          }

          /// y = Σ x · w.
          static void conv(int step, float[] x, int xo, int[] shifts, int rowStep, int rows, int columns, float[] w,
              int wo, float[] y, int yo) {
            if (step == 1) {
              conv1(x, xo, shifts, rowStep, rows, columns, w, wo, y, yo);
            } else {
              conv2(x, xo, shifts, rowStep, rows, columns, w, wo, y, yo);
            }
          }

          /// Adds Σ x · dy to nine sums.
          static void filter(int step, float[] x, int xo, int[] shifts, int rowStep, int rows, int columns, float[] dy,
              int dyo, float[] sums, int so) {
            if (step == 1) {
              filter1(x, xo, shifts, rowStep, rows, columns, dy, dyo, sums, so);
            } else {
              filter2(x, xo, shifts, rowStep, rows, columns, dy, dyo, sums, so);
            }
          }
        """);
    for (int step = 1; step <= 2; step++) {
      out.append('\n').append(nineTaps(step, false)).append('\n').append(nineTaps(step, true));
    }
    return out.append("}\n").toString();
  }

  private static String nineTaps(int step, boolean filter) {
    List<String> lines = new ArrayList<>();
    String kept = filter ? "s" : "w";
    lines.add("  private static void " + (filter ? "filter" : "conv") + step + "(float[] x, int xo, int[] shifts, "
        + "int rowStep, int rows, int columns, " + (filter ? "float[] dy, int dyo, float[] sums, int so"
        : "float[] w, int wo, float[] y, int yo") + ") {");
    for (int t = 0; t < 9; t++) {
      lines.add("    FloatVector " + kept + t + " = FloatVector.fromArray(V, " + (filter ? "sums, so" : "w, wo")
          + times(t, "L") + ");");
    }
    lines.add("    int end = columns * L;");
    lines.add("    for (int r = 0; r < rows; r++) {");
    lines.add("      int from = xo + r * rowStep;");
    for (int t = 0; t < 9; t++) {
      lines.add("      int x" + t + " = from + shifts[" + t + "];");
    }
    lines.add("      int other = " + (filter ? "dyo" : "yo") + " + r * end;");
    lines.add("      for (int i = 0; i < end; i += L) {");
    if (filter) {
      lines.add("        FloatVector d = FloatVector.fromArray(V, dy, other + i);");
    }
    for (int t = 0; t < 9; t++) {
      String load = "FloatVector.fromArray(V, x, x" + t + (step == 1 ? " + i)" : " + 2 * i)");
      lines.add(filter ? "        s" + t + " = " + load + ".fma(d, s" + t + ");"
          : t == 0 ? "        FloatVector sum = " + load + ".mul(w0);"
          : "        sum = " + load + ".fma(w" + t + ", sum);");
    }
    if (!filter) {
      lines.add("        sum.intoArray(y, other + i);");
    }
    lines.add("      }\n    }");
    for (int t = 0; t < 9 && filter; t++) {
      lines.add("    s" + t + ".intoArray(sums, so" + times(t, "L") + ");");
    }
    lines.add("  }\n");
    return String.join("\n", lines);
  }

  private static String constant(String name) {
    return name.replaceAll("(?<=.)([A-Z])", "_$1").toUpperCase(java.util.Locale.ROOT);
  }
}
