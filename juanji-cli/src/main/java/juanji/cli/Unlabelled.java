package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import juanji.classify.Reading;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Problem;
import juanji.tensor.Shape;

/// Files whose classes nobody knows, as samples of a single class.
///
/// All are read once at the beginning, so that those that cannot be are known. Where all of them take little memory,
/// they are kept.
final class Unlabelled implements Dataset {
  /// Floats that are kept: a quarter of a gigabyte.
  private static final long KEPT = 1L << 26;

  private final Reading reading;
  private final List<Path> files;
  private final List<float[]> kept;

  private Unlabelled(Reading reading, List<Path> files, List<float[]> kept) {
    this.reading = reading;
    this.files = files;
    this.kept = kept;
  }

  /// The files that can be read; the others are named on the screen.
  static Unlabelled of(List<Path> files, Reading reading, Screen screen) {
    boolean keeps = files.size() * reading.shape().size() <= KEPT;
    List<Path> readable = new ArrayList<>();
    List<float[]> kept = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    int seen = 0;
    for (Path file : files) {
      try {
        float[] sample = reading.read(file);
        readable.add(file);
        if (keeps) {
          kept.add(sample);
        }
      } catch (DataException e) {
        // The first line says what, the second why.
        problems.add(new Problem(file.toString(), e.getMessage().lines().skip(1).findFirst().orElse("").strip()));
      }
      screen.status("reading: " + Numbers.count(++seen) + " of " + Numbers.count(files.size()));
    }
    screen.clear();
    Problems.show(problems, screen);
    return new Unlabelled(reading, readable, kept);
  }

  @Override public Shape shape() {
    return reading.shape();
  }

  @Override public List<String> classes() {
    return List.of("");
  }

  @Override public int size() {
    return files.size();
  }

  @Override public int label(int index) {
    return 0;
  }

  @Override public void read(int index, float[] into, int offset) {
    float[] sample = kept.isEmpty() ? reading.read(files.get(index)) : kept.get(index);
    System.arraycopy(sample, 0, into, offset, sample.length);
  }

  @Override public String source(int index) {
    return files.get(index).toString();
  }
}
