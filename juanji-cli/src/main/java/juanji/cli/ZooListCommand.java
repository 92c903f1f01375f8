package juanji.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import juanji.json.Json;
import juanji.nn.Model;
import juanji.zoo.Network;
import juanji.zoo.Zoo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji zoo list`.
@Command(name = "list", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Lists the networks: name, year, input, weights and mult-adds as counted here, the accuracy that",
        "was published, and the paper.", ""})
final class ZooListCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "TEXT", description = "Only those whose name, title or paper "
      + "has this text.")
  private Optional<String> text = Optional.empty();

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ZooListCommand() {
  }

  @Override public Integer call() {
    List<Network> found = Zoo.all().stream().filter(n -> text.map(t -> (n.name() + " " + n.title() + " " + n.paper())
        .toLowerCase(Locale.ROOT).contains(t.toLowerCase(Locale.ROOT))).orElse(true)).toList();
    if (found.isEmpty()) {
      throw CommandException.failure("no network is called '" + text.orElse("") + "'.",
          "The text is looked for in names, titles and papers; received '" + text.orElse("") + "'.",
          "See juanji zoo list for all of them.");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.of(found.stream().map(ZooListCommand::described).toList()));
      return 0;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("name", "year", "input", "weights", "mult-adds", "published", "paper"));
    for (Network n : found) {
      Model model = n.model();
      lines.add(List.of(n.name(), Integer.toString(n.year()), input(n), Numbers.count(model.weightCount()),
          work(model.summary().multiplyAdds()), n.published().accuracy(), n.paper()));
    }
    print(out, lines);
    return 0;
  }

  private static void print(PrintWriter out, List<List<String>> lines) {
    int[] widths = new int[lines.getFirst().size()];
    lines.forEach(l -> Arrays.setAll(widths, c -> Math.max(widths[c], l.get(c).length())));
    for (List<String> line : lines) {
      StringBuilder row = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        String blanks = " ".repeat(widths[c] - line.get(c).length());
        row.append(c == 0 ? "" : "  ").append(c == 3 || c == 4 ? blanks + line.get(c) : line.get(c) + blanks);
      }
      out.println(row.toString().stripTrailing());
    }
  }

  static String input(Network network) {
    return Arrays.stream(network.input().toArray()).mapToObj(Integer::toString).collect(Collectors.joining("x"));
  }

  /// A number of operations in millions or billions.
  static String work(long number) {
    return number < 1_000_000 ? Numbers.count(number) : number < 1_000_000_000
        ? String.format(Locale.ROOT, "%.1f M", number / 1e6)
        : String.format(Locale.ROOT, "%.2f G", number / 1e9);
  }

  static Json described(Network n) {
    Model model = n.model();
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("name", Json.of(n.name()));
    all.put("title", Json.of(n.title()));
    all.put("year", Json.of(n.year()));
    all.put("paper", Json.of(n.paper()));
    all.put("idea", Json.of(n.idea()));
    all.put("input", Json.of(Arrays.stream(n.input().toArray()).mapToObj(Json::of).toList()));
    all.put("outputs", Json.of(n.outputs()));
    all.put("weights", Json.of(model.weightCount()));
    all.put("multiplyAdds", Json.of(model.summary().multiplyAdds()));
    all.put("publishedWeights", Json.of(n.published().weights()));
    all.put("publishedMultiplyAdds", Json.of(n.published().multiplyAdds()));
    all.put("publishedAccuracy", Json.of(n.published().accuracy()));
    all.put("source", Json.of(n.published().source()));
    all.put("difference", Json.of(n.published().difference()));
    all.put("java", Json.of(n.java()));
    return Json.of(all);
  }
}
