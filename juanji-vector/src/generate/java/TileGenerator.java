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
  /// Pixels that tiles of two vectors have where there are 16 registers.
  private static final int FEW_PIXELS = 6;

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
    write(folder, "RowTiles", rowTiles());
  }

  /// Leaves a file alone that already says the same, so that an incremental build stays one.
  private static void write(Path folder, String type, String text) throws IOException {
    Path file = folder.resolve(type + ".java");
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }

  private static final String PARAMETERS = "int first, int end, int[] off, float[] x, int xo, int[] xs, float[] w, "
      + "int wo, float[] y, int yo, int[] ys, int from, int tiles, int yBlock, boolean add";
  private static final String ARGUMENTS = "first, end, off, x, xo, xs, w, wo, y, yo, ys, from, tiles, yBlock, add";

  /// Vectors of a tile of one target channel, of two, and so on.
  private static final int[] ROW_VECTORS = {8, 6, 4, 3};
  private static final String ROW_PARAMETERS = "int[] off, float[] x, int xo, int[] places, int count, float[] w, "
      + "int wo, float[] y, int yo, int[] results, int plane";
  private static final String ROW_ARGUMENTS = "off, x, xo, places, count, w, wo, y, yo, results, plane";

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
    lines.add("    int last = from + tiles * " + pixels + ";");
    lines.add("    for (int p = from; p < last; p += " + pixels + ") {");
    for (int i = 0; i < (table ? pixels : 1); i++) {
      lines.add("      int x" + i + " = xo + xs[p" + plus(i) + "];");
    }
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < vectors; j++) {
        lines.add("      FloatVector " + sum(i, j) + " = FloatVector.zero(V);");
      }
    }
    // Every instruction in this loop counts: with few registers for integers, tables do better with one more addition
    // than with one more number that lives on.
    if (table) {
      lines.add("      int n = end - first;");
      lines.add("      for (int t = 0; t < n; t++) {");
      lines.add("        int o = off[first + t];");
      lines.add("        int at = wo + t * (" + vectors + " * L);");
    } else {
      lines.add("      int start = wo - first * (" + vectors + " * L);");
      lines.add("      for (int t = first; t < end; t++) {");
      lines.add("        int o = off[t];");
      lines.add("        int at = start + t * (" + vectors + " * L);");
      lines.add("        int base = x0 + o;");
    }
    for (int j = 0; j < vectors; j++) {
      lines.add("        FloatVector w" + j + " = FloatVector.fromArray(V, w, at" + times(j, "L") + ");");
    }
    // The compiler checks the place of the first pixel that it meets, and then that of the farthest. Large tiles
    // start from the farthest: one check, and fewer factors loaded ahead, so that no sum is spilled.
    for (int n = 0; n < pixels; n++) {
      int i = pixels > FEW_PIXELS ? pixels - 1 - n : n;
      String place = table ? "x" + i + " + o" : "base" + times(i, kind.step());
      lines.add("        FloatVector a" + i + " = FloatVector." + (kind.lanewise() ? "fromArray(V, x, " + place + ");"
          : "broadcast(V, x[" + place + "]);"));
      for (int j = 0; j < vectors; j++) {
        lines.add("        " + sum(i, j) + " = a" + i + ".fma(w" + j + ", " + sum(i, j) + ");");
      }
    }
    lines.add("      }");
    lines.add("      if (add) {");
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < vectors; j++) {
        lines.add("        " + sum(i, j) + " = " + sum(i, j) + ".add(FloatVector.fromArray(V, y, " + result(i, j)
            + "));");
      }
    }
    lines.add("      }");
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < vectors; j++) {
        lines.add("      " + sum(i, j) + ".intoArray(y, " + result(i, j) + ");");
      }
    }
    lines.add("    }");
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

          /// Computes y[ys[from + i] + j · yBlock …] = Σ over t from first to end − 1 of
          /// x[xo + xs[from + i] + off[t]] · w[wo + ((t − first) · vectors + j) · L …]
          /// for each pixel i and each vector j of `tiles` tiles of neighbouring pixels, the first of which is pixel
          /// `from`, or adds it to what is there.
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

  /// Tiles of few target channels times vectors of neighbouring pixels, about a dozen sums each.
  private static String rowTiles() {
    StringBuilder out = new StringBuilder("""
        package juanji.vector;

        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorSpecies;

        /// Register tiles whose vectors hold neighbouring pixels of one channel; a factor is one number of a filter.
        final class RowTiles {
          /// The most target channels of a tile.
          static final int MOST_TARGETS = %d;
          private static final VectorSpecies<Float> V = FloatVector.SPECIES_PREFERRED;

          private RowTiles() {
          }

          /// Computes y[results[i] + f · plane …] = Σ over t of x[places[i] + off[t] …] · w[t, f] for each vector i below
          /// `count` and each of `targets` channels f. What is missing to the last tile is computed again.
          static void run(int targets, %s) {
            switch (targets) {
        """.formatted(ROW_VECTORS.length, ROW_PARAMETERS));
    for (int f = 1; f <= ROW_VECTORS.length; f++) {
      out.append("      case %d -> tile%d(%s);%n".formatted(f, f, ROW_ARGUMENTS));
    }
    out.append("      default -> throw new IllegalStateException();\n    }\n  }\n");
    for (int f = 1; f <= ROW_VECTORS.length; f++) {
      out.append('\n').append(rowTile(f, ROW_VECTORS[f - 1]));
    }
    return out.append("}\n").toString();
  }

  private static String rowTile(int targets, int vectors) {
    List<String> lines = new ArrayList<>();
    lines.add("  private static void tile" + targets + "(" + ROW_PARAMETERS + ") {");
    lines.add("    for (int p = 0; p < count; p += " + vectors + ") {");
    for (int i = 0; i < vectors; i++) {
      lines.add("      int p" + i + " = " + (i == 0 ? "p" : "Math.min(p + " + i + ", count - 1)") + ";");
      lines.add("      int x" + i + " = xo + places[p" + i + "];");
    }
    for (int i = 0; i < vectors; i++) {
      for (int f = 0; f < targets; f++) {
        lines.add("      FloatVector " + sum(i, f) + " = FloatVector.zero(V);");
      }
    }
    lines.add("      for (int t = 0; t < off.length; t++) {");
    lines.add("        int o = off[t];");
    lines.add("        int at = wo + t * " + targets + ";");
    for (int f = 0; f < targets; f++) {
      lines.add("        FloatVector w" + f + " = FloatVector.broadcast(V, w[at" + plus(f) + "]);");
    }
    for (int i = 0; i < vectors; i++) {
      lines.add("        FloatVector a" + i + " = FloatVector.fromArray(V, x, x" + i + " + o);");
      for (int f = 0; f < targets; f++) {
        lines.add("        " + sum(i, f) + " = a" + i + ".fma(w" + f + ", " + sum(i, f) + ");");
      }
    }
    lines.add("      }");
    for (int i = 0; i < vectors; i++) {
      for (int f = 0; f < targets; f++) {
        lines.add("      " + sum(i, f) + ".intoArray(y, yo + results[p" + i + "]" + times(f, "plane") + ");");
      }
    }
    lines.add("    }");
    lines.add("  }\n");
    return String.join("\n", lines);
  }

  /// Windows of nine taps lane by lane: their filters, or the gradients of their filters, stay in registers.
  private static String nineTaps() {
    return """
        package juanji.vector;

        import jdk.incubator.vector.FloatVector;
        import jdk.incubator.vector.VectorShuffle;
        import jdk.incubator.vector.VectorSpecies;

        /// Windows of nine taps, lane by lane. Rows are `rowStep` floats apart; y and dy have no gaps.
        /// Sliding windows move by one column, and each column is read once for the three windows that see it; of other
        /// windows, tap t lies `shifts[t]` floats from its pixel, and pixels are `step` floats apart. Methods for groups
        /// take of each vector of x what `own` tells for each lane, and may add to what is in y.
        final class NineTaps {
          private static final VectorSpecies<Float> V = FloatVector.SPECIES_PREFERRED;
          private static final int L = V.length();

          private NineTaps() {
          }
        """ + "\n" + sliding(false, false) + "\n" + sliding(true, false) + "\n" + jumping(false, false) + "\n"
        + jumping(true, false) + "\n" + sliding(false, true) + "\n" + sliding(true, true) + "\n"
        + jumping(false, true) + "\n" + jumping(true, true) + "}\n";
  }

  private static String nineTaps(String name, boolean filter, boolean group, String geometry) {
    return "  static void " + name + (group ? "Group" : "") + (filter ? "Filter" : "Conv") + "(float[] x, int xo, "
        + geometry + ", int rowStep, int rows, int columns,\n      "
        + (filter ? "float[] dy, int dyo, float[] sums, int so, int sumStep"
        : "float[] w, int wo, int wStep, float[] y, int yo")
        + (group ? ", VectorShuffle<Float> own" + (filter ? "" : ", boolean add") : "") + ") {";
  }

  /// A vector of x, or what each lane takes of it.
  private static String read(String place, boolean group) {
    return "FloatVector.fromArray(V, x, " + place + ")" + (group ? ".rearrange(own)" : "");
  }

  /// Stores a result, or adds it to what is there.
  private static void store(List<String> lines, boolean group, String value) {
    if (group) {
      lines.add("        FloatVector result = " + value + ";");
      lines.add("        (add ? result.add(FloatVector.fromArray(V, y, other + i)) : result).intoArray(y, other + i);");
    } else {
      lines.add("        " + value + ".intoArray(y, other + i);");
    }
  }

  private static void keep(List<String> lines, boolean filter) {
    for (int t = 0; t < 9; t++) {
      lines.add("    FloatVector " + (filter ? "s" : "w") + t + " = FloatVector.fromArray(V, "
          + (filter ? "sums, so" + times(t, "sumStep") : "w, wo" + times(t, "wStep")) + ");");
    }
    lines.add("    int end = columns * L;");
    lines.add("    for (int r = 0; r < rows; r++) {");
    lines.add("      int from = xo + r * rowStep;");
    lines.add("      int other = " + (filter ? "dyo" : "yo") + " + r * end;");
  }

  private static void close(List<String> lines, boolean filter) {
    lines.add("    }");
    for (int t = 0; t < 9 && filter; t++) {
      lines.add("    s" + t + ".intoArray(sums, so" + times(t, "sumStep") + ");");
    }
    lines.add("  }\n");
  }

  private static void column(List<String> lines, String indent, String declared, String offset, boolean group) {
    for (int r = 0; r < 3; r++) {
      lines.add(indent + declared + "a" + r + " = " + read("from" + times(r, "rowGap") + offset, group) + ";");
    }
  }

  private static void gather(List<String> lines, String indent, int j, String dy) {
    for (int r = 0; r < 3; r++) {
      lines.add(indent + "s" + (3 * r + j) + " = a" + r + ".fma(" + dy + ", s" + (3 * r + j) + ");");
    }
  }

  private static String sliding(boolean filter, boolean group) {
    List<String> lines = new ArrayList<>();
    lines.add("  /// " + (filter ? "Adds Σ x · dy to nine sums" : "y = Σ x · w")
        + ", rows of a window `rowGap` apart.");
    lines.add(nineTaps("sliding", filter, group, "int rowGap"));
    keep(lines, filter);
    if (filter) {
      lines.add("      FloatVector d1 = FloatVector.zero(V);");
      lines.add("      FloatVector d2 = d1;");
      lines.add("      for (int i = 0; i < end; i += L) {");
      lines.add("        FloatVector d0 = FloatVector.fromArray(V, dy, other + i);");
      column(lines, "        ", "FloatVector ", " + i", group);
      gather(lines, "        ", 0, "d0");
      gather(lines, "        ", 1, "d1");
      gather(lines, "        ", 2, "d2");
      lines.add("        d2 = d1;\n        d1 = d0;\n      }");
      column(lines, "      ", "FloatVector ", " + end", group);
      gather(lines, "      ", 1, "d1");
      gather(lines, "      ", 2, "d2");
      column(lines, "      ", "", " + end + L", group);
      gather(lines, "      ", 2, "d1");
    } else {
      column(lines, "      ", "FloatVector ", "", group);
      lines.add("      FloatVector first = " + fused(0) + ";");
      column(lines, "      ", "", " + L", group);
      lines.add("      FloatVector second = first.add(" + fused(1) + ");");
      lines.add("      first = " + fused(0) + ";");
      lines.add("      for (int i = 0; i < end; i += L) {");
      column(lines, "        ", "", " + 2 * L + i", group);
      store(lines, group, "second.add(" + fused(2) + ")");
      lines.add("        second = first.add(" + fused(1) + ");");
      lines.add("        first = " + fused(0) + ";\n      }");
    }
    close(lines, filter);
    return String.join("\n", lines);
  }

  /// A column's part of a window that sees it as column j.
  private static String fused(int j) {
    return "a2.fma(w" + (6 + j) + ", a1.fma(w" + (3 + j) + ", a0.mul(w" + j + ")))";
  }

  private static String jumping(boolean filter, boolean group) {
    List<String> lines = new ArrayList<>();
    lines.add("  /// " + (filter ? "Adds Σ x · dy to nine sums." : "y = Σ x · w."));
    lines.add(nineTaps("jumping", filter, group, "int[] shifts, int step"));
    keep(lines, filter);
    for (int t = 0; t < 9; t++) {
      lines.add("      int x" + t + " = from + shifts[" + t + "];");
    }
    lines.add("      int at = 0;");
    lines.add("      for (int i = 0; i < end; i += L) {");
    if (filter) {
      lines.add("        FloatVector d = FloatVector.fromArray(V, dy, other + i);");
    }
    for (int t = 0; t < 9; t++) {
      String load = read("x" + t + " + at", group);
      lines.add(filter ? "        s" + t + " = " + load + ".fma(d, s" + t + ");"
          : t == 0 ? "        FloatVector sum = " + load + ".mul(w0);"
          : "        sum = " + load + ".fma(w" + t + ", sum);");
    }
    if (!filter) {
      store(lines, group, "sum");
    }
    lines.add("        at += step;\n      }");
    close(lines, filter);
    return String.join("\n", lines);
  }

  private static String constant(String name) {
    return name.replaceAll("(?<=.)([A-Z])", "_$1").toUpperCase(java.util.Locale.ROOT);
  }
}
