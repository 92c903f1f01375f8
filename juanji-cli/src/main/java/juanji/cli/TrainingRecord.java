package juanji.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import juanji.model.ModelFile;
import juanji.model.SafeTensors;
import juanji.nn.Weights;
import juanji.plan.Plan;
import juanji.tensor.Tensor;
import juanji.train.Epoch;
import juanji.train.TrainingListener;

/// Keeps a run's `metrics.csv`, `model.juanji` and TensorBoard's events up to date, and passes on to the display.
final class TrainingRecord implements TrainingListener {
  private static final String HEADER = "epoch,learning_rate,loss,accuracy,validation_loss,validation_accuracy,seconds,"
      + "images_per_second,best";
  private static final String BEST = "best/";

  private final RunFolder folder;
  private final ModelFile file;
  private final TrainingListener display;
  private final TensorBoardEvents events;
  private final Map<Integer, String> lines = new TreeMap<>();
  private boolean better;

  /// @param file the network before training, with all that a model file says besides
  TrainingRecord(RunFolder folder, ModelFile file, boolean resumed, TrainingListener display) {
    this.folder = folder;
    this.file = file;
    this.display = display;
    this.events = TensorBoardEvents.in(folder.path());
    if (resumed) {
      folder.read(RunFolder.METRICS).ifPresent(text -> text.lines().skip(1).filter(l -> l.matches("[0-9]{1,9},.*"))
          .forEach(l -> lines.put(Integer.parseInt(l.substring(0, l.indexOf(','))), l)));
    }
  }

  @Override public void planned(Plan plan) {
    display.planned(plan);
  }

  @Override public void step(Progress progress) {
    if (better) {
      // The best weights are in the checkpoint by now: it is written after the epoch was told.
      better = false;
      Map<String, Tensor> weights = new LinkedHashMap<>();
      SafeTensors.read(folder.checkpoint()).tensors().forEach((name, tensor) -> {
        if (name.startsWith(BEST)) {
          weights.put(name.substring(BEST.length()), tensor);
        }
      });
      file.model(file.model().withWeights(Weights.of(weights))).write(folder.file(RunFolder.MODEL));
    }
    display.step(progress);
  }

  @Override public void epoch(Epoch e, boolean best) {
    better |= best;
    // A crash may have left lines of epochs that are done again.
    lines.keySet().removeIf(n -> n >= e.number());
    lines.put(e.number(), String.join(",", Integer.toString(e.number()), number(e.rate()), number(e.loss()),
        number(e.accuracy()), number(e.validationLoss()), number(e.validationAccuracy()), number(e.seconds()),
        number(e.samplesPerSecond()), best ? "1" : "0"));
    folder.write(RunFolder.METRICS, HEADER + "\n" + String.join("\n", lines.values()) + "\n");
    events.epoch(e);
    display.epoch(e, best);
  }

  @Override public void remark(String text) {
    display.remark(text);
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Numbers.plain(value);
  }

  /// The epochs as a model file keeps them: without anything that differs from machine to machine.
  static List<Map<String, String>> history(List<Epoch> epochs) {
    return epochs.stream().map(e -> {
      Map<String, String> entry = new LinkedHashMap<>();
      entry.put("epoch", Integer.toString(e.number()));
      entry.put("rate", Double.toString(e.rate()));
      entry.put("loss", Double.toString(e.loss()));
      entry.put("accuracy", Double.toString(e.accuracy()));
      if (!Double.isNaN(e.validationLoss())) {
        entry.put("validationLoss", Double.toString(e.validationLoss()));
        entry.put("validationAccuracy", Double.toString(e.validationAccuracy()));
      }
      return entry;
    }).toList();
  }
}
