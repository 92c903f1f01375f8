package juanji.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import juanji.data.ClassFiles;
import juanji.data.DataException;
import juanji.data.NaturalOrder;
import juanji.data.Part;
import juanji.data.Problem;

/// Texts with their classes, from files.
///
/// | layout | a text is | its class is |
/// |---|---|---|
/// | a `.csv`, `.tsv` or `.jsonl` file | a row | in the column `label`, `class`, `category` or `sentiment` |
/// | a folder of such files `train`, `test`, `val` | a row | as above |
/// | a folder of one file per class, such as `reviews.pos` and `reviews.neg` | a line | the file's name |
/// | a folder with one sub-folder of `.txt` files per class | a file | the sub-folder |
///
/// A table's first row names its columns; a table without names has two columns, of which that with fewer different
/// values is the class. Files may be in UTF-8, UTF-16, GBK or ISO-8859-1 ([Encoding]). Left out and named in
/// [#problems]: empty texts, and rows that are no rows.
///
/// Constraints: F1 the path is a table or a folder of texts; F2 there are two classes or more with a text each; F3 a
/// file has at most 1 GiB.
///
/// ```java
/// TextFiles files = TextFiles.open(Path.of("reviews"), Optional.empty());
/// files.part(Part.TRAIN).orElseThrow().size();
/// ```
///
/// @param parts the texts by their part; that to train on is always there
/// @param problems what was left out
public record TextFiles(Map<Part, TextData> parts, List<Problem> problems) {
  private static final long MOST_BYTES = 1L << 30;
  private static final Set<String> TABLES = Set.of("csv", "tsv", "jsonl", "ndjson");
  private static final Set<String> DOCUMENTS = Set.of("txt", "text", "md");
  private static final int SNIFFED = 4096;

  /// A text with its class and where it is from.
  record Row(Part part, String label, String text, String source) {
  }

  /// Takes copies.
  public TextFiles {
    parts = Map.copyOf(parts);
    problems = List.copyOf(problems);
  }

  /// The texts of one part, if its author has set it apart.
  public Optional<TextData> part(Part part) {
    return Optional.ofNullable(parts.get(part));
  }

  /// Whether a path looks as if it held texts.
  public static boolean recognises(Path path) {
    if (Files.isRegularFile(path)) {
      return TABLES.contains(extension(path)) && plain(path);
    }
    try (Stream<Path> inside = Files.walk(path, 3)) {
      List<Path> files = inside.filter(Files::isRegularFile).filter(f -> !f.getFileName().toString().startsWith("."))
          .limit(200).toList();
      return !files.isEmpty() && files.stream().filter(TextFiles::textual).count() * 2 > files.size()
          && files.stream().limit(5).filter(TextFiles::textual).allMatch(TextFiles::plain);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static boolean textual(Path file) {
    String extension = extension(file);
    return TABLES.contains(extension) || DOCUMENTS.contains(extension)
        || !extension.matches("png|jpe?g|bmp|gif|p[bgpn]m|webp|tiff?|wav|aiff?|aifc|au|snd|avi|mjpe?g|mp[34]|mov|mkv|"
        + "zip|gz|bin|onnx|safetensors|juanji|html?|xml|json|pdf|class|jar|java") && plain(file);
  }

  /// Whether a file's beginning has no control characters but those of texts.
  private static boolean plain(Path file) {
    try (var in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(SNIFFED);
      String text = Encoding.text(start);
      return text.chars().noneMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1a)
          && !text.isBlank();
    } catch (IOException e) {
      return false;
    }
  }

  static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /// The text of one file.
  ///
  /// @throws DataException if it cannot be read
  public static String read(Path file) {
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new DataException(file.toString(), "the text '" + file + "' cannot be read.",
            "F3: a file has at most " + MOST_BYTES + " bytes; received " + size + ".", "Cut it into several files.");
      }
      return Encoding.text(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new DataException(file.toString(), "the text '" + file + "' cannot be read.",
          "The system says: " + e.getMessage() + " (" + e.getClass().getSimpleName() + ").",
          "Check that the file exists and that you may read it.", e);
    }
  }

  /// The texts of a file or folder.
  ///
  /// @param pattern what finds the class in a file's name, for folders of documents
  /// @throws DataException if a constraint is broken
  public static TextFiles open(Path path, Optional<Pattern> pattern) {
    return open(path, pattern, List.of());
  }

  /// The texts of a file or folder whose classes are known already, such as those of a trained model.
  ///
  /// @param classes the names of the classes; none to take them from the texts
  public static TextFiles open(Path path, Optional<Pattern> pattern, List<String> classes) {
    List<Problem> problems = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    if (Files.isRegularFile(path)) {
      rows.addAll(TextTable.read(path, Part.TRAIN, path.getFileName().toString(), problems));
    } else {
      folder(path, pattern, rows, problems);
    }
    return assemble(path, rows, classes, problems);
  }

  private static void folder(Path path, Optional<Pattern> pattern, List<Row> rows, List<Problem> problems) {
    List<Path> flat;
    try (Stream<Path> inside = Files.list(path)) {
      flat = inside.filter(Files::isRegularFile).filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted((a, b) -> NaturalOrder.INSTANCE.compare(a.getFileName().toString(), b.getFileName().toString()))
          .toList();
    } catch (IOException e) {
      throw new DataException(path.toString(), "'" + path + "' cannot be listed.",
          "F1: it is a table or a folder of texts; the system says: " + e.getMessage() + " ("
          + e.getClass().getSimpleName() + ").", "Check the path.", e);
    }
    List<Path> tables = flat.stream().filter(f -> TABLES.contains(extension(f))).toList();
    if (!tables.isEmpty()) {
      for (Path table : tables) {
        rows.addAll(TextTable.read(table, tables.size() == 1 ? Part.TRAIN : part(stem(table)),
            table.getFileName().toString(), problems));
      }
      return;
    }
    List<Path> lists = flat.stream().filter(TextFiles::textual).filter(f -> !f.getFileName().toString()
        .toLowerCase(Locale.ROOT).startsWith("readme")).toList();
    if (pattern.isEmpty() && lists.size() >= 2) {
      boolean sameStem = lists.stream().map(TextFiles::stem).distinct().count() == 1;
      for (Path list : lists) {
        String label = sameStem ? extension(list) : stem(list);
        String[] lines = read(list).split("\r\n|\r|\n", -1);
        for (int i = 0; i < lines.length; i++) {
          if (!lines[i].isBlank()) {
            rows.add(new Row(Part.TRAIN, label, lines[i], list.getFileName() + ":" + (i + 1)));
          }
        }
      }
      return;
    }
    ClassFiles files = ClassFiles.of(path, name -> DOCUMENTS.contains(name.substring(name.lastIndexOf('.') + 1))
        || !name.contains("."), pattern);
    problems.addAll(files.problems());
    for (ClassFiles.Entry entry : files.entries()) {
      String text = "";
      try {
        text = read(entry.file());
      } catch (DataException e) {
        problems.add(new Problem(entry.name(), "it cannot be read"));
        continue;
      }
      if (text.isBlank()) {
        problems.add(new Problem(entry.name(), "it is empty"));
      } else {
        rows.add(new Row(entry.part(), entry.label(), text, entry.name()));
      }
    }
  }

  private static Part part(String stem) {
    String name = stem.toLowerCase(Locale.ROOT);
    return name.contains("test") ? Part.TEST : name.contains("val") || name.contains("dev") ? Part.VALIDATION
        : Part.TRAIN;
  }

  private static String stem(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  private static TextFiles assemble(Path path, List<Row> rows, List<String> known, List<Problem> problems) {
    boolean divided = rows.stream().anyMatch(r -> r.part == Part.TRAIN);
    Set<String> seen = new TreeSet<>(NaturalOrder.INSTANCE);
    rows.stream().filter(r -> !divided || r.part == Part.TRAIN).forEach(r -> seen.add(r.label));
    List<String> classes = known.isEmpty() ? List.copyOf(seen) : known;
    if (known.isEmpty() && classes.size() < 2) {
      throw new DataException(path.toString(), "'" + path + "' cannot be used for training.",
          "F2: two classes or more have texts; received " + (classes.isEmpty() ? "none" : "only '"
          + classes.getFirst() + "'") + (problems.isEmpty() ? "." : "; the first of " + problems.size()
          + " problem(s): " + problems.getFirst() + "."),
          "Give a table with a column for the class, one file per class, or one folder per class.");
    }
    Map<Part, TextData> parts = new EnumMap<>(Part.class);
    Set<String> strange = new LinkedHashSet<>();
    for (Part part : Part.values()) {
      List<Row> own = rows.stream().filter(r -> (divided ? r.part : Part.TRAIN) == part).filter(r -> {
        boolean one = classes.contains(r.label);
        if (!one && strange.add(r.label)) {
          problems.add(new Problem(r.source, "its class '" + r.label + "' is none of the classes; it and others of it"
              + " were left out"));
        }
        return one;
      }).toList();
      if (!own.isEmpty()) {
        parts.put(part, TextData.of(own.stream().map(Row::text).toList(), classes,
            own.stream().mapToInt(r -> classes.indexOf(r.label)).toArray(), own.stream().map(Row::source).toList()));
      }
    }
    if (!parts.containsKey(Part.TRAIN)) {
      throw new DataException(path.toString(), "'" + path + "' cannot be used.", "F2: there are texts of the classes "
          + classes + "; received none.", "Give texts of these classes.");
    }
    return new TextFiles(parts, problems);
  }
}
