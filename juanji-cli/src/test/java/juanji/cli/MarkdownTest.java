package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The links in Markdown files lead somewhere, and the Java in them compiles.
final class MarkdownTest {
  private static final String IMPORTS = """
      import static juanji.nn.Layers.*;

      import juanji.audio.*;
      import juanji.augment.*;
      import juanji.classify.*;
      import juanji.data.*;
      import juanji.draw.*;
      import juanji.explain.*;
      import juanji.graph.*;
      import juanji.image.*;
      import juanji.kernel.*;
      import juanji.lab.*;
      import juanji.model.*;
      import juanji.nn.*;
      import juanji.onnx.*;
      import juanji.op.*;
      import juanji.plan.*;
      import juanji.tensor.*;
      import juanji.text.*;
      import juanji.train.*;
      import juanji.video.*;
      import juanji.zoo.*;
      import juanji.zoo.detect.*;

      """;

  @Test void relativeLinksResolve() throws IOException {
    List<String> broken = new ArrayList<>();
    int checked = 0;
    for (Markdown file : Markdown.all()) {
      for (String link : file.links()) {
        String target = link.replaceFirst("#.*", "");
        if (target.isEmpty() || target.matches("[a-z]+:.*")) {
          continue;
        }
        Path path = file.path().resolveSibling(URLDecoder.decode(target, StandardCharsets.UTF_8)).normalize();
        checked++;
        if (!path.startsWith(Markdown.ROOT) || !Files.exists(path)) {
          broken.add(file + ": " + link);
        }
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(checked > 20, "only " + checked + " links were found");
  }

  @ParameterizedTest
  @CsvSource({"train,--epochs,training", "export,--opset,onnx", "filter,--true-convolution,seeing-inside",
      "explain why,--method,seeing-inside", "explain features,--units,seeing-inside",
      "explain numbers,--effective,seeing-inside", "explain number,--at,seeing-inside", "advise,--code,seeing-inside",
      "chapter,--faces,seeing-inside", "lab,--language,seeing-inside", "lab stacked,--small,seeing-inside",
      "lab shifts,--noise,seeing-inside", "lab padding,--dilation,seeing-inside",
      "lab transposed,--numbers,seeing-inside", "lab checkerboard,--stride,seeing-inside",
      "lab dilated,--dilations,seeing-inside", "lab sharing,--size,seeing-inside",
      "lab connections,--tiles,seeing-inside", "lab faces,--shift,seeing-inside", "lab pooling,--levels,seeing-inside",
      "lab separable,--filters,seeing-inside", "lab vlad,--clusters,seeing-inside"})
  void theGuidesHaveEveryOption(String command, String one, String page) {
    Set<String> options = new TreeSet<>(Cli.run((Object[]) (command + " --help").split(" ")).out().lines()
        .flatMap(l -> Pattern.compile("(?<![\\w-])--[a-z-]+").matcher(l).results()).map(MatchResult::group).toList());
    assertTrue(options.contains(one), options.toString());
    options.removeAll(Set.of("--help", "--version"));
    for (String guide : List.of("docs/guide/" + page + ".md", "docs/zh/guide/" + page + ".md")) {
      String text = Markdown.read(guide).text();
      assertEquals(List.of(), options.stream().filter(o -> !text.contains("`" + o + "`")).toList(),
          "options that " + guide + " lacks");
    }
  }

  /// A fence without imports is a declaration, or statements.
  @Test void javaInDocumentsCompiles(@TempDir Path folder) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (Markdown file : Markdown.all()) {
      for (String fence : file.fences("java")) {
        if (!fence.contains("import ")) {
          boolean declaration = fence.matches("(?s)(record|static|final|public|sealed|interface|class) .*");
          String name = "Snippet" + sources.size();
          sources.put(name, "// " + file + "\n" + IMPORTS + (declaration ? fence + "\nvoid main() { }\n"
              : "void main() throws Exception {\n" + fence + "}\n"));
        }
      }
    }
    assertTrue(sources.size() >= 4, "only " + sources.size() + " snippets were found");
    new Snippets(folder).compile(sources);
  }

  /// A Java fence that a fence of plain text follows prints that text.
  @Test void examplesPrintWhatTheirPagesShow(@TempDir Path folder) throws IOException, ReflectiveOperationException {
    Map<String, String> sources = new TreeMap<>();
    Map<String, String> expected = new TreeMap<>();
    for (Markdown file : Markdown.all()) {
      for (Markdown.Example example : file.examples()) {
        String name = "Example" + sources.size();
        sources.put(name, "// " + file + "\n" + IMPORTS + "void main(String[] args) throws Exception {\n"
            + example.code() + "}\n");
        expected.put(name, file + "\n" + example.output());
      }
    }
    assertTrue(sources.size() >= 12, "only " + sources.size() + " examples were found");
    Snippets snippets = new Snippets(folder);
    snippets.compile(sources);
    Map<String, String> printed = new TreeMap<>();
    PrintStream before = System.out;
    for (String name : sources.keySet()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
      try {
        snippets.run(name);
      } finally {
        System.setOut(before);
      }
      printed.put(name, expected.get(name).lines().findFirst().orElseThrow() + "\n"
          + bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }
    assertEquals(expected, printed);
  }

  @Test void guidesAreThereInBothLanguages() throws IOException {
    for (Markdown file : Markdown.all()) {
      String name = file.toString().replace('\\', '/');
      if (name.startsWith("docs/guide/")) {
        Markdown twin = Markdown.read(name.replace("docs/", "docs/zh/"));
        assertEquals(file.fences("java"), twin.fences("java"), name);
        assertEquals(file.fences("text"), twin.fences("text"), name);
        assertEquals(file.pictures(), twin.pictures(), name);
      }
    }
  }
}
