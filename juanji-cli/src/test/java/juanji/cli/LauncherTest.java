package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program in a process of its own: through the launcher on the module path, and stopped by a signal.
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private static ProcessBuilder launcher(Object... args) {
    Path launcher = ROOT.resolve("juanji");
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no POSIX shell");
    assumeTrue(!jars(Path.of("target")).isEmpty() && jars(Path.of("target", "lib")).size() >= 4,
        "the jars are not built yet: mvn package builds them after these tests");
    List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
    for (Object arg : args) {
      command.add(arg.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JUANJI_JAVA_HOME", System.getProperty("java.home"));
    // What is tested is the start, not the build: sources are newer than the jars while they are worked on.
    builder.environment().put("JUANJI_BUILD", "never");
    return builder;
  }

  private static List<Path> jars(Path folder) {
    try (var files = Files.newDirectoryStream(folder, "*.jar")) {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found;
    } catch (IOException e) {
      return List.of();
    }
  }

  @Test void startsOnTheModulePathWithVectorKernels() throws Exception {
    Process process = launcher("--version").directory(folder.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), err);
    assertTrue(out.matches("(?s)juanji \\d+\\.\\d+\\.\\d+\\S*\nJava .*\nkernels  vector, \\d+ lanes\n"
        + "threads  \\d+\n"), out);
    assertTrue(err.lines().allMatch(l -> l.startsWith("WARNING: Using incubator modules")), err);
  }

  @Test void longCommandsHaveTheCollectorThatLaysArraysOnCacheLines() throws Exception {
    assertTrue(flags("-XX:+PrintCommandLineFlags", "--stack-trace", "train", "--help").contains("-XX:+UseG1GC"));
    assertTrue(flags("-XX:+PrintCommandLineFlags", "summary", "lenet5").contains("-XX:+UseSerialGC"));
    String chosen = flags("-XX:+PrintCommandLineFlags -XX:+UseParallelGC", "train", "--help");
    assertTrue(chosen.contains("-XX:+UseParallelGC") && !chosen.contains("-XX:+UseG1GC"), chosen);
  }

  private String flags(String options, String... arguments) throws Exception {
    ProcessBuilder builder = launcher((Object[]) arguments).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JUANJI_JAVA_OPTS", options);
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), out);
    return out;
  }

  @Test void startsThroughASymlink() throws Exception {
    ProcessBuilder builder = launcher("summary", "lenet5", "--json");
    Path link = Files.createSymbolicLink(folder.resolve("jj"), ROOT.resolve("juanji"));
    builder.command().set(1, link.toString());
    Process process = builder.directory(folder.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    Files.delete(link);
    assertTrue(out.contains("\"weights\":61706"), out);
  }

  /// A checkout of its own with the launcher and the jars.
  private Path checkout() throws IOException {
    Path target = Files.createDirectories(folder.resolve("checkout/juanji-cli/target/lib")).getParent();
    Files.copy(ROOT.resolve("juanji"), folder.resolve("checkout/juanji"));
    for (Path jar : jars(Path.of("target"))) {
      Files.copy(jar, target.resolve(jar.getFileName()));
    }
    for (Path jar : jars(Path.of("target", "lib"))) {
      Files.copy(jar, target.resolve("lib").resolve(jar.getFileName()));
    }
    return target;
  }

  private void startsQuietly(Path checkout) throws Exception {
    ProcessBuilder builder = launcher("summary", "lenet5", "--json");
    builder.command().set(1, checkout.resolve("juanji").toString());
    Process process = builder.directory(folder.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), err);
    assertTrue(out.startsWith("{") && out.contains("\"weights\":61706"), out);
    assertTrue(err.lines().allMatch(l -> l.startsWith("WARNING: Using incubator modules")), err);
  }

  @Test void startsFromAnArchiveAndWithoutOneThatDoesNotFit() throws Exception {
    launcher();
    Path target = checkout();
    Path checkout = folder.resolve("checkout");
    startsQuietly(checkout);
    List<Path> archives;
    try (var found = Files.walk(target.resolve("launch"))) {
      archives = found.filter(f -> f.toString().endsWith(".jsa")).toList();
    }
    assertEquals(1, archives.size());
    assertTrue(Files.size(archives.getFirst()) > 1_000_000, "the archive has " + Files.size(archives.getFirst()));
    startsQuietly(checkout);
    Files.write(archives.getFirst(), new byte[100_000]);
    startsQuietly(checkout);
  }

  @Test void aBuiltCheckoutMayBeCopied() throws Exception {
    launcher();
    Path target = checkout();
    Path checkout = folder.resolve("checkout");
    startsQuietly(checkout);
    Path copy = folder.resolve("copy");
    try (var files = Files.walk(checkout)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(checkout.relativize(file)), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    assertTrue(Files.isDirectory(target.resolve("launch")));
    startsQuietly(copy);
  }

  @Test void runsTheJarsThemselvesWhereNoCopyCanBeMade() throws Exception {
    launcher();
    // A file where the folder of copies would be, since root may write into any folder.
    Files.createFile(checkout().resolve("launch"));
    startsQuietly(folder.resolve("checkout"));
  }

  @Test void withoutAJavaItSaysWhatItNeeds() throws Exception {
    ProcessBuilder builder = launcher("--version");
    Path old = Files.createDirectories(folder.resolve("jdk-17/bin"));
    Path java = Files.createFile(old.resolve("java"));
    assertTrue(java.toFile().setExecutable(true));
    Files.writeString(folder.resolve("jdk-17/release"), "JAVA_VERSION=\"17.0.2\"\n");
    builder.environment().put("JUANJI_JAVA_HOME", folder.resolve("jdk-17").toString());
    Process process = builder.start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, process.waitFor());
    assertEquals("juanji cannot use the Java in " + folder.resolve("jdk-17") + ".\n"
        + "  JUANJI_JAVA_HOME names a JDK of version 25 or later; received version 17.\n"
        + "  Set it to such a JDK, or unset it to have one looked for.\n", err);
  }

  @Test void aTrainingThatIsInterruptedKeepsItsState() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "there is no POSIX shell to send an interrupt");
    Path data = Cli.idx(folder.resolve("data"), 400, 20);
    // So many epochs that even a fast machine is still at work when the signal comes.
    Path whole = folder.resolve("whole");
    Path stopped = folder.resolve("stopped");
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), "juanji.cli.Main",
        "train", data.toString(), "--epochs", "100", "--batch", "4", "--out", stopped.toString())
        .redirectError(folder.resolve("err.txt").toFile()).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertTrue(out.readLine().startsWith("epoch 1/100"));
      new ProcessBuilder("/bin/sh", "-c", "kill -INT " + process.pid()).start().waitFor();
      out.transferTo(Writer.nullWriter());
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    String err = Files.readString(folder.resolve("err.txt"));
    assertEquals(130, process.exitValue(), err);
    assertTrue(err.contains("the state is kept. Go on with:\n  juanji train --resume --out " + stopped), err);
    Cli.Outcome resumed = Cli.run("train", "--resume", "--out", stopped);
    assertEquals(0, resumed.code(), resumed.err());
    assertEquals(0, Cli.run("train", data, "--epochs", 100, "--batch", 4, "--out", whole).code());
    assertArrayEquals(Files.readAllBytes(whole.resolve("model.juanji")),
        Files.readAllBytes(stopped.resolve("model.juanji")));
  }
}
