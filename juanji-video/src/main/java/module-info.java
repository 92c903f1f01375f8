/// Videos as datasets: folders of frames, animated GIF, motion JPEG in AVI, and what a provider decodes besides.
module juanji.video {
  requires transitive juanji.core;
  requires transitive juanji.image;
  requires java.desktop;

  exports juanji.video;

  uses juanji.video.VideoProvider;
  provides juanji.classify.ReadingProvider with juanji.video.VideoReadings;
}
