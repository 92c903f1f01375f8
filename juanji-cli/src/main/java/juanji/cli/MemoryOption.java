package juanji.cli;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import juanji.plan.Plan;
import picocli.CommandLine.Option;

/// The option of commands that plan training steps.
final class MemoryOption {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kmg]?)(?:i?b)?", Pattern.CASE_INSENSITIVE);
  private static final double MEBI = 1 << 20;

  @Option(names = "--memory", paramLabel = "SIZE", description = "The most that a step may take, such as 500m or 2g: "
      + "working memory, weights and what the optimiser keeps. Where it would take more, what the forward pass "
      + "computed is computed again rather than kept; the results do not depend on it. Default: no limit.")
  private Optional<String> size = Optional.empty();

  /// Made by picocli.
  MemoryOption() {
  }

  boolean given() {
    return size.isPresent();
  }

  /// The limit in bytes.
  long bytes() {
    return size.map(MemoryOption::bytes).orElse(Long.MAX_VALUE);
  }

  private static long bytes(String text) {
    Matcher matcher = SIZE.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    int shift = number == 0 ? 0 : switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
      case "k" -> 10;
      case "m" -> 20;
      case "g" -> 30;
      default -> 0;
    };
    if (number == 0 || number > Long.MAX_VALUE >> shift) {
      throw CommandException.usage("a step cannot take '" + text + "' of memory.",
          "--memory is a number of bytes, or of KiB, MiB or GiB with k, m or g behind it; received '" + text + "'.",
          "Write it as in --memory 500m.");
    }
    return number << shift;
  }

  /// What a plan takes.
  static String peak(Plan plan) {
    return String.format(Locale.ROOT, "peak %,d bytes (%.2f MiB): working memory %,d and parameters %,d",
        plan.bytes() + plan.parameterBytes(), (plan.bytes() + plan.parameterBytes()) / MEBI, plan.bytes(),
        plan.parameterBytes());
  }
}
