package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import juanji.classify.Classifier;
import juanji.classify.Reading;
import juanji.data.DataException;
import juanji.data.NaturalOrder;
import juanji.data.Problem;
import juanji.draw.Block;
import juanji.draw.Markup;
import juanji.draw.Page;
import juanji.json.Json;
import juanji.model.ModelFile;
import juanji.plan.Workers;
import juanji.retrieve.Describer;
import juanji.retrieve.DescriptorIndex;
import juanji.retrieve.ExactSearch;
import juanji.retrieve.Ranking;
import juanji.retrieve.Whitening;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji index`.
@Command(name = "index", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = {"Finds files like a given one, by what a trained network sees in them.", ""},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  juanji index build model.juanji photos --out photos.index",
        "  juanji index query photos.index beach.jpg --top 5",
        "  juanji index evaluate objects.index --group-of 4"})
final class IndexCommand implements Callable<Integer> {
  private static final String MODEL = "juanji.model";
  private static final String LAYER = "juanji.layer";
  private static final String FOLDER = "juanji.folder";
  /// From so many files on, comparing with every one takes long.
  private static final int LARGE = 20_000;
  private static final String STYLE = """
      .hits { display: flex; flex-wrap: wrap; gap: .8rem }
      .hits figure { margin: 0; max-width: 12rem }
      .hits img { max-width: 12rem; max-height: 12rem; border-radius: 3px }
      .hits figcaption { font-size: .8rem; overflow-wrap: anywhere }
      """;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  IndexCommand() {
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  /// `juanji index build`.
  @Command(name = "build", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
      description = "Describes every file of a folder by a layer of a network, and keeps the descriptors.")
  int build(@Parameters(index = "0", paramLabel = "MODEL", description = "A model file.") Path model,
      @Parameters(index = "1", paramLabel = "DATA", description = "A folder of files as the model's.") Path data,
      @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the index goes.") Path out,
      @Option(names = "--layer", paramLabel = "PATH", description = "The layer that describes. Default: the last one "
          + "with channels over places, averaged over them, or a VLAD.") Optional<String> layer,
      @Option(names = "--whiten", paramLabel = "N", defaultValue = "0", description = "Keep N principal components, "
          + "whitened. Default: 0, the descriptors as they are.") int whiten,
      @Option(names = "--hnsw", description = "Also build a graph for approximate search, as is done by itself from "
          + "20,000 files on. It lies in a folder beside the index, named as it with .hnsw behind.") boolean hnsw) {
    Screen screen = Screen.of(spec.commandLine(), false);
    ModelFile file = ModelArgument.file(model);
    Reading reading = Classifier.reading(model, file);
    List<Problem> problems = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<float[]> descriptors = new ArrayList<>();
    Map<String, String> texts = new LinkedHashMap<>();
    try (Workers workers = Workers.all()) {
      Describer describer = describer(file, layer, workers);
      List<Path> files = files(data);
      for (int i = 0; i < files.size(); i++) {
        String name = data.relativize(files.get(i)).toString();
        try {
          descriptors.add(describer.describe(reading.read(files.get(i))));
          names.add(name);
        } catch (DataException e) {
          problems.add(new Problem(name, e.getMessage().lines().skip(1).findFirst().orElse("").strip()));
        }
        screen.status("describing: " + Numbers.count(i + 1) + " of " + Numbers.count(files.size()));
      }
      texts.put(LAYER, describer.layer());
    }
    screen.clear();
    Problems.show(problems, screen);
    if (descriptors.isEmpty()) {
      throw CommandException.failure("'" + data + "' cannot be indexed.", "There are files that the model can read; "
          + "received none.", "Give a folder of files as those that the model was trained on.");
    }
    texts.put(MODEL, model.toAbsolutePath().normalize().toString());
    texts.put(FOLDER, data.toAbsolutePath().normalize().toString());
    try {
      Optional<Whitening> whitening = whiten > 0 ? Optional.of(Whitening.measure(descriptors, whiten))
          : Optional.empty();
      List<float[]> vectors = whitening.map(w -> descriptors.stream().map(w::apply).toList()).orElse(descriptors);
      DescriptorIndex index = new DescriptorIndex(names, vectors, whitening, texts);
      HnswGraph graph = HnswGraph.beside(out);
      graph.delete();
      index.write(out);
      if (hnsw || names.size() >= LARGE) {
        graph(graph, index, hnsw, screen);
      }
      screen.result(Numbers.count(names.size()) + " files described by " + vectors.getFirst().length + " numbers each"
          + " of layer '" + texts.get(LAYER) + "', in " + out);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    return 0;
  }

  /// Builds the graph of an index.
  ///
  /// @param asked whether it was asked for, so that what hinders it is an error
  private static void graph(HnswGraph graph, DescriptorIndex index, boolean asked, Screen screen) {
    int length = index.vectors().getFirst().length;
    if (length <= HnswGraph.LONGEST) {
      screen.status("building the graph of " + Numbers.count(index.names().size()) + " descriptors");
      graph.build(index);
      screen.clear();
    } else if (asked) {
      throw CommandException.usage("a graph of these descriptors cannot be built.", "--hnsw takes descriptors of at "
          + "most " + Numbers.count(HnswGraph.LONGEST) + " numbers; received " + Numbers.count(length) + ".",
          "Shorten them with --whiten 256.");
    }
  }

  private static Describer describer(ModelFile file, Optional<String> layer, Workers workers) {
    try {
      return layer.map(l -> Describer.of(file.model(), l, workers)).orElseGet(() -> Describer.of(file.model(),
          workers));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// The files of a folder, those below it too, without hidden ones.
  ///
  /// @throws CommandException if it is none
  static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw CommandException.failure("'" + folder + "' cannot be indexed.", "DATA is a folder of files; received "
          + (Files.exists(folder) ? "a file." : "a path where there is nothing."), Files.exists(folder)
          ? "Give the folder that it is in." : "Check the path.");
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted((a, b) -> NaturalOrder.INSTANCE.compare(a.toString(), b.toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `juanji index query`.
  @Command(name = "query", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
      description = "Tells the files most like a given one.")
  int query(@Parameters(index = "0", paramLabel = "INDEX", description = "An index.") Path index,
      @Parameters(index = "1", paramLabel = "FILE", description = "A file as those of the index.") Path file,
      @Option(names = "--top", paramLabel = "K", defaultValue = "10", description = "How many. Default: 10.") int top,
      @Option(names = "--exact", description = "Compare with every descriptor, even where there is a graph.")
      boolean exact,
      @Option(names = "--json", description = "Print one JSON document.") boolean json,
      @Option(names = "--out", paramLabel = "FILE", description = "Also write a page with the pictures.")
      Optional<Path> out) {
    if (top < 1) {
      throw CommandException.usage("an index cannot tell " + top + " files.", "--top is at least 1; received " + top
          + ".", "The default is 10.");
    }
    Screen screen = Screen.of(spec.commandLine(), false);
    DescriptorIndex known = DescriptorIndex.read(index);
    Path model = Path.of(known.texts().getOrDefault(MODEL, ""));
    if (!Files.exists(model)) {
      throw CommandException.failure("'" + index + "' cannot be asked.", "The model that described its files is where "
          + "it was; received nothing at '" + model + "'.", "Put it back there, or build the index again with the "
          + "model where it is now.");
    }
    ModelFile described = ModelArgument.file(model);
    List<DescriptorIndex.Hit> hits;
    try (Workers workers = Workers.all()) {
      float[] descriptor = describer(described, Optional.ofNullable(known.texts().get(LAYER)), workers)
          .describe(Classifier.reading(model, described).read(file));
      HnswGraph graph = HnswGraph.beside(index);
      hits = exact || !graph.exists() ? ExactSearch.of(known, workers).nearest(descriptor, top)
          : graph.nearest(known, known.whitening().map(w -> w.apply(descriptor)).orElse(descriptor), top);
    }
    if (json) {
      screen.result(Json.of(hits.stream().map(h -> Json.of(Map.of("file", Json.of(h.name()), "likeness",
          Numbers.json(h.likeness())))).toList()).toString());
    } else {
      hits.forEach(h -> screen.result(String.format(Locale.ROOT, "%.4f  %s", h.likeness(), h.name())));
    }
    out.ifPresent(page -> {
      WholeFile.write(page, page(known, file, hits));
      screen.notice("page: " + page);
    });
    return 0;
  }

  private static String page(DescriptorIndex index, Path query, List<DescriptorIndex.Hit> hits) {
    Path folder = Path.of(index.texts().getOrDefault(FOLDER, ""));
    return Page.of("Like " + query.getFileName(), "en").style(STYLE).add(new Block.Markup("<div class=\"hits\">"
        + figure(query, "the query") + "</div>"), new Block.Heading(2, "Most alike", "hits"),
        new Block.Markup("<div class=\"hits\">" + hits.stream().map(h -> figure(folder.resolve(h.name()),
            String.format(Locale.ROOT, "%.4f %s", h.likeness(), h.name()))).collect(Collectors.joining()) + "</div>"))
        .html();
  }

  private static String figure(Path file, String caption) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    String type = name.endsWith(".png") ? "png" : name.endsWith(".gif") ? "gif" : name.matches(".*\\.jpe?g") ? "jpeg"
        : "";
    String image = "";
    try {
      image = type.isEmpty() ? "" : "<img alt=\"\" src=\"data:image/" + type + ";base64,"
          + Base64.getEncoder().encodeToString(Files.readAllBytes(file)) + "\">";
    } catch (IOException e) {
      // The file has been moved since: its name alone is shown.
      image = "";
    }
    return "<figure>" + image + "<figcaption>" + Markup.escape(caption) + "</figcaption></figure>";
  }

  /// `juanji index evaluate`.
  @Command(name = "evaluate", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
      description = "Measures how well files of one group find each other: recall and mean average precision.")
  int evaluate(@Parameters(index = "0", paramLabel = "INDEX", description = "An index.") Path index,
      @Option(names = "--label", paramLabel = "PATTERN", description = "A regular expression that finds a file's group "
          + "in its path, by its first group. Default: its folder.") Optional<String> label,
      @Option(names = "--group-of", paramLabel = "N", description = "Files with numbers in their names belong together "
          + "in this many: 0 to N-1, N to 2N-1, as in UKBench.") Optional<Integer> groupOf) {
    Screen screen = Screen.of(spec.commandLine(), false);
    DescriptorIndex known = DescriptorIndex.read(index);
    Optional<Pattern> pattern = label.map(l -> new KindSettings(new TrainSettings(Map.of("label", Json.of(l)))).label()
        .orElseThrow());
    List<String> groups = known.names().stream().map(n -> group(n, pattern, groupOf)).toList();
    Ranking ranking = Ranking.of(known, groups);
    if (ranking.queries() == 0) {
      throw CommandException.usage("this index cannot be measured.", "Some files are of one group; received "
          + groups.stream().distinct().count() + " groups of " + groups.size() + " files.",
          "Say by --label or --group-of which belong together.");
    }
    screen.result(Numbers.count(ranking.queries()) + " queries; recall@1 " + Numbers.percent(ranking.recall().get(0))
        + ", @5 " + Numbers.percent(ranking.recall().get(4)) + ", @10 " + Numbers.percent(ranking.recall().get(9))
        + "; mAP " + Numbers.percent(ranking.meanAveragePrecision()) + String.format(Locale.ROOT,
            "; %.2f of the first 4 are of the group", ranking.firstFour()));
    return 0;
  }

  /// What a file belongs to: by the number in its name, by a pattern, or by its folder.
  static String group(String name, Optional<Pattern> pattern, Optional<Integer> groupOf) {
    if (groupOf.isPresent()) {
      Matcher number = Pattern.compile("([0-9]{1,9})[^0-9]*$").matcher(name);
      return number.find() && groupOf.get() > 0 ? Integer.toString(Integer.parseInt(number.group(1)) / groupOf.get())
          : name;
    }
    if (pattern.isPresent()) {
      Matcher matcher = pattern.get().matcher(name);
      return matcher.find() && matcher.groupCount() > 0 ? String.valueOf(matcher.group(1)) : name;
    }
    Path folder = Path.of(name).getParent();
    return folder == null ? name : folder.toString();
  }
}
