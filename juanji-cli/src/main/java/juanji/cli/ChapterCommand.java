package juanji.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.chapter.Chapter;
import juanji.chapter.Section;
import juanji.lab.Desk;
import juanji.lab.Result;
import juanji.plan.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji chapter`.
@Command(name = "chapter", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Measures what a chapter on convolutional networks states.", "",
        "Without a section it lists all 21. Built-in data is all that is needed.", ""},
    footer = {"", "Examples:",
        "  juanji chapter                        the sections and what they state",
        "  juanji chapter 14                     transposed convolution: stated, measured, verdict",
        "  juanji chapter all --out book         a book of pages in English and Chinese"})
final class ChapterCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "SECTION", description = "A number from 1 to 21, or all.")
  private Optional<String> section = Optional.empty();

  @Option(names = "--out", paramLabel = "DIR", description = "A folder that gets pages in both languages.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--picture", paramLabel = "IMAGE", description = "A picture of yours for the sections that look at "
      + "one: 6, 8 and 21.")
  private Optional<Path> picture = Optional.empty();

  @Option(names = "--faces", paramLabel = "DATA", description = "Faces for section 20: a folder with a sub-folder of "
      + "pictures per person. Default: built-in digits stand in.")
  private Optional<String> faces = Optional.empty();

  @Option(names = "--language", paramLabel = "CODE", defaultValue = "en", description = "What is printed: en or zh. "
      + "Default: en.")
  private String language;

  @Mixin private ThreadsOption threads;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  ChapterCommand() {
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    Statements statements = new Statements(screen, language);
    if (section.isEmpty()) {
      Chapter.all().forEach(s -> screen.result(String.format("%2d  %s: %s", s.number(), s.title().in(language),
          s.claim().in(language))));
      return 0;
    }
    List<Section> wanted = wanted(section.get());
    Map<Section, Result> results = new LinkedHashMap<>();
    try (Workers workers = threads.open()) {
      Desk desk = desk(workers, screen);
      for (Section s : wanted) {
        screen.status("section " + s.number() + " of " + Chapter.all().size());
        Result result = s.run(desk);
        results.put(s, result);
        screen.result(s.number() + "  " + s.title().in(language));
        statements.print(result);
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    statements.total(results.values());
    out.ifPresent(folder -> {
      Chapter.pages(results).forEach((name, page) -> PageFile.write(folder.resolve(name), page));
      screen.result(folder.resolve("index.html").toString());
    });
    return 0;
  }

  private Desk desk(Workers workers, Screen screen) {
    Desk desk = new Desk(workers);
    desk = picture.isPresent() ? desk.picture(LabMaterial.picture(picture.get(), LabMaterial.PICTURE_SIDE)) : desk;
    return faces.isPresent() ? desk.faces(LabMaterial.data(faces.get(), LabMaterial.DATA_SIDE, screen)) : desk;
  }

  private static List<Section> wanted(String word) {
    if (word.equals("all")) {
      return Chapter.all();
    }
    if (!word.matches("[0-9]{1,3}")) {
      throw CommandException.usage("the chapter has no section '" + word + "'.",
          "SECTION is a number from 1 to " + Chapter.all().size() + ", or all; received '" + word + "'.",
          "Leave it out to see what there is.");
    }
    try {
      return List.of(Chapter.section(Integer.parseInt(word)));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }
}
