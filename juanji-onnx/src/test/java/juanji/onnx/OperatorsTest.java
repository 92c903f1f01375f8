package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OperatorsTest {
  private static final List<String> DOCUMENTS = List.of("docs/onnx.md", "docs/zh/onnx.md");
  private static final String TRAINING = "ai.onnx.preview.training.";

  @Test void theDocumentsListEveryOperator() throws IOException {
    for (String document : DOCUMENTS) {
      assertEquals(Operators.names(), named(document, "<!-- operators -->", "<!-- end -->"), document);
    }
  }

  /// `operators.txt` has the names that the operator sets 1 to 27 define, those of training with their domain.
  @Test void theDocumentsNameEveryOperatorThatIsDeclined() throws IOException {
    SortedSet<String> expected = new TreeSet<>(Set.of(TRAINING.substring(0, TRAINING.length() - 1)));
    try (InputStream all = OperatorsTest.class.getResourceAsStream("operators.txt")) {
      new String(all.readAllBytes(), StandardCharsets.UTF_8).lines().filter(o -> !Operators.names().contains(o))
          .forEach(o -> expected.add(o.startsWith(TRAINING) ? o.substring(TRAINING.length()) : o));
    }
    for (String document : DOCUMENTS) {
      assertEquals(expected, named(document, "<!-- declined -->", "<!-- end declined -->"), document);
    }
  }

  private static SortedSet<String> named(String document, String start, String end) throws IOException {
    String text = Files.readString(Path.of("..").resolve(document));
    return new TreeSet<>(Pattern.compile("`([\\w.]+)`").matcher(text.substring(text.indexOf(start), text.indexOf(end)))
        .results().map(m -> m.group(1)).toList());
  }
}
