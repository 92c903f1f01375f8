/// Sounds as datasets: WAV, AIFF and AU files, resampling, spectrograms, mel bands and cepstra.
module juanji.audio {
  requires transitive juanji.core;

  exports juanji.audio;

  provides juanji.classify.ReadingProvider with juanji.audio.SoundReadings;
}
