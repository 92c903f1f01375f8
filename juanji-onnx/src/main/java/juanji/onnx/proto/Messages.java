package juanji.onnx.proto;

import java.util.Map;

/// Parts that several messages have.
final class Messages {
  private Messages() {
  }

  /// A text under a key.
  static void entry(WireReader in, Map<String, String> into) {
    String key = "";
    String value = "";
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.text();
        case 2 -> value = in.text();
        default -> in.skip();
      }
    }
    into.put(key, value);
  }
}
