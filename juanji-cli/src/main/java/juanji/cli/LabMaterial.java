package juanji.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.image.PictureRows;
import juanji.json.Json;
import juanji.lab.Setup;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// What laboratories are given from files.
final class LabMaterial {
  /// The longer side of pictures unless told otherwise.
  static final int PICTURE_SIDE = 256;
  /// The side of the pictures of a data set unless told otherwise.
  static final int DATA_SIDE = 48;
  private static final int LARGEST = 1024;
  private static final double MEASURED_SHARE = 0.3;

  private LabMaterial() {
  }

  /// A picture, its longer side at most so many pixels: channels × height × width from 0 to 1.
  static Tensor picture(Path file, int side) {
    int height;
    int width;
    try (PictureRows rows = PictureRows.open(file)) {
      height = rows.height();
      width = rows.width();
    }
    double scale = Math.min(1, (double) checked(side) / Math.max(height, width));
    Picture picture = PictureFile.read(file, ImageSize.size((int) Math.max(1, Math.round(height * scale)),
        (int) Math.max(1, Math.round(width * scale))));
    Tensor planes = Tensor.zeros(Shape.of(picture.channels(), picture.height(), picture.width()));
    for (int i = 0; i < planes.data().length; i++) {
      planes.data()[i] = (picture.pixels()[i] & 255) / 255f;
    }
    return planes;
  }

  /// Labelled pictures in grey, each side so many pixels; three tenths of each class are kept to measure on.
  static Setup.Data data(String word, int side, Screen screen) {
    DataArgument argument = DataArgument.of(word);
    if (argument instanceof DataArgument.Texts || argument instanceof DataArgument.Sounds) {
      throw CommandException.usage("a laboratory cannot learn from " + argument.unit(true) + ".",
          "Data for laboratories are pictures; received '" + word + "'.",
          "Give a folder with a sub-folder of pictures per class.");
    }
    TrainSettings settings = new TrainSettings(Map.of("validation", Json.of(MEASURED_SHARE)));
    DataParts parts = DataParts.open(argument, Optional.of(ImageSize.size(checked(side), side).grey()), Map.of(),
        settings, screen);
    screen.clear();
    return new Setup.Data(parts.train(), parts.validation().orElse(parts.test()));
  }

  private static int checked(int side) {
    if (side < 16 || side > LARGEST) {
      throw CommandException.usage("pictures cannot be brought to a side of " + side + ".",
          "--side is from 16 to " + LARGEST + "; received " + side + ".", "Leave it out.");
    }
    return side;
  }
}
