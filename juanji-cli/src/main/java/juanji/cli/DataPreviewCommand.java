package juanji.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.data.Dataset;
import juanji.draw.Png;
import juanji.json.Json;
import juanji.tensor.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji data preview`.
@Command(name = "preview", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Draws what a training sees: a sheet of pictures, or texts.", "",
        "Each row is a sample: as it is, then as the first epochs see it. Sounds are drawn as their features, low",
        "frequencies above, and videos as a row of frames for each epoch.", ""},
    footer = {"", "Examples:",
        "  juanji data preview flowers --augment \"subject-crop + flip + colour:0.2\" --out sheet.png",
        "  juanji data preview spoken-digits --augment \"time-shift:0.2 + mask-columns:12\""})
final class DataPreviewCommand implements Callable<Integer> {
  private static final int GAP = 2;
  private static final int SMALLEST = 64;
  private static final int MOST_PIXELS = 100_000_000;

  @Parameters(index = "0", paramLabel = "DATA", description = "As for train.")
  private String data;

  @Option(names = "--augment", paramLabel = "WORDS", defaultValue = "usual",
      description = "How samples are changed, as in train. Default: usual.")
  private String augment;

  @Option(names = "--samples", paramLabel = "N", defaultValue = "8", description = "How many. Default: 8.")
  private int samples;

  @Option(names = "--epochs", paramLabel = "N", defaultValue = "8",
      description = "How many changes of each. Default: 8.")
  private int epochs;

  @Option(names = "--size", paramLabel = "HxW", description = "What pictures are brought to, as in train.")
  private Optional<String> size = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "What is drawn from. Default: 1.")
  private long seed;

  @Option(names = "--out", paramLabel = "FILE", defaultValue = "preview.png", description = "Where the sheet goes. "
      + "Default: preview.png.")
  private Path out;

  @Mixin private KindOptions kind;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  DataPreviewCommand() {
  }

  @Override public Integer call() {
    if (samples < 1 || samples > 100 || epochs < 1 || epochs > 100) {
      throw CommandException.usage("a sheet cannot have " + samples + " samples in " + epochs + " epochs.",
          "--samples and --epochs are from 1 to 100; received " + samples + " and " + epochs + ".",
          "The default is 8 of each.");
    }
    Screen screen = Screen.of(spec.commandLine(), false);
    Map<String, Json> values = new LinkedHashMap<>(kind.given());
    values.put("seed", Json.of(seed));
    values.put("augment", Json.of(FeedSettings.spaced(augment)));
    size.ifPresent(s -> values.put("size", Json.of(s)));
    TrainSettings settings = new TrainSettings(values);
    FeedSettings feed = new FeedSettings(settings);
    feed.check();
    KindSettings kinds = new KindSettings(settings);
    kinds.check();
    DataArgument argument = DataArgument.of(data, kinds.kind());
    DataParts parts = DataParts.open(argument, PictureSize.of(argument, settings, Optional.empty(), screen), Map.of(),
        settings, screen);
    Problems.show(parts.problems(), screen);
    Dataset varied = feed.varied(parts.train());
    int[] chosen = chosen(varied);
    if (argument instanceof DataArgument.Texts) {
      new TextPreview(varied, parts.reading(), epochs).lines(chosen).forEach(screen::result);
      return 0;
    }
    (varied.shape().rank() == 4 ? strips(varied, chosen) : sheet(varied, chosen)).write(out);
    screen.result(chosen.length + " " + argument.unit(true) + ", each as it is and in " + epochs + " epochs, in "
        + out);
    return 0;
  }

  /// Samples at equal distances, so that all classes are seen where they lie in order.
  private int[] chosen(Dataset all) {
    int count = Math.min(samples, all.size());
    int[] chosen = new int[count];
    Arrays.setAll(chosen, i -> (int) (((long) i * all.size() + all.size() / 2) / count));
    return chosen;
  }

  private Sheet sheet(Dataset varied, int[] chosen) {
    Shape shape = varied.shape();
    int channels = shape.dim(0) == 3 ? 3 : 1;
    int scale = Math.max(1, Math.ceilDiv(SMALLEST, Math.max(shape.dim(1), shape.dim(2))));
    int height = shape.dim(1) * scale + GAP;
    int width = shape.dim(2) * scale + GAP;
    Sheet sheet = new Sheet(channels, chosen.length * height + GAP, (epochs + 1) * width + GAP);
    float[] values = new float[shape.length()];
    for (int row = 0; row < chosen.length; row++) {
      for (int epoch = 0; epoch <= epochs; epoch++) {
        if (epoch == 0) {
          varied.read(chosen[row], values, 0);
        } else {
          varied.readVaried(chosen[row], epoch, values, 0);
        }
        sheet.put(values, shape, GAP + row * height, GAP + epoch * width, scale);
      }
    }
    return sheet;
  }

  /// Videos: a row of frames for each as it is, and one for each epoch.
  private Sheet strips(Dataset varied, int[] chosen) {
    Shape video = varied.shape();
    Shape shape = Frames.shape(video);
    int scale = Math.max(1, Math.ceilDiv(SMALLEST, Math.max(shape.dim(1), shape.dim(2))));
    int height = shape.dim(1) * scale + GAP;
    int width = shape.dim(2) * scale + GAP;
    int rows = chosen.length * (epochs + 1);
    if ((long) rows * height * video.dim(1) * width > MOST_PIXELS) {
      throw CommandException.usage("a sheet cannot have " + rows + " rows of " + video.dim(1) + " frames.",
          "It has at most " + Numbers.count(MOST_PIXELS) + " pixels; received " + rows * height + " x "
          + video.dim(1) * width + ".", "Use fewer --samples, --epochs or --frames, or a smaller --size.");
    }
    Sheet sheet = new Sheet(shape.dim(0), rows * height + chosen.length * GAP + GAP, video.dim(1) * width + GAP);
    float[] values = new float[video.length()];
    for (int row = 0; row < rows; row++) {
      int sample = row / (epochs + 1);
      int epoch = row % (epochs + 1);
      if (epoch == 0) {
        varied.read(chosen[sample], values, 0);
      } else {
        varied.readVaried(chosen[sample], epoch, values, 0);
      }
      for (int t = 0; t < video.dim(1); t++) {
        sheet.put(Frames.of(values, video, t), shape, GAP + row * height + sample * GAP, GAP + t * width, scale);
      }
    }
    return sheet;
  }

  /// A picture made of pictures.
  private record Sheet(int channels, int height, int width, byte[] planes) {
    Sheet(int channels, int height, int width) {
      this(channels, height, width, white(channels * height * width));
    }

    private static byte[] white(int length) {
      byte[] white = new byte[length];
      Arrays.fill(white, (byte) -1);
      return white;
    }

    void put(float[] values, Shape shape, int top, int left, int scale) {
      for (int c = 0; c < channels; c++) {
        for (int y = 0; y < shape.dim(1) * scale; y++) {
          for (int x = 0; x < shape.dim(2) * scale; x++) {
            float value = values[(c * shape.dim(1) + y / scale) * shape.dim(2) + x / scale];
            planes[(c * height + top + y) * width + left + x] = (byte) Math.round(255 * Math.clamp(value, 0, 1));
          }
        }
      }
    }

    void write(Path out) {
      WholeFile.write(out, Png.of(channels, height, width, planes).file());
    }
  }
}
