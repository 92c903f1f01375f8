package juanji.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.classify.Classifier;
import juanji.classify.Reading;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.train.Adaptation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji adapt`.
@Command(name = "adapt", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Gets a trained model used to other samples, without being told their classes.", "",
        "For samples of another camera, microphone or speaker. The running statistics of the model's batch",
        "normalisations are taken anew, from these samples; nothing else changes. Some hundred samples of all",
        "classes are best. Files that cannot be read are named and left out.", ""},
    footer = {"", "Examples:",
        "  juanji adapt model.juanji recordings-of-anna --out anna.juanji",
        "  juanji adapt model.juanji night/*.jpg --out night.juanji",
        "", "Exit codes: 0 done, 1 failed, 2 used wrongly."})
final class AdaptCommand implements Callable<Integer> {
  private static final String MEAN = "running_mean";
  private static final String VARIANCE = "running_var";

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model file.")
  private Path model;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE", description = "Pictures, sounds, videos or texts, "
      + "as for predict, or folders: all files in them.")
  private List<Path> samples = List.of();

  @Option(names = "--out", paramLabel = "FILE", description = "The model file to write. One that is there is "
      + "replaced. Default: the model's name and -adapted.")
  private Optional<Path> out = Optional.empty();

  @Mixin private KernelOptions kernels;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  AdaptCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = ModelArgument.file(model);
    Adaptation.check(file.model());
    Reading reading = Classifier.reading(model, file);
    Unlabelled data = Unlabelled.of(files(), reading, screen);
    Path to = out.orElseGet(() -> model.resolveSibling(
        model.getFileName().toString().replaceFirst("\\.[^.]*$", "") + "-adapted.juanji"));
    Model adapted;
    try (Workers workers = threads.open()) {
      adapted = Adaptation.of(file.model(), data, kernels.target(), workers,
          (done, total) -> screen.status("adapting: " + Numbers.count(done) + " of " + Numbers.count(total)));
    }
    screen.clear();
    file.model(adapted).write(to);
    screen.result("adapted to " + Numbers.count(data.size()) + " samples" + moved(file.model(), adapted) + "\nwrote "
        + to);
    return 0;
  }

  /// The files that are named, and those in folders, in natural order.
  private List<Path> files() {
    List<Path> all = new ArrayList<>();
    for (Path path : samples) {
      if (Files.isDirectory(path)) {
        all.addAll(IndexCommand.files(path));
      } else {
        all.add(path);
      }
    }
    return all;
  }

  /// Which normalisation's mean moved farthest, in standard deviations (the root of the mean square over its channels).
  private static String moved(Model before, Model after) {
    String farthest = "";
    double most = -1;
    for (String name : before.weights().tensors().keySet()) {
      String layer = name.endsWith(MEAN) ? name.substring(0, name.length() - MEAN.length()) : name;
      if (!before.weights().tensors().containsKey(layer + VARIANCE)) {
        continue;
      }
      float[] old = before.weights().tensor(name).data();
      float[] fresh = after.weights().tensor(name).data();
      float[] variance = before.weights().tensor(layer + VARIANCE).data();
      double sum = 0;
      for (int i = 0; i < old.length; i++) {
        double way = fresh[i] - old[i];
        sum += way * way / Math.max(variance[i], 1e-12);
      }
      double way = Math.sqrt(sum / old.length);
      if (way > most) {
        most = way;
        farthest = layer;
      }
    }
    return most < 0 ? "" : String.format(Locale.ROOT, "; the farthest mean, that of %s, moved by %.2f standard "
        + "deviations", farthest.replaceFirst("\\.$", ""), most);
  }
}
