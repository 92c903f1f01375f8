package juanji.data;

/// Something that was left out of a dataset, and why.
///
/// @param path the file or folder, relative to the folder or archive that was opened
/// @param reason in one sentence, without a full stop
public record Problem(String path, String reason) {
  /// `path: reason`.
  @Override public String toString() {
    return path + ": " + reason;
  }
}
