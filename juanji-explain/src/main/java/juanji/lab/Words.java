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

  /// The same as a sentence of its own: with a capital and a full stop.
  public String sentence(String language) {
    String text = in(language);
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1)
        + (language.startsWith("zh") ? "。" : ".");
  }
}
