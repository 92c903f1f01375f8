package juanji.audio;

/// The discrete Fourier transform of a power of two of values, in place: Cooley and Tukey's, by halves.
final class Fourier {
  private final int size;
  private final double[] cos;
  private final double[] sin;

  Fourier(int size) {
    this.size = size;
    cos = new double[size / 2];
    sin = new double[size / 2];
    for (int i = 0; i < size / 2; i++) {
      cos[i] = StrictMath.cos(2 * StrictMath.PI * i / size);
      sin[i] = -StrictMath.sin(2 * StrictMath.PI * i / size);
    }
  }

  /// X[k] = Σ x[n] · e^(−2πi·k·n/size).
  void transform(double[] re, double[] im) {
    int shift = Integer.numberOfLeadingZeros(size) + 1;
    for (int i = 0; i < size; i++) {
      int j = shift > 31 ? i : Integer.reverse(i) >>> shift;
      if (j > i) {
        double r = re[i];
        re[i] = re[j];
        re[j] = r;
        double m = im[i];
        im[i] = im[j];
        im[j] = m;
      }
    }
    for (int half = 1; half < size; half *= 2) {
      int stride = size / (2 * half);
      for (int from = 0; from < size; from += 2 * half) {
        for (int k = 0; k < half; k++) {
          int a = from + k;
          int b = a + half;
          double c = cos[k * stride];
          double s = sin[k * stride];
          double r = re[b] * c - im[b] * s;
          double m = re[b] * s + im[b] * c;
          re[b] = re[a] - r;
          im[b] = im[a] - m;
          re[a] += r;
          im[a] += m;
        }
      }
    }
  }
}
