package juanji.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import juanji.json.JsonException;

/// A table that names files with their classes, and perhaps their parts: a `.csv`, `.tsv` or `.jsonl` whose columns are
/// `path` (or `image`, `file`, `filename`), `label` (or `class`, `category`) and `split` (or `part`, `set`).
///
/// Paths are relative to the table's folder. Constraints: M1 the table is UTF-8 and has a column for the path and one
/// for the class; M2 paths lie within the table's folder; those that do not are left out as problems, so that a table
/// from a stranger cannot name other files of this machine.
///
/// @param entries the files
/// @param problems rows that were left out
public record Manifest(List<ClassFiles.Entry> entries, List<Problem> problems) {
  private static final List<String> PATHS = List.of("path", "image", "file", "filename");
  private static final List<String> LABELS = List.of("label", "class", "category");
  private static final List<String> PARTS = List.of("split", "part", "set");
  private static final long MOST_BYTES = 1L << 28;

  /// Takes copies.
  public Manifest {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /// Whether a file is such a table, by its name and its first row.
  public static boolean is(Path file) {
    if (!Files.isRegularFile(file) || !extension(file).matches("csv|tsv|jsonl")) {
      return false;
    }
    try (var lines = Files.lines(file)) {
      String first = lines.findFirst().orElse("");
      List<String> names = columns(first, extension(file));
      return find(names, PATHS) >= 0 && find(names, LABELS) >= 0;
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static List<String> columns(String line, String extension) {
    String plain = line.startsWith("\uFEFF") ? line.substring(1) : line;
    try {
      return (extension.equals("jsonl") ? List.copyOf(Json.parse(plain).members().keySet())
          : cells(plain, extension.equals("tsv") ? '\t' : ',')).stream().map(n -> n.strip().toLowerCase(Locale.ROOT))
          .toList();
    } catch (JsonException e) {
      return List.of();
    }
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static int find(List<String> names, List<String> wanted) {
    return wanted.stream().filter(names::contains).findFirst().map(names::indexOf).orElse(-1);
  }

  /// Reads a table.
  ///
  /// @throws DataException if M1 is broken
  public static Manifest read(Path file) {
    List<String> lines;
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw refused(file, "M1: it has at most 256 MiB; received " + (Files.size(file) >> 20) + " MiB.");
      }
      lines = Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw refused(file, "M1: it is UTF-8; received other bytes.");
    } catch (IOException e) {
      throw refused(file, "The system says: " + e.getMessage() + " (" + e.getClass().getSimpleName() + ").");
    }
    String extension = extension(file);
    List<String> names = lines.isEmpty() ? List.of() : columns(lines.getFirst(), extension);
    if (find(names, PATHS) < 0 || find(names, LABELS) < 0) {
      throw refused(file, "M1: its columns include one of " + PATHS + " and one of " + LABELS + "; received " + names
          + ".");
    }
    List<ClassFiles.Entry> entries = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    boolean json = extension.equals("jsonl");
    for (int i = json ? 0 : 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        row(lines.get(i), extension, names).ifPresentOrElse(row ->
            add(file, row, entries, problems), () -> problems.add(new Problem(file.getFileName() + "", "a row has no"
            + " path, or no class")));
      }
    }
    return new Manifest(entries, problems);
  }

  private record Row(String path, String label, String part) {
  }

  private static Optional<Row> row(String line, String extension, List<String> names) {
    String[] found = new String[3];
    List<List<String>> wanted = List.of(PATHS, LABELS, PARTS);
    try {
      if (extension.equals("jsonl")) {
        Map<String, Json> members = Json.parse(line).members();
        for (int k = 0; k < found.length; k++) {
          for (String name : wanted.get(k)) {
            Json value = members.get(name);
            found[k] = found[k] == null && value != null ? value instanceof Json.Text t ? t.text() : value.toString()
                : found[k];
          }
        }
      } else {
        List<String> cells = cells(line, extension.equals("tsv") ? '\t' : ',');
        for (int k = 0; k < found.length; k++) {
          int at = find(names, wanted.get(k));
          found[k] = at >= 0 && at < cells.size() ? cells.get(at).strip() : null;
        }
      }
    } catch (JsonException e) {
      return Optional.empty();
    }
    return found[0] == null || found[0].isEmpty() || found[1] == null || found[1].isEmpty() ? Optional.empty()
        : Optional.of(new Row(found[0], found[1], found[2] == null ? "" : found[2]));
  }

  private static void add(Path file, Row row, List<ClassFiles.Entry> entries, List<Problem> problems) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    String part = row.part.toLowerCase(Locale.ROOT);
    try {
      Path named = folder.resolve(row.path).normalize();
      if (!named.startsWith(folder)) {
        problems.add(new Problem(row.path, "it lies outside the table's folder (M2)"));
      } else if (!Files.isRegularFile(named)) {
        problems.add(new Problem(row.path, "there is no such file"));
      } else {
        entries.add(new ClassFiles.Entry(part.startsWith("test") ? Part.TEST : part.startsWith("val")
            || part.startsWith("dev") ? Part.VALIDATION : Part.TRAIN, row.label, named, row.path, Files.size(named)));
      }
    } catch (InvalidPathException | IOException e) {
      problems.add(new Problem(row.path, "it cannot be read"));
    }
  }

  /// The fields of one line; quotes may enclose a field, and are doubled within.
  private static List<String> cells(String line, char separator) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"' && (quoted || cell.isEmpty())) {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        cells.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString());
    return cells;
  }

  private static DataException refused(Path file, String why) {
    return new DataException(file.toString(), "the table '" + file + "' cannot be read.", why,
        "Name its columns path, label and perhaps split in its first row.");
  }
}
