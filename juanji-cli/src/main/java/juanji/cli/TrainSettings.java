package juanji.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import juanji.json.Json;
import juanji.plan.Target;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.Penalty;
import juanji.train.Schedule;

/// The settings of a training by the names of their options, as `config.json` keeps them. What is missing has its
/// default.
///
/// @param values the settings
record TrainSettings(Map<String, Json> values) {
  static final List<String> OPTIMIZERS = List.of("sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "lars",
      "lamb");
  static final List<String> SCHEDULES = List.of("constant", "cosine", "step", "multi-step", "exponential",
      "polynomial", "cosine-restarts", "one-cycle", "plateau");
  static final List<String> LOSSES = List.of("cross-entropy", "binary", "focal", "mse", "mae", "huber", "hinge",
      "kl");
  static final List<String> PENALTIES = List.of("l1", "l2", "elastic-net", "max-norm");
  private static final int LEAST_EPOCHS = 5;
  private static final int MOST_EPOCHS = 50;
  private static final int STEPS = 1000;
  private static final Pattern STEP = Pattern.compile("step(?::([0-9]{1,6})(?::([0-9.eE-]{1,12}))?)?");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,5})[xX×]([0-9]{1,5})");

  /// Takes a copy.
  TrainSettings {
    values = Map.copyOf(values);
  }

  /// These settings over others.
  TrainSettings over(Map<String, Json> others) {
    Map<String, Json> all = new LinkedHashMap<>(others);
    all.putAll(values);
    return new TrainSettings(all);
  }

  private Optional<Json> find(String name) {
    return Optional.ofNullable(values.get(name)).filter(v -> !(v instanceof Json.Null));
  }

  Optional<String> text(String name) {
    return find(name).map(Json::asText);
  }

  double number(String name, double otherwise) {
    return find(name).map(Json::asDouble).orElse(otherwise);
  }

  boolean flag(String name) {
    return find(name).map(Json::asBoolean).orElse(false);
  }

  int epochs() {
    return whole("epochs", LEAST_EPOCHS, 1, 100_000);
  }

  /// The default number of epochs: 5, or as many as make a thousand steps of small data, up to 50.
  static int usualEpochs(int samples, int batch) {
    return Math.clamp(Math.ceilDiv(STEPS, Math.ceilDiv(samples, batch)), LEAST_EPOCHS, MOST_EPOCHS);
  }

  int batch() {
    return whole("batch", 64, 1, 1_000_000);
  }

  int whole(String name, int otherwise, int least, int most) {
    double value = number(name, otherwise);
    if (value < least || value > most) {
      throw CommandException.usage("a training cannot use --" + name + " " + Numbers.plain(value) + ".",
          "--" + name + " is from " + least + " to " + Numbers.count(most) + "; received " + Numbers.plain(value) + ".",
          "The default is " + otherwise + ".");
    }
    return (int) value;
  }

  long seed() {
    return find("seed").map(Json::asLong).orElse(1L);
  }

  /// The part of all training data that is kept for validation.
  double validation() {
    double share = number("validation", 0.1);
    if (!(share >= 0 && share < 0.9)) {
      throw CommandException.usage("a training cannot keep " + share + " of its data for validation.",
          "--validation is a part of the whole, from 0 to below 0.9; received " + share + ".",
          "Use 0.1, or 0 to choose no best epoch.");
    }
    return share;
  }

  /// What finds the samples to test on by where they are from, if given.
  Optional<Pattern> testOn() {
    return text("test-on").map(text -> {
      try {
        return Pattern.compile(text);
      } catch (PatternSyntaxException e) {
        throw CommandException.usage("samples to test on cannot be found by '" + text + "'.",
            "--test-on is a regular expression; received '" + text + "': " + e.getDescription() + ".",
            "Write it as in --test-on _george_.");
      }
    });
  }

  /// The height and width that pictures are brought to, if given.
  Optional<int[]> size() {
    return text("size").map(word -> {
      Matcher matcher = SIZE.matcher(word);
      if (!matcher.matches()) {
        throw CommandException.usage("pictures cannot be brought to '" + word + "'.",
            "--size is height x width in pixels; received '" + word + "'.", "Write it as in --size 64x64.");
      }
      return new int[] {Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))};
    });
  }

  /// Whether pictures are read in grey or in colour, if given.
  Optional<Boolean> grey() {
    return text("colours").map("grey"::equals);
  }

  String optimizerName() {
    return choice("optimizer", "sgd", OPTIMIZERS);
  }

  /// The word before its settings, as in `focal` of `focal:gamma=2`.
  private static String first(String word) {
    return word.split("[:,]", 2)[0];
  }

  private String choice(String name, String otherwise, List<String> all) {
    String word = text(name).orElse(otherwise);
    if (!all.contains(first(word))) {
      throw CommandException.usage("there is no " + name + " '" + word + "'.",
          "--" + name + " is one of " + String.join(", ", all) + "; received '" + word + "'.",
          "The default is " + otherwise + ".");
    }
    return word;
  }

  double rate() {
    return number("lr", switch (first(optimizerName())) {
      case "sgd" -> 0.05;
      case "adagrad" -> 0.01;
      case "adadelta", "lars" -> 1;
      default -> 0.001;
    });
  }

  double momentum() {
    return number("momentum", first(optimizerName()).equals("sgd") ? 0.9 : 0);
  }

  boolean nesterov() {
    return flag("nesterov");
  }

  double weightDecay() {
    double usual = switch (first(optimizerName())) {
      case "sgd" -> 0.0005;
      case "adamw", "lamb" -> 0.01;
      default -> 0;
    };
    return number("weight-decay", usual);
  }

  Optimizer optimizer() {
    String name = optimizerName();
    if (!first(name).equals("sgd") && (find("momentum").isPresent() && momentum() != 0 || nesterov())) {
      throw CommandException.usage(name + " cannot take --" + (nesterov() ? "nesterov" : "momentum") + ".",
          "Only sgd has a momentum of its own choice; " + name + " has its own moments.",
          "Leave the option out, or use --optimizer sgd.");
    }
    try {
      return switch (name) {
        case "adam" -> Optimizer.adam(rate()).weightDecay(weightDecay());
        case "adamw" -> Optimizer.adamW(rate()).weightDecay(weightDecay());
        case "sgd" -> {
          var sgd = Optimizer.sgd(rate()).momentum(momentum()).weightDecay(weightDecay());
          yield nesterov() ? sgd.lookAhead() : sgd;
        }
        default -> Optimizer.named(worded(name), rate());
      };
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// An optimiser with settings, and the options that its settings do not mention.
  private String worded(String name) {
    StringBuilder words = new StringBuilder(name);
    if (!name.contains("decay=")) {
      words.append(":decay=").append(weightDecay());
    }
    if (first(name).equals("sgd") && !name.contains("momentum=")) {
      words.append(":momentum=").append(momentum());
    }
    return words.append(nesterov() ? ":nesterov" : "").toString();
  }

  Schedule schedule() {
    String word = text("schedule").orElse("cosine");
    Matcher step = STEP.matcher(word);
    try {
      Schedule schedule;
      if (step.matches()) {
        int every = step.group(1) == null ? Math.max(1, epochs() / 3) : Integer.parseInt(step.group(1));
        schedule = Schedule.step(every, step.group(2) == null ? 0.1 : Double.parseDouble(step.group(2)));
      } else {
        schedule = Schedule.named(choice("schedule", "cosine", SCHEDULES));
      }
      return schedule.warmUp(number("warm-up", 0));
    } catch (NumberFormatException e) {
      throw CommandException.usage("the learning rate cannot follow '" + word + "'.",
          "A step is written step:epochs:factor; received '" + word + "'.", "Write it as in step:10:0.1.");
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  private List<String> penaltyNames() {
    return find("penalty").map(Json.Items.class::cast).map(all -> all.items().stream().map(Json::asText).toList())
        .orElse(List.of());
  }

  /// What large weights cost.
  List<Penalty> penalties() {
    try {
      return penaltyNames().stream().map(Penalty::named).toList();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  Loss loss() {
    try {
      return Loss.named(choice("loss", "cross-entropy", LOSSES));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// The kernels to train with.
  Target target() {
    return KernelOptions.target(flag("exact"), flag("tune"));
  }

  /// These settings with every default filled in, in a fixed order.
  Map<String, Json> complete() {
    Map<String, Json> all = new LinkedHashMap<>();
    all.put("data", values.get("data"));
    all.put("model", values.get("model"));
    all.put("epochs", Json.of(epochs()));
    all.put("batch", Json.of(batch()));
    all.put("optimizer", Json.of(optimizerName()));
    all.put("lr", Numbers.json(rate()));
    all.put("momentum", Numbers.json(momentum()));
    all.put("nesterov", Json.of(nesterov()));
    all.put("schedule", Json.of(text("schedule").orElse("cosine")));
    all.put("warm-up", Numbers.json(number("warm-up", 0)));
    all.put("weight-decay", Numbers.json(weightDecay()));
    all.put("penalty", Numbers.texts(penaltyNames()));
    all.put("loss", Json.of(choice("loss", "cross-entropy", LOSSES)));
    all.put("seed", Json.of(seed()));
    all.put("size", values.getOrDefault("size", new Json.Null()));
    all.put("colours", values.getOrDefault("colours", new Json.Null()));
    all.put("validation", Numbers.json(validation()));
    all.put("test-on", values.getOrDefault("test-on", new Json.Null()));
    all.put("exact", Json.of(flag("exact")));
    all.put("tune", Json.of(flag("tune")));
    for (String name : List.of("recipe", "auto", "time")) {
      all.put(name, values.getOrDefault(name, new Json.Null()));
    }
    all.putAll(new KindSettings(this).complete());
    all.putAll(new FeedSettings(this).complete());
    all.putAll(new TuningSettings(this).complete());
    return all;
  }
}
