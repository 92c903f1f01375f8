package juanji.audio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import juanji.data.DataException;
import juanji.data.NaturalOrder;

/// Noise of one's own behind a sound: a part of one of the sounds in a folder, some decibels below it.
///
/// `background:FOLDER:10` takes any sound of the folder and of those in it, any part of it (one that is too short is
/// repeated), and adds it so that the sound is 10 to 30 decibels louder, both as root mean squares;
/// `background:FOLDER:5/15` draws from 5 to 15. Which file, which part and how loud is drawn anew for each sample in
/// each epoch. Files are taken in the order of their names, so that the same seed draws the same.
///
/// Constraints: C1 decibels are from −60 to 120, the lower first; F1 the folder has sounds, each of which can be read
/// and has samples; F2 they take at most a quarter of the memory that Java may use.
///
/// ```java
/// WaveAugmentation noisy = WaveAugmentation.named("background:noises:5/15");
/// ```
///
/// @param folder where the noises are
/// @param low the least number of decibels between sound and noise
/// @param high the largest
/// @param noises the sounds at the rate of those to change; none until they are read
public record Background(Path folder, double low, double high, List<float[]> noises) implements WaveAugmentation.Step {
  static final String WORD = "background";
  private static final double USUAL = 10;
  private static final double RANGE = 20;

  /// Checks the constraint, and takes a copy of the list.
  public Background {
    if (!(low >= -60 && low <= high && high <= 120)) {
      throw refused("C1: decibels are from -60 to 120, the lower first; received " + low + "/" + high + ".");
    }
    noises = List.copyOf(noises);
  }

  private static IllegalArgumentException refused(String why) {
    return new IllegalArgumentException("a background of sounds cannot be added so.\n  " + why + "\n  Write it as in "
        + "background:noises:10, or background:noises:5/15.");
  }

  static boolean names(String word) {
    return word.equals(WORD) || word.startsWith(WORD + ":");
  }

  /// By its words; a folder may have colons.
  ///
  /// @throws IllegalArgumentException if there is no folder, or C1 is broken
  static Background named(String text) {
    String rest = text.length() > WORD.length() ? text.substring(WORD.length() + 1) : "";
    int colon = rest.lastIndexOf(':');
    String number = "-?[0-9]{1,4}(\\.[0-9]{1,4})?";
    String folder = rest;
    double low = USUAL;
    double high = USUAL + RANGE;
    if (colon >= 0 && rest.substring(colon + 1).matches(number + "(/" + number + ")?")) {
      String[] range = rest.substring(colon + 1).split("/");
      folder = rest.substring(0, colon);
      low = Double.parseDouble(range[0]);
      high = range.length > 1 ? Double.parseDouble(range[1]) : low + RANGE;
    }
    if (folder.isBlank()) {
      throw refused("C1: it names a folder of sounds; received '" + text + "'.");
    }
    return new Background(Path.of(folder), low, high, List.of());
  }

  /// The root mean square of waves.
  static double loudness(float[] waves) {
    double energy = 0;
    for (float w : waves) {
      energy += (double) w * w;
    }
    return Math.sqrt(energy / Math.max(1, waves.length));
  }

  /// The same with its sounds read.
  ///
  /// @param rate samples a second that they are brought to
  /// @throws DataException if F1 or F2 is broken
  public Background opened(int rate) {
    if (!Files.isDirectory(folder)) {
      throw unusable("F1: it is a folder of sounds; received " + (Files.exists(folder) ? "a file."
          : "nothing of that name."), "Write it as in background:FOLDER:10, with a folder that is there.");
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(f -> Files.isRegularFile(f) && SoundFile.named(f.getFileName().toString()))
          .sorted((a, b) -> NaturalOrder.INSTANCE.compare(a.toString(), b.toString())).toList();
    } catch (IOException e) {
      throw unusable("F1: its sounds can be listed; the system says: " + e.getMessage() + " ("
          + e.getClass().getSimpleName() + ").", "Check the rights of the folder and of those in it.");
    }
    if (files.isEmpty()) {
      throw unusable("F1: it has sounds; received none, in it or in the folders in it.",
          "Give a folder with WAV, AIFF or AU files.");
    }
    List<float[]> read = new ArrayList<>();
    long most = Runtime.getRuntime().maxMemory() / 4;
    long used = 0;
    for (Path file : files) {
      float[] waves = SoundFile.read(file).resampled(rate).samples();
      used += 4L * waves.length;
      if (waves.length == 0 || used > most) {
        throw waves.length == 0 ? unusable("F1: each sound has samples; received none in '" + file + "'.",
            "Take this file out of the folder.") : unusable("F2: its sounds take at most " + (most >> 20)
            + " MiB; received more up to '" + file + "'.", "Give fewer or shorter sounds, or Java more memory.");
      }
      read.add(waves);
    }
    return new Background(folder, low, high, read);
  }

  private DataException unusable(String why, String remedy) {
    return new DataException(folder.toString(), "'" + folder + "' cannot be a background of sounds.", why, remedy);
  }

  @Override public float[] apply(float[] waves, SplittableRandom random) {
    if (noises.isEmpty()) {
      throw new IllegalStateException("the sounds of '" + folder + "' are not read yet");
    }
    float[] noise = noises.get(random.nextInt(noises.size()));
    // Any part that lies within, or any beginning where the noise goes round.
    int from = random.nextInt(noise.length > waves.length ? noise.length - waves.length + 1 : noise.length);
    double decibels = low + random.nextDouble() * (high - low);
    float[] part = new float[waves.length];
    for (int i = 0; i < part.length; i++) {
      part[i] = noise[(int) ((from + (long) i) % noise.length)];
    }
    double own = loudness(part);
    double factor = own > 0 ? loudness(waves) / own * StrictMath.pow(10, -decibels / 20) : 0;
    float[] result = new float[waves.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) Math.clamp(waves[i] + factor * part[i], -1, 1);
    }
    return result;
  }

  @Override public String toString() {
    return WORD + ":" + folder + ":" + low + "/" + high;
  }
}
