package juanji.cli;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import juanji.data.Dataset;
import juanji.data.Part;

/// What is odd about data: samples that are there more than once, the same sample under two classes or in two parts,
/// pictures that are nearly the same, classes that are rare or named alike.
final class Findings {
  private static final double UNEVEN = 10;
  private static final int FEW = 20;

  private final Map<Part, Dataset> parts;
  private final Map<Part, int[]> counts = new TreeMap<>();
  private final List<List<Sample>> same = new ArrayList<>();
  private final List<Near> near = new ArrayList<>();
  private final List<String> alike = new ArrayList<>();

  /// A sample of a part.
  record Sample(Part part, int index) {
  }

  /// Two pictures that are nearly the same.
  ///
  /// @param distance of their fingerprints, in bits of 64
  record Near(Sample first, Sample second, int distance) {
  }

  private Findings(Map<Part, Dataset> parts) {
    this.parts = parts;
  }

  /// Looks at all samples.
  ///
  /// @param progress is told how many are done
  static Findings of(Map<Part, Dataset> parts, IntConsumer progress) {
    Findings findings = new Findings(parts);
    findings.count();
    findings.compare(progress);
    return findings;
  }

  private void count() {
    parts.forEach((part, data) -> counts.put(part, FeedSettings.counts(data).stream().mapToInt(n -> n).toArray()));
    Map<String, List<String>> names = new LinkedHashMap<>();
    classes().forEach(c -> names.computeIfAbsent(c.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " "),
        _ -> new ArrayList<>()).add(c));
    names.values().stream().filter(n -> n.size() > 1).forEach(n -> alike.add(String.join(", ", n)));
  }

  private void compare(IntConsumer progress) {
    Map<String, List<Sample>> byContent = new LinkedHashMap<>();
    List<Sample> samples = new ArrayList<>();
    List<Fingerprint> prints = new ArrayList<>();
    int done = 0;
    for (Map.Entry<Part, Dataset> entry : parts.entrySet()) {
      Dataset data = entry.getValue();
      float[] values = new float[data.shape().length()];
      for (int i = 0; i < data.size(); i++) {
        data.read(i, values, 0);
        Sample sample = new Sample(entry.getKey(), i);
        String text = data.text(i);
        byContent.computeIfAbsent(text.isEmpty() ? digest(values) : text.strip().replaceAll("\\s+", " "),
            _ -> new ArrayList<>()).add(sample);
        if (data.shape().rank() == 3 && text.isEmpty()) {
          samples.add(sample);
          prints.add(Fingerprint.of(values, data.shape()));
        }
        progress.accept(++done);
      }
    }
    byContent.values().stream().filter(g -> g.size() > 1).forEach(same::add);
    Map<Sample, List<Sample>> known = new HashMap<>();
    same.forEach(group -> group.forEach(s -> known.put(s, group)));
    for (int[] pair : Fingerprint.near(prints)) {
      Sample a = samples.get(pair[0]);
      Sample b = samples.get(pair[1]);
      if (known.get(a) == null || known.get(a) != known.get(b)) {
        near.add(new Near(a, b, pair[2]));
      }
    }
  }

  private static String digest(float[] values) {
    try {
      ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
      bytes.asFloatBuffer().put(values);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Map<Part, Dataset> parts() {
    return parts;
  }

  List<String> classes() {
    return parts.get(Part.TRAIN).classes();
  }

  Map<Part, int[]> counts() {
    return counts;
  }

  List<List<Sample>> same() {
    return same;
  }

  List<Near> near() {
    return near;
  }

  List<String> alike() {
    return alike;
  }

  /// Groups of the same sample under two classes.
  List<List<Sample>> contradictory() {
    return same.stream().filter(g -> g.stream().map(this::label).distinct().count() > 1).toList();
  }

  /// Groups of the same sample in two parts.
  List<List<Sample>> leaking() {
    return same.stream().filter(g -> g.stream().map(Sample::part).distinct().count() > 1).toList();
  }

  /// Nearly the same pictures in two parts.
  List<Near> nearLeaks() {
    return near.stream().filter(n -> n.first.part != n.second.part).toList();
  }

  String label(Sample s) {
    Dataset data = parts.get(s.part);
    return data.classes().get(data.label(s.index));
  }

  String source(Sample s) {
    return parts.get(s.part).source(s.index);
  }

  /// Remarks on the balance of classes, in plain words.
  List<String> balance() {
    int[] train = counts.get(Part.TRAIN);
    int least = 0;
    int most = 0;
    for (int k = 0; k < train.length; k++) {
      least = train[k] < train[least] ? k : least;
      most = train[k] > train[most] ? k : most;
    }
    List<String> remarks = new ArrayList<>();
    if (train[most] > UNEVEN * Math.max(1, train[least])) {
      remarks.add("Classes are uneven: '" + classes().get(most) + "' has " + train[most] + " samples, '"
          + classes().get(least) + "' " + train[least] + ". Train with --sampling balanced or --class-weights "
          + "balanced, and judge by macro-F1.");
    }
    if (train[least] < FEW) {
      remarks.add("'" + classes().get(least) + "' has " + train[least] + " samples to train on, which is little. Add "
          + "more, or vary them with --augment usual.");
    }
    return remarks;
  }

  /// Everything that was found, counted.
  int total() {
    return same.size() + near.size() + alike.size() + balance().size();
  }

  /// Samples to leave out so that each content is there once: the first of a group stays, one in the test part before
  /// one in another, so that what is tested is not trained on; of contradictory ones none.
  List<Sample> superfluous() {
    List<Sample> out = new ArrayList<>();
    List<List<Sample>> contradictory = contradictory();
    for (List<Sample> group : same) {
      Sample stays = group.stream().filter(s -> s.part == Part.TEST).findFirst().orElse(group.getFirst());
      boolean none = contradictory.contains(group);
      group.stream().filter(s -> none || !s.equals(stays)).forEach(out::add);
    }
    return out;
  }

  /// All of a collection's samples, as messages name them.
  String names(Collection<Sample> samples) {
    return String.join(", ", samples.stream().map(s -> source(s) + " (" + label(s) + ")").toList());
  }
}
