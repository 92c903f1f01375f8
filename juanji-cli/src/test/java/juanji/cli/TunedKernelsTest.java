package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import juanji.graph.Graph;
import juanji.nn.Input;
import juanji.nn.Layers;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Target;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `--tune` keeps.
class TunedKernelsTest {
  @TempDir private Path folder;

  private static String plan(TunedKernels kernels, int filters) {
    Graph graph = Model.of(new Input(Shape.of(16, 8, 8)), Layers.conv(filters, 3).same()).initialize(1).graph();
    return Compiler.compile(graph, 2, Target.best().tuned(kernels.tuning())).toString();
  }

  @Test void choicesAreKeptAndAddedTo() throws IOException {
    Path file = folder.resolve("deep/tuned.json");
    String first = plan(new TunedKernels(file), 16);
    String one = Files.readString(file);
    assertTrue(one.startsWith("{\"juanji-tuned-kernels\":") && one.contains("3×3"), one);
    assertEquals(first, plan(new TunedKernels(file), 16));
    assertEquals(one, Files.readString(file));
    plan(new TunedKernels(file), 24);
    String two = Files.readString(file);
    assertTrue(two.length() > one.length() && two.contains("24"), two);
    assertEquals(first, plan(new TunedKernels(file), 16));
  }

  @Test void aDamagedFileIsRefusedAndLeftAsItIs() throws IOException {
    Path file = folder.resolve("tuned.json");
    for (String damaged : new String[] {"", "{", "[]", "{\"juanji-tuned-kernels\": 3}", "{\"other\": {}}",
        "{\"juanji-tuned-kernels\": {\"a\": 1}}"}) {
      Files.writeString(file, damaged);
      CommandException e = assertThrows(CommandException.class, () -> plan(new TunedKernels(file), 16), damaged);
      assertTrue(e.getMessage().contains("tuned.json") && e.getMessage().contains("Delete it"), e.getMessage());
      assertEquals(damaged, Files.readString(file));
    }
  }

  @Test void theFolderIsTheUsersOrTheOneNamed() {
    Path home = Path.of("home");
    assertEquals(home.resolve(".cache/juanji"), TunedKernels.folder(Map.of(), home));
    assertEquals(Path.of("x/juanji"), TunedKernels.folder(Map.of("XDG_CACHE_HOME", "x"), home));
    assertEquals(Path.of("y"), TunedKernels.folder(Map.of("XDG_CACHE_HOME", "x", "JUANJI_CACHE", "y"), home));
    assertFalse(TunedKernels.folder(Map.of("JUANJI_CACHE", " "), home).startsWith(" "));
  }
}
