/// Networks read from ONNX files and written to them.
module juanji.onnx {
  requires transitive juanji.core;

  exports juanji.onnx;
  exports juanji.onnx.proto;
}
