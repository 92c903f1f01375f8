package juanji.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Part;
import juanji.data.Pictures;
import juanji.data.Problem;
import juanji.data.Split;
import juanji.tensor.Shape;

/// A folder, or a zip of one, with one sub-folder of pictures per class, decoded at one byte a value into memory, or
/// into a file in the folder for temporary ones if they take more than three quarters of the memory that Java may use.
///
/// Read are PNG, JPEG (also CMYK, and upright by its EXIF orientation), BMP, GIF (its first frame), PBM, PGM and PPM,
/// and what else ImageIO knows; transparent parts are put over white. Classes and the pictures in them come in natural
/// order (`s2` before `s10`), at any number of threads. If the folder has sub-folders `train` and `test` or `val` with
/// the class folders inside, this dataset is the part to train on, and the others are [#part]s with the same classes.
/// The parts may also be archives, such as `train.zip` and `test.zip`.
///
/// Left out and named in [#problems]: pictures that cannot be decoded or are cut short, empty class folders, and
/// pictures that claim too much. Files that are not pictures by their extension are [#skipped].
///
/// Constraints: F1 there are class folders; F2 two of them or more have pictures that can be decoded (one, if the
/// classes are given); F3 what is too much for memory fits on the disk.
///
/// ```java
/// var flowers = ImageFolder.open(Path.of("flowers"), ImageSize.size(224, 224));
/// Split parts = flowers.split(0.8, 42);
/// flowers.problems().forEach(IO::println);
/// ```
public final class ImageFolder implements Dataset {
  private final Map<Part, Dataset> parts;
  private final List<Problem> problems;
  private final int skipped;
  private final Dataset train;

  private ImageFolder(Map<Part, Dataset> parts, List<Problem> problems, int skipped) {
    this.parts = parts;
    this.problems = List.copyOf(problems);
    this.skipped = skipped;
    this.train = parts.get(Part.TRAIN);
  }

  /// A first look: classes, counts, sizes and colours, from the headers only.
  ///
  /// @throws DataException if there are no class folders
  public static FolderScan scan(Path path) {
    return FolderScan.of(path);
  }

  /// The pictures of a folder or a zip, brought to a size.
  ///
  /// @throws DataException if a constraint is broken
  public static ImageFolder open(Path path, ImageSize size) {
    return open(path, size, List.of(), done -> { });
  }

  /// As above, telling how far it is.
  ///
  /// @param progress is told the number of pictures done so far, from the calling thread, several times a second
  /// @throws java.util.concurrent.CancellationException if the calling thread is interrupted; it stays interrupted
  public static ImageFolder open(Path path, ImageSize size, IntConsumer progress) {
    return open(path, size, List.of(), progress);
  }

  /// The pictures of a folder or a zip whose classes are known already, such as those of a trained model: labels are
  /// indices into `classes`, and a folder that is none of them is left out as a problem.
  ///
  /// @param classes the names of the classes; none to take them from the folder
  public static ImageFolder open(Path path, ImageSize size, List<String> classes, IntConsumer progress) {
    return open(path, size, classes, progress, Runtime.getRuntime().maxMemory() / 4 * 3, CachedPictures.Store.room());
  }

  /// @param memory the bytes that decoded pictures may take
  /// @param room the bytes that they may take on the disk
  static ImageFolder open(Path path, ImageSize size, List<String> classes, IntConsumer progress, long memory,
      long room) {
    try (Listing listing = Listing.of(path)) {
      Layout layout = Layout.of(listing);
      List<Problem> problems = new ArrayList<>(listing.problems());
      problems.addAll(layout.problems());
      List<Entry> entries = entries(layout, classes, problems);
      List<PictureSource> pictures = entries.stream().map(Entry::picture).toList();
      long needed = entries.size() * size.shape().size();
      if (needed <= memory) {
        byte[][] pixels = new byte[entries.size()][];
        boolean[] decoded = Decoding.all(pictures, size, progress, problems, (i, p) -> pixels[i] = p);
        return assemble(listing, classes, entries, decoded, problems, (names, indices, labels, places) ->
            Pictures.of(size.shape(), names, IntStream.of(indices).mapToObj(i -> pixels[i]).toArray(byte[][]::new),
                labels, i -> places[i]));
      }
      checkDisk(path, size, entries.size(), needed, memory, room);
      CachedPictures.Store store = store(path, size);
      boolean[] decoded = Decoding.all(pictures, size, progress, problems, store::put);
      return assemble(listing, classes, entries, decoded, problems, (names, indices, labels, places) ->
          new CachedPictures(store, size.shape(), names, indices, labels, places));
    }
  }

  /// A picture with the part and the class that it belongs to.
  private record Entry(Part part, String label, PictureSource picture) {}

  private static List<Entry> entries(Layout layout, List<String> classes, List<Problem> problems) {
    List<Entry> entries = new ArrayList<>();
    Set<String> known = new HashSet<>(classes.isEmpty() ? layout.parts().get(Part.TRAIN).keySet() : classes);
    layout.parts().forEach((part, folders) -> folders.forEach((name, pictures) -> {
      if (known.contains(name)) {
        pictures.forEach(picture -> entries.add(new Entry(part, name, picture)));
      } else {
        problems.add(new Problem(pictures.getFirst().name(), "its folder '" + name + "' is none of the classes; "
            + pictures.size() + " picture(s) were left out"));
      }
    }));
    return entries;
  }

  /// Makes a dataset of some of the pictures.
  private interface Making {
    Dataset of(List<String> names, int[] indices, int[] labels, String[] places);
  }

  private static CachedPictures.Store store(Path path, ImageSize size) {
    try {
      return CachedPictures.Store.of(size.shape());
    } catch (IOException e) {
      throw new DataException(path.toString(), "the pictures of '" + path + "' do not fit in memory.",
          "F3: what is too much for memory is kept in a file; the system says: " + e.getMessage() + ".",
          "Choose a smaller size, or give Java more memory with -Xmx.", e);
    }
  }

  private static ImageFolder assemble(Listing listing, List<String> classes, List<Entry> entries, boolean[] decoded,
      List<Problem> problems, Making making) {
    List<String> names = classes.isEmpty() ? decoded(entries, decoded) : List.copyOf(classes);
    Map<Part, List<Integer>> chosen = new EnumMap<>(Part.class);
    chosen.put(Part.TRAIN, new ArrayList<>());
    for (int i = 0; i < decoded.length; i++) {
      if (decoded[i] && names.contains(entries.get(i).label)) {
        chosen.computeIfAbsent(entries.get(i).part, p -> new ArrayList<>()).add(i);
      }
    }
    if (chosen.get(Part.TRAIN).isEmpty() || (classes.isEmpty() && names.size() < 2)) {
      throw unusable(listing, names, problems);
    }
    Map<Part, Dataset> parts = new EnumMap<>(Part.class);
    chosen.forEach((part, indices) -> {
      int[] own = indices.stream().mapToInt(i -> i).toArray();
      int[] labels = new int[own.length];
      String[] places = new String[own.length];
      for (int k = 0; k < own.length; k++) {
        Entry entry = entries.get(own[k]);
        labels[k] = names.indexOf(entry.label);
        places[k] = listing.place(entry.picture.name());
      }
      parts.put(part, making.of(names, own, labels, places));
    });
    return new ImageFolder(parts, problems, listing.skipped());
  }

  /// The classes with at least one picture to train on: one without would be a class that nothing can belong to.
  private static List<String> decoded(List<Entry> entries, boolean[] decoded) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < decoded.length; i++) {
      Entry entry = entries.get(i);
      if (decoded[i] && entry.part == Part.TRAIN && (names.isEmpty() || !names.getLast().equals(entry.label))) {
        names.add(entry.label);
      }
    }
    return names;
  }

  private static DataException unusable(Listing listing, List<String> names, List<Problem> problems) {
    String path = listing.root().toString();
    String what = "'" + path + "' cannot be used for training.";
    String first = problems.isEmpty() ? "" : "; the first of " + problems.size() + " problem(s): "
        + problems.getFirst();
    return names.size() == 1
        ? new DataException(path, what, "F2: two classes or more have pictures; received only '" + names.getFirst()
            + "'" + first + ".", "Add a sub-folder with pictures of another class, or give the folder above.")
        : new DataException(path, what, "F2: two classes or more have pictures that can be decoded; received none"
            + first + ".", "Put PNG, JPEG, BMP, GIF, PGM or PPM files into one sub-folder per class.");
  }

  private static void checkDisk(Path path, ImageSize size, int count, long needed, long memory, long room) {
    if (needed > room) {
      throw new DataException(path.toString(), "the pictures of '" + path + "' do not fit in memory.",
          "F3: " + count + " pictures of " + size.shape() + " take " + (needed >> 20) + " MiB; at most "
          + (memory >> 20) + " MiB of memory may be used, and " + (room >> 20) + " MiB of the disk.",
          "Choose a smaller size, or give Java more memory with -Xmx.");
    }
  }

  /// A part of a divided folder. [Part#TRAIN] is this dataset itself and always there.
  public Optional<Dataset> part(Part part) {
    return Optional.ofNullable(parts.get(part));
  }

  /// What was left out and why, by its path in the folder or archive.
  public List<Problem> problems() {
    return problems;
  }

  /// The number of files that are hidden or not pictures by their extension.
  public int skipped() {
    return skipped;
  }

  /// This dataset cut in two, class by class.
  ///
  /// @param fraction the share to train on, between 0 and 1
  public Split split(double fraction, long seed) {
    return Split.stratified(train, fraction, seed);
  }

  @Override public Shape shape() {
    return train.shape();
  }

  @Override public List<String> classes() {
    return train.classes();
  }

  @Override public int size() {
    return train.size();
  }

  @Override public int label(int index) {
    return train.label(index);
  }

  @Override public void read(int index, float[] into, int offset) {
    train.read(index, into, offset);
  }

  @Override public String source(int index) {
    return train.source(index);
  }

  @Override public String toString() {
    return "ImageFolder(" + parts + ", " + problems.size() + " problems)";
  }
}
