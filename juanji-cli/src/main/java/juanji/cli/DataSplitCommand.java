package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import juanji.data.ClassFiles;
import juanji.data.Division;
import juanji.data.NaturalOrder;
import juanji.json.Json;
import juanji.video.VideoFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji data split`.
@Command(name = "split", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Divides a folder of pictures, sounds, videos or documents into train, val and test.", "",
        "The files are copied into OUT/train/CLASS, OUT/val/CLASS and OUT/test/CLASS; the originals stay. Classes are",
        "kept in proportion. What belongs together, such as the recordings of one speaker, is kept in one part by",
        "--group-by.", ""},
    footer = {"", "Examples:",
        "  juanji data split flowers --out flowers-split",
        "  juanji data split spoken-digits --out by-speaker --group-by \"_([a-z]+)_\" --val 0.2 --test 0.2"})
final class DataSplitCommand implements Callable<Integer> {
  private static final List<String> PARTS = List.of("train", "val", "test");

  @Parameters(index = "0", paramLabel = "DATA", description = "A folder as for train.")
  private Path data;

  @Option(names = "--out", paramLabel = "DIR", required = true, description = "A new folder.")
  private Path out;

  @Option(names = "--train", paramLabel = "SHARE", defaultValue = "0.8", description = "Default: 0.8.")
  private double train;

  @Option(names = "--val", paramLabel = "SHARE", defaultValue = "0.1", description = "Default: 0.1.")
  private double validation;

  @Option(names = "--test", paramLabel = "SHARE", defaultValue = "0.1", description = "Default: 0.1.")
  private double test;

  @Option(names = "--no-stratify", description = "Do not keep classes in proportion.")
  private boolean plain;

  @Option(names = "--group-by", paramLabel = "PATTERN",
      description = "A regular expression that finds in a file's path what it belongs to, by its first group.")
  private Optional<String> groupBy = Optional.empty();

  @Option(names = "--link", description = "Make hard links rather than copies, where the system can.")
  private boolean link;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Default: 1.")
  private long seed;

  @Mixin private KindOptions kind;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  DataSplitCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    RunFolder.checkFree(out);
    KindSettings settings = new KindSettings(new TrainSettings(kind.given()));
    settings.check();
    Optional<Pattern> group = groupBy.map(text -> new KindSettings(new TrainSettings(Map.of("label",
        Json.of(text)))).label().orElseThrow());
    VideoFiles files = files(settings);
    List<ClassFiles.Entry> entries = files.entries();
    List<String> classes = entries.stream().map(ClassFiles.Entry::label).distinct().toList();
    int[] labels = entries.stream().mapToInt(e -> classes.indexOf(e.label())).toArray();
    List<String> groups = new ArrayList<>();
    group.ifPresent(pattern -> entries.forEach(e -> groups.add(found(pattern, e.name()))));
    int[] part;
    try {
      part = Division.of(labels, groups, !plain, seed, train, validation, test);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    copy(entries, part, screen);
    Problems.show(files.problems(), screen);
    screen.result(table(entries, part, groups));
    return 0;
  }

  /// What is divided: files, of videos also folders of frames.
  private VideoFiles files(KindSettings settings) {
    if (settings.kind().map("video"::equals).orElseGet(() -> VideoFiles.recognises(data))) {
      return VideoFiles.of(data, settings.label());
    }
    ClassFiles files = ClassFiles.of(data, name -> true, settings.label());
    return new VideoFiles(files.entries(), files.problems());
  }

  private static String found(Pattern pattern, String name) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.find()) {
      throw CommandException.usage("the group of '" + name + "' cannot be told.",
          "--group-by finds a group in every file's path; received '" + pattern + "', which finds none in it.",
          "Write a pattern that every path has.");
    }
    return matcher.groupCount() > 0 ? String.valueOf(matcher.group(1)) : matcher.group();
  }

  private void copy(List<ClassFiles.Entry> entries, int[] part, Screen screen) {
    try {
      for (int i = 0; i < part.length; i++) {
        ClassFiles.Entry e = entries.get(i);
        Path folder = Files.createDirectories(out.resolve(PARTS.get(part[i])).resolve(e.label().replaceAll(
            "[/\\\\\u0000]", "_")));
        String name = e.file().getFileName().toString();
        Path target = folder.resolve(name);
        // Files of one class may have the same name in folders of their own.
        for (int n = 2; Files.exists(target); n++) {
          target = folder.resolve(n + "-" + name);
        }
        put(e.file(), target);
        if (i % 100 == 0) {
          screen.status("copying: " + Numbers.count(i) + " of " + Numbers.count(part.length));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    screen.clear();
  }

  private void put(Path file, Path target) throws IOException {
    if (Files.isDirectory(file)) {
      Files.createDirectory(target);
      try (Stream<Path> frames = Files.list(file)) {
        for (Path frame : frames.filter(Files::isRegularFile).toList()) {
          put(frame, target.resolve(frame.getFileName().toString()));
        }
      }
      return;
    }
    if (link) {
      try {
        Files.createLink(target, file.toRealPath());
        return;
      } catch (UnsupportedOperationException | FileAlreadyExistsException e) {
        // Copied below.
      } catch (IOException e) {
        link = false;
      }
    }
    Files.copy(file, target);
  }

  private String table(List<ClassFiles.Entry> entries, int[] part, List<String> groups) {
    Map<String, int[]> counts = new TreeMap<>(NaturalOrder.INSTANCE);
    int[] all = new int[PARTS.size()];
    for (int i = 0; i < part.length; i++) {
      counts.computeIfAbsent(entries.get(i).label(), _ -> new int[PARTS.size()])[part[i]]++;
      all[part[i]]++;
    }
    int width = Math.max(5, counts.keySet().stream().mapToInt(String::length).max().orElse(0));
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s  %7s  %7s  %7s%n", "class",
        "train", "val", "test"));
    counts.forEach((name, n) -> text.append(row(width, name, n)));
    text.append(row(width, "all", all));
    if (!groups.isEmpty()) {
      text.append(groups.stream().distinct().count()).append(" groups, each in one part\n");
    }
    return text.append("in ").append(out).toString();
  }

  private static String row(int width, String name, int[] n) {
    return String.format(Locale.ROOT, "%-" + width + "s  %7s  %7s  %7s%n", name, Numbers.count(n[0]),
        Numbers.count(n[1]), Numbers.count(n[2]));
  }
}
