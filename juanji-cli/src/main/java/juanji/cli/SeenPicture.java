package juanji.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Png;
import juanji.explain.Relevance;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.model.ModelFile;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A picture as a person and as a network sees it.
///
/// @param name what it is called
/// @param picture as a person sees it, at the network's size
/// @param sample as the network sees it, 1 × channels × height × width
record SeenPicture(String name, Picture picture, Tensor sample) implements SeenSample {
  private static final double SIDE = 220;
  private static final String DIGIT = "digits#[0-9]{1,5}";

  /// A file, or `digits#7` for a built-in test digit.
  static SeenPicture of(String word, ModelFile file) {
    Preprocessing pre = preprocessing(file);
    if (word.matches(DIGIT)) {
      Dataset digits = Digits.test(1);
      int index = Integer.parseInt(word.substring(7));
      if (index >= digits.size() || !file.model().input().shape().equals(digits.shape())) {
        throw CommandException.usage("the network cannot see '" + word + "'.", "Digits are numbered from 0 to "
            + (digits.size() - 1) + " and are " + digits.shape() + "; the network takes "
            + file.model().input().shape() + ".", "Give a picture's file.");
      }
      Tensor raw = Tensor.zeros(digits.shape().prepend(1));
      digits.read(index, raw.data(), 0);
      Tensor sample = Tensor.zeros(digits.shape().prepend(1));
      Normalized.of(digits, pre).read(index, sample.data(), 0);
      return new SeenPicture(word + " (a " + digits.label(index) + ")", bytes(raw), sample);
    }
    Path path = Path.of(word);
    Picture picture = PictureFile.read(path, ImageSize.of(pre));
    return new SeenPicture(String.valueOf(path.getFileName()), picture, PictureFile.read(path, pre));
  }

  /// How pictures are prepared: as the file says, or, where it says nothing, by size alone, with pixels from 0 to 1.
  static Preprocessing preprocessing(ModelFile file) {
    Shape shape = file.model().input().shape();
    boolean pictures = shape.rank() == 3 && (shape.dim(0) == 1 || shape.dim(0) == 3);
    return file.preprocessing().or(() -> pictures ? Optional.of(Preprocessing.none(shape.dim(0), shape.dim(1),
        shape.dim(2))) : Optional.empty()).orElseThrow(() -> CommandException.failure(
        "the model cannot be shown a picture.", "A network for pictures takes 1 or 3 channels x height x width; "
        + "received one that takes " + shape + ".", "Use a network for pictures."));
  }

  private static Picture bytes(Tensor planes) {
    byte[] bytes = new byte[planes.data().length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(255 * Math.clamp(planes.data()[i], 0, 1));
    }
    Shape s = planes.shape();
    return new Picture(s.dim(1), s.dim(2), s.dim(3), bytes);
  }

  @Override public Drawing drawing(Optional<Relevance> relevance) {
    return drawing(relevance.map(r -> Overlay.of(picture, r)).orElse(picture));
  }

  /// Its longer side is of one length for all pictures.
  private static Drawing drawing(Picture p) {
    double scale = SIDE / Math.max(p.height(), p.width());
    return Drawing.of(p.width() * scale, p.height() * scale, new Mark.Image(0, 0, p.width() * scale,
        p.height() * scale, false, Png.of(p.channels(), p.height(), p.width(), p.pixels())));
  }

  @Override public void write(Path folder, String name, Relevance relevance) {
    Overlay.write(folder.resolve(name + ".png"), Overlay.of(picture, relevance));
  }

  @Override public String told(Relevance relevance) {
    return "";
  }

  /// The number of the class that a word names: its name, or its number after `#`.
  static int classOf(String word, List<String> classes, int outputs) {
    int k = classes.indexOf(word);
    if (k < 0 && word.matches("#?[0-9]{1,6}")) {
      k = Integer.parseInt(word.replace("#", ""));
    }
    if (k < 0 || k >= outputs) {
      throw CommandException.usage("the network has no class '" + word + "'.", "--class is one of "
          + (classes.isEmpty() ? "0 to " + (outputs - 1) : String.join(", ", classes)) + "; received '" + word + "'.",
          "Leave it out for the class that the network tells.");
    }
    return k;
  }

  /// What a class is called.
  static String name(ModelFile file, int k) {
    return file.classes().isEmpty() ? "#" + k : file.classes().get(k);
  }
}
