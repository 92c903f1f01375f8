package juanji.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import juanji.data.DataException;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.json.Json;
import juanji.json.JsonException;

/// Rows of a CSV, TSV or JSON Lines file.
///
/// CSV is that of RFC 4180 with a comma or semicolon, whichever the first row has more of: fields may be quoted, a
/// quote within is doubled, and a quoted field may have line breaks. TSV has no quotes.
final class TextTable {
  private static final List<String> LABELS = List.of("label", "class", "category", "sentiment", "target", "y");
  private static final List<String> TEXTS = List.of("text", "sentence", "review", "content", "document", "x");
  private static final List<String> PARTS = List.of("split", "part", "set");

  private TextTable() {
  }

  static List<TextFiles.Row> read(Path file, Part part, String name, List<Problem> problems) {
    String text = TextFiles.read(file);
    return switch (TextFiles.extension(file)) {
      case "jsonl", "ndjson" -> json(file, text, part, name, problems);
      case "tsv" -> rows(file, tabbed(text), part, name, problems);
      default -> rows(file, separated(text), part, name, problems);
    };
  }

  private static List<TextFiles.Row> json(Path file, String text, Part part, String name, List<Problem> problems) {
    List<TextFiles.Row> rows = new ArrayList<>();
    String[] lines = text.split("\r\n|\r|\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].isBlank()) {
        continue;
      }
      String place = name + ":" + (i + 1);
      try {
        Map<String, Json> members = Json.parse(lines[i]).members();
        String label = value(members, LABELS);
        String content = value(members, TEXTS);
        if (label == null || content == null) {
          problems.add(new Problem(place, "it has no text, or no class"));
        } else if (content.isBlank()) {
          problems.add(new Problem(place, "its text is empty"));
        } else {
          String own = value(members, PARTS);
          rows.add(new TextFiles.Row(own == null ? part : named(own), label, content, place));
        }
      } catch (JsonException e) {
        problems.add(new Problem(place, "it is no JSON object"));
      }
    }
    if (rows.isEmpty()) {
      throw unreadable(file, "F1: each line is a JSON object with a text (" + String.join(", ", TEXTS)
          + ") and a class (" + String.join(", ", LABELS) + "); received none that is.");
    }
    return rows;
  }

  private static String value(Map<String, Json> members, List<String> names) {
    for (String name : names) {
      for (Map.Entry<String, Json> e : members.entrySet()) {
        if (e.getKey().toLowerCase(Locale.ROOT).equals(name) && !(e.getValue() instanceof Json.Null)) {
          return e.getValue() instanceof Json.Text t ? t.text() : e.getValue().toString();
        }
      }
    }
    return null;
  }

  private static Part named(String word) {
    String name = word.toLowerCase(Locale.ROOT);
    return name.startsWith("test") ? Part.TEST : name.startsWith("val") || name.startsWith("dev") ? Part.VALIDATION
        : Part.TRAIN;
  }

  private static DataException unreadable(Path file, String why) {
    return new DataException(file.toString(), "the table '" + file + "' cannot be read.", why,
        "Name the columns text and label in its first row.");
  }

  private static List<TextFiles.Row> rows(Path file, List<List<String>> table, Part part, String name,
      List<Problem> problems) {
    table.removeIf(r -> r.size() == 1 && r.getFirst().isBlank());
    if (table.isEmpty()) {
      throw unreadable(file, "F1: it has rows; received none.");
    }
    List<String> head = table.getFirst().stream().map(h -> h.strip().toLowerCase(Locale.ROOT)).toList();
    int label = column(head, LABELS);
    int text = column(head, TEXTS);
    int split = column(head, PARTS);
    int from = 1;
    if (label < 0 || text < 0) {
      from = 0;
      split = -1;
      if (!table.stream().allMatch(r -> r.size() == 2)) {
        throw unreadable(file, "F1: its first row names a column for the text (" + String.join(", ", TEXTS)
            + ") and one for the class (" + String.join(", ", LABELS) + "), or it has two columns; received "
            + head.size() + " columns: " + String.join(", ", head.subList(0, Math.min(5, head.size()))) + ".");
      }
      Set<String> first = new HashSet<>();
      Set<String> second = new HashSet<>();
      table.forEach(r -> {
        first.add(r.get(0));
        second.add(r.get(1));
      });
      label = first.size() <= second.size() ? 0 : 1;
      text = 1 - label;
    }
    List<TextFiles.Row> rows = new ArrayList<>();
    for (int i = from; i < table.size(); i++) {
      List<String> row = table.get(i);
      String place = name + ", row " + (i + 1);
      if (row.size() <= Math.max(label, text)) {
        problems.add(new Problem(place, "it has " + row.size() + " column(s) only"));
      } else if (row.get(text).isBlank()) {
        problems.add(new Problem(place, "its text is empty"));
      } else if (row.get(label).isBlank()) {
        problems.add(new Problem(place, "it has no class"));
      } else {
        rows.add(new TextFiles.Row(split >= 0 && split < row.size() ? named(row.get(split).strip()) : part,
            row.get(label).strip(), row.get(text), place));
      }
    }
    return rows;
  }

  private static int column(List<String> head, List<String> names) {
    for (String name : names) {
      if (head.contains(name)) {
        return head.indexOf(name);
      }
    }
    return -1;
  }

  static List<List<String>> tabbed(String text) {
    List<List<String>> rows = new ArrayList<>();
    for (String line : text.split("\r\n|\r|\n", -1)) {
      rows.add(new ArrayList<>(List.of(line.split("\t", -1))));
    }
    return rows;
  }

  static List<List<String>> separated(String text) {
    int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
    String head = text.substring(0, end);
    boolean semicolons = head.chars().filter(c -> c == ';').count() > head.chars().filter(c -> c == ',').count();
    char separator = semicolons ? ';' : ',';
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        if (c != '"') {
          field.append(c);
        } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else {
          quoted = false;
        }
      } else if (c == '"' && field.isEmpty()) {
        quoted = true;
      } else if (c == separator) {
        row.add(field.toString());
        field.setLength(0);
      } else if (c == '\n' || c == '\r') {
        i += c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n' ? 1 : 0;
        row.add(field.toString());
        field.setLength(0);
        rows.add(row);
        row = new ArrayList<>();
      } else {
        field.append(c);
      }
    }
    if (!field.isEmpty() || !row.isEmpty()) {
      row.add(field.toString());
      rows.add(row);
    }
    return rows;
  }
}
