/// The command line: trains networks on pictures, measures them, predicts with them and shows what they are made of.
@SuppressWarnings("requires-automatic") // JCodec has no descriptor.
module juanji.cli {
  requires juanji.core;
  requires juanji.explain;
  requires juanji.image;
  requires juanji.onnx;
  requires juanji.zoo;
  requires juanji.audio;
  requires juanji.text;
  requires juanji.video;
  requires info.picocli;
  requires jcodec;
  requires java.logging;
  requires org.apache.lucene.core;

  opens juanji.cli to info.picocli;

  provides juanji.video.VideoProvider with juanji.cli.Mp4Videos;
}
