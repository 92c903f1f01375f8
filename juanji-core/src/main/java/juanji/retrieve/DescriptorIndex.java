package juanji.retrieve;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import juanji.json.Json;
import juanji.model.ModelException;
import juanji.model.SafeTensors;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Descriptors by the names of their samples, searched exactly: every one is compared.
///
/// In a file it is a [SafeTensors] file with the tensors `descriptors` (N × D) and, if there is a whitening,
/// `whitening.mean` and `whitening.rows`, and the texts `juanji.index` (its version, 1), `juanji.names` and what else
/// it was given. Constraints: X1 there is one name per descriptor, and all are of one length.
///
/// @param names the samples
/// @param vectors their descriptors, after the whitening
/// @param whitening what descriptors went through
/// @param texts what else is kept, such as the model's path and the layer
public record DescriptorIndex(List<String> names, List<float[]> vectors, Optional<Whitening> whitening,
    Map<String, String> texts) {
  private static final String VERSION = "juanji.index";
  private static final String NAMES = "juanji.names";

  /// Checks X1.
  public DescriptorIndex {
    names = List.copyOf(names);
    vectors = List.copyOf(vectors);
    texts = Map.copyOf(texts);
    int length = vectors.isEmpty() ? 0 : vectors.getFirst().length;
    if (names.size() != vectors.size() || vectors.isEmpty() || vectors.stream().anyMatch(v -> v.length != length)) {
      throw new IllegalArgumentException("these descriptors make no index.\n"
          + "  X1: there is one name for each descriptor, and all are of one length; received " + names.size()
          + " names and " + vectors.size() + " descriptors.\n  Describe all samples by the same layer.");
    }
  }

  /// A sample that was found.
  ///
  /// @param index its number
  /// @param name its name
  /// @param likeness the inner product, −1 to 1
  public record Hit(int index, String name, double likeness) {
  }

  /// The most alike samples, the best first; where equal, in their order.
  ///
  /// @param descriptor as a [Describer] gives it, before the whitening
  public List<Hit> nearest(float[] descriptor, int count) {
    return search(whitening.map(w -> w.apply(descriptor)).orElse(descriptor), count);
  }

  /// The samples most like one of the index, itself included.
  public List<Hit> like(int index, int count) {
    return search(vectors.get(index), count);
  }

  private List<Hit> search(float[] query, int count) {
    PriorityQueue<Hit> best = new PriorityQueue<>((a, b) -> a.likeness != b.likeness
        ? Double.compare(a.likeness, b.likeness) : Integer.compare(b.index, a.index));
    for (int i = 0; i < vectors.size(); i++) {
      float[] v = vectors.get(i);
      float sum = 0;
      for (int k = 0; k < v.length; k++) {
        sum += v[k] * query[k];
      }
      if (best.size() < count || sum > best.peek().likeness) {
        best.add(new Hit(i, names.get(i), sum));
        if (best.size() > count) {
          best.poll();
        }
      }
    }
    List<Hit> hits = new ArrayList<>();
    while (!best.isEmpty()) {
      hits.addFirst(best.poll());
    }
    return hits;
  }

  /// Writes the file, replacing what was there whole.
  ///
  /// @throws ModelException if it cannot be written
  public void write(Path file) {
    int length = vectors.getFirst().length;
    float[] all = new float[Math.multiplyExact(length, vectors.size())];
    for (int i = 0; i < vectors.size(); i++) {
      System.arraycopy(vectors.get(i), 0, all, i * length, length);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("descriptors", Tensor.of(Shape.of(vectors.size(), length), all));
    whitening.ifPresent(w -> {
      int n = w.mean().length;
      float[] rows = new float[w.rows().length * n];
      for (int r = 0; r < w.rows().length; r++) {
        System.arraycopy(w.rows()[r], 0, rows, r * n, n);
      }
      tensors.put("whitening.mean", Tensor.of(Shape.of(n), w.mean()));
      tensors.put("whitening.rows", Tensor.of(Shape.of(w.rows().length, n), rows));
    });
    Map<String, String> kept = new LinkedHashMap<>(texts);
    kept.put(VERSION, "1");
    kept.put(NAMES, Json.of(names.stream().map(Json::of).toList()).toString());
    SafeTensors.write(file, tensors, kept);
  }

  /// Reads a file.
  ///
  /// @throws ModelException if it is no index, or is damaged
  public static DescriptorIndex read(Path file) {
    SafeTensors content = SafeTensors.read(file);
    Map<String, String> texts = new LinkedHashMap<>(content.metadata());
    Tensor all = content.tensors().get("descriptors");
    try {
      String listed = texts.remove(NAMES);
      if (!"1".equals(texts.remove(VERSION)) || listed == null || all == null || all.shape().rank() != 2) {
        throw new IllegalArgumentException("it lacks its version, its names or its descriptors");
      }
      List<String> names = Json.parse(listed).items().stream().map(Json::asText).toList();
      Tensor mean = content.tensors().get("whitening.mean");
      Tensor rows = content.tensors().get("whitening.rows");
      boolean whitened = mean != null && rows != null;
      if (whitened && (rows.shape().rank() != 2 || rows.shape().dim(1) != mean.shape().size()
          || rows.shape().dim(0) != all.shape().dim(1))) {
        throw new IllegalArgumentException("its whitening does not fit its descriptors");
      }
      return new DescriptorIndex(names, cut(all), whitened ? Optional.of(new Whitening(mean.data(),
          cut(rows).toArray(float[][]::new))) : Optional.empty(), texts);
    } catch (IllegalArgumentException e) {
      throw new ModelException(file, "is no index that can be used", "X2: it holds names, descriptors and perhaps a "
          + "whitening; received: " + String.valueOf(e.getMessage()).replaceAll("\\s*\n\\s*", " "),
          "Use a file that 'juanji index build' wrote.", e);
    }
  }

  private static List<float[]> cut(Tensor matrix) {
    int columns = matrix.shape().dim(1);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < matrix.shape().dim(0); i++) {
      rows.add(Arrays.copyOfRange(matrix.data(), i * columns, (i + 1) * columns));
    }
    return rows;
  }
}
