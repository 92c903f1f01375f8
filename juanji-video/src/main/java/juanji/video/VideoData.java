package juanji.video;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import juanji.augment.Augmented;
import juanji.data.ClassFiles;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.image.UndecodableException;
import juanji.tensor.Shape;

/// A dataset of videos: decoded once, on all processors, into frames of one byte a value, in memory or in a file where
/// they would take more than half of the memory that Java may use.
///
/// Videos that cannot be decoded are left out and named in the problems. Constraints: F4 two classes or more have
/// videos that can be decoded; F5 what is too much for memory fits on the disk.
///
/// ```java
/// var how = new VideoPreparation(16, ImageSize.size(64, 64));
/// VideoData.Opened gestures = VideoData.open(Path.of("gestures"), Optional.empty(), how, List.of(), done -> { });
/// ```
public final class VideoData implements Dataset {
  private static final int LOOKED_AT = 50;

  private final List<String> classes;
  private final FrameStore store;
  private final int[] videos;
  private final int[] labels;
  private final String[] sources;
  private final VideoPreparation preparation;
  private final Optional<FrameSampling> sampling;
  private final long seed;

  private VideoData(List<String> classes, FrameStore store, int[] videos, int[] labels, String[] sources,
      VideoPreparation preparation, Optional<FrameSampling> sampling, long seed) {
    this.classes = classes;
    this.store = store;
    this.videos = videos;
    this.labels = labels;
    this.sources = sources;
    this.preparation = preparation;
    this.sampling = sampling;
    this.seed = seed;
  }

  /// Videos by their part.
  ///
  /// @param parts that to train on is always there
  /// @param problems what was left out
  public record Opened(Map<Part, VideoData> parts, List<Problem> problems) {
    /// Takes copies.
    public Opened {
      parts = Map.copyOf(parts);
      problems = List.copyOf(problems);
    }

    /// The videos of one part, if its author has set it apart.
    public Optional<VideoData> part(Part part) {
      return Optional.ofNullable(parts.get(part));
    }
  }

  /// The smallest and the largest height and width of the frames of a folder's first videos, without decoding any.
  ///
  /// @return smallest height, smallest width, largest height, largest width; all 0 if none can be read
  /// @throws DataException if there are no videos
  public static int[] extents(Path folder, Optional<Pattern> pattern) {
    int[] found = {Integer.MAX_VALUE, Integer.MAX_VALUE, 0, 0};
    try (VideoPlace place = VideoPlace.of(folder)) {
      for (ClassFiles.Entry entry : place.files(pattern).entries().stream().limit(LOOKED_AT).toList()) {
        try {
          int[] own = VideoFile.extent(entry.file());
          for (int k = 0; k < 2; k++) {
            found[k] = Math.min(found[k], own[k]);
            found[2 + k] = Math.max(found[2 + k], own[k]);
          }
        } catch (UndecodableException | IOException e) {
          // It is left out, by name, when the videos are read.
        }
      }
    }
    return found[2] == 0 ? new int[4] : found;
  }

  /// The videos of a folder, of a zip of one, or of a table that names files.
  ///
  /// @param pattern what finds the class in a file's name, see [ClassFiles]
  /// @param how what of them is read
  /// @param known the names of the classes; none to take them from the folder
  /// @param progress is told the number of videos done so far
  /// @throws DataException if a constraint is broken
  public static Opened open(Path folder, Optional<Pattern> pattern, VideoPreparation how, List<String> known,
      IntConsumer progress) {
    return open(folder, pattern, how, known, progress, Runtime.getRuntime().maxMemory() / 2);
  }

  /// @param memory the bytes that decoded frames may take in memory
  static Opened open(Path folder, Optional<Pattern> pattern, VideoPreparation how, List<String> known,
      IntConsumer progress, long memory) {
    try (VideoPlace place = VideoPlace.of(folder)) {
      return open(place, pattern, how, known, progress, memory);
    }
  }

  private static Opened open(VideoPlace place, Optional<Pattern> pattern, VideoPreparation how, List<String> known,
      IntConsumer progress, long memory) {
    Path folder = place.given();
    VideoFiles files = place.files(pattern);
    List<ClassFiles.Entry> entries = files.entries();
    List<Problem> problems = new ArrayList<>(files.problems());
    FrameStore store = store(folder, how, entries.size(), memory);
    String[] reasons = new Decoding(entries.stream().map(ClassFiles.Entry::file).toList(), how, store).run(progress);
    for (int i = 0; i < reasons.length; i++) {
      if (reasons[i] != null) {
        problems.add(new Problem(entries.get(i).name(), reasons[i]));
      }
    }
    int[] decoded = IntStream.range(0, reasons.length).filter(i -> reasons[i] == null).toArray();
    List<String> classes = known.isEmpty() ? IntStream.of(decoded).mapToObj(entries::get)
        .filter(e -> e.part() == Part.TRAIN).map(ClassFiles.Entry::label).distinct().toList() : List.copyOf(known);
    Map<Part, VideoData> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      int[] own = IntStream.of(decoded).filter(i -> entries.get(i).part() == part
          && classes.contains(entries.get(i).label())).toArray();
      if (own.length > 0) {
        parts.put(part, new VideoData(classes, store, own,
            IntStream.of(own).map(i -> classes.indexOf(entries.get(i).label())).toArray(),
            IntStream.of(own).mapToObj(i -> place.source(entries.get(i).file())).toArray(String[]::new), how,
            Optional.empty(), 0));
      }
    }
    if (classes.size() < 2 && known.isEmpty() || !parts.containsKey(Part.TRAIN)) {
      throw new DataException(folder.toString(), "'" + folder + "' cannot be used for training.",
          "F4: two classes or more have videos that can be decoded; received " + classes.size() + (problems.isEmpty()
          ? "." : "; the first of " + problems.size() + " problem(s): " + problems.getFirst() + "."),
          "Put AVI or GIF files, or folders of frames, into one sub-folder per class.");
    }
    return new Opened(parts, problems);
  }

  private static FrameStore store(Path folder, VideoPreparation how, int count, long memory) {
    long needed = count * how.most();
    if (needed <= memory) {
      return FrameStore.inMemory(count);
    }
    try {
      long room = Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir"))).getUsableSpace();
      if (needed > room) {
        throw tooMuch(folder, count + " videos of " + how.shape() + " may take " + (needed >> 20) + " MiB; at most "
            + (memory >> 20) + " MiB of memory may be used, and " + (room >> 20) + " MiB of the disk", null);
      }
      return FrameStore.onDisk(count);
    } catch (IOException e) {
      throw tooMuch(folder, "what is too much for memory is kept in a file; the system says: " + e.getMessage(), e);
    }
  }

  private static DataException tooMuch(Path folder, String why, IOException cause) {
    return new DataException(folder.toString(), "the videos of '" + folder + "' do not fit in memory.", "F5: " + why
        + ".", "Choose a smaller size or fewer frames, or give Java more memory with JUANJI_JAVA_OPTS=-Xmx8g.", cause);
  }

  /// The same videos, of which each epoch sees other frames.
  public VideoData sampled(FrameSampling how, long number) {
    return new VideoData(classes, store, videos, labels, sources, preparation, Optional.of(how), number);
  }

  /// What of the videos is read.
  public VideoPreparation preparation() {
    return preparation;
  }

  @Override public void read(int index, float[] into, int offset) {
    byte[] kept = store.get(videos[index]);
    preparation.put(kept, preparation.middles(kept.length / preparation.frameLength()), into, offset);
  }

  @Override public void readVaried(int index, int epoch, float[] into, int offset) {
    if (sampling.isEmpty()) {
      read(index, into, offset);
      return;
    }
    byte[] kept = store.get(videos[index]);
    preparation.put(kept, sampling.get().places(kept.length / preparation.frameLength(), preparation.frames(),
        Augmented.random(seed, epoch, index)), into, offset);
  }

  @Override public String variation() {
    return sampling.map(s -> s + ", seed " + seed).orElse("");
  }

  @Override public Shape shape() {
    return preparation.shape();
  }

  @Override public List<String> classes() {
    return classes;
  }

  @Override public int size() {
    return labels.length;
  }

  @Override public int label(int index) {
    return labels[index];
  }

  @Override public String source(int index) {
    return sources[index];
  }

  @Override public String toString() {
    return "VideoData(" + size() + " of " + shape() + ", " + classes.size() + " classes)";
  }
}
