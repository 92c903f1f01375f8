package juanji.video;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import juanji.data.ClassFiles;
import juanji.data.DataException;
import juanji.data.Manifest;
import juanji.data.NaturalOrder;
import juanji.data.Problem;
import juanji.image.PictureFile;

/// The videos of a folder with their classes and parts: files as [ClassFiles] finds them, or, where there are none,
/// folders of frames, each within the folder of its class. A [Manifest] names files in any order.
///
/// @param entries the videos
/// @param problems what was left out
public record VideoFiles(List<ClassFiles.Entry> entries, List<Problem> problems) {
  private static final int LOOKED_AT = 400;
  private static final int DEEPEST = 5;
  private static final int FEWEST_FRAMES = 4;
  private static final int FOLDERS_LOOKED_AT = 5;
  private static final Pattern PART = Pattern.compile("train(ing)?|val(id(ation)?)?|dev|test(ing)?");
  private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]{1,9})([^0-9]*)");

  /// Takes copies.
  public VideoFiles {
    entries = List.copyOf(entries);
    problems = List.copyOf(problems);
  }

  /// The videos of a folder, or those that a table names.
  ///
  /// @param pattern what finds the class in a file's name, see [ClassFiles]; a table has its own
  /// @throws DataException if there are none, or they have no classes
  public static VideoFiles of(Path root, Optional<Pattern> pattern) {
    if (Manifest.is(root)) {
      return named(root);
    }
    if (anyFile(root)) {
      ClassFiles files = ClassFiles.of(root, VideoFile::named, pattern);
      return new VideoFiles(files.entries(), files.problems());
    }
    ClassFiles frames = ClassFiles.of(root, PictureFile::named, Optional.empty());
    List<Problem> problems = new ArrayList<>(frames.problems());
    Map<Path, ClassFiles.Entry> videos = new LinkedHashMap<>();
    for (ClassFiles.Entry frame : frames.entries()) {
      Path folder = frame.file().getParent();
      if (folder.getFileName().toString().equals(frame.label())) {
        problems.add(new Problem(frame.name(), "it lies in the folder of its class, outside of a video's folder"));
      } else {
        videos.putIfAbsent(folder, new ClassFiles.Entry(frame.part(), frame.label(), folder,
            frame.name().substring(0, frame.name().lastIndexOf('/')), 0));
      }
    }
    if (videos.isEmpty()) {
      throw new DataException(root.toString(), "'" + root + "' has no videos.",
          "Videos are files (AVI, GIF, …), or folders of frames in one folder per class; received "
          + frames.entries().size() + " pictures without folders of their own.",
          "Put the frames of each video into a folder, and these into one folder per class.");
    }
    return new VideoFiles(List.copyOf(videos.values()), problems);
  }

  /// The videos of a table, in the order of their classes and names.
  private static VideoFiles named(Path table) {
    Manifest manifest = Manifest.read(table);
    List<Problem> problems = new ArrayList<>(manifest.problems());
    List<ClassFiles.Entry> entries = new ArrayList<>();
    for (ClassFiles.Entry entry : manifest.entries()) {
      if (VideoFile.named(entry.name())) {
        entries.add(entry);
      } else {
        problems.add(new Problem(entry.name(), "its name is not that of a video"));
      }
    }
    if (entries.isEmpty()) {
      throw new DataException(table.toString(), "'" + table + "' has no videos.", "Its rows name files (AVI, GIF, …) "
          + "that are there; received none" + (problems.isEmpty() ? "." : "; the first of " + problems.size()
          + " problem(s): " + problems.getFirst() + "."), "Name files by paths that begin at the table's folder.");
    }
    entries.sort((a, b) -> {
      int order = NaturalOrder.INSTANCE.compare(a.label(), b.label());
      return order != 0 ? order : NaturalOrder.INSTANCE.compare(a.name(), b.name());
    });
    return new VideoFiles(entries, problems);
  }

  private static boolean anyFile(Path root) {
    try (Stream<Path> files = Files.walk(root, 16)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString())
          .anyMatch(n -> !n.startsWith(".") && VideoFile.named(n));
    } catch (IOException | UncheckedIOException e) {
      return true;
    }
  }

  /// Whether a folder, or a zip of one, looks like one of videos: most of its first files are AVI or such, or GIFs that
  /// move, or its pictures are numbered without gaps in folders within folders. Of a table, the files that it names.
  public static boolean recognises(Path path) {
    try (VideoPlace place = VideoPlace.of(path)) {
      return looksLikeVideos(place.root());
    } catch (DataException e) {
      // An archive or a table that cannot be read says so when it is.
      return false;
    }
  }

  private static boolean looksLikeVideos(Path root) {
    List<Path> files;
    boolean table = Manifest.is(root);
    if (!Files.isDirectory(root) && !table) {
      return false;
    }
    if (table) {
      files = Manifest.read(root).entries().stream().map(ClassFiles.Entry::file).limit(LOOKED_AT).toList();
    } else {
      try (Stream<Path> all = Files.walk(root, DEEPEST)) {
        files = all.filter(Files::isRegularFile).filter(f -> !f.getFileName().toString().startsWith("."))
            .limit(LOOKED_AT).toList();
      } catch (IOException | UncheckedIOException e) {
        return false;
      }
    }
    List<Path> named = files.stream().filter(f -> VideoFile.named(f.getFileName().toString())).toList();
    if (named.size() * 2 > files.size()) {
      List<Path> gifs = named.stream().filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(".gif")).toList();
      return gifs.size() < named.size() || gifs.stream().limit(FOLDERS_LOOKED_AT).allMatch(GifVideo::animated);
    }
    if (table) {
      return false;
    }
    List<Path> folders = files.stream().map(Path::getParent).distinct().limit(FOLDERS_LOOKED_AT).toList();
    return !folders.isEmpty() && folders.stream().allMatch(f -> frames(root, f));
  }

  /// Whether a folder within the folder of a class holds numbered pictures and nothing else.
  private static boolean frames(Path root, Path folder) {
    Path place = root.relativize(folder);
    int depth = place.getNameCount() - (PART.matcher(place.getName(0).toString().toLowerCase(Locale.ROOT)).matches()
        ? 1 : 0);
    if (folder.equals(root) || depth < 2) {
      return false;
    }
    TreeMap<Long, String> numbers = new TreeMap<>();
    List<String> names;
    try (Stream<Path> all = Files.list(folder)) {
      names = all.map(f -> f.getFileName().toString()).filter(n -> !n.startsWith(".")).toList();
    } catch (IOException e) {
      return false;
    }
    for (String name : names) {
      Matcher matcher = NUMBERED.matcher(name);
      if (!PictureFile.named(name) || !matcher.matches()) {
        return false;
      }
      numbers.put(Long.parseLong(matcher.group(2)), matcher.group(1) + "/" + matcher.group(3));
    }
    return numbers.size() >= FEWEST_FRAMES && numbers.size() == names.size()
        && numbers.lastKey() - numbers.firstKey() == numbers.size() - 1
        && numbers.values().stream().distinct().count() == 1;
  }
}
