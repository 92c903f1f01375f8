package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import juanji.data.DataException;
import juanji.data.Preprocessing;
import juanji.image.PictureFile;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.plan.Workers;
import juanji.train.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji predict`.
@Command(name = "predict", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Tells the classes of pictures, with probabilities.", "",
        "A picture that cannot be read is named on standard error; the others are still told, and the exit code is 1.",
        ""},
    footer = {"", "Examples:",
        "  juanji predict model.juanji rose.jpg tulip.png",
        "  juanji predict model.juanji *.jpg --top 1 --json"})
final class PredictCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "Pictures: PNG, JPEG, BMP, GIF, PGM, "
      + "PPM.")
  private List<Path> files = List.of();

  @Option(names = "--top", paramLabel = "K", defaultValue = "3", description = "How many classes to tell per picture. "
      + "Default: 3.")
  private int top;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Mixin private ExactOption exact;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  PredictCommand() {
  }

  @Override public Integer call() {
    if (top < 1) {
      throw CommandException.usage("a prediction cannot tell " + top + " classes.",
          "--top is at least 1; received " + top + ".", "Use 1 for the most probable class alone.");
    }
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = ModelFile.read(model);
    Preprocessing pre = file.preprocessing().orElseThrow(() -> CommandException.failure(
        "the model '" + model + "' cannot tell the classes of pictures.",
        "The model file says how pictures are prepared; received one that does not.",
        "Use a model that 'juanji train' wrote."));
    if (file.model().outputShape().rank() != 1) {
      throw CommandException.failure("the model '" + model + "' cannot tell the classes of pictures.",
          "Its output is one score per class; received " + file.model().outputShape() + ".",
          "Use a model that ends with one score per class.");
    }
    List<Json> documents = new ArrayList<>();
    boolean failed = false;
    int width = files.stream().mapToInt(f -> f.toString().length()).max().orElse(0);
    try (Workers workers = threads.open()) {
      Predictor predictor = Predictor.of(file.model(), exact.target(), workers);
      for (Path picture : files) {
        try {
          float[] p = predictor.probabilities(PictureFile.read(picture, pre)).data();
          List<Integer> best = IntStream.range(0, p.length).boxed().sorted((a, b) -> Float.compare(p[b], p[a]))
              .limit(top).toList();
          if (json) {
            documents.add(document(picture, best, p, file));
          } else {
            StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s", picture));
            best.forEach(k -> line.append("  ").append(name(file, k)).append(' ').append(Numbers.percent(p[k])));
            screen.result(line.toString());
          }
        } catch (DataException e) {
          failed = true;
          screen.warn(e.getMessage());
        }
      }
    }
    if (json) {
      screen.result(Json.of(documents).toString());
    }
    return failed ? CommandException.FAILURE : 0;
  }

  private static String name(ModelFile file, int k) {
    return file.classes().isEmpty() ? "#" + k : file.classes().get(k);
  }

  private static Json document(Path picture, List<Integer> best, float[] p, ModelFile file) {
    List<Json> classes = new ArrayList<>();
    for (int k : best) {
      Map<String, Json> one = new LinkedHashMap<>();
      one.put("class", Json.of(name(file, k)));
      one.put("probability", Numbers.json(p[k]));
      classes.add(Json.of(one));
    }
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("file", Json.of(picture.toString()));
    all.put("predictions", Json.of(classes));
    return Json.of(all);
  }
}
