package juanji.classify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import juanji.model.ModelException;
import juanji.model.ModelFile;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Predictor;

/// Tells the classes of pictures, texts, sounds or videos by a trained model. Thread-safe: files are read by the
/// calling threads side by side, and the network runs for one after the other.
///
/// Constraints: C1 the model's output is one score per class; C2 the module that reads the model's kind of data is
/// there (`juanji-image`, `juanji-text`, `juanji-audio`, `juanji-video`).
///
/// ```java
/// try (Classifier flowers = Classifier.load(Path.of("model.juanji"))) {
///   Prediction best = flowers.classify(Path.of("rose.jpg")).getFirst();
///   IO.println(best.label() + " " + best.probability());
/// }
/// ```
public final class Classifier implements AutoCloseable {
  private static final String PICTURE = "picture";

  private final ModelFile file;
  private final Reading reading;
  private final Workers workers;
  private final boolean owned;
  private final Predictor predictor;

  private Classifier(ModelFile file, Reading reading, Target target, Workers workers, boolean owned) {
    this.file = file;
    this.reading = reading;
    this.workers = workers;
    this.owned = owned;
    this.predictor = Predictor.of(file.model(), target, workers);
  }

  /// The classifier in a model file, on one thread per processor.
  ///
  /// @throws ModelException if the file cannot be used
  public static Classifier load(Path path) {
    ModelFile file = ModelFile.read(path);
    Reading reading = reading(path, file);
    Workers workers = Workers.all();
    return new Classifier(file, reading, Target.best(), workers, true);
  }

  /// The classifier of a model that was read already, on the given threads, which stay open.
  ///
  /// @param path where the model comes from, for messages
  /// @throws ModelException if the model cannot be used
  public static Classifier of(Path path, ModelFile file, Target target, Workers workers) {
    return new Classifier(file, reading(path, file), target, workers, false);
  }

  /// How the files of a model become samples.
  ///
  /// @throws ModelException if a constraint is broken
  public static Reading reading(Path path, ModelFile file) {
    if (file.model().outputShape().rank() != 1) {
      throw new ModelException(path, "cannot tell classes", "C1: its output is one score per class; received "
          + file.model().outputShape() + ".", "Use a model that ends with one score per class.");
    }
    String kind = kind(file);
    TreeSet<String> known = new TreeSet<>();
    for (ReadingProvider provider : ServiceLoader.load(ReadingProvider.class)) {
      known.add(provider.kind());
      if (provider.kind().equals(kind)) {
        try {
          return provider.reading(file);
        } catch (IllegalArgumentException e) {
          throw new ModelException(path, "does not say how its samples are read", "C2: what it says of reading a "
              + kind + " is complete; received: " + String.valueOf(e.getMessage()).replaceAll("\\s*\n\\s*", " "),
              "Use a model that 'juanji train' wrote.", e);
        }
      }
    }
    throw new ModelException(path, "cannot be given files", kind.isEmpty()
        ? "C2: it says how its samples are read; received one that does not."
        : "C2: the module that reads a " + kind + " is on the module path; received modules for " + known + ".",
        kind.isEmpty() ? "Use a model that 'juanji train' wrote." : "Add the module for this kind of data.");
  }

  /// The word for a model's kind of data; empty if it does not say.
  public static String kind(ModelFile file) {
    return file.reading().getOrDefault("kind", file.preprocessing().isPresent() ? PICTURE : "");
  }

  /// The classes of a file, the most probable first.
  ///
  /// @throws juanji.data.DataException if it cannot be read
  public List<Prediction> classify(Path sample) {
    return classify(reading.read(sample));
  }

  /// The classes of a text, the most probable first.
  ///
  /// @throws IllegalArgumentException if the model's samples are no texts
  public List<Prediction> classify(String text) {
    return classify(reading.read(text));
  }

  /// The classes of a sample that is ready for the network, the most probable first.
  ///
  /// @param sample its values, row-major
  public List<Prediction> classify(float[] sample) {
    float[] p = predictor.probabilities(Tensor.of(reading.shape().prepend(1), sample)).data();
    List<Prediction> all = new ArrayList<>();
    for (int k = 0; k < p.length; k++) {
      all.add(new Prediction(file.classes().isEmpty() ? "#" + k : file.classes().get(k), k, p[k]));
    }
    all.sort(Comparator.comparing(Prediction::probability).reversed().thenComparing(Prediction::index));
    return all;
  }

  /// The names of the classes.
  public List<String> classes() {
    return file.classes();
  }

  /// How files become samples.
  public Reading reading() {
    return reading;
  }

  /// Ends the threads, if they are its own.
  @Override public void close() {
    if (owned) {
      workers.close();
    }
  }
}
