package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import juanji.explain.ArchitectureDrawing;
import juanji.nn.Model;
import juanji.nn.Summary;
import juanji.zoo.Network;
import juanji.zoo.Zoo;
import org.junit.jupiter.api.Test;

/// The tables and drawings on the networks' pages are those that the library makes: between `<!-- sizes: names -->` or
/// `<!-- layers: name -->` and `<!-- end -->`, and in docs/images/zoo.
///
/// `-Djuanji.golden=rewrite` writes them anew; the difference belongs into the review.
class ZooPagesTest {
  private static final boolean REWRITE = "rewrite".equals(System.getProperty("juanji.golden"));
  private static final Pattern BLOCK = Pattern.compile("<!-- (sizes|layers): ([^>]*?) -->\n(.*?)<!-- end -->",
      Pattern.DOTALL);
  private static final Pattern PICTURE = Pattern.compile("\\]\\((?:\\.\\./)+images/zoo/([a-z0-9.-]+)\\.svg\\)");

  /// The notes on sizes that differ from the published ones, in Chinese.
  private static final Map<String, String> CHINESE = Map.of(
      "lenet5-classic", "论文的第二个卷积只把每张特征图连到前六张中的几张，池化也有权重；这里是全部相连的常见形式。",
      "deepface", "论文取了整数：按它自己的各层数一遍，共 118,923,774 个权重，其中 7400 万个在局部连接层里。",
      "xception", "Keras 把批归一化的 54,528 个滑动统计量也算了进去；不算它们则是 22,855,952，与这里相同。");

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("docs/zoo", "docs/zh/zoo")) {
      try (Stream<Path> files = Files.list(Markdown.ROOT.resolve(folder))) {
        files.sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  private static void check(Path file, String expected) throws IOException {
    if (REWRITE) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertEquals(expected, Files.readString(file), Markdown.ROOT.relativize(file) + " is not what the library makes; "
        + "if it should have changed, run with -Djuanji.golden=rewrite");
  }

  @Test void tablesAreTheLibrarysOwn() throws IOException {
    int blocks = 0;
    for (Path page : pages()) {
      boolean chinese = page.toString().contains("zh");
      String text = Files.readString(page);
      String made = BLOCK.matcher(text).replaceAll(m -> Matcher.quoteReplacement("<!-- " + m.group(1) + ": "
          + m.group(2) + " -->\n" + (m.group(1).equals("sizes") ? sizes(m.group(2), chinese)
          : layers(Zoo.network(m.group(2)).model(), chinese)) + "<!-- end -->"));
      check(page, made);
      blocks += (int) BLOCK.matcher(text).results().count();
    }
    assertTrue(blocks > 80, blocks + " tables");
  }

  @Test void drawingsAreTheLibrarysOwn() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (Path page : pages()) {
      shown.addAll(PICTURE.matcher(Files.readString(page)).results().map(m -> m.group(1)).toList());
    }
    assertTrue(shown.size() >= 20, shown.toString());
    for (String name : shown) {
      Network network = Zoo.network(name);
      check(Markdown.ROOT.resolve("docs/images/zoo/" + name + ".svg"),
          ArchitectureDrawing.of(network.model()).svg(network.title()));
    }
  }

  @Test void everyNetworkHasItsPageInBothLanguages() throws IOException {
    for (String folder : List.of("docs/zoo", "docs/zh/zoo")) {
      Set<String> named = new TreeSet<>();
      for (Path page : pages()) {
        if (page.startsWith(Markdown.ROOT.resolve(folder)) && !page.endsWith("README.md")) {
          BLOCK.matcher(Files.readString(page)).results().filter(m -> m.group(1).equals("sizes"))
              .map((MatchResult m) -> m.group(2)).forEach(n -> named.addAll(List.of(n.split(" "))));
        }
      }
      assertEquals(Zoo.all().stream().map(Network::name).collect(Collectors.toCollection(TreeSet::new)), named, folder);
    }
  }

  @Test void everyNoteIsThereInChinese() {
    assertEquals(Zoo.all().stream().filter(n -> !n.published().difference().isEmpty()).map(Network::name)
        .collect(Collectors.toCollection(TreeSet::new)), new TreeSet<>(CHINESE.keySet()));
  }

  private static String sizes(String names, boolean chinese) {
    List<Network> networks = names.equals("all") ? Zoo.all()
        : Arrays.stream(names.split(" ")).map(Zoo::network).toList();
    StringBuilder text = new StringBuilder(chinese ? "| 名字 | 年份 | 输入 | 权重 | 乘加 | 发表的大小 | 发表的准确率 | Java |\n"
        : "| name | year | input | weights | mult-adds | published size | published accuracy | Java |\n");
    text.append("|---|---|---|---:|---:|---|---|---|\n");
    List<String> notes = new ArrayList<>();
    for (Network n : networks) {
      Model model = n.model();
      Network.Published p = n.published();
      String size = Stream.of(p.weights(), p.multiplyAdds()).filter(s -> !s.isEmpty())
          .collect(Collectors.joining("; "));
      text.append("| `").append(n.name()).append("` | ").append(n.year()).append(" | ")
          .append(model.input().shape()).append(" | ").append(Numbers.count(model.weightCount())).append(" | ")
          .append(work(model.summary().multiplyAdds())).append(" | ")
          .append(size.isEmpty() ? "–" : size + " (" + p.source() + ")").append(" | ")
          .append(p.accuracy().isEmpty() ? "–" : p.accuracy()).append(" | `").append(n.java()).append("` |\n");
      if (!p.difference().isEmpty()) {
        notes.add("- `" + n.name() + (chinese ? "`：" : "`: ") + (chinese ? CHINESE.get(n.name()) : p.difference())
            + "\n");
      }
    }
    if (!notes.isEmpty() && !names.equals("all")) {
      text.append('\n');
      notes.forEach(text::append);
    }
    return text.toString();
  }

  private static String layers(Model model, boolean chinese) {
    Summary summary = model.summary();
    StringBuilder text = new StringBuilder(chinese ? "| 层 | 代码 | 输出 | 权重 | 乘加 | 感受野 |\n"
        : "| layer | code | output | weights | mult-adds | sees |\n");
    text.append("|---|---|---|---:|---:|---|\n");
    for (Summary.Row row : summary.rows()) {
      text.append("| `").append(row.path()).append("` | `").append(row.code().replace("|", "\\|")).append("` | ")
          .append(row.output()).append(" | ").append(count(row.weights())).append(" | ")
          .append(count(row.multiplyAdds())).append(" | ").append(row.field()).append(" |\n");
    }
    return text.append(chinese ? "| 合计 | | | " : "| total | | | ").append(count(summary.weights())).append(" | ")
        .append(count(summary.multiplyAdds())).append(" | |\n").toString();
  }

  private static String count(long number) {
    return number == 0 ? "" : String.format(Locale.ROOT, "%,d", number);
  }

  private static String work(long number) {
    return ZooListCommand.work(number);
  }
}
