package juanji.data;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Files of one kind in a folder, each with its class and part: how sounds, texts and films lie on a disk.
///
/// The class of a file is the name of its sub-folder. A folder that holds sub-folders `train` and `test` or `val` with
/// class folders inside is divided by its author. If all files lie in one place, the class is what a pattern finds in
/// the file's name: its first group, or by default what stands before the first `_` (or `-`, if no name has a `_`), as
/// in `7_jackson_32.wav`. Classes and files come in natural order.
///
/// Constraints: F1 the folder exists and can be listed; F2 there are files of the kind; F3 files that all lie in one
/// place have names that tell two classes or more.
///
/// ```java
/// ClassFiles sounds = ClassFiles.of(Path.of("digits"), name -> name.endsWith(".wav"), Optional.empty());
/// sounds.classes();                         // 0, 1, 2, …
/// ```
///
/// @param root the folder
/// @param entries the files
/// @param problems what was left out
/// @param skipped the number of files of other kinds
public record ClassFiles(Path root, List<Entry> entries, List<Problem> problems, int skipped) {
  private static final int DEEPEST = 16;
  private static final Map<String, Part> PARTS = Map.of("train", Part.TRAIN, "training", Part.TRAIN, "val",
      Part.VALIDATION, "valid", Part.VALIDATION, "validation", Part.VALIDATION, "dev", Part.VALIDATION, "test",
      Part.TEST, "testing", Part.TEST);
  private static final Pattern UNDERSCORE = Pattern.compile("([^_]+)_.*");
  private static final Pattern HYPHEN = Pattern.compile("([^-]+)-.*");

  /// A file.
  ///
  /// @param part the part that its author put it in
  /// @param label its class
  /// @param file where it is
  /// @param name its path within the folder, with `/` between the parts
  /// @param size in bytes
  public record Entry(Part part, String label, Path file, String name, long size) {
  }

  /// Takes copies.
  public ClassFiles {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /// The files of a folder.
  ///
  /// @param kind which names are of the kind; they are given in lower case
  /// @param pattern what finds the class in a file's name; then folders do not matter, but for `train`, `val` and
  ///     `test`
  /// @throws DataException if a constraint is broken
  public static ClassFiles of(Path root, Predicate<String> kind, Optional<Pattern> pattern) {
    List<Entry> found = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    int skipped = walk(root, kind, found, problems);
    if (found.isEmpty()) {
      throw new DataException(root.toString(), "'" + root + "' has no files of this kind.",
          "F2: there are files that can be read; received " + skipped + " others.",
          "Give the folder above the class folders, or say what it holds with --kind.");
    }
    found.sort((a, b) -> NaturalOrder.INSTANCE.compare(a.name, b.name));
    String shared = shared(found);
    List<Entry> placed = new ArrayList<>();
    boolean divided = divided(found, shared);
    List<String> inside = new ArrayList<>();
    for (Entry entry : found) {
      String rest = entry.name.substring(shared.length());
      Part part = Part.TRAIN;
      if (divided) {
        int slash = rest.indexOf('/');
        Part own = slash < 0 ? null : PARTS.get(rest.substring(0, slash).toLowerCase(Locale.ROOT));
        if (own == null) {
          problems.add(new Problem(entry.name, "it lies beside the folders train and test or val"));
          continue;
        }
        part = own;
        rest = rest.substring(slash + 1);
      }
      placed.add(new Entry(part, "", entry.file, entry.name, entry.size));
      inside.add(rest);
    }
    return new ClassFiles(root, labelled(root, placed, inside, pattern, problems), problems, skipped);
  }

  private static List<Entry> labelled(Path root, List<Entry> placed, List<String> inside, Optional<Pattern> pattern,
      List<Problem> problems) {
    boolean flat = inside.stream().noneMatch(n -> n.contains("/"));
    if (pattern.isEmpty() && !flat) {
      List<Entry> all = new ArrayList<>();
      for (int i = 0; i < placed.size(); i++) {
        int slash = inside.get(i).indexOf('/');
        Entry e = placed.get(i);
        if (slash < 0) {
          problems.add(new Problem(e.name, "it lies outside any class folder"));
        } else {
          all.add(new Entry(e.part, inside.get(i).substring(0, slash), e.file, e.name, e.size));
        }
      }
      return sorted(all);
    }
    Pattern used = pattern.orElse(inside.stream().anyMatch(n -> n.contains("_")) ? UNDERSCORE : HYPHEN);
    List<Entry> all = new ArrayList<>();
    for (int i = 0; i < placed.size(); i++) {
      Entry e = placed.get(i);
      String name = inside.get(i).substring(inside.get(i).lastIndexOf('/') + 1);
      Matcher matcher = used.matcher(name);
      if (pattern.isPresent() ? matcher.find() : matcher.matches()) {
        String label = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        all.add(new Entry(e.part, label == null ? "" : label, e.file, e.name, e.size));
      } else {
        problems.add(new Problem(e.name, "its name does not tell its class"));
      }
    }
    long classes = all.stream().map(Entry::label).distinct().count();
    if (classes < 2 || pattern.isEmpty() && classes > Math.max(2, all.size() / 2)) {
      throw new DataException(root.toString(), "'" + root + "' has no classes.",
          "F3: files lie in one sub-folder per class, or their names tell it; received " + placed.size()
          + " files in one place whose names tell " + classes + ".",
          "Sort the files into one sub-folder per class, or give --label PATTERN with a group for the class.");
    }
    return sorted(all);
  }

  private static List<Entry> sorted(List<Entry> all) {
    List<Entry> sorted = new ArrayList<>(all);
    sorted.sort((a, b) -> {
      int order = NaturalOrder.INSTANCE.compare(a.label, b.label);
      return order != 0 ? order : NaturalOrder.INSTANCE.compare(a.name, b.name);
    });
    return sorted;
  }

  /// The folders that all files lie in, with a slash at the end; of class folders, that above is meant.
  private static String shared(List<Entry> found) {
    String first = found.getFirst().name;
    int end = first.lastIndexOf('/') + 1;
    for (Entry entry : found) {
      int same = 0;
      while (same < Math.min(end, entry.name.length()) && first.charAt(same) == entry.name.charAt(same)) {
        same++;
      }
      end = first.lastIndexOf('/', same - 1) + 1;
    }
    return first.substring(0, end);
  }

  private static boolean divided(List<Entry> found, String shared) {
    Set<Part> parts = new LinkedHashSet<>();
    for (Entry entry : found) {
      String rest = entry.name.substring(shared.length());
      int slash = rest.indexOf('/');
      Part part = slash < 0 ? null : PARTS.get(rest.substring(0, slash).toLowerCase(Locale.ROOT));
      if (part != null) {
        parts.add(part);
      }
    }
    return parts.contains(Part.TRAIN) && parts.size() > 1;
  }

  private static int walk(Path root, Predicate<String> kind, List<Entry> found, List<Problem> problems) {
    int[] skipped = {0};
    try {
      Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {
        @Override public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
          return !dir.equals(root) && hidden(dir) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
          String name = root.relativize(file).toString().replace('\\', '/');
          if (attributes.isDirectory()) {
            problems.add(new Problem(name, "it lies more than " + DEEPEST + " folders deep"));
          } else if (attributes.isRegularFile() && !hidden(file)
              && kind.test(file.getFileName().toString().toLowerCase(Locale.ROOT))) {
            found.add(new Entry(Part.TRAIN, "", file, name, attributes.size()));
          } else {
            skipped[0]++;
          }
          return FileVisitResult.CONTINUE;
        }

        @Override public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
          if (file.equals(root)) {
            throw failure;
          }
          problems.add(new Problem(root.relativize(file).toString(), failure instanceof FileSystemLoopException
              ? "it is a link back to a folder above"
              : "it cannot be read (" + failure.getClass().getSimpleName() + ")"));
          return FileVisitResult.CONTINUE;
        }
      });
    } catch (IOException e) {
      throw new DataException(root.toString(), "'" + root + "' cannot be listed.",
          "F1: it is a folder that may be read; the system says: " + e.getMessage() + " ("
          + e.getClass().getSimpleName() + ").", "Check the path.", e);
    }
    return skipped[0];
  }

  private static boolean hidden(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith(".") || name.equals("__MACOSX");
  }

  /// The classes of the part to train on, in natural order.
  public List<String> classes() {
    return entries.stream().filter(e -> e.part == Part.TRAIN).map(Entry::label).distinct().toList();
  }
}
