/// The networks that papers name.
module juanji.zoo {
  requires transitive juanji.core;

  exports juanji.zoo;
  exports juanji.zoo.detect;
}
