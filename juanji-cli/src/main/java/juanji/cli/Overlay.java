package juanji.cli;

import java.nio.file.Path;
import juanji.draw.ColourScale;
import juanji.explain.Relevance;
import juanji.image.Picture;
import juanji.image.PictureWriter;

/// Pictures with the relevance of their places.
final class Overlay {
  private Overlay() {
  }

  /// The picture with relevant places coloured and others grey and dim.
  static Picture of(Picture picture, Relevance map) {
    Picture grey = picture.grey();
    int plane = grey.height() * grey.width();
    byte[] pixels = new byte[3 * plane];
    for (int i = 0; i < plane; i++) {
      double r = map.values()[i];
      int colour = ColourScale.SEQUENTIAL.at(0.15 + 0.85 * r);
      double share = 0.25 + 0.55 * r;
      for (int c = 0; c < 3; c++) {
        double own = 0.75 * (grey.pixels()[i] & 255);
        pixels[c * plane + i] = (byte) Math.round((1 - share) * own + share * (colour >> 16 - 8 * c & 255));
      }
    }
    return new Picture(3, grey.height(), grey.width(), pixels);
  }

  static void write(Path file, Picture picture) {
    PageFile.folder(file.toAbsolutePath().getParent());
    byte[] row = new byte[3 * picture.width()];
    int plane = picture.height() * picture.width();
    try (PictureWriter writer = PictureWriter.create(file, 3, picture.height(), picture.width())) {
      for (int y = 0; y < picture.height(); y++) {
        for (int c = 0; c < 3; c++) {
          System.arraycopy(picture.pixels(), c * plane + y * picture.width(), row, c * picture.width(),
              picture.width());
        }
        writer.write(row);
      }
    }
  }
}
