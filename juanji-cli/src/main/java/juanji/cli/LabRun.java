package juanji.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import juanji.lab.Choice;
import juanji.lab.Desk;
import juanji.lab.Laboratory;
import juanji.lab.Result;
import juanji.lab.Setup;
import juanji.plan.Workers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/// `juanji lab NAME`: its options are the laboratory's choices.
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
final class LabRun implements Callable<Integer> {
  private static final String SIDE = "--side";
  /// Before the options that all laboratories have, whose order is −1.
  private static final int FIRST = -2;

  private final Laboratory lab;

  @Option(names = "--out", paramLabel = "DIR", description = "A folder that gets the page in both languages.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--language", paramLabel = "CODE", defaultValue = "en", description = "What is printed: en or zh. "
      + "Default: en.")
  private String language;

  @Mixin private ThreadsOption threads;

  private CommandSpec spec;

  private LabRun(Laboratory lab) {
    this.lab = lab;
  }

  /// The command of a laboratory.
  static CommandSpec of(Laboratory lab) {
    LabRun run = new LabRun(lab);
    CommandSpec spec = CommandSpec.forAnnotatedObject(run).name(lab.name());
    spec.usageMessage().description(lab.title().english() + ": " + lab.claim().english() + ".", "");
    for (Choice choice : lab.choices()) {
      String usual = choice.usual().isEmpty() ? "" : " Default: " + choice.usual() + ".";
      spec.addOption(OptionSpec.builder("--" + choice.name()).order(FIRST).type(String.class)
          .paramLabel(label(choice)).description(choice.meaning() + usual).build());
    }
    if (fromFiles(lab)) {
      spec.addOption(OptionSpec.builder(SIDE).order(FIRST).type(Integer.class).paramLabel("N").description(
          "What pictures are brought to: the longer side of --picture at most (default " + LabMaterial.PICTURE_SIDE
          + "), both sides of those of --data, in grey (default " + LabMaterial.DATA_SIDE + ").").build());
    }
    run.spec = spec;
    return spec;
  }

  private static boolean fromFiles(Laboratory lab) {
    return lab.choices().stream().anyMatch(c -> c.kind() == Choice.Kind.PICTURE || c.kind() == Choice.Kind.DATA);
  }

  private static String label(Choice choice) {
    return switch (choice.kind()) {
      case NUMBER -> "N";
      case NUMBERS -> "N,N,…";
      case GRID -> "ROWS";
      case PICTURE -> "IMAGE";
      case DATA -> "DATA";
    };
  }

  private Optional<String> given(String name) {
    return Optional.ofNullable(spec.findOption("--" + name).getValue());
  }

  @Override public Integer call() {
    Screen screen = Screen.of(spec.commandLine(), false);
    Statements statements = new Statements(screen, language);
    try {
      Setup setup = setup(screen);
      screen.status(lab.title().in(language) + " …");
      Result result;
      try (Workers workers = threads.open()) {
        result = lab.run(new Desk(workers), setup);
      }
      screen.result(lab.title().in(language));
      statements.print(result);
      statements.total(List.of(result));
      out.ifPresent(folder -> {
        lab.pages(setup, result).forEach((name, page) -> PageFile.write(folder.resolve(name), page));
        screen.result(folder.resolve("index.html").toString());
      });
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    return 0;
  }

  private Setup setup(Screen screen) {
    Optional<Integer> side = fromFiles(lab) ? Optional.ofNullable(spec.findOption(SIDE).getValue()) : Optional.empty();
    Setup setup = Setup.of(lab);
    for (Choice choice : lab.choices()) {
      Optional<String> value = given(choice.name());
      if (value.isPresent()) {
        setup = switch (choice.kind()) {
          case NUMBER, NUMBERS, GRID -> setup.with(choice.name(), value.get());
          case PICTURE -> setup.with(LabMaterial.picture(Path.of(value.get()),
              side.orElse(LabMaterial.PICTURE_SIDE)));
          case DATA -> setup.with(LabMaterial.data(value.get(), side.orElse(LabMaterial.DATA_SIDE), screen));
        };
      }
    }
    return setup;
  }
}
