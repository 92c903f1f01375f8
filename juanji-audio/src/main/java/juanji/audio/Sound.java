package juanji.audio;

/// A sound: one channel of waves, each sample from −1 to 1.
///
/// Constraint: C1 the rate is from 1 to 1,000,000 samples a second.
///
/// @param samples the waves; the array is not copied
/// @param rate samples a second
public record Sound(float[] samples, int rate) {
  /// Zero crossings of the filter on each side.
  private static final int CROSSINGS = 16;

  /// Checks the constraint.
  public Sound {
    if (rate < 1 || rate > 1_000_000) {
      throw new IllegalArgumentException("a sound cannot have " + rate + " samples a second.\n"
          + "  C1: the rate is from 1 to 1,000,000; received " + rate + ".\n  Usual rates are 8,000 to 48,000.");
    }
  }

  /// How long it is.
  public double seconds() {
    return (double) samples.length / rate;
  }

  /// The same sound at another rate: band-limited interpolation with a windowed sinc (Hann, 16 zero crossings on each
  /// side), whose cut-off is half of the lower rate. Source: Smith, *Digital audio resampling*, 2002.
  public Sound resampled(int other) {
    if (other == rate) {
      return this;
    }
    Sound valid = new Sound(samples, other);
    double ratio = (double) other / rate;
    double cutoff = Math.min(1, ratio);
    int length = (int) Math.ceil(samples.length * ratio - 1e-9);
    float[] result = new float[length];
    double reach = CROSSINGS / cutoff;
    for (int i = 0; i < length; i++) {
      double at = i / ratio;
      int from = (int) Math.max(0, Math.ceil(at - reach));
      int to = (int) Math.min(samples.length - 1, Math.floor(at + reach));
      double sum = 0;
      for (int j = from; j <= to; j++) {
        double x = (j - at) * cutoff;
        double window = 0.5 + 0.5 * StrictMath.cos(Math.PI * x / CROSSINGS);
        sum += samples[j] * (x == 0 ? 1 : StrictMath.sin(Math.PI * x) / (Math.PI * x)) * window;
      }
      result[i] = (float) (sum * cutoff);
    }
    return new Sound(result, valid.rate);
  }

  /// The first seconds of the sound, or the sound followed by silence, to be of the given length.
  ///
  /// @param length in samples
  public Sound of(int length) {
    float[] result = new float[length];
    System.arraycopy(samples, 0, result, 0, Math.min(length, samples.length));
    return new Sound(result, rate);
  }
}
