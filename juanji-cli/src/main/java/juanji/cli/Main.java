package juanji.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import juanji.data.DataException;
import juanji.model.ModelException;
import juanji.onnx.proto.OnnxException;
import juanji.plan.PlanException;
import juanji.train.TrainingException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The `juanji` command.
@Command(name = "juanji", mixinStandardHelpOptions = true, versionProvider = Version.class,
    description = "Trains, measures and runs convolutional networks on pictures.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:",
        "  juanji train digits                             train LeNet-5 on built-in digits",
        "  juanji train flowers                            train on a folder with one sub-folder per class",
        "  juanji predict runs/flowers-small-cnn-1/model.juanji rose.jpg",
        "", "Exit codes: 0 done, 1 failed, 2 used wrongly, 130 interrupted."})
public final class Main implements Callable<Integer> {
  private static final int WIDTH = 100;
  private static final String COMPLETION = "completion";

  @Option(names = "--stack-trace", scope = ScopeType.INHERIT, description = "Show where in the program an error arose.")
  private boolean stackTrace;

  @Spec private CommandSpec spec;

  private Main() {
  }

  /// Runs a command and ends the JVM with its exit code.
  ///
  /// @param args the command and its arguments
  public static void main(String... args) {
    PrintWriter out = utf8(System.out);
    PrintWriter err = utf8(System.err);
    System.exit(run(out, err, args));
  }

  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }

  /// Runs a command.
  ///
  /// @param out takes results
  /// @param err takes errors, notices and progress
  /// @return the exit code
  static int run(PrintWriter out, PrintWriter err, String... args) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    // Looking through the options of commands that are not asked for would take a third of a short run.
    String only = args.length > 0 && !args[0].equals(COMPLETION) ? args[0] : "";
    Map<String, Supplier<?>> commands = commands();
    commands.forEach((name, command) -> {
      if (name.equals(only) || !commands.containsKey(only)) {
        line.addSubcommand(name, command.get());
      }
    });
    line.setOut(out).setErr(err).setUsageHelpWidth(WIDTH).setUsageHelpAutoWidth(false);
    line.setParameterExceptionHandler((e, _) -> wrongUse(e));
    line.setExecutionExceptionHandler((e, command, _) -> main.failure(e, command));
    if (System.getProperty("juanji.terminal") == null) {
      line.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    }
    int code;
    try {
      code = line.execute(args);
    } catch (OutOfMemoryError e) {
      err.println("there is not enough memory.\n  Java may use " + (Runtime.getRuntime().maxMemory() >> 20)
          + " MiB.\n  Use a smaller batch or smaller pictures, or allow more with JUANJI_JAVA_OPTS=-Xmx8g.");
      code = CommandException.FAILURE;
    } catch (LinkageError | StackOverflowError e) {
      code = main.fault(e, err);
    }
    out.flush();
    err.flush();
    return code;
  }

  private static Map<String, Supplier<?>> commands() {
    Map<String, Supplier<?>> commands = new LinkedHashMap<>();
    commands.put("train", TrainCommand::new);
    commands.put("evaluate", EvaluateCommand::new);
    commands.put("predict", PredictCommand::new);
    commands.put("adapt", AdaptCommand::new);
    commands.put("lr-find", LrFindCommand::new);
    commands.put("runs", RunsCommand::new);
    commands.put("study", StudyCommand::new);
    commands.put("index", IndexCommand::new);
    commands.put("data", DataCommand::new);
    commands.put("summary", SummaryCommand::new);
    commands.put("plan", PlanCommand::new);
    commands.put("export", ExportCommand::new);
    commands.put("import", ImportCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("onnx-test", OnnxTestCommand::new);
    commands.put("zoo", ZooCommand::new);
    commands.put("bench", BenchCommand::new);
    commands.put("filter", FilterCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("advise", AdviseCommand::new);
    commands.put("chapter", ChapterCommand::new);
    commands.put("lab", LabCommand::line);
    commands.put(COMPLETION, CompletionCommand::new);
    return commands;
  }

  @Override public Integer call() {
    spec.commandLine().usage(spec.commandLine().getOut());
    return 0;
  }

  private static int wrongUse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(e.getMessage());
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("  Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return CommandException.USAGE;
  }

  private int failure(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    boolean expected = e instanceof CommandException || e instanceof DataException || e instanceof ModelException
        || e instanceof TrainingException || e instanceof PlanException || e instanceof OnnxException
        || e instanceof IllegalArgumentException;
    if (expected) {
      err.println(e.getMessage());
    } else if (e instanceof UncheckedIOException io) {
      err.println("a file cannot be read or written.\n  The system says: " + io.getCause().getMessage() + " ("
          + io.getCause().getClass().getSimpleName() + ").\n  Check the path, the rights and the space left.");
    } else {
      return fault(e, err);
    }
    if (stackTrace) {
      e.printStackTrace(err);
    }
    return switch (e) {
      case CommandException c -> c.code();
      case OnnxException o when o.asked() -> CommandException.USAGE;
      default -> CommandException.FAILURE;
    };
  }

  private int fault(Throwable e, PrintWriter err) {
    err.println("something went wrong that should not: " + e + "\n  This is a fault of the program."
        + "\n  Run it again with --stack-trace and report what it prints.");
    if (stackTrace) {
      e.printStackTrace(err);
    }
    return CommandException.FAILURE;
  }
}
