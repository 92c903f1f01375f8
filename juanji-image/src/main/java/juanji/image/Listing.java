package juanji.image;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import juanji.data.Archives;
import juanji.data.DataException;
import juanji.data.Manifest;
import juanji.data.NaturalOrder;
import juanji.data.Problem;

/// Every picture, by its extension, and every sub-folder of a folder or a zip; names have `/` between their parts.
///
/// A folder that holds nothing but archives named as parts, such as `train.zip` and `test.zip`, reads as if they were
/// unpacked: into `train` and `test`, whether their entries begin so or not.
final class Listing implements AutoCloseable {
  private static final int DEEPEST = 16;
  private static final Set<String> EXTENSIONS = extensions();

  private final Path root;
  private final List<PictureSource> pictures = new ArrayList<>();
  private final Set<String> folders = new TreeSet<>(NaturalOrder.INSTANCE);
  private final List<Problem> problems = new ArrayList<>();
  private int skipped;
  private final List<ZipFile> archives = new ArrayList<>();
  private Optional<Manifest> manifest = Optional.empty();

  private Listing(Path root) {
    this.root = root;
  }

  static Listing of(Path root) {
    Listing listing = new Listing(root);
    try {
      if (Files.isDirectory(root)) {
        listing.walk();
        if (listing.pictures.isEmpty() && listing.folders.isEmpty()) {
          listing.unzipParts();
        }
      } else if (Archives.zipped(root)) {
        listing.unzip(root, "");
      } else if (Manifest.is(root)) {
        listing.follow(Manifest.read(root));
      } else {
        throw new DataException(root.toString(), "'" + root + "' is not a folder of pictures.",
            "Pictures are read from a folder or a .zip with one sub-folder per class; received "
            + (Files.exists(root) ? "another kind of file." : "a path where nothing is."),
            "Give the folder above the class folders.");
      }
    } catch (IOException e) {
      listing.close();
      throw new DataException(root.toString(), "'" + root + "' cannot be listed.",
          "The system says: " + e.getMessage() + " (" + e.getClass().getSimpleName() + ").",
          "Check that the path is right, that you may read it and that an archive is complete.", e);
    }
    listing.pictures.sort((a, b) -> NaturalOrder.INSTANCE.compare(a.name(), b.name()));
    return listing;
  }

  Path root() {
    return root;
  }

  List<PictureSource> pictures() {
    return pictures;
  }

  Set<String> folders() {
    return folders;
  }

  List<Problem> problems() {
    return problems;
  }

  int skipped() {
    return skipped;
  }

  /// What messages call a picture: the path of the file, or `archive.zip!/entry`.
  String place(String name) {
    // Joined as text: a name that the platform cannot spell can be read, but not turned into a path again.
    if (manifest.isPresent()) {
      return root.resolveSibling(name).toString();
    }
    return archives.isEmpty() || Files.isDirectory(root) ? root + File.separator + name.replace('/', File.separatorChar)
        : root + "!/" + name;
  }

  @Override public void close() {
    for (ZipFile zip : archives) {
      try {
        zip.close();
      } catch (IOException e) {
        // It was only read: there is nothing to lose.
      }
    }
  }

  /// The pictures that a table names.
  private void follow(Manifest table) {
    problems.addAll(table.problems());
    manifest = Optional.of(table);
    table.entries().forEach(e -> pictures.add(new PictureSource.OnDisk(e.name(), e.file(), e.size())));
  }

  /// The table that names the pictures, if there is one.
  Optional<Manifest> manifest() {
    return manifest;
  }

  private void walk() throws IOException {
    Files.walkFileTree(root, Set.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, new SimpleFileVisitor<>() {
      @Override public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
        if (dir.equals(root)) {
          return FileVisitResult.CONTINUE;
        }
        if (hidden(dir.getFileName().toString())) {
          return FileVisitResult.SKIP_SUBTREE;
        }
        folders.add(name(dir));
        return FileVisitResult.CONTINUE;
      }

      @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String name = name(file);
        if (attributes.isDirectory()) {
          problems.add(new Problem(name, "it lies more than " + DEEPEST + " folders deep"));
        } else if (attributes.isRegularFile() && picture(name)) {
          pictures.add(new PictureSource.OnDisk(name, file, attributes.size()));
        } else {
          skipped++;
        }
        return FileVisitResult.CONTINUE;
      }

      @Override public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (file.equals(root)) {
          throw failure;
        }
        problems.add(new Problem(name(file), failure instanceof FileSystemLoopException
            ? "it is a link back to a folder above"
            : "it cannot be read (" + failure.getClass().getSimpleName() + ")"));
        return FileVisitResult.CONTINUE;
      }

      @Override public FileVisitResult postVisitDirectory(Path dir, IOException failure) {
        if (failure != null) {
          problems.add(new Problem(name(dir), "it cannot be listed to its end"));
        }
        return FileVisitResult.CONTINUE;
      }
    });
  }

  private String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /// The archives of a folder that are named as parts, if there are several.
  private void unzipParts() throws IOException {
    List<Path> parts = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root)) {
      for (Path file : files) {
        if (Archives.zipped(file) && Layout.part(stem(file)).isPresent()) {
          parts.add(file);
        }
      }
    }
    parts.sort((a, b) -> NaturalOrder.INSTANCE.compare(stem(a), stem(b)));
    if (parts.size() > 1) {
      skipped -= parts.size();
      for (Path file : parts) {
        unzip(file, stem(file));
      }
    }
  }

  private static String stem(Path file) {
    return file.getFileName().toString().replaceFirst("\\.[zZ][iI][pP]$", "");
  }

  /// The entries of an archive.
  ///
  /// @param folder the folder that they count as being in; empty for none
  private void unzip(Path file, String folder) throws IOException {
    ZipFile zip = open(file);
    archives.add(zip);
    for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements();) {
      ZipEntry entry = entries.nextElement();
      String name = entry.getName().replace('\\', '/');
      List<String> parts = Arrays.stream(name.split("/")).filter(p -> !p.isEmpty() && !p.equals(".")).toList();
      if (parts.isEmpty() || parts.stream().anyMatch(Listing::hidden)) {
        if (parts.contains("..")) {
          problems.add(new Problem(name, "its name leads out of the archive"));
        } else if (!entry.isDirectory()) {
          skipped++;
        }
        continue;
      }
      String plain = inside(folder, parts);
      int last = name.endsWith("/") ? plain.length() : plain.lastIndexOf('/');
      for (int end = last; end > 0; end = plain.lastIndexOf('/', end - 1)) {
        folders.add(plain.substring(0, end));
      }
      if (!name.endsWith("/")) {
        if (picture(plain)) {
          pictures.add(new PictureSource.InZip(plain, zip, entry));
        } else {
          skipped++;
        }
      }
    }
  }

  private static String inside(String folder, List<String> parts) {
    String plain = String.join("/", parts);
    return folder.isEmpty() || parts.getFirst().equals(folder) ? plain : folder + "/" + plain;
  }

  private static ZipFile open(Path file) throws IOException {
    ZipException first = null;
    for (Charset charset : Archives.charsets()) {
      try {
        return new ZipFile(file.toFile(), charset);
      } catch (ZipException e) {
        first = first == null ? e : first;
      }
    }
    throw first;
  }

  /// Files that systems hide: dot files, and what macOS puts beside the pictures in an archive.
  private static boolean hidden(String part) {
    return part.startsWith(".") || part.equals("__MACOSX");
  }

  static boolean picture(String name) {
    String file = name.substring(name.lastIndexOf('/') + 1);
    int dot = file.lastIndexOf('.');
    return !hidden(file) && dot >= 0 && EXTENSIONS.contains(file.substring(dot + 1).toLowerCase(Locale.ROOT));
  }

  private static Set<String> extensions() {
    Set<String> known = new HashSet<>(List.of("png", "jpg", "jpeg", "jpe", "jfif", "bmp", "gif", "pbm", "pgm", "ppm",
        "pnm"));
    for (String suffix : ImageIO.getReaderFileSuffixes()) {
      if (!suffix.isEmpty()) {
        known.add(suffix.toLowerCase(Locale.ROOT));
      }
    }
    return Set.copyOf(known);
  }
}
