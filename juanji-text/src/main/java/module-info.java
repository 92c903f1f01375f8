/// Texts as datasets: files, encodings, words and characters, vocabularies.
module juanji.text {
  requires transitive juanji.core;
  requires jdk.charsets;

  exports juanji.text;

  provides juanji.classify.ReadingProvider with juanji.text.TextReadings;
}
