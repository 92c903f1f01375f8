package juanji.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a text is cut into tokens.
///
/// ```java
/// Tokens.WORDS.of("It isn't 3.5 km.");      // it, isn't, 3.5, km, .
/// Tokens.WORDS.of("我爱自然语言");             // 我, 爱, 自, 然, 语, 言
/// ```
public enum Tokens {
  /// Words in lower case: runs of letters and digits, with an apostrophe, hyphen or point between them; characters of
  /// scripts without spaces (Chinese, Japanese, Thai) each on their own; other signs each on their own.
  WORDS {
    @Override void cut(String text, int most, List<String> into) {
      Matcher matcher = WORD.matcher(text);
      while (into.size() < most && matcher.find()) {
        into.add(matcher.group());
      }
    }
  },
  /// Each character in lower case; white space of any length is one space.
  CHARACTERS {
    @Override void cut(String text, int most, List<String> into) {
      boolean space = true;
      for (int i = 0; i < text.length() && into.size() < most; i = text.offsetByCodePoints(i, 1)) {
        int c = text.codePointAt(i);
        if (!Character.isWhitespace(c)) {
          into.add(Character.toString(c));
        } else if (!space) {
          into.add(" ");
        }
        space = Character.isWhitespace(c);
      }
      if (!into.isEmpty() && into.getLast().equals(" ")) {
        into.removeLast();
      }
    }
  };

  private static final String ALONE = "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}"
      + "\\p{IsMyanmar}";
  private static final String PART = "[\\p{L}\\p{M}\\p{N}&&[^" + ALONE + "]]";
  private static final Pattern WORD = Pattern.compile("[" + ALONE + "]|" + PART + "+(?:['’.\\-]" + PART + "+)*|"
      + "'" + PART + "+|[^\\s\\p{C}]");
  private static final int LONGEST_TOKEN = 100;

  abstract void cut(String text, int most, List<String> into);

  /// The tokens of a text.
  public List<String> of(String text) {
    return of(text, Integer.MAX_VALUE);
  }

  /// The first tokens of a text.
  ///
  /// @param most how many at most
  public List<String> of(String text, int most) {
    List<String> tokens = new ArrayList<>();
    cut(text.toLowerCase(Locale.ROOT), most, tokens);
    // What is no word at all, such as a picture in letters, is known by its beginning.
    tokens.replaceAll(t -> t.length() > LONGEST_TOKEN ? t.substring(0, LONGEST_TOKEN) : t);
    return tokens;
  }

  /// The word that names it.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// By its word, `words` or `characters`.
  ///
  /// @throws IllegalArgumentException if it is neither
  public static Tokens named(String word) {
    for (Tokens tokens : values()) {
      if (tokens.word().equals(word)) {
        return tokens;
      }
    }
    throw new IllegalArgumentException("texts cannot be cut into '" + word + "'.\n"
        + "  C1: tokens are words or characters; received '" + word + "'.\n  Use words.");
  }
}
