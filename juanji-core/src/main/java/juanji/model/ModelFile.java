package juanji.model;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.data.Preprocessing;
import juanji.json.Json;
import juanji.nn.Architecture;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.nn.WeightsException;

/// A trained network in one file: a [SafeTensors] file whose tensors are the weights, with the rest in texts.
///
/// | text | holds |
/// |---|---|
/// | `juanji.format` | the version of this list, 1 |
/// | `juanji.architecture` | the code that makes the network, as [Model#toString()] gives it |
/// | `juanji.classes` | the class names, a JSON array |
/// | `juanji.preprocessing` | what happens to a picture before, a JSON object; absent if nothing |
/// | `juanji.reading` | how samples of other kinds are read, a JSON object of strings; absent for pictures |
/// | `juanji.training` | the settings of the training, a JSON object of strings |
/// | `juanji.history` | its epochs, a JSON array of objects of strings |
/// | `juanji.checksum` | see [SafeTensors] |
///
/// The same model gives the same bytes. Reading allocates no more than the file holds and checks everything before a
/// model is made.
///
/// Constraints: C1 there are no class names, or one per output; C2 the preprocessing gives what the network takes, or
/// its frames. Of files: those of [SafeTensors]; C6 format, architecture and checksum are there, and the version is 1;
/// C7 the architecture describes a network, and the weights are that network's; C8 the other texts are as described.
///
/// ```java
/// ModelFile.of(model).classes(List.of("cat", "dog")).write(Path.of("pets.safetensors"));
/// Model again = ModelFile.read(Path.of("pets.safetensors")).model();
/// ```
///
/// @param model the network with its weights
/// @param preprocessing what happens to a picture, or to each frame of a video, before the network sees it
/// @param reading how samples are read, for the module that reads the kind of data named by `kind`; empty for pictures
/// @param classes the names of the outputs, or none
/// @param settings the settings of the training, by name
/// @param history one entry per epoch: its numbers, by name
public record ModelFile(Model model, Optional<Preprocessing> preprocessing, Map<String, String> reading,
    List<String> classes, Map<String, String> settings, List<Map<String, String>> history) {
  private static final String FORMAT = "juanji.format";
  private static final String VERSION = "1";
  private static final String ARCHITECTURE = "juanji.architecture";
  private static final String CLASSES = "juanji.classes";
  private static final String PREPROCESSING = "juanji.preprocessing";
  private static final String READING = "juanji.reading";
  private static final String TRAINING = "juanji.training";
  private static final String HISTORY = "juanji.history";
  private static final String NO_MODEL = "is no model that can be used";
  private static final String RESTORE = "Use a file that this library wrote, in an intact copy.";

  /// Checks the constraints.
  public ModelFile {
    reading = Collections.unmodifiableMap(new LinkedHashMap<>(reading));
    classes = List.copyOf(classes);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    history = history.stream().map(e -> Collections.unmodifiableMap(new LinkedHashMap<>(e))).toList();
    if (!classes.isEmpty() && (model.outputShape().rank() != 1 || model.outputShape().dim(0) != classes.size())) {
      throw new IllegalArgumentException("the class names do not fit the network.\n"
          + "  C1: there is one name per output, here " + model.outputShape() + "; received " + classes.size() + ".\n"
          + "  Give the names of the classes that the network was trained on.");
    }
    preprocessing.ifPresent(p -> {
      if (!p.fits(model.input().shape())) {
        throw new IllegalArgumentException("the preprocessing does not fit the network.\n"
            + "  C2: it gives what the network takes, here " + model.input().shape() + "; received "
            + p.channels() + " × " + p.height() + " × " + p.width() + ".\n"
            + "  Use the preprocessing that the network was trained with.");
      }
    });
  }

  /// A network alone.
  public static ModelFile of(Model model) {
    return new ModelFile(model, Optional.empty(), Map.of(), List.of(), Map.of(), List.of());
  }

  /// With another network.
  public ModelFile model(Model other) {
    return new ModelFile(other, preprocessing, reading, classes, settings, history);
  }

  /// With what happens to a picture before the network sees it.
  public ModelFile preprocessing(Preprocessing steps) {
    return new ModelFile(model, Optional.of(steps), reading, classes, settings, history);
  }

  /// With how samples of other kinds than pictures are read.
  public ModelFile reading(Map<String, String> how) {
    return new ModelFile(model, preprocessing, how, classes, settings, history);
  }

  /// With the names of the outputs.
  public ModelFile classes(List<String> names) {
    return new ModelFile(model, preprocessing, reading, names, settings, history);
  }

  /// With the settings of the training.
  public ModelFile settings(Map<String, String> values) {
    return new ModelFile(model, preprocessing, reading, classes, values, history);
  }

  /// With the numbers of the epochs.
  public ModelFile history(List<Map<String, String>> epochs) {
    return new ModelFile(model, preprocessing, reading, classes, settings, epochs);
  }

  /// Writes the file, replacing what was there whole.
  ///
  /// @throws ModelException if it cannot be written; then the file is as it was before
  public void write(Path file) {
    SafeTensors.write(file, model.weights().tensors(), texts());
  }

  /// Everything but the weights, as the texts of the list above.
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT, VERSION);
    texts.put(ARCHITECTURE, model.toString());
    texts.put(CLASSES, Json.of(classes.stream().map(Json::of).toList()).toString());
    preprocessing.ifPresent(p -> texts.put(PREPROCESSING, Texts.of(p).toString()));
    if (!reading.isEmpty()) {
      texts.put(READING, Json.ofTexts(reading).toString());
    }
    texts.put(TRAINING, Json.ofTexts(settings).toString());
    texts.put(HISTORY, Json.of(history.stream().map(Json::ofTexts).toList()).toString());
    return texts;
  }

  /// Reads a file whose network is made of this library's layers.
  ///
  /// @throws ModelException if it holds no such network, or is damaged
  public static ModelFile read(Path file) {
    return read(file, Architecture.STANDARD);
  }

  /// Reads a file whose network has layers of your own.
  ///
  /// @param architecture what the layers' words mean
  /// @throws ModelException if it holds no such network, or is damaged
  public static ModelFile read(Path file, Architecture architecture) {
    SafeTensors content = SafeTensors.read(file);
    Map<String, String> texts = content.metadata();
    checkFormat(file, texts);
    Model model = model(file, content, architecture);
    try {
      return of(model, texts);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw unusable(file, "C8: its classes, preprocessing, settings and history are as described; received: ", RESTORE,
          e);
    }
  }

  /// A network with what texts of the list above say of it; others are ignored. Any file that holds them may be their
  /// source, such as an exported one.
  ///
  /// @throws IllegalArgumentException if they are not as described, or do not fit the network
  public static ModelFile of(Model model, Map<String, String> texts) {
    List<String> classes = Json.parse(texts.getOrDefault(CLASSES, "[]")).items().stream().map(Json::asText).toList();
    Map<String, String> reading = Texts.strings(Json.parse(texts.getOrDefault(READING, "{}")));
    Map<String, String> settings = Texts.strings(Json.parse(texts.getOrDefault(TRAINING, "{}")));
    List<Map<String, String>> history = new ArrayList<>();
    Json.parse(texts.getOrDefault(HISTORY, "[]")).items().forEach(e -> history.add(Texts.strings(e)));
    Optional<Preprocessing> steps = Optional.ofNullable(texts.get(PREPROCESSING)).map(Json::parse)
        .map(Texts::preprocessing);
    return new ModelFile(model, steps, reading, classes, settings, history);
  }

  private static void checkFormat(Path file, Map<String, String> texts) {
    String version = texts.get(FORMAT);
    if (version == null || !texts.containsKey(ARCHITECTURE) || !texts.containsKey(SafeTensors.CHECKSUM)) {
      throw new ModelException(file, NO_MODEL, "C6: it says its " + FORMAT + ", " + ARCHITECTURE + " and "
          + SafeTensors.CHECKSUM + "; received only " + brief(texts.keySet().toString()) + ".",
          "Use a file that this library wrote; other safetensors files hold weights, but not what they belong to.");
    }
    if (!version.equals(VERSION)) {
      throw new ModelException(file, NO_MODEL, "C6: its format is of version " + VERSION + "; received version "
          + brief(version) + ".", "Use the release that wrote it, or a later one.");
    }
  }

  private static Model model(Path file, SafeTensors content, Architecture architecture) {
    Model model;
    try {
      model = architecture.readModel(content.metadata().get(ARCHITECTURE));
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException | IndexOutOfBoundsException e) {
      throw unusable(file, "C7: its architecture describes a network; received: ", RESTORE, e);
    }
    try {
      return model.withWeights(Weights.of(content.tensors()));
    } catch (WeightsException e) {
      throw unusable(file, "C7: its weights are those of its architecture; received: ", RESTORE, e);
    }
  }

  private static ModelException unusable(Path file, String constraint, String remedy, RuntimeException cause) {
    return new ModelException(file, NO_MODEL, constraint + String.valueOf(cause.getMessage())
        .replaceAll("\\s*\n\\s*", " "), remedy, cause);
  }

  private static String brief(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }
}
