package juanji.train;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import juanji.model.ModelException;
import juanji.model.SafeTensors;
import juanji.tensor.Tensor;

/// Keeps the state of a training in a folder, as one safetensors file that is replaced whole: whoever is interrupted,
/// even in the middle of writing, finds the state before or the state after.
final class Checkpoints {
  /// The file's name within its folder.
  static final String FILE = "checkpoint.safetensors";
  private static final String BEST = "best/";
  private static final String VERSION = "1";

  private Checkpoints() {
  }

  static void save(Path folder, String fingerprint, TrainingState state) {
    Map<String, Tensor> tensors = new LinkedHashMap<>(state.tensors);
    state.best.forEach((name, tensor) -> tensors.put(BEST + name, tensor));
    Map<String, String> text = new LinkedHashMap<>();
    text.put("juanji.checkpoint", VERSION);
    text.put("juanji.settings", fingerprint);
    text.put("juanji.steps", Long.toString(state.steps));
    text.put("juanji.batches", Integer.toString(state.batches));
    text.put("juanji.lossSum", Double.toString(state.lossSum));
    text.put("juanji.correct", Integer.toString(state.correct));
    text.put("juanji.seconds", Double.toString(state.seconds));
    text.put("juanji.bestEpoch", Integer.toString(state.bestEpoch));
    text.put("juanji.history", String.join("\n", state.history.stream().map(Checkpoints::line).toList()));
    SafeTensors.write(folder.resolve(FILE), tensors, text);
  }

  private static String line(Epoch e) {
    return String.join(",", Integer.toString(e.number()), Double.toString(e.rate()), Double.toString(e.loss()),
        Double.toString(e.accuracy()), Double.toString(e.validationLoss()), Double.toString(e.validationAccuracy()),
        Double.toString(e.seconds()), Double.toString(e.samplesPerSecond()));
  }

  /// Loads the state kept in a folder.
  ///
  /// @return false if there is none
  /// @throws TrainingException if it belongs to other settings, or is damaged
  static boolean load(Path folder, String fingerprint, TrainingState state) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return false;
    }
    try {
      SafeTensors content = SafeTensors.read(file);
      Map<String, String> text = content.metadata();
      compare(file, fingerprint, text.getOrDefault("juanji.settings", ""));
      content.tensors().forEach((name, tensor) -> {
        if (name.startsWith(BEST)) {
          state.best.put(name.substring(BEST.length()), tensor);
        } else {
          state.tensors.put(name, tensor);
        }
      });
      state.steps = Long.parseLong(kept(text, "juanji.steps"));
      state.batches = Integer.parseInt(kept(text, "juanji.batches"));
      state.lossSum = Double.parseDouble(kept(text, "juanji.lossSum"));
      state.correct = Integer.parseInt(kept(text, "juanji.correct"));
      state.seconds = Double.parseDouble(kept(text, "juanji.seconds"));
      state.bestEpoch = Integer.parseInt(kept(text, "juanji.bestEpoch"));
      kept(text, "juanji.history").lines().filter(l -> !l.isEmpty()).map(Checkpoints::epoch)
          .forEach(state.history::add);
      return true;
    } catch (ModelException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TrainingException("the checkpoint " + file + " cannot be used.\n"
          + "  C5: a checkpoint is whole and was written by this version; " + e.getMessage() + ".\n"
          + "  Start anew without resuming, or in another folder.", e);
    }
  }

  private static String kept(Map<String, String> text, String name) {
    String value = text.get(name);
    if (value == null) {
      throw new IllegalArgumentException("received one without '" + name + "'");
    }
    return value;
  }

  private static Epoch epoch(String line) {
    String[] v = line.split(",");
    return new Epoch(Integer.parseInt(v[0]), Double.parseDouble(v[1]), Double.parseDouble(v[2]),
        Double.parseDouble(v[3]), Double.parseDouble(v[4]), Double.parseDouble(v[5]), Double.parseDouble(v[6]),
        Double.parseDouble(v[7]));
  }

  /// Names the first setting in which a checkpoint differs.
  private static void compare(Path file, String wanted, String kept) {
    if (wanted.equals(kept)) {
      return;
    }
    String[] now = wanted.split("\n");
    String[] then = kept.split("\n");
    int i = 0;
    while (i < Math.min(now.length, then.length) && now[i].equals(then[i])) {
      i++;
    }
    throw new TrainingException("the checkpoint " + file + " belongs to other settings.\n"
        + "  C6: a training is resumed with the settings it began with; it began with '"
        + (i < then.length ? then[i].strip() : "less") + "', now it is '" + (i < now.length ? now[i].strip() : "less")
        + "'.\n  Use the same settings, or start anew in another folder.");
  }
}
