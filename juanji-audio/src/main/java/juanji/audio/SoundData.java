package juanji.audio;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import juanji.data.ClassFiles;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.tensor.Shape;

/// A dataset of sounds: waves in memory at 16 bits, features made of them as they are read.
///
/// Constraints: F4 two classes or more have sounds that can be read; F5 the waves take at most half of the memory that
/// Java may use.
///
/// ```java
/// Opened digits = SoundData.open(Path.of("spoken-digits"), Optional.empty(), Optional.empty(), List.of());
/// ```
public final class SoundData implements Dataset {
  private final List<String> classes;
  private final short[][] waves;
  private final int[] labels;
  private final String[] sources;
  private final SoundPreparation preparation;
  private final Optional<WaveAugmentation> augmentation;
  private final long seed;
  private final double[][] filters;
  private final Optional<AtomicReferenceArray<float[]>> kept;

  private SoundData(List<String> classes, short[][] waves, int[] labels, String[] sources,
      SoundPreparation preparation, Optional<WaveAugmentation> augmentation, long seed) {
    this.classes = classes;
    this.waves = waves;
    this.labels = labels;
    this.sources = sources;
    this.preparation = preparation;
    this.augmentation = augmentation;
    this.seed = seed;
    this.filters = preparation.filters();
    long needed = 4 * preparation.shape().size() * waves.length;
    this.kept = needed < Runtime.getRuntime().maxMemory() / 4 ? Optional.of(new AtomicReferenceArray<>(waves.length))
        : Optional.empty();
  }

  /// Sounds by their part.
  ///
  /// @param parts that to train on is always there
  /// @param problems what was left out
  public record Opened(Map<Part, SoundData> parts, List<Problem> problems) {
    /// Takes copies.
    public Opened {
      parts = Map.copyOf(parts);
      problems = List.copyOf(problems);
    }

    /// The sounds of one part, if its author has set it apart.
    public Optional<SoundData> part(Part part) {
      return Optional.ofNullable(parts.get(part));
    }
  }

  /// The sounds of a folder.
  ///
  /// @param pattern what finds the class in a file's name, see [ClassFiles]
  /// @param how what of them is read; by default 40 log-mel bands at the sounds' own rate, up to 16 kHz, and a length
  ///     that 95 in 100 of them do not exceed, up to 10 seconds
  /// @param known the names of the classes; none to take them from the folder
  /// @throws DataException if a constraint is broken
  public static Opened open(Path folder, Optional<Pattern> pattern, Optional<SoundPreparation> how,
      List<String> known) {
    ClassFiles files = ClassFiles.of(folder, SoundFile::named, pattern);
    List<Problem> problems = new ArrayList<>(files.problems());
    List<ClassFiles.Entry> entries = new ArrayList<>();
    List<Sound> sounds = new ArrayList<>();
    long most = Runtime.getRuntime().maxMemory() / 2;
    long used = 0;
    List<ClassFiles.Entry> all = files.entries();
    // Decoded side by side, a block at a time; kept in the order of the files.
    int block = 256;
    for (int from = 0; from < all.size(); from += block) {
      List<ClassFiles.Entry> some = all.subList(from, Math.min(all.size(), from + block));
      Object[] read = some.parallelStream().map(SoundData::tried).toArray();
      for (int i = 0; i < read.length; i++) {
        if (!(read[i] instanceof Sound sound)) {
          problems.add(new Problem(some.get(i).name(), (String) read[i]));
        } else {
          used += 4L * sound.samples().length;
          if (used > most) {
            throw new DataException(folder.toString(), "the sounds of '" + folder + "' do not fit in memory.",
                "F5: they take at most " + (most >> 20) + " MiB; received more after " + (from + i) + " of "
                + all.size() + ".", "Give Java more memory with JUANJI_JAVA_OPTS=-Xmx8g, or use fewer sounds.");
          }
          entries.add(some.get(i));
          sounds.add(sound);
        }
      }
    }
    List<String> classes = known.isEmpty() ? entries.stream().filter(e -> e.part() == Part.TRAIN)
        .map(ClassFiles.Entry::label).distinct().toList() : List.copyOf(known);
    if (classes.size() < 2 && known.isEmpty() || entries.isEmpty()) {
      throw new DataException(folder.toString(), "'" + folder + "' cannot be used for training.",
          "F4: two classes or more have sounds that can be read; received " + classes.size() + (problems.isEmpty()
          ? "." : "; the first of " + problems.size() + " problem(s): " + problems.getFirst() + "."),
          "Put WAV, AIFF or AU files into one sub-folder per class.");
    }
    SoundPreparation chosen = how.orElseGet(() -> measured(sounds));
    Map<Part, SoundData> parts = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      int[] own = IntStream.range(0, entries.size()).filter(i -> entries.get(i).part() == part
          && classes.contains(entries.get(i).label())).toArray();
      if (own.length > 0) {
        parts.put(part, new SoundData(classes, IntStream.of(own).mapToObj(i -> packed(chosen.waves(sounds.get(i))))
            .toArray(short[][]::new), IntStream.of(own).map(i -> classes.indexOf(entries.get(i).label())).toArray(),
            IntStream.of(own).mapToObj(i -> entries.get(i).file().toString()).toArray(String[]::new), chosen,
            Optional.empty(), 0));
      }
    }
    return new Opened(parts, problems);
  }

  private static Object tried(ClassFiles.Entry entry) {
    try {
      return SoundFile.read(entry.file());
    } catch (DataException e) {
      return e.getMessage().lines().skip(1).findFirst().orElse("it cannot be read").strip().replaceFirst("\\.$", "");
    }
  }

  private static SoundPreparation measured(List<Sound> sounds) {
    int[] rates = sounds.stream().mapToInt(Sound::rate).sorted().toArray();
    double[] lengths = sounds.stream().mapToDouble(Sound::seconds).sorted().toArray();
    double seconds = Math.clamp(lengths[(int) (0.95 * (lengths.length - 1))], 0.1, 10);
    return SoundPreparation.speech(Math.clamp(rates[rates.length / 2], 1000, 16_000),
        Math.ceil(seconds * 10 - 1e-6) / 10);
  }

  private static short[] packed(float[] waves) {
    short[] packed = new short[waves.length];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = (short) Math.clamp(Math.round(waves[i] * 32767), -32767, 32767);
    }
    return packed;
  }

  /// The same sounds with waves that are changed anew in each epoch.
  ///
  /// @throws DataException if the sounds of a background cannot be read
  public SoundData augmented(WaveAugmentation how, long number) {
    return new SoundData(classes, waves, labels, sources, preparation,
        Optional.of(how.opened(preparation.rate())), number);
  }

  /// What of the sounds is read.
  public SoundPreparation preparation() {
    return preparation;
  }

  private float[] waves(int index) {
    short[] packed = waves[index];
    float[] values = new float[packed.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = packed[i] / 32767f;
    }
    return values;
  }

  @Override public void read(int index, float[] into, int offset) {
    float[] known = kept.map(k -> k.get(index)).orElse(null);
    if (known != null) {
      System.arraycopy(known, 0, into, offset, known.length);
      return;
    }
    preparation.features(waves(index), filters, into, offset);
    kept.ifPresent(k -> k.set(index, Arrays.copyOfRange(into, offset, offset + preparation.shape().length())));
  }

  @Override public void readVaried(int index, int epoch, float[] into, int offset) {
    if (augmentation.isEmpty()) {
      read(index, into, offset);
      return;
    }
    float[] changed = augmentation.get().apply(waves(index),
        new SplittableRandom((seed * 0x9e3779b97f4a7c15L + epoch) * 0xbf58476d1ce4e5b9L + index));
    preparation.features(changed, filters, into, offset);
  }

  @Override public String variation() {
    return augmentation.map(a -> a + ", seed " + seed).orElse("");
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
    return "SoundData(" + size() + " of " + shape() + ", " + classes.size() + " classes)";
  }
}
