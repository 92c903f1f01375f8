package juanji.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;

/// Compiles source text from documents on the class path of the tests.
///
/// @param folder where sources and classes go
record Snippets(Path folder) {
  /// Compiles source files, each under the name of its class.
  ///
  /// @throws AssertionError if they do not compile, with the compiler's messages
  void compile(Map<String, String> sources) {
    List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", folder.toString(), "-classpath",
        System.getProperty("java.class.path")));
    sources.forEach((name, text) -> {
      try {
        arguments.add(Files.writeString(folder.resolve(name + ".java"), text).toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages);
    int code = ToolProvider.findFirst("javac").orElseThrow().run(out, out, arguments.toArray(String[]::new));
    if (code != 0) {
      throw new AssertionError(messages.toString());
    }
  }

  /// Runs the `main` of a compiled class without a package.
  void run(String name, String... arguments) throws ReflectiveOperationException, IOException {
    URL[] place = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(place, Snippets.class.getClassLoader())) {
      Class<?> program = loader.loadClass(name);
      var constructor = program.getDeclaredConstructor();
      constructor.setAccessible(true);
      var main = program.getDeclaredMethod("main", String[].class);
      main.setAccessible(true);
      main.invoke(constructor.newInstance(), (Object) arguments);
    }
  }
}
