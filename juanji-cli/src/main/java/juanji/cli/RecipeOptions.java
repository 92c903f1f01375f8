package juanji.cli;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import juanji.json.Json;
import picocli.CommandLine.Option;

/// The options of `train` that have settings chosen.
final class RecipeOptions {
  @Option(names = "--recipe", paramLabel = "NAME", completionCandidates = Names.class,
      description = "Settings that are not given: fast (a third of the epochs), default, or best (more epochs, "
      + "with augmentation and smoothing). Default: default.")
  private Optional<String> recipe = Optional.empty();

  @Option(names = "--auto", description = "Choose settings by the data: as --recipe best, with a network and a size of "
      + "pictures, a batch that fits into the memory and a learning rate by a range test; each choice is told with its "
      + "reason.")
  private boolean auto;

  @Option(names = "--time", paramLabel = "TIME", description = "Train for as long, such as 90s, 10m or 2h: as many "
      + "epochs as fit, and no longer.")
  private Optional<String> time = Optional.empty();

  /// Made by picocli.
  RecipeOptions() {
  }

  /// The options that were given, by their name.
  void given(Map<String, Json> values) {
    recipe.ifPresent(v -> {
      if (!Recipe.NAMES.contains(v)) {
        throw CommandException.usage("there is no recipe '" + v + "'.", "--recipe is one of "
            + String.join(", ", Recipe.NAMES) + "; received '" + v + "'.", "The default is default.");
      }
      values.put("recipe", Json.of(v));
    });
    if (auto) {
      values.put("auto", Json.of(true));
    }
    time.ifPresent(v -> values.put("time", Json.of(v)));
  }

  /// Words for completion.
  static final class Names implements Iterable<String> {
    /// Made by picocli.
    Names() {
    }

    @Override public Iterator<String> iterator() {
      return Recipe.NAMES.iterator();
    }
  }
}
