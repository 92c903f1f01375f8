package juanji.cli;

import java.io.PrintWriter;
import picocli.CommandLine;

/// Where a command's words go: results to `out`; notices and a status line, which is drawn over itself, to `err`. The
/// status line is only drawn where standard error is a terminal.
final class Screen {
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int NARROWEST = 40;

  private final PrintWriter out;
  private final PrintWriter err;
  private final boolean quiet;
  private final int columns;
  private long drawn;
  private boolean dirty;

  /// @param columns the width of the terminal; 0 if there is none
  Screen(PrintWriter out, PrintWriter err, boolean quiet, int columns) {
    this.out = out;
    this.err = err;
    this.quiet = quiet;
    this.columns = quiet ? 0 : columns;
    this.drawn = System.nanoTime() - REDRAW_NANOS;
  }

  /// A screen for a command; the launcher says in a system property whether there is a terminal and how wide it is.
  static Screen of(CommandLine command, boolean quiet) {
    String terminal = System.getProperty("juanji.terminal");
    int columns = 0;
    if (terminal != null) {
      columns = terminal.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(terminal) : 80;
    }
    return new Screen(command.getOut(), command.getErr(), quiet, columns);
  }

  /// Whether a status line is drawn.
  boolean live() {
    return columns >= NARROWEST;
  }

  int columns() {
    return columns;
  }

  /// A line of the result.
  void result(String line) {
    clear();
    out.println(line);
    out.flush();
  }

  /// A line that tells how it goes; not printed if quiet.
  void progress(String line) {
    if (!quiet) {
      result(line);
    }
  }

  /// A notice; not printed if quiet.
  void notice(String line) {
    if (!quiet) {
      warn(line);
    }
  }

  /// A notice that even the quiet see.
  void warn(String line) {
    clear();
    err.println(line);
    err.flush();
  }

  /// Draws the status line, at most ten times a second.
  void status(String line) {
    long now = System.nanoTime();
    if (live() && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      dirty = true;
      err.print("\r" + (line.length() < columns ? line : line.substring(0, columns - 1)) + "\u001b[K");
      err.flush();
    }
  }

  /// Removes the status line.
  void clear() {
    if (dirty) {
      dirty = false;
      err.print("\r\u001b[K");
      err.flush();
    }
    drawn = System.nanoTime() - REDRAW_NANOS;
  }
}
