/// Pictures from folders, archives and single files, as datasets and tensors.
module juanji.image {
  requires transitive juanji.core;
  requires java.desktop;

  exports juanji.image;

  provides juanji.classify.ReadingProvider with juanji.image.PictureReadings;
}
