package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import juanji.audio.SoundData;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Idx;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.image.FolderScan;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.text.TextData;
import juanji.text.TextFiles;
import juanji.text.TextPreparation;
import juanji.video.VideoData;
import juanji.video.VideoPreparation;
import juanji.zoo.TextCnn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji data inspect`.
@Command(name = "inspect", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Looks for what is wrong with data before it is trained on.", "",
        "Counts, sizes and balance; what cannot be read; the same sample twice, under two classes, or in the part to",
        "train on and in that to test on; pictures that are nearly the same; classes whose names differ by case. A",
        "page with thumbnails tells all of it.", ""},
    footer = {"", "Examples:",
        "  juanji data inspect flowers",
        "  juanji data inspect flowers --labels --out flowers.html",
        "  juanji data inspect flowers --fix flowers-clean"})
final class DataInspectCommand implements Callable<Integer> {
  private static final int THUMBNAIL = 64;

  @Parameters(index = "0", paramLabel = "DATA", description = "As for train.")
  private String data;

  @Option(names = "--labels", description = "Also look for samples whose class may be wrong, by training networks "
      + "that have not seen them. This takes minutes.")
  private boolean labels;

  @Option(names = "--fix", paramLabel = "DIR", description = "Copy what is left without unreadable, repeated and "
      + "contradictory files into a new folder.")
  private Optional<Path> fix = Optional.empty();

  @Option(names = "--out", paramLabel = "FILE", defaultValue = "inspection.html", description = "Where the page goes. "
      + "Default: inspection.html.")
  private Path out;

  @Mixin private KindOptions kind;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  DataInspectCommand() {
  }

  /// Data as its author has divided it.
  ///
  /// @param notes more about it, for people
  record Opened(Map<Part, Dataset> parts, List<Problem> problems, List<String> notes) {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    fix.ifPresent(RunFolder::checkFree);
    TrainSettings settings = new TrainSettings(kind.given());
    KindSettings kinds = new KindSettings(settings);
    kinds.check();
    DataArgument argument = DataArgument.of(data, kinds.kind());
    Opened opened = open(argument, kinds, screen);
    int total = opened.parts.values().stream().mapToInt(Dataset::size).sum();
    Findings findings = Findings.of(opened.parts, done -> screen.status("comparing: " + Numbers.count(done) + " of "
        + Numbers.count(total)));
    List<DoubtfulLabels.Doubt> doubts = labels ? doubts(opened, screen) : List.of();
    screen.clear();
    InspectionPage page = new InspectionPage(argument, opened, findings, doubts, labels);
    page.lines().forEach(screen::result);
    WholeFile.write(out, page.html());
    screen.result("page: " + out);
    fix.ifPresent(folder -> screen.result(copy(argument, folder, opened, findings)));
    return 0;
  }

  private static Opened open(DataArgument argument, KindSettings kinds, Screen screen) {
    Map<Part, Dataset> parts = new EnumMap<>(Part.class);
    List<String> notes = new ArrayList<>();
    List<Problem> problems = List.of();
    switch (argument) {
      case DataArgument.BuiltIn _ -> {
        parts.put(Part.TRAIN, Digits.train(1));
        parts.put(Part.TEST, Digits.test(1));
      }
      case DataArgument.IdxFolder(var path) -> {
        parts.put(Part.TRAIN, Idx.train(path));
        if (Idx.hasTest(path)) {
          parts.put(Part.TEST, Idx.test(path));
        }
      }
      case DataArgument.PictureFolder(var path) -> {
        FolderScan scan = ImageFolder.scan(path);
        notes.add("Pictures are from " + scan.minHeight() + " × " + scan.minWidth() + " to " + scan.maxHeight() + " × "
            + scan.maxWidth() + ", the median is " + scan.medianHeight() + " × " + scan.medianWidth() + ", "
            + (scan.grey() ? "all grey." : "in colour."));
        if (scan.skipped() > 0) {
          notes.add(Numbers.count(scan.skipped()) + " other files lie between them.");
        }
        boolean small = scan.uniform() && scan.maxHeight() > 0
            && Math.max(scan.maxHeight(), scan.maxWidth()) <= THUMBNAIL;
        ImageSize size = small ? ImageSize.size(scan.maxHeight(), scan.maxWidth())
            : ImageSize.size(THUMBNAIL, THUMBNAIL);
        ImageFolder folder = ImageFolder.open(path, scan.grey() ? size.grey() : size, done ->
            screen.status("reading: " + Numbers.count(done)));
        for (Part part : Part.values()) {
          folder.part(part).ifPresent(d -> parts.put(part, d));
        }
        problems = folder.problems();
      }
      case DataArgument.Texts(var path) -> {
        TextFiles files = TextFiles.open(path, kinds.label());
        TextPreparation how = kinds.texts(files.parts().get(Part.TRAIN).texts());
        files.parts().forEach((part, texts) -> parts.put(part, texts.prepared(how)));
        notes.add("Texts are cut into " + how.tokens().word() + "; " + Numbers.count(how.vocabulary().size())
            + " different ones are seen more than once, and " + how.length() + " of a text are read.");
        problems = files.problems();
      }
      case DataArgument.Sounds(var path) -> {
        SoundData.Opened sounds = kinds.sounds(path, Optional.empty(), List.of());
        parts.putAll(sounds.parts());
        var how = sounds.parts().get(Part.TRAIN).preparation();
        notes.add("Sounds are read at " + Numbers.count(how.rate()) + " Hz; " + (double) how.length() / how.rate()
            + " s of each count.");
        problems = sounds.problems();
      }
      case DataArgument.Videos(var path) -> {
        VideoPreparation how = kinds.videos(PictureSize.of(argument, kinds.settings(), Optional.empty(), screen)
            .orElseThrow());
        VideoData.Opened videos = VideoData.open(path, kinds.label(), how, List.of(), done ->
            screen.status("reading: " + Numbers.count(done)));
        parts.putAll(videos.parts());
        notes.add(how.frames() + " frames of each video are read, at equal distances, brought to " + how.size().height()
            + " × " + how.size().width() + ".");
        problems = videos.problems();
      }
    }
    return new Opened(parts, problems, notes);
  }

  private List<DoubtfulLabels.Doubt> doubts(Opened opened, Screen screen) {
    Dataset train = opened.parts.get(Part.TRAIN);
    int classes = train.classes().size();
    Model network = train instanceof TextData texts
        ? TextCnn.rand(texts.preparation().length(), texts.preparation().known(), 64, classes)
        : train.shape().rank() == 4 ? VideoNetwork.of(train.shape(), classes) : SoundNetwork.of(train.shape(), classes);
    try (Workers workers = threads.open()) {
      return DoubtfulLabels.of(train, network.initialize(1), workers, screen::notice);
    }
  }

  private static String copy(DataArgument argument, Path folder, Opened opened, Findings findings) {
    if (!(argument instanceof DataArgument.PictureFolder) && !(argument instanceof DataArgument.Sounds)
        && !(argument instanceof DataArgument.Videos)) {
      throw CommandException.usage("only folders of files can be copied.",
          "--fix copies pictures, sounds or videos in files of their own; received other data.", "Leave it out.");
    }
    Set<Findings.Sample> out = new HashSet<>(findings.superfluous());
    int copied = 0;
    boolean divided = opened.parts.size() > 1;
    try {
      for (Map.Entry<Part, Dataset> entry : opened.parts.entrySet()) {
        Dataset all = entry.getValue();
        for (int i = 0; i < all.size(); i++) {
          if (out.contains(new Findings.Sample(entry.getKey(), i))) {
            continue;
          }
          Path source = file(all.source(i));
          Path place = divided ? folder.resolve(entry.getKey() == Part.TRAIN ? "train" : entry.getKey() == Part.TEST
              ? "test" : "val") : folder;
          place = Files.createDirectories(place.resolve(all.classes().get(all.label(i))));
          Path target = place.resolve(source.getFileName().toString());
          for (int n = 2; Files.exists(target); n++) {
            target = place.resolve(n + "-" + source.getFileName());
          }
          copy(source, target);
          copied++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "copied " + Numbers.count(copied) + " " + (argument instanceof DataArgument.Videos ? "videos" : "files")
        + " to " + folder + ", left out " + Numbers.count(out.size())
        + " repeated and " + Numbers.count(opened.problems.size()) + " unreadable";
  }

  /// Copies a file, or a folder of frames.
  private static void copy(Path source, Path target) throws IOException {
    Files.copy(source, target);
    if (Files.isDirectory(source)) {
      try (Stream<Path> frames = Files.list(source)) {
        for (Path frame : frames.filter(Files::isRegularFile).toList()) {
          Files.copy(frame, target.resolve(frame.getFileName().toString()));
        }
      }
    }
  }

  private static Path file(String source) {
    try {
      Path path = Path.of(source);
      if (Files.exists(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Refused below, like entries of archives.
    }
    throw CommandException.usage("'" + source + "' cannot be copied.", "--fix copies files of a folder; received one "
        + "that lies in an archive.", "Unpack the archive first.");
  }
}
