package juanji.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles one source file on the class path of the tests, and loads what comes out.
final class InMemoryCompiler {
  private InMemoryCompiler() {
  }

  /// The class of the given name, compiled from a source file of that name.
  ///
  /// @throws AssertionError if it does not compile, with the compiler's messages
  static Class<?> compile(String name, String source) throws ClassNotFoundException {
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> messages = new DiagnosticCollector<>();
    JavaFileManager memory = new ForwardingJavaFileManager<JavaFileManager>(
        compiler.getStandardFileManager(messages, null, null)) {
      @Override public JavaFileObject getJavaFileForOutput(Location location, String type, JavaFileObject.Kind kind,
          FileObject sibling) {
        return new SimpleJavaFileObject(URI.create("memory:///" + type + kind.extension), kind) {
          @Override public OutputStream openOutputStream() {
            return classes.computeIfAbsent(type, _ -> new ByteArrayOutputStream());
          }
        };
      }
    };
    JavaFileObject file = new SimpleJavaFileObject(URI.create("memory:///" + name + ".java"),
        JavaFileObject.Kind.SOURCE) {
      @Override public CharSequence getCharContent(boolean ignoreErrors) {
        return source;
      }
    };
    boolean compiled = compiler.getTask(null, memory, messages, List.of("-proc:none", "-classpath",
        System.getProperty("java.class.path")), null, List.of(file)).call();
    if (!compiled) {
      throw new AssertionError(messages.getDiagnostics().stream()
          .filter(d -> d.getKind() == Diagnostic.Kind.ERROR).map(Object::toString).collect(Collectors.joining("\n"))
          + "\n" + source);
    }
    return new ClassLoader(InMemoryCompiler.class.getClassLoader()) {
      @Override protected Class<?> findClass(String type) throws ClassNotFoundException {
        ByteArrayOutputStream bytes = classes.get(type);
        if (bytes == null) {
          throw new ClassNotFoundException(type);
        }
        return defineClass(type, bytes.toByteArray(), 0, bytes.size());
      }
    }.loadClass(name);
  }
}
