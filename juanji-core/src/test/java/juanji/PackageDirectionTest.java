package juanji;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which packages may use which others, and which modules may read which others.
final class PackageDirectionTest {
  /// The packages that each package may use; those of the platform besides. A new package is a new line.
  private static final Map<String, Set<String>> ALLOWED = Map.ofEntries(
      Map.entry("tensor", Set.of()),
      Map.entry("json", Set.of()),
      Map.entry("op", Set.of("tensor")),
      Map.entry("data", Set.of("tensor", "json")),
      Map.entry("graph", Set.of("op", "tensor")),
      Map.entry("kernel", Set.of("op", "tensor")),
      Map.entry("nn", Set.of("graph", "op", "tensor", "json")),
      Map.entry("plan", Set.of("graph", "kernel", "op", "tensor")),
      Map.entry("model", Set.of("nn", "data", "tensor", "json")),
      Map.entry("train", Set.of("plan", "nn", "graph", "op", "model", "data", "tensor")),
      Map.entry("retrieve", Set.of("train", "model", "plan", "nn", "graph", "tensor", "json")),
      Map.entry("augment", Set.of("train", "data", "tensor")),
      Map.entry("classify", Set.of("train", "model", "data", "plan", "nn", "tensor")));
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final List<String> LIBRARIES = List.of("juanji-core", "juanji-vector", "juanji-image",
      "juanji-testkit", "juanji-onnx", "juanji-zoo", "juanji-explain", "juanji-text", "juanji-audio", "juanji-video");
  private static final Pattern REQUIRES = Pattern.compile(
      "^\\s*requires\\s+(?:transitive\\s+|static\\s+)*([\\w.]+)\\s*;", Pattern.MULTILINE);
  private static final JavaClasses CORE = new ClassFileImporter().importPath(Path.of("target", "classes"));

  @Test void packagesUseOnlyThoseBeforeThem() {
    Set<String> found = new TreeSet<>();
    Map<String, String> forbidden = new TreeMap<>();
    for (JavaClass type : CORE) {
      if (type.getName().equals("module-info")) {
        continue;
      }
      String from = type.getPackageName().replaceFirst("^juanji\\.", "");
      found.add(from);
      for (Dependency use : type.getDirectDependenciesFromSelf()) {
        String target = use.getTargetClass().getBaseComponentType().getPackageName();
        String to = target.replaceFirst("^juanji\\.", "");
        boolean platform = to.equals(target) && (to.isEmpty() || to.startsWith("java."));
        if (!platform && !to.equals(from) && !ALLOWED.getOrDefault(from, Set.of()).contains(to)) {
          forbidden.putIfAbsent(from + " → " + to, use.getDescription());
        }
      }
    }
    assertEquals(Map.of(), forbidden, "uses against the direction, with an example each");
    assertEquals(new TreeSet<>(ALLOWED.keySet()), found, "the packages that have a line here");
  }

  @Test void packagesFormNoCircle() {
    slices().matching("juanji.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test void librariesNeedOnlyThePlatformAndEachOther() throws IOException {
    for (String library : LIBRARIES) {
      Path descriptor = ROOT.resolve(library).resolve("src/main/java/module-info.java");
      if (!Files.exists(descriptor)) {
        continue;
      }
      Set<String> foreign = new TreeSet<>();
      Matcher requires = REQUIRES.matcher(Files.readString(descriptor));
      while (requires.find()) {
        String name = requires.group(1);
        if (!name.matches("(java|jdk|juanji)\\..*") || name.matches("juanji\\.(cli|bench|workbench|serve|spark)")) {
          foreign.add(name);
        }
      }
      assertEquals(Set.of(), foreign, library);
    }
    assertTrue(REQUIRES.matcher(Files.readString(ROOT.resolve("juanji-cli/src/main/java/module-info.java")))
        .results().anyMatch(r -> r.group(1).equals("info.picocli")), "an application's dependency is seen");
  }

  @Test void coreNeedsNothingButTheBaseModule() throws IOException {
    String descriptor = Files.readString(ROOT.resolve("juanji-core/src/main/java/module-info.java"));
    assertEquals(List.of(), REQUIRES.matcher(descriptor).results().map(r -> r.group(1)).toList());
  }

  @Test void onlyTheVectorModuleUsesTheIncubator() throws IOException {
    Pattern use = Pattern.compile("^\\s*(import|requires)\\s+(static\\s+)?jdk\\.incubator\\.", Pattern.MULTILINE);
    Set<String> users = new TreeSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src/main/java"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src/main/java"))) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            if (use.matcher(Files.readString(file)).find()) {
              users.add(module.getFileName().toString());
            }
          }
        }
      }
    }
    // The benchmarks, which are never published, measure the machine's peak by themselves.
    users.remove("juanji-bench");
    assertEquals(Set.of("juanji-vector"), users);
  }
}
