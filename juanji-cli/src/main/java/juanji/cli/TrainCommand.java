package juanji.cli;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji train`.
@Command(name = "train", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Trains a network to tell classes of pictures, texts, sounds or videos apart.", "",
        "A tenth of the training data is kept aside to choose the best epoch by, and the test data is only",
        "measured on at the end. The same settings and seed give the same model to the last bit, whatever the",
        "number of threads. Ctrl-C stops and keeps what is needed to go on with --resume.", ""},
    footer = {"", "Examples:",
        "  juanji train digits",
        "  juanji train mnist --epochs 10 --out runs/mnist",
        "  juanji train sentence-polarity --epochs 5",
        "  juanji train spoken-digits --test-on _george_",
        "  juanji train flowers --size 128x128 --optimizer adamw --lr 0.001",
        "  juanji train digits --model \"conv(8, 5), relu(), maxPool(2), flatten(), dense(10)\"",
        "  juanji train --resume --out runs/mnist",
        "", "Exit codes: 0 done, 1 failed, 2 used wrongly, 130 interrupted."})
final class TrainCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "DATA",
      description = "'digits' (built in), a folder of IDX files such as MNIST, or a folder with a sub-folder of "
      + "pictures (then also a zip), sounds or videos per class, divided or not into train, val and test; texts as a "
      + "folder per class, a file per class, or a table with columns text and label (.csv, .tsv, .jsonl).")
  private Optional<String> data = Optional.empty();

  @Option(names = "--model", paramLabel = "MODEL", completionCandidates = Models.class,
      description = "The name of a network, such as lenet5, small-cnn or resnet20 (see juanji zoo list), layers as "
      + "text, or a model file to go on from. Default: lenet5 for grey pictures up to 40x40, text-cnn for texts, "
      + "sound-cnn for sounds, video-cnn for videos, otherwise small-cnn.")
  private Optional<String> model = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "How often each picture is seen. Default: 5; up to "
      + "50 for small data, to make 1,000 steps.")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--batch", paramLabel = "N", description = "Pictures per step. Default: 64.")
  private Optional<Integer> batch = Optional.empty();

  @Option(names = "--optimizer", paramLabel = "NAME", completionCandidates = Optimizers.class,
      description = "sgd, adam, adamw, rmsprop, adagrad, adadelta, lars or lamb, with settings as in "
      + "sgd:momentum=0.9,clip-norm=1 or adamw:average=0.999. Default: sgd.")
  private Optional<String> optimizer = Optional.empty();

  @Option(names = "--lr", paramLabel = "X",
      description = "The learning rate. Default: 0.05 for sgd, 0.01 for adagrad, 1 for adadelta and lars, otherwise "
      + "0.001.")
  private Optional<Double> rate = Optional.empty();

  @Option(names = "--momentum", paramLabel = "X", description = "For sgd. Default: 0.9.")
  private Optional<Double> momentum = Optional.empty();

  @Option(names = "--nesterov", description = "Nesterov's form of momentum.")
  private boolean nesterov;

  @Option(names = "--schedule", paramLabel = "NAME", completionCandidates = Schedules.class,
      description = "constant, cosine, step[:every[:factor]], multi-step:3/5:0.1, exponential:0.9, polynomial:2, "
      + "cosine-restarts:1:2, one-cycle or plateau:2:0.1. Default: cosine.")
  private Optional<String> schedule = Optional.empty();

  @Option(names = "--warm-up", paramLabel = "EPOCHS", description = "A linear rise of the rate first. Default: 0.")
  private Optional<Double> warmUp = Optional.empty();

  @Option(names = "--weight-decay", paramLabel = "X",
      description = "Default: 0.0005 for sgd, 0.01 for adamw and lamb, otherwise 0.")
  private Optional<Double> weightDecay = Optional.empty();

  @Option(names = "--penalty", paramLabel = "NAME", completionCandidates = Penalties.class,
      description = "What large weights cost: l1:1e-5, l2:1e-4, elastic-net:1e-5:1e-4 or max-norm:3, with on=layer "
      + "for one layer. May be given several times. Default: none.")
  private List<String> penalties = List.of();

  @Option(names = "--loss", paramLabel = "NAME", completionCandidates = Losses.class,
      description = "cross-entropy, binary, focal, mse, mae, huber, hinge or kl, with settings as in "
      + "cross-entropy:smoothing=0.1 or focal:gamma=2. Default: cross-entropy.")
  private Optional<String> loss = Optional.empty();

  @Option(names = "--seed", paramLabel = "N",
      description = "What weights, order and division are drawn from. Default: 1.")
  private Optional<Long> seed = Optional.empty();

  @Option(names = "--size", paramLabel = "HxW",
      description = "What pictures are brought to. Default: their own size if they share one up to 64x64, otherwise "
      + "64x64.")
  private Optional<String> size = Optional.empty();

  @Option(names = {"--grey", "--gray"}, description = "Read pictures in grey. Default: if all of them are.")
  private boolean grey;

  @Option(names = {"--colour", "--color"}, description = "Read pictures in colour.")
  private boolean colour;

  @Option(names = "--validation", paramLabel = "FRACTION",
      description = "The part of the training data that is kept aside. Default: 0.1.")
  private Optional<Double> validation = Optional.empty();

  @Option(names = "--test-on", paramLabel = "PATTERN", description = "Test on the samples whose path a regular "
      + "expression finds, such as those of one speaker, and train on the others. Default: the data's own part to "
      + "test on, or a tenth.")
  private Optional<String> testOn = Optional.empty();

  @Mixin private FeedOptions feed;

  @Mixin private KindOptions kind;

  @Mixin private RecipeOptions recipe;

  @Mixin private TuningOptions tuning;

  @Option(names = "--out", paramLabel = "DIR",
      description = "Where results go. Default: runs/<data>-<model>-<n>, with the next free number.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--resume", description = "Go on with the run in --out, with its settings.")
  private boolean resume;

  @Mixin private MemoryOption memory;

  @Mixin private KernelOptions kernels;

  @Mixin private ThreadsOption threads;

  @Option(names = {"-q", "--quiet"}, description = "Print the result only.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  TrainCommand() {
  }

  @Override public Integer call() {
    if (resume && out.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--resume needs --out DIR: the run to go on with.");
    }
    if (!resume && data.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'DATA'");
    }
    if (grey && colour) {
      throw new ParameterException(spec.commandLine(), "--grey and --colour exclude each other.");
    }
    Screen screen = Screen.of(spec.commandLine(), quiet);
    TrainSettings given = new TrainSettings(given());
    List<String> words = spec.commandLine().getParent().getParseResult().originalArgs();
    memory.bytes();
    return new TrainRun(given, out, resume, threads, memory, screen, "juanji " + String.join(" ", words.stream()
        .map(TrainCommand::quoted).toList())).run();
  }

  /// The options that were given, by their name.
  private Map<String, Json> given() {
    Map<String, Json> values = new LinkedHashMap<>();
    data.ifPresent(v -> values.put("data", Json.of(DataArgument.of(v, kind.kind()).setting())));
    model.ifPresent(v -> values.put("model", Json.of(ModelArgument.setting(v))));
    epochs.ifPresent(v -> values.put("epochs", Json.of(v)));
    batch.ifPresent(v -> values.put("batch", Json.of(v)));
    optimizer.ifPresent(v -> values.put("optimizer", Json.of(v)));
    number(values, "lr", rate);
    number(values, "momentum", momentum);
    if (nesterov) {
      values.put("nesterov", Json.of(true));
    }
    schedule.ifPresent(v -> values.put("schedule", Json.of(v)));
    number(values, "warm-up", warmUp);
    number(values, "weight-decay", weightDecay);
    if (!penalties.isEmpty()) {
      values.put("penalty", Numbers.texts(penalties));
    }
    loss.ifPresent(v -> values.put("loss", Json.of(v)));
    seed.ifPresent(v -> values.put("seed", Json.of(v)));
    size.ifPresent(v -> values.put("size", Json.of(v)));
    if (grey || colour) {
      values.put("colours", Json.of(grey ? "grey" : "colour"));
    }
    number(values, "validation", validation);
    testOn.ifPresent(v -> values.put("test-on", Json.of(v)));
    kernels.given(values);
    feed.given(values);
    values.putAll(kind.given());
    recipe.given(values);
    tuning.given(values);
    return values;
  }

  private static void number(Map<String, Json> values, String name, Optional<Double> given) {
    given.ifPresent(v -> {
      if (!Double.isFinite(v)) {
        throw CommandException.usage("a training cannot use --" + name + " " + v + ".",
            "--" + name + " is a finite number; received " + v + ".", "Leave it out to use the default.");
      }
      values.put(name, Numbers.json(v));
    });
  }

  /// A word as a shell takes it.
  static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /// Words for completion.
  static final class Models implements Iterable<String> {
    /// Made by picocli.
    Models() {
    }

    @Override public Iterator<String> iterator() {
      return ModelArgument.NAMES.iterator();
    }
  }

  /// Words for completion.
  static final class Optimizers implements Iterable<String> {
    /// Made by picocli.
    Optimizers() {
    }

    @Override public Iterator<String> iterator() {
      return TrainSettings.OPTIMIZERS.iterator();
    }
  }

  /// Words for completion.
  static final class Schedules implements Iterable<String> {
    /// Made by picocli.
    Schedules() {
    }

    @Override public Iterator<String> iterator() {
      return TrainSettings.SCHEDULES.iterator();
    }
  }

  /// Words for completion.
  static final class Penalties implements Iterable<String> {
    /// Made by picocli.
    Penalties() {
    }

    @Override public Iterator<String> iterator() {
      return TrainSettings.PENALTIES.iterator();
    }
  }

  /// Words for completion.
  static final class Losses implements Iterable<String> {
    /// Made by picocli.
    Losses() {
    }

    @Override public Iterator<String> iterator() {
      return TrainSettings.LOSSES.iterator();
    }
  }
}
