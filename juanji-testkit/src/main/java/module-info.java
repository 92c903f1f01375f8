/// Contracts that every operation, layer and plan keeps, to be checked on your own ones.
module juanji.testkit {
  requires transitive juanji.core;

  exports juanji.testkit;
}
