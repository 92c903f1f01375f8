package juanji.data;

/// Data that cannot be read as pictures and labels: a file, folder or archive that is missing, damaged or laid out
/// otherwise than its reader needs.
///
/// The message has three lines: what and where; the constraint with the received values; how to fix it.
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// The file or folder at fault.
  private final String path;

  /// An exception whose message is the three lines.
  ///
  /// @param path the file or folder at fault; inside an archive, the archive's path and the entry's name
  /// @param what what cannot be done, in one sentence; it names the file
  /// @param why the constraint, with the values received
  /// @param fix what the reader of the message can do
  public DataException(String path, String what, String why, String fix) {
    super(what + "\n  " + why + "\n  " + fix);
    this.path = path;
  }

  /// As above, with the failure that led here.
  public DataException(String path, String what, String why, String fix, Throwable cause) {
    super(what + "\n  " + why + "\n  " + fix, cause);
    this.path = path;
  }

  /// The file or folder at fault; inside an archive, the archive's path and the entry's name.
  public String path() {
    return path;
  }
}
