package juanji.onnx.proto;

/// A set of operators and its version, which say what the nodes' operators mean.
///
/// @param domain whose operators; empty for those of ONNX itself
/// @param version the version, such as 17
public record OperatorSet(String domain, long version) {
  /// A version of ONNX's own operators.
  public static OperatorSet of(long version) {
    return new OperatorSet("", version);
  }

  static OperatorSet read(WireReader in) {
    String domain = "";
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> domain = in.text();
        case 2 -> version = in.whole();
        default -> in.skip();
      }
    }
    return new OperatorSet(domain.equals("ai.onnx") ? "" : domain, version);
  }

  void write(WireWriter out) {
    out.text(1, domain);
    out.whole(2, version);
  }
}
