package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class OperatorsTest {
  @Test void theDocumentsListEveryOperator() throws IOException {
    for (String document : List.of("docs/onnx.md", "docs/zh/onnx.md")) {
      String text = Files.readString(Path.of("..").resolve(document));
      String list = text.substring(text.indexOf("<!-- operators -->"), text.indexOf("<!-- end -->"));
      assertEquals(Operators.names(), new TreeSet<>(Pattern.compile("`(\\w+)`").matcher(list).results()
          .map(m -> m.group(1)).toList()), document);
    }
  }
}
