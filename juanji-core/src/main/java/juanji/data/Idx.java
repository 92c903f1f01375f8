package juanji.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.tensor.Shape;

/// Pictures and labels in the IDX format of MNIST and its relatives, plain or gzipped.
///
/// A folder holds pairs of files named `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and the same with `t10k-`;
/// the endings `.idx3-ubyte` and `.gz` are known too. Pictures are unsigned bytes of rank 3 (number × height × width)
/// or 4 (number × channels × height × width); labels are unsigned bytes of rank 1. Classes are named by their number.
///
/// Constraints: I1 the file starts with the magic number of unsigned bytes of that rank; I2 the sizes in the header
/// are at least 1, and together at most 4 GiB; I3 the rest of the file is exactly as long as the header says; I4 there
/// is one label per picture. Nothing is allocated on the word of a header alone.
///
/// Source: LeCun, Cortes and Burges, *The MNIST database of handwritten digits*, 1998.
///
/// ```java
/// Dataset train = Idx.train(Path.of("mnist"));
/// Dataset test = Idx.test(Path.of("mnist"));
/// ```
public final class Idx {
  private static final String TRAIN = "train";
  private static final String TEST = "t10k";

  private Idx() {
  }

  /// Whether a folder holds a pair of IDX files by their names.
  public static boolean isIdxFolder(Path dir) {
    return has(dir, TRAIN) || has(dir, TEST);
  }

  /// Whether a folder holds the pair of files with the test pictures.
  public static boolean hasTest(Path dir) {
    return has(dir, TEST);
  }

  /// The training pictures of a folder.
  ///
  /// @throws DataException if they are missing or damaged
  public static Dataset train(Path dir) {
    return pair(dir, TRAIN);
  }

  /// The test pictures of a folder. Where the folder has training labels, the classes are those of both.
  ///
  /// @throws DataException if they are missing or damaged
  public static Dataset test(Path dir) {
    return pair(dir, TEST);
  }

  /// The pictures of one file with the labels of another.
  ///
  /// @throws DataException if one is missing or damaged, or their numbers differ
  public static Dataset read(Path images, Path labels) {
    return read(images, labels, 0);
  }

  private static Dataset pair(Path dir, String name) {
    Path images = find(dir, name, "images", 3).or(() -> find(dir, name, "images", 4)).orElseThrow(() -> missing(dir,
        name + "-images-idx3-ubyte"));
    Path labels = find(dir, name, "labels", 1).orElseThrow(() -> missing(dir, name + "-labels-idx1-ubyte"));
    int classes = 0;
    if (name.equals(TEST)) {
      Optional<Path> others = find(dir, TRAIN, "labels", 1);
      if (others.isPresent()) {
        classes = classes(IdxFile.read(others.get(), 1, 1));
      }
    }
    return read(images, labels, classes);
  }

  private static Dataset read(Path images, Path labels, int atLeast) {
    IdxFile pictures = IdxFile.read(images, 3, 4);
    IdxFile classes = IdxFile.read(labels, 1, 1);
    int count = pictures.items().length;
    if (classes.items().length != count) {
      throw new DataException(labels.toString(), "the labels '" + labels + "' do not belong to the pictures '" + images
          + "'.", "I4: there is one label per picture; received " + classes.items().length + " labels and " + count
          + " pictures.", "Use the pair of files that were published together.");
    }
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = classes.items()[i][0] & 255;
    }
    int[] dims = pictures.dims();
    Shape shape = dims.length == 3 ? Shape.of(1, dims[1], dims[2]) : Shape.of(dims[1], dims[2], dims[3]);
    List<String> names = IntStream.range(0, Math.max(atLeast, classes(classes))).mapToObj(Integer::toString).toList();
    String file = images.toString();
    return Pictures.of(shape, names, pictures.items(), numbers, i -> file + "#" + i);
  }

  private static int classes(IdxFile labels) {
    int most = 0;
    for (byte[] label : labels.items()) {
      most = Math.max(most, label[0] & 255);
    }
    return most + 1;
  }

  private static boolean has(Path dir, String name) {
    return (find(dir, name, "images", 3).isPresent() || find(dir, name, "images", 4).isPresent())
        && find(dir, name, "labels", 1).isPresent();
  }

  private static Optional<Path> find(Path dir, String name, String kind, int rank) {
    for (String mark : List.of("-", ".")) {
      for (String ending : List.of("", ".gz")) {
        Path file = dir.resolve(name + "-" + kind + mark + "idx" + rank + "-ubyte" + ending);
        if (Files.isRegularFile(file)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static DataException missing(Path dir, String file) {
    String found;
    try (var files = Files.list(dir)) {
      List<String> names = files.map(f -> f.getFileName().toString()).sorted().limit(8).toList();
      found = names.isEmpty() ? "the folder is empty" : "the folder has " + String.join(", ", names);
    } catch (IOException e) {
      found = "the folder cannot be listed";
    }
    return new DataException(dir.toString(), "'" + dir + "' has no file '" + file + "'.",
        "An IDX folder has it plain or as .gz; " + found + ".",
        "Give the folder with the unpacked or gzipped MNIST files, under their original names.");
  }
}
