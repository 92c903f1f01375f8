package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown file of this repository.
///
/// @param path the file
/// @param text its content
record Markdown(Path path, String text) {
  /// Java, and what it prints.
  record Example(String code, String output) {
  }

  /// The folder of the whole repository.
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern FENCE = Pattern.compile(
      "^```([\\w ]*)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern EXAMPLE = Pattern.compile(
      "^```java\\n((?:(?!```)[^\\n]*\\n)*)```\\n\\n```text\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\([./]*([^)]+)\\)");
  private static final Pattern CODE = Pattern.compile("`[^`\\n]*`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  /// Reads a file, by its path from the repository's folder.
  static Markdown read(String name) {
    return read(ROOT.resolve(name));
  }

  private static Markdown read(Path file) {
    try {
      return new Markdown(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All Markdown files in the repository's folder, in docs, and in the folders of the modules.
  static List<Markdown> all() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT)) {
      for (Path path : top.sorted().toList()) {
        String name = path.getFileName().toString();
        if (name.endsWith(".md")) {
          files.add(path);
        } else if (name.equals("docs") || name.startsWith("juanji-")) {
          try (Stream<Path> inside = Files.walk(path)) {
            inside.filter(p -> p.toString().endsWith(".md") && !p.toString().contains("target")).sorted()
                .forEach(files::add);
          }
        }
      }
    }
    return files.stream().map(Markdown::read).toList();
  }

  /// The contents of the fences in a language, in their order; those of `java fragment` are not complete enough to
  /// compile and are another language.
  List<String> fences(String language) {
    return FENCE.matcher(text).results().filter(m -> m.group(1).equals(language)).map(m -> m.group(2)).toList();
  }

  /// The Java fences that are followed by one of plain text.
  List<Example> examples() {
    return EXAMPLE.matcher(text).results().map(m -> new Example(m.group(1), m.group(2))).toList();
  }

  /// The pictures' paths, without the way up to their folder.
  List<String> pictures() {
    return PICTURE.matcher(text).results().map(m -> m.group(1)).toList();
  }

  /// The targets of the links, those inside code left out.
  List<String> links() {
    String prose = CODE.matcher(FENCE.matcher(text).replaceAll("")).replaceAll("");
    return LINK.matcher(prose).results().map((MatchResult m) -> m.group(1)).toList();
  }

  @Override public String toString() {
    return ROOT.relativize(path).toString();
  }
}
