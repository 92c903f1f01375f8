package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import juanji.audio.SoundPreparation;
import juanji.classify.Classifier;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Paint;
import juanji.draw.Png;
import juanji.explain.Relevance;
import juanji.image.Picture;
import juanji.model.ModelFile;
import juanji.tensor.Tensor;

/// A sound: its spectrogram, low frequencies below, or its waves.
///
/// @param name what it is called
/// @param how how it was read
/// @param sample its features, 1 × 1 × bands × frames
record SeenSound(String name, SoundPreparation how, Tensor sample) implements SeenSample {
  private static final double WIDTH = 420;
  private static final double HEIGHT = 200;
  private static final double LEFT = 58;
  private static final double BELOW = 34;
  private static final double LETTERS = 12;

  /// A sound's file.
  static SeenSound of(String word, Path model, ModelFile file) {
    Path path = Path.of(word);
    float[] values = Classifier.reading(model, file).read(path);
    return new SeenSound(String.valueOf(path.getFileName()), SoundPreparation.of(file.reading()),
        Tensor.of(file.model().input().shape().prepend(1), values));
  }

  private int bands() {
    return sample.shape().dim(2);
  }

  private int frames() {
    return sample.shape().dim(3);
  }

  /// A value for each cell with low bands below.
  private float[] upright(float[] values) {
    float[] turned = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      turned[(bands() - 1 - i / frames()) * frames() + i % frames()] = values[i];
    }
    return turned;
  }

  /// The spectrogram in grey.
  private Picture picture() {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float v : sample.data()) {
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    float[] values = upright(sample.data());
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) Math.round(high > low ? 255 * (values[i] - low) / (high - low) : 128);
    }
    return new Picture(1, bands(), frames(), pixels);
  }

  private Picture picture(Relevance relevance) {
    return Overlay.of(picture(), new Relevance(bands(), frames(), upright(relevance.values())));
  }

  @Override public Drawing drawing(Optional<Relevance> relevance) {
    List<Mark> marks = new ArrayList<>();
    boolean waves = how.features() == SoundPreparation.Features.WAVEFORM;
    if (waves) {
      waves(marks, relevance);
    } else {
      Picture p = relevance.map(this::picture).orElseGet(this::picture);
      marks.add(new Mark.Image(LEFT, 0, WIDTH, HEIGHT, false, Png.of(p.channels(), p.height(), p.width(), p.pixels())));
    }
    double seconds = (double) how.length() / how.rate();
    for (int i = 0; i <= 4; i++) {
      double x = LEFT + WIDTH * i / 4;
      marks.add(Mark.line(Paint.line(Colour.SOFT), x, HEIGHT, x, HEIGHT + 4));
      marks.add(Mark.centred(x, HEIGHT + 17, String.format(Locale.ROOT, "%.2f", seconds * i / 4), LETTERS)
          .in(Colour.SOFT));
    }
    marks.add(Mark.centred(LEFT + WIDTH / 2, HEIGHT + 32, "time (s)", LETTERS).in(Colour.SOFT));
    String top = switch (how.features()) {
      case WAVEFORM -> "1";
      case SPECTROGRAM, LOG_MEL, LOG_MEL_CMN -> how.rate() / 2 + " Hz";
      case MFCC -> how.bands() + "";
    };
    marks.add(Mark.ending(LEFT - 6, LETTERS, top, LETTERS).in(Colour.SOFT));
    marks.add(Mark.ending(LEFT - 6, HEIGHT, waves ? "−1" : "0", LETTERS).in(Colour.SOFT));
    return new Drawing(LEFT + WIDTH + 16, HEIGHT + BELOW + 4, marks);
  }

  /// The least and the largest value of each column of pixels, on a ground that is the fuller the more rests on it.
  private void waves(List<Mark> marks, Optional<Relevance> relevance) {
    int columns = (int) WIDTH;
    float[] values = sample.data();
    marks.add(Mark.rectangle(LEFT, 0, WIDTH, HEIGHT, Paint.fill(Colour.RAISED)));
    for (int c = 0; c < columns; c++) {
      int from = (int) ((long) values.length * c / columns);
      int to = Math.max(from + 1, (int) ((long) values.length * (c + 1) / columns));
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      float share = 0;
      for (int i = from; i < Math.min(to, values.length); i++) {
        low = Math.min(low, values[i]);
        high = Math.max(high, values[i]);
        share = relevance.isPresent() ? Math.max(share, relevance.get().values()[i]) : 0;
      }
      if (share > 0.01) {
        marks.add(Mark.rectangle(LEFT + c, 0, 1, HEIGHT, Paint.fill(Colour.AMBER).opacity(0.8 * share)));
      }
      marks.add(Mark.line(Paint.line(Colour.BLUE), LEFT + c + 0.5, HEIGHT * (1 - high), LEFT + c + 0.5,
          HEIGHT * (1 - low) + 1));
    }
  }

  @Override public void write(Path folder, String name, Relevance relevance) {
    if (how.features() == SoundPreparation.Features.WAVEFORM) {
      WholeFile.write(folder.resolve(name + ".svg"), drawing(Optional.of(relevance)).framed(12).svg(name));
    } else {
      Overlay.write(folder.resolve(name + ".png"), picture(relevance));
    }
  }

  @Override public String told(Relevance relevance) {
    double[] frames = new double[frames()];
    for (int i = 0; i < relevance.values().length; i++) {
      frames[i % frames()] += relevance.values()[i];
    }
    int best = 0;
    for (int i = 1; i < frames.length; i++) {
      best = frames[i] > frames[best] ? i : best;
    }
    return String.format(Locale.ROOT, "most at %.2f s", (double) how.length() / how.rate() * (best + 0.5)
        / frames.length);
  }
}
