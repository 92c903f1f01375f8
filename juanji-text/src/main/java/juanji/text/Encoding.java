package juanji.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// In which characters a file's bytes are written, and what they say.
///
/// A byte order mark decides (UTF-8, UTF-16). Otherwise bytes that are UTF-8 are read as such; bytes whose high ones
/// form pairs of GB2312, nine in ten at least, as GB18030, which holds GBK and GB2312; all others as ISO-8859-1, whose
/// bytes always mean something. The mark itself is no part of the text; NUL characters are left out.
///
/// ```java
/// Encoding.text(Files.readAllBytes(path));
/// ```
public final class Encoding {
  private static final double PAIRED = 0.9;

  private Encoding() {
  }

  /// The encoding of bytes.
  public static Charset of(byte[] bytes) {
    if (starts(bytes, 0xEF, 0xBB, 0xBF)) {
      return StandardCharsets.UTF_8;
    }
    if (starts(bytes, 0xFF, 0xFE)) {
      return StandardCharsets.UTF_16LE;
    }
    if (starts(bytes, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE;
    }
    if (decodes(bytes, StandardCharsets.UTF_8)) {
      return StandardCharsets.UTF_8;
    }
    return paired(bytes) >= PAIRED && Charset.isSupported("GB18030") ? Charset.forName("GB18030")
        : StandardCharsets.ISO_8859_1;
  }

  /// The text that bytes hold.
  public static String text(byte[] bytes) {
    Charset charset = of(bytes);
    // Malformed parts become replacement characters: one bad byte does not lose a whole file.
    String text = new String(bytes, charset);
    if (text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    return text.indexOf('\0') < 0 ? text : text.replace("\0", "");
  }

  private static boolean starts(byte[] bytes, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (bytes.length <= i || (bytes[i] & 255) != mark[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean decodes(byte[] bytes, Charset charset) {
    try {
      charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /// The share of high bytes that are in pairs of GB2312's punctuation or characters.
  private static double paired(byte[] bytes) {
    long high = 0;
    long inPairs = 0;
    for (int i = 0; i < bytes.length; i++) {
      int lead = bytes[i] & 255;
      if (lead < 0x80) {
        continue;
      }
      high++;
      int trail = i + 1 < bytes.length ? bytes[i + 1] & 255 : 0;
      if (lead >= 0xA1 && lead <= 0xF7 && trail >= 0xA1 && trail <= 0xFE) {
        high++;
        inPairs += 2;
        i++;
      }
    }
    return high == 0 ? 0 : (double) inPairs / high;
  }
}
