package juanji.explain;

/// How much an answer rests on each place of an input.
///
/// @param height rows of the input; 1 for sound and text
/// @param width columns of the input, or its length
/// @param values row by row, from 0 to 1 with 1 somewhere unless all are 0
public record Relevance(int height, int width, float[] values) {
  /// Values brought to 0 … 1: what is below 0 counts as 0.
  static Relevance of(int height, int width, float[] raw) {
    float most = 0;
    for (float v : raw) {
      most = Float.isFinite(v) ? Math.max(most, v) : most;
    }
    float[] values = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      values[i] = most > 0 && raw[i] > 0 ? Math.min(1, raw[i] / most) : 0;
    }
    return new Relevance(height, width, values);
  }

  /// The correlation with another map, −1 to 1; 0 if one is constant.
  public double correlation(Relevance other) {
    int n = values.length;
    double a = 0;
    double b = 0;
    for (int i = 0; i < n; i++) {
      a += values[i];
      b += other.values[i];
    }
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < n; i++) {
      double da = values[i] - a / n;
      double db = other.values[i] - b / n;
      ab += da * db;
      aa += da * da;
      bb += db * db;
    }
    return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
  }
}
