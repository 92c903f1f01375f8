package juanji.cli;

import java.util.ArrayList;
import java.util.List;

/// Tables in letters of one width.
final class TextTables {
  private TextTables() {
  }

  /// The lines of a table.
  ///
  /// @param rows the cells, the names of the columns first
  /// @param words how many of the first columns are set to the left; the others to the right
  static List<String> of(List<List<String>> rows, int words) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    rows.forEach(r -> {
      for (int c = 0; c < columns; c++) {
        widths[c] = Math.max(widths[c], r.get(c).length());
      }
    });
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String space = " ".repeat(widths[c] - row.get(c).length());
        line.append(c == 0 ? "" : "  ").append(c < words ? row.get(c) + space : space + row.get(c));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
