/// The command line: trains networks on pictures, measures them, predicts with them and shows what they are made of.
module juanji.cli {
  requires juanji.core;
  requires juanji.explain;
  requires juanji.image;
  requires juanji.onnx;
  requires juanji.zoo;
  requires juanji.audio;
  requires juanji.text;
  requires info.picocli;

  opens juanji.cli to info.picocli;
}
