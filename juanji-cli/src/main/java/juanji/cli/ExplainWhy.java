package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.draw.Block;
import juanji.draw.Chart;
import juanji.draw.Page;
import juanji.explain.Explainer;
import juanji.explain.Faithfulness;
import juanji.explain.Method;
import juanji.explain.Relevance;
import juanji.model.ModelFile;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji explain why`.
@Command(name = "why", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Shows which places of a picture, a text or a sound an answer rests on, and checks it.", "",
        "The check is how the probability falls when these places are taken away (deletion, low is",
        "good), and how it rises when they are put into nothing (insertion, high is good), against",
        "places drawn by chance.", ""},
    footer = {"", "Examples:",
        "  juanji explain why model.juanji rose.jpg --out why",
        "  juanji explain why model.juanji digits#7 --method grad-cam,occlusion --class 1 --out why",
        "  juanji explain why reviews.juanji \"a film to see again\" --out why"})
final class ExplainWhy implements Callable<Integer> {
  private static final int CHANCES = 5;

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1", paramLabel = "SAMPLE", description = "A picture, digits#N for a built-in digit, a sound, or "
      + "a text or its file, as the model was trained on.")
  private String word;

  @Option(names = "--method", paramLabel = "NAME", split = ",", description = "grad-cam, grad-cam++, score-cam, "
      + "layer-cam, saliency, smooth-grad, integrated-gradients, guided-backpropagation, occlusion; several with "
      + "commas. Default: all.")
  private List<String> methods = List.of();

  @Option(names = "--class", paramLabel = "CLASS", description = "The answer to explain. Default: the network's.")
  private Optional<String> asked = Optional.empty();

  @Option(names = "--layer", paramLabel = "PATH", description = "Where class activation maps are taken. Default: the "
      + "last layer with maps.")
  private Optional<String> layer = Optional.empty();

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A folder that gets a page and a "
      + "picture for each method.")
  private Path out;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ExplainWhy() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    List<Method> wanted;
    try {
      wanted = methods.isEmpty() ? Arrays.asList(Method.values()) : methods.stream().map(Method::named).toList();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    ModelFile file = ModelArgument.file(model);
    SeenSample seen = SeenSample.of(word, model, file);
    try (Workers workers = threads.open()) {
      Tensor scores = Predictor.of(file.model(), workers).probabilities(seen.sample());
      if (scores.shape().rank() != 2) {
        throw CommandException.usage("explain why cannot explain " + model + ".",
            "It is about one score per class; received " + scores.shape().slice(1, scores.shape().rank())
                + " numbers for a sample, as of a detector.",
            "Name a network that tells classes, or import this one up to where it does: juanji import --output NAME.");
      }
      float[] p = scores.data();
      int told = 0;
      for (int i = 1; i < p.length; i++) {
        told = p[i] > p[told] ? i : told;
      }
      int k = asked.isPresent() ? SeenPicture.classOf(asked.get(), file.classes(), p.length) : told;
      Explainer explainer = Explainer.of(file.model(), workers);
      explainer = layer.isPresent() ? explainer.layer(layer.get()) : explainer;
      screen.result(seen.name() + ": " + SeenPicture.name(file, told) + " " + Numbers.percent(p[told])
          + (k == told ? "" : "; explained is " + SeenPicture.name(file, k) + ", " + Numbers.percent(p[k])));
      explain(screen, wanted, explainer, seen, k, SeenPicture.name(file, k) + ", " + Numbers.percent(p[k]));
    }
    return 0;
  }

  private void explain(Screen screen, List<Method> wanted, Explainer explainer, SeenSample seen, int k,
      String answer) {
    double[] deletion = new double[CHANCES];
    double[] insertion = new double[CHANCES];
    Faithfulness chance = null;
    for (int i = 0; i < CHANCES; i++) {
      chance = Faithfulness.of(explainer, seen.sample(), k,
          Faithfulness.chance(explainer.height(), explainer.width(), i));
      deletion[i] = chance.deletionScore();
      insertion[i] = chance.insertionScore();
    }
    screen.result(String.format(Locale.ROOT, "%-24s %10s %10s", "method", "deletion", "insertion"));
    List<Block.Figure> maps = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    Chart fall = Chart.of("share taken away (%)", "probability").zero();
    Chart rise = Chart.of("share put in (%)", "probability").zero();
    for (int i = 0; i < wanted.size(); i++) {
      Method method = wanted.get(i);
      screen.status("explaining by " + method.word() + ": " + (i + 1) + " of " + wanted.size());
      Relevance map = explainer.explain(method, seen.sample(), k);
      Faithfulness faithful = Faithfulness.of(explainer, seen.sample(), k, map);
      seen.write(out, method.word(), map);
      maps.add(new Block.Figure(method.word(), seen.drawing(Optional.of(map))));
      rows.add(List.of(method.word(), number(faithful.deletionScore()), number(faithful.insertionScore())));
      double[] shares = shares(faithful.deletion().length);
      if (i < 5) {
        fall = fall.line(method.word(), shares, faithful.deletion());
        rise = rise.line(method.word(), shares, faithful.insertion());
      }
      screen.result(String.format(Locale.ROOT, "%-24s %10.3f %10.3f  %s", method.word(), faithful.deletionScore(),
          faithful.insertionScore(), seen.told(map)).stripTrailing());
    }
    double meanDeletion = Arrays.stream(deletion).average().orElseThrow();
    double meanInsertion = Arrays.stream(insertion).average().orElseThrow();
    screen.result(String.format(Locale.ROOT, "%-24s %10.3f %10.3f", "by chance", meanDeletion, meanInsertion));
    rows.add(List.of("by chance", number(meanDeletion), number(meanInsertion)));
    double[] shares = shares(chance.deletion().length);
    Page page = Page.of("Why: " + answer, "en").add(Block.figure(seen.name(), seen.drawing(Optional.empty())),
        Block.section("What the answer rests on"), new Block.Figures(maps),
        Block.section("Whether it does"), Block.prose("Deletion: the mean probability while places are taken away, the "
            + "most relevant first; low is good. Insertion: while they are put into nothing; high is good. By chance: "
            + "the mean of " + CHANCES + " random orders."),
        new Block.Table(List.of("method", "deletion", "insertion"), rows, 1), new Block.Figures(List.of(
            new Block.Figure("Deletion", fall.line("chance", shares, chance.deletion()).size(620, 320).drawing()),
            new Block.Figure("Insertion", rise.line("chance", shares, chance.insertion()).size(620, 320).drawing()))));
    PageFile.write(out.resolve("index.html"), page);
    screen.result(out.resolve("index.html").toString());
  }

  private static double[] shares(int steps) {
    double[] shares = new double[steps];
    Arrays.setAll(shares, i -> 100.0 * i / (steps - 1));
    return shares;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
