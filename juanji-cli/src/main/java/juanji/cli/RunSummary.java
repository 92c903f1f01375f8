package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import juanji.json.Json;
import juanji.json.JsonException;

/// What a run's folder says: its settings, its epochs and its result.
///
/// @param name the folder's name
/// @param settings by their option's name
/// @param epochs the lines of `metrics.csv`
/// @param results the numbers of `result.json`
/// @param weights how many the network has; 0 if it is not known
record RunSummary(String name, Map<String, String> settings, List<Line> epochs, Map<String, Double> results,
    long weights) {
  /// An epoch's values by the names of their columns.
  ///
  /// @param values as they stand
  record Line(Map<String, String> values) {
    String text(String column) {
      return values.getOrDefault(column, "");
    }

    double number(String column) {
      try {
        return Double.parseDouble(text(column));
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
  }

  /// Reads a folder; what cannot be read is left out.
  static RunSummary of(Path path) {
    RunFolder folder = new RunFolder(path);
    Map<String, String> settings = new LinkedHashMap<>();
    Map<String, Double> results = new LinkedHashMap<>();
    long weights = 0;
    try {
      Map<String, Json> config = folder.read(RunFolder.CONFIG).map(Json::parse).map(Json::members).orElse(Map.of());
      config.getOrDefault("settings", Json.of(Map.<String, Json>of())).members().forEach((n, v) ->
          settings.put(n, v instanceof Json.Text t ? t.text() : v.toString()));
      weights = config.containsKey("weights") ? config.get("weights").asLong() : 0;
      folder.read(RunFolder.RESULT).map(Json::parse).map(Json::members).orElse(Map.of()).forEach((n, v) -> {
        if (v instanceof Json.Number) {
          results.put(n, v.asDouble());
        }
      });
    } catch (JsonException e) {
      settings.put("config.json", "cannot be read");
    }
    List<String> lines = folder.read(RunFolder.METRICS).map(t -> t.lines().toList()).orElse(List.of());
    List<Line> epochs = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String[] names = lines.getFirst().split(",", -1);
      String[] cells = lines.get(i).split(",", -1);
      Map<String, String> values = new LinkedHashMap<>();
      for (int c = 0; c < Math.min(names.length, cells.length); c++) {
        values.put(names[c], cells[c]);
      }
      epochs.add(new Line(values));
    }
    return new RunSummary(path.toAbsolutePath().normalize().getFileName().toString(), settings, epochs, results,
        weights);
  }

  String setting(String option) {
    return settings.getOrDefault(option, "");
  }

  int done() {
    return epochs.size();
  }

  /// The number of the best epoch; 0 if there is none.
  int best() {
    return epochs.reversed().stream().filter(e -> e.text("best").equals("1")).findFirst()
        .map(e -> (int) e.number("epoch")).orElse(0);
  }

  double bestAccuracy() {
    return epochs.reversed().stream().filter(e -> e.text("best").equals("1")).findFirst()
        .map(e -> e.number("validation_accuracy")).orElse(Double.NaN);
  }

  double[] column(String name) {
    return epochs.stream().mapToDouble(e -> e.number(name)).toArray();
  }

  double seconds() {
    return epochs.stream().mapToDouble(e -> e.number("seconds")).filter(s -> !Double.isNaN(s)).sum();
  }

  double result(String name) {
    return results.getOrDefault(name, Double.NaN);
  }

  double test() {
    return result("accuracy");
  }
}
