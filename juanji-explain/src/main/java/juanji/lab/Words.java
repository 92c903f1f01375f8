package juanji.lab;

/// A text in two languages.
///
/// @param english in English
/// @param chinese in Chinese
public record Words(String english, String chinese) {
  /// The same text in both, such as a formula.
  public static Words both(String text) {
    return new Words(text, text);
  }

  /// The text in the language of a code: Chinese for `zh`, otherwise English.
  public String in(String language) {
    return language.startsWith("zh") ? chinese : english;
  }
}
