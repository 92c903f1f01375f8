package juanji.cli;

/// What ends a command: a message of three lines, and the exit code.
final class CommandException extends RuntimeException {
  /// The exit code of a command that failed.
  static final int FAILURE = 1;
  /// The exit code of a command that was used wrongly.
  static final int USAGE = 2;
  private static final long serialVersionUID = 1;

  private final int code;

  private CommandException(int code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /// A command that cannot do what it is asked to.
  static CommandException failure(String what, String why, String fix) {
    return new CommandException(FAILURE, what + "\n  " + why + "\n  " + fix, null);
  }

  /// A command that is asked for something that makes no sense.
  static CommandException usage(String what, String why, String fix) {
    return new CommandException(USAGE, what + "\n  " + why + "\n  " + fix, null);
  }

  /// A command whose options break a constraint of what they are for.
  static CommandException usage(IllegalArgumentException cause) {
    return new CommandException(USAGE, cause.getMessage(), cause);
  }

  int code() {
    return code;
  }
}
