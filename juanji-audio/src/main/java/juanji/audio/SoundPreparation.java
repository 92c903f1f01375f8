package juanji.audio;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.tensor.Shape;

/// What of a sound a network is given: brought to one rate and length, then as waves or as a picture of frequencies.
///
/// | features | sample | values |
/// |---|---|---|
/// | waveform | 1 × 1 × length | from 0 to 1, silence at 0.5 |
/// | spectrogram | 1 × (1 + window / 2) × frames | decibels below the loudest, from −range to 0, as 0 to 1 |
/// | log-mel | 1 × bands × frames | the same of mel bands |
/// | log-mel-cmn | 1 × bands × frames | decibels above each band's own mean, from −range / 2 to range / 2, as 0 to 1 |
/// | mfcc | 1 × bands × frames | the first `bands` coefficients of 128 mel bands, over 100 |
///
/// frames = 1 + length / hop. What lies further than `range` below the loudest counts as silence: a short range hides
/// how noisy a room or a microphone is, a long one keeps faint sounds. Constraints: C1 the rate is from 1,000 to
/// 192,000 Hz and the length from 1 sample to 10 minutes; C2 the window is a power of two from 16 to 65,536, the hop
/// from 1 to the window; C3 there are 1 to 512 bands; C4 the sample has at most 2²⁴ values; C5 the range is from 1 to
/// 200 dB.
///
/// `log-mel-cmn` is cepstral mean normalisation, done in decibels: what multiplies a band at all times, such as a
/// microphone, a line or a speaker's timbre, adds the same to all its decibels, and its mean takes it off again. The
/// mean is over frames that are heard, whose loudest band is at most 25 dB below the sound's loudest. Source: Atal,
/// *Effectiveness of linear prediction characteristics of the speech wave for automatic speaker identification and
/// verification*, 1974; Furui, *Cepstral analysis technique for automatic speaker verification*, 1981.
///
/// ```java
/// SoundPreparation how = SoundPreparation.speech(8000, 1);      // 1 × 40 × 63
/// float[] picture = how.features(SoundFile.read(path));
/// ```
///
/// @param features what kind
/// @param rate samples a second
/// @param length in samples
/// @param window samples per window
/// @param hop samples from one window to the next
/// @param bands mel bands, or coefficients
/// @param range decibels below the loudest that are told apart from silence
public record SoundPreparation(Features features, int rate, int length, int window, int hop, int bands,
    double range) {
  /// The word for this kind of data in model files.
  public static final String KIND = "sound";
  /// How many mel bands there are where none are said.
  public static final int BANDS = 40;
  /// How many decibels are told apart where nothing is said.
  public static final double RANGE = 80;
  private static final double HEARD = 25;
  private static final int MFCC_BANDS = 128;
  private static final float CEPSTRUM_UNIT = 0.01f;

  /// Kinds of features.
  public enum Features {
    /// The waves themselves.
    WAVEFORM,
    /// Decibels of each frequency over time.
    SPECTROGRAM,
    /// Decibels of mel bands over time.
    LOG_MEL,
    /// Decibels of mel bands over time, less the mean of each band.
    LOG_MEL_CMN,
    /// Mel-frequency cepstral coefficients over time.
    MFCC;

    /// The word that names it.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// By its word.
    ///
    /// @throws IllegalArgumentException if there is none
    public static Features named(String word) {
      for (Features features : values()) {
        if (features.word().equals(word)) {
          return features;
        }
      }
      throw new IllegalArgumentException("there are no sound features '" + word + "'.\n"
          + "  C1: features are waveform, spectrogram, log-mel, log-mel-cmn or mfcc; received '" + word
          + "'.\n  Use log-mel.");
    }
  }

  /// Checks the constraints.
  public SoundPreparation {
    boolean times = rate >= 1000 && rate <= 192_000 && length >= 1 && length <= 600L * rate;
    boolean windows = window >= 16 && window <= 65_536 && Integer.bitCount(window) == 1 && hop >= 1 && hop <= window;
    if (!times || !windows || bands < 1 || bands > 512) {
      throw new IllegalArgumentException("sounds cannot be brought to " + length + " samples at " + rate + " Hz, in "
          + "windows of " + window + " every " + hop + ", " + bands + " bands.\n"
          + "  " + (!times ? "C1: the rate is from 1,000 to 192,000 Hz, the length up to 10 minutes"
          : !windows ? "C2: the window is a power of two from 16 to 65,536, the hop from 1 to the window"
          : "C3: there are 1 to 512 bands") + "; received the above.\n  Use 40 bands, windows of 512, a hop of 128.");
    }
    if (!(range >= 1 && range <= 200)) {
      throw new IllegalArgumentException("sounds cannot be told apart over " + range + " decibels.\n"
          + "  C5: the range is from 1 to 200 dB; received " + range + ".\n  Use 80.");
    }
    if (shape(features, length, window, hop, bands).size() > 1 << 24) {
      throw new IllegalArgumentException("a sound's features would have " + shape(features, length, window, hop, bands)
          + " values.\n  C4: there are at most 16,777,216; received more.\n  Use a longer hop, or shorter sounds.");
    }
  }

  /// With the usual range.
  public SoundPreparation(Features features, int rate, int length, int window, int hop, int bands) {
    this(features, rate, length, window, hop, bands, RANGE);
  }

  /// Log-mel features for speech: 40 bands, windows of about 32 ms every 16 ms.
  ///
  /// @param rate samples a second
  /// @param seconds how long each sound is taken to be
  public static SoundPreparation speech(int rate, double seconds) {
    int window = Math.max(16, Integer.highestOneBit((int) (rate * 0.045)));
    return new SoundPreparation(Features.LOG_MEL, rate, (int) Math.max(1, Math.round(rate * seconds)), window,
        window / 2, BANDS);
  }

  /// With another number of bands.
  public SoundPreparation bands(int number) {
    return new SoundPreparation(features, rate, length, window, hop, number, range);
  }

  /// With another range.
  ///
  /// @param decibels below the loudest
  public SoundPreparation range(double decibels) {
    return new SoundPreparation(features, rate, length, window, hop, bands, decibels);
  }

  /// With other features.
  public SoundPreparation features(Features other) {
    return new SoundPreparation(other, rate, length, window, hop, bands, range);
  }

  /// The shape of a sample.
  public Shape shape() {
    return shape(features, length, window, hop, bands);
  }

  private static Shape shape(Features features, int length, int window, int hop, int bands) {
    int frames = 1 + length / hop;
    return switch (features) {
      case WAVEFORM -> Shape.of(1, 1, length);
      case SPECTROGRAM -> Shape.of(1, 1 + window / 2, frames);
      case LOG_MEL, LOG_MEL_CMN, MFCC -> Shape.of(1, bands, frames);
    };
  }

  /// A sound's waves at this rate and length.
  public float[] waves(Sound sound) {
    return sound.resampled(rate).of(length).samples();
  }

  /// A sound's features, row-major.
  public float[] features(Sound sound) {
    float[] into = new float[shape().length()];
    features(waves(sound), filters(), into, 0);
    return into;
  }

  /// The mel filters, which are the same for every sound; none where there are no bands.
  double[][] filters() {
    return switch (features) {
      case WAVEFORM, SPECTROGRAM -> new double[0][];
      case LOG_MEL, LOG_MEL_CMN -> Spectrum.melFilters(rate, window, bands, 0, rate / 2.0);
      case MFCC -> Spectrum.melFilters(rate, window, Math.max(bands, MFCC_BANDS), 0, rate / 2.0);
    };
  }

  void features(float[] waves, double[][] filters, float[] into, int offset) {
    switch (features) {
      case WAVEFORM -> {
        for (int i = 0; i < length; i++) {
          into[offset + i] = Math.clamp(0.5f + 0.5f * waves[i], 0f, 1f);
        }
      }
      case SPECTROGRAM -> unit(Spectrum.power(waves, window, hop), into, offset);
      case LOG_MEL -> unit(Spectrum.bands(filters, Spectrum.power(waves, window, hop)), into, offset);
      case LOG_MEL_CMN -> centred(Spectrum.bands(filters, Spectrum.power(waves, window, hop)), into, offset);
      case MFCC -> {
        double[][] decibels = Spectrum.decibels(Spectrum.bands(filters, Spectrum.power(waves, window, hop)), 1, range);
        int at = offset;
        for (double[] row : Spectrum.cepstrum(decibels, bands)) {
          for (double v : row) {
            into[at++] = (float) v * CEPSTRUM_UNIT;
          }
        }
      }
    }
  }

  private void unit(double[][] power, float[] into, int offset) {
    int at = offset;
    for (double[] row : Spectrum.decibels(power, Double.NaN, range)) {
      for (double db : row) {
        into[at++] = (float) (1 + db / range);
      }
    }
  }

  private void centred(double[][] power, float[] into, int offset) {
    double[][] decibels = Spectrum.decibels(power, Double.NaN, range);
    int frames = decibels[0].length;
    boolean[] heard = new boolean[frames];
    int count = 0;
    for (int t = 0; t < frames; t++) {
      for (double[] row : decibels) {
        heard[t] |= row[t] >= -HEARD;
      }
      count += heard[t] ? 1 : 0;
    }
    int at = offset;
    for (double[] row : decibels) {
      double sum = 0;
      for (int t = 0; t < frames; t++) {
        sum += heard[t] ? row[t] : 0;
      }
      for (double db : row) {
        into[at++] = (float) Math.clamp(0.5 + (db - sum / count) / range, 0, 1);
      }
    }
  }

  /// As a model file keeps it.
  public Map<String, String> reading() {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("kind", KIND);
    texts.put("features", features.word());
    texts.put("rate", Integer.toString(rate));
    texts.put("length", Integer.toString(length));
    texts.put("window", Integer.toString(window));
    texts.put("hop", Integer.toString(hop));
    texts.put("bands", Integer.toString(bands));
    texts.put("range", Double.toString(range));
    return texts;
  }

  /// From what a model file keeps.
  ///
  /// @throws IllegalArgumentException if something is missing or cannot be
  public static SoundPreparation of(Map<String, String> reading) {
    for (String name : List.of("features", "rate", "length", "window", "hop", "bands")) {
      if (!reading.containsKey(name)) {
        throw new IllegalArgumentException("it lacks '" + name + "'");
      }
    }
    return new SoundPreparation(Features.named(reading.get("features")), Integer.parseInt(reading.get("rate")),
        Integer.parseInt(reading.get("length")), Integer.parseInt(reading.get("window")),
        Integer.parseInt(reading.get("hop")), Integer.parseInt(reading.get("bands")),
        Double.parseDouble(reading.getOrDefault("range", "" + RANGE)));
  }
}
