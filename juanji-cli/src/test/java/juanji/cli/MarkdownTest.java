package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The links in Markdown files lead somewhere, and the Java in them compiles.
final class MarkdownTest {
  private static final String IMPORTS = """
      import static juanji.nn.Layers.*;

      import juanji.data.*;
      import juanji.graph.*;
      import juanji.image.*;
      import juanji.kernel.*;
      import juanji.model.*;
      import juanji.nn.*;
      import juanji.op.*;
      import juanji.plan.*;
      import juanji.tensor.*;
      import juanji.train.*;

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

  /// A fence is a whole source file if it has imports, and otherwise declarations or statements.
  @Test void javaInDocumentsCompiles() throws IOException, ClassNotFoundException {
    int compiled = 0;
    for (Markdown file : Markdown.all()) {
      for (String fence : file.fences("java")) {
        if (!fence.contains("import ")) {
          boolean declarations = fence.matches("(?s)(record|static|final|public|sealed|interface|class) .*");
          InMemoryCompiler.compile("Snippet", IMPORTS + (declarations ? fence + "\nvoid main() { }\n"
              : "void main() throws Exception {\n" + fence + "}\n"));
          compiled++;
        }
      }
    }
    assertFalse(compiled == 0, "no Java was found in the documents");
  }
}
