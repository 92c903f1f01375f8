package juanji.audio;

/// Transforms of sounds, by the definitions and with the defaults of librosa 0.10.
///
/// Constraints: T1 a window has a power of two of samples, from 16 to 1,048,576; T2 the hop is at least 1; T3 there is
/// at least one mel band; T4 0 ≤ lowest frequency < highest.
///
/// Source: McFee et al., *librosa: audio and music signal analysis in Python*, 2015.
public final class Spectrum {
  private static final double LEAST_POWER = 1e-10;
  private static final double SLANEY_STEP = 200.0 / 3;
  private static final double SLANEY_KNEE = 1000;
  private static final double SLANEY_LOG = StrictMath.log(6.4) / 27;

  private Spectrum() {
  }

  /// The power of each frequency over time: |STFT|², with Hann windows centred on every hop-th sample and silence
  /// around the sound (`librosa.stft` with `center=True`, `pad_mode='constant'`, squared).
  ///
  /// @param window samples per window: the FFT's size
  /// @param hop samples from one window to the next
  /// @return 1 + window / 2 frequencies × 1 + length / hop frames
  public static double[][] power(float[] samples, int window, int hop) {
    if (window < 16 || window > 1 << 20 || Integer.bitCount(window) != 1 || hop < 1) {
      throw new IllegalArgumentException("a spectrum with windows of " + window + " samples every " + hop
          + " does not exist.\n  T1, T2: a window has a power of two of samples, from 16 to 1,048,576, and the hop is "
          + "at least 1; received " + window + " and " + hop + ".\n  Use 512 and 128.");
    }
    int frames = 1 + samples.length / hop;
    double[][] power = new double[1 + window / 2][frames];
    double[] hann = new double[window];
    for (int i = 0; i < window; i++) {
      hann[i] = 0.5 - 0.5 * StrictMath.cos(2 * StrictMath.PI * i / window);
    }
    Fourier fourier = new Fourier(window);
    double[] re = new double[window];
    double[] im = new double[window];
    for (int t = 0; t < frames; t++) {
      for (int i = 0; i < window; i++) {
        int at = t * hop + i - window / 2;
        re[i] = at >= 0 && at < samples.length ? samples[at] * hann[i] : 0;
        im[i] = 0;
      }
      fourier.transform(re, im);
      for (int k = 0; k < power.length; k++) {
        power[k][t] = re[k] * re[k] + im[k] * im[k];
      }
    }
    return power;
  }

  /// A frequency on Slaney's mel scale: linear to 1000 Hz, logarithmic above (`librosa.hz_to_mel`).
  public static double mel(double hertz) {
    return hertz < SLANEY_KNEE ? hertz / SLANEY_STEP
        : SLANEY_KNEE / SLANEY_STEP + StrictMath.log(hertz / SLANEY_KNEE) / SLANEY_LOG;
  }

  /// The inverse of [#mel].
  public static double hertz(double mel) {
    double knee = SLANEY_KNEE / SLANEY_STEP;
    return mel < knee ? mel * SLANEY_STEP : SLANEY_KNEE * StrictMath.exp(SLANEY_LOG * (mel - knee));
  }

  /// Triangular filters at equal distances on the mel scale, each of area 1 (`librosa.filters.mel`, `norm='slaney'`).
  ///
  /// @param rate samples a second
  /// @param window the FFT's size
  /// @param lowest in Hz
  /// @param highest in Hz; at most rate / 2
  /// @return bands × 1 + window / 2
  public static double[][] melFilters(int rate, int window, int bands, double lowest, double highest) {
    if (bands < 1 || bands > 10_000 || !(lowest >= 0 && lowest < highest)) {
      throw new IllegalArgumentException("mel bands cannot be " + bands + " from " + lowest + " to " + highest
          + " Hz.\n  T3, T4: there is at least one band, and 0 ≤ lowest < highest; received " + bands + ", " + lowest
          + " and " + highest + ".\n  Use 40 bands from 0 to half of the rate.");
    }
    double[] edges = new double[bands + 2];
    for (int i = 0; i < edges.length; i++) {
      edges[i] = hertz(mel(lowest) + (mel(highest) - mel(lowest)) * i / (bands + 1));
    }
    double[][] filters = new double[bands][1 + window / 2];
    for (int b = 0; b < bands; b++) {
      double area = 2 / (edges[b + 2] - edges[b]);
      for (int k = 0; k <= window / 2; k++) {
        double f = (double) k * rate / window;
        double rise = (f - edges[b]) / (edges[b + 1] - edges[b]);
        double fall = (edges[b + 2] - f) / (edges[b + 2] - edges[b + 1]);
        filters[b][k] = area * Math.max(0, Math.min(rise, fall));
      }
    }
    return filters;
  }

  /// Filters applied to a power spectrum: bands × frames (`librosa.feature.melspectrogram`).
  public static double[][] bands(double[][] filters, double[][] power) {
    int frames = power[0].length;
    double[][] result = new double[filters.length][frames];
    for (int b = 0; b < filters.length; b++) {
      for (int k = 0; k < power.length; k++) {
        double weight = filters[b][k];
        for (int t = 0; t < frames && weight != 0; t++) {
          result[b][t] += weight * power[k][t];
        }
      }
    }
    return result;
  }

  /// Power in decibels, in place: 10 · log₁₀ of what is at least 10⁻¹⁰ over the reference, and at least the largest
  /// value − range (`librosa.power_to_db`).
  ///
  /// @param reference the power of 0 dB; NaN means the largest value
  /// @param range in decibels; 80 is usual
  public static double[][] decibels(double[][] power, double reference, double range) {
    double most = LEAST_POWER;
    for (double[] row : power) {
      for (double v : row) {
        most = Math.max(most, v);
      }
    }
    double zero = Double.isNaN(reference) ? most : Math.max(LEAST_POWER, reference);
    double floor = 10 * (StrictMath.log10(most) - StrictMath.log10(zero)) - range;
    for (double[] row : power) {
      for (int i = 0; i < row.length; i++) {
        double db = 10 * (StrictMath.log10(Math.max(LEAST_POWER, row[i])) - StrictMath.log10(zero));
        row[i] = Math.max(floor, db);
      }
    }
    return power;
  }

  /// Mel-frequency cepstral coefficients: the orthonormal DCT-II of decibels along the bands (`librosa.feature.mfcc`).
  ///
  /// @param decibels bands × frames
  /// @param count how many coefficients, at most as many as bands
  /// @return count × frames
  public static double[][] cepstrum(double[][] decibels, int count) {
    int bands = decibels.length;
    int frames = decibels[0].length;
    double[][] result = new double[Math.min(count, bands)][frames];
    for (int k = 0; k < result.length; k++) {
      double scale = Math.sqrt((k == 0 ? 1.0 : 2.0) / bands);
      for (int b = 0; b < bands; b++) {
        double weight = scale * StrictMath.cos(StrictMath.PI * k * (2 * b + 1) / (2.0 * bands));
        for (int t = 0; t < frames; t++) {
          result[k][t] += weight * decibels[b][t];
        }
      }
    }
    return result;
  }
}
