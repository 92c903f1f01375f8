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
import juanji.tensor.Shape;

/// What is odd about data: samples that are there more than once, the same sample under two classes or in two parts,
/// pictures and videos that are nearly the same, classes that are rare or named alike.
final class Findings {
  private static final double UNEVEN = 10;
  private static final int FEW = 20;
  /// Frames of a video that are compared: its beginning, its end, and two between.
  private static final int FRAMES = 4;

  private final Map<Part, Dataset> parts;
  private final Map<Part, int[]> counts = new TreeMap<>();
  private final List<List<Sample>> same = new ArrayList<>();
  private final List<Near> near = new ArrayList<>();
  private final List<String> alike = new ArrayList<>();

  /// A sample of a part.
  record Sample(Part part, int index) {
  }

  /// Two pictures that are nearly the same, or two videos in all frames that are compared.
  ///
  /// @param distance of their fingerprints, in bits of 64; of videos the largest
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
    List<List<Fingerprint>> prints = new ArrayList<>();
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
        if (data.shape().rank() >= 3 && text.isEmpty()) {
          samples.add(sample);
          prints.add(prints(values, data.shape()));
        }
        progress.accept(++done);
      }
    }
    byContent.values().stream().filter(g -> g.size() > 1).forEach(same::add);
    Map<Sample, List<Sample>> known = new HashMap<>();
    same.forEach(group -> group.forEach(s -> known.put(s, group)));
    for (int[] pair : near(prints)) {
      Sample a = samples.get(pair[0]);
      Sample b = samples.get(pair[1]);
      if (known.get(a) == null || known.get(a) != known.get(b)) {
        near.add(new Near(a, b, pair[2]));
      }
    }
  }

  /// Of a picture one, of a video one for each frame that is compared.
  private static List<Fingerprint> prints(float[] values, Shape shape) {
    if (shape.rank() == 3) {
      return List.of(Fingerprint.of(values, shape));
    }
    int frames = shape.dim(1);
    int plane = shape.dim(2) * shape.dim(3);
    Shape picture = Shape.of(shape.dim(0), shape.dim(2), shape.dim(3));
    float[] frame = new float[picture.length()];
    List<Fingerprint> all = new ArrayList<>();
    for (int k = 0; k < FRAMES; k++) {
      int at = k * (frames - 1) / (FRAMES - 1);
      for (int c = 0; c < shape.dim(0); c++) {
        System.arraycopy(values, (c * frames + at) * plane, frame, c * plane, plane);
      }
      all.add(Fingerprint.of(frame, picture));
    }
    return all;
  }

  /// The pairs that are near in every print: two numbers and the largest distance of each.
  private static List<int[]> near(List<List<Fingerprint>> prints) {
    Map<Long, int[]> pairs = new LinkedHashMap<>();
    for (int k = 0; !prints.isEmpty() && k < prints.getFirst().size(); k++) {
      int frame = k;
      Map<Long, int[]> both = new LinkedHashMap<>();
      for (int[] pair : Fingerprint.near(prints.stream().map(p -> p.get(frame)).toList())) {
        long key = (long) pair[0] << 32 | pair[1];
        int[] before = k == 0 ? pair : pairs.get(key);
        if (before != null) {
          both.put(key, new int[] {pair[0], pair[1], Math.max(before[2], pair[2])});
        }
      }
      pairs = both;
    }
    return List.copyOf(pairs.values());
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

  /// Nearly the same pictures or videos in two parts.
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
