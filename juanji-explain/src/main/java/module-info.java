/// What a network sees, as numbers and as pictures.
module juanji.explain {
  requires transitive juanji.core;

  exports juanji.draw;
  exports juanji.chapter;
  exports juanji.explain;
  exports juanji.lab;
}
