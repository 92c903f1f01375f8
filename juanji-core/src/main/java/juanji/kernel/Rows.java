package juanji.kernel;

/// The inner loops of the scalar kernels: along rows, four terms at a time.
///
/// Each loop works on rows at different offsets, of which C2 in JDK 25 cannot know that they do not overlap; it then
/// keeps to scalar instructions (measured: 1.4 to 2 elements/ns, against 4 to 7 where the offsets are equal or
/// constant). Several terms per pass are what makes up for it: y is read and written once for four of them.
final class Rows {
  /// Elements of a row that are worked on together, so that they stay in the first-level cache.
  static final int CHUNK = 2048;

  private Rows() {
  }

  /// y[i·ys] += Σ over j < terms of w[wo + j·wStep] · x[j·plane + i·xs], for i < n.
  static void combine(float[] y, int yo, int ys, float[] x, int xo, int xs, int plane, float[] w, int wo, int wStep,
      int terms, int n) {
    int j = 0;
    for (; j < terms - 3; j += 4) {
      int at = xo + j * plane;
      int from = wo + j * wStep;
      float a = w[from];
      float b = w[from + wStep];
      float c = w[from + 2 * wStep];
      float d = w[from + 3 * wStep];
      if (ys == 1 && xs == 1) {
        four(y, yo, x, at, plane, a, b, c, d, n);
      } else {
        fourApart(y, yo, ys, x, at, xs, plane, a, b, c, d, n);
      }
    }
    for (; j < terms; j++) {
      if (ys == 1 && xs == 1) {
        one(y, yo, x, xo + j * plane, w[wo + j * wStep], n);
      } else {
        oneApart(y, yo, ys, x, xo + j * plane, xs, w[wo + j * wStep], n);
      }
    }
  }

  private static void four(float[] y, int yo, float[] x, int xo, int plane, float a, float b, float c, float d,
      int n) {
    int x1 = xo + plane;
    int x2 = x1 + plane;
    int x3 = x2 + plane;
    for (int i = 0; i < n; i++) {
      y[yo + i] += a * x[xo + i] + b * x[x1 + i] + (c * x[x2 + i] + d * x[x3 + i]);
    }
  }

  private static void one(float[] y, int yo, float[] x, int xo, float a, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += a * x[xo + i];
    }
  }

  private static void fourApart(float[] y, int yo, int ys, float[] x, int xo, int xs, int plane, float a, float b,
      float c, float d, int n) {
    int x1 = xo + plane;
    int x2 = x1 + plane;
    int x3 = x2 + plane;
    for (int i = 0; i < n; i++) {
      int at = i * xs;
      y[yo + i * ys] += a * x[xo + at] + b * x[x1 + at] + (c * x[x2 + at] + d * x[x3 + at]);
    }
  }

  private static void oneApart(float[] y, int yo, int ys, float[] x, int xo, int xs, float a, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i * ys] += a * x[xo + i * xs];
    }
  }

  /// y[i] += Σ over j < terms of a[j·aRow + i·as] · b[j·bRow + i], for i < n.
  static void products(float[] y, int yo, float[] a, int ao, int as, int aRow, float[] b, int bo, int bRow, int terms,
      int n) {
    int j = 0;
    for (; j < terms - 3; j += 4) {
      if (as == 1) {
        fourProducts(y, yo, a, ao + j * aRow, aRow, b, bo + j * bRow, bRow, n);
      } else {
        fourProductsApart(y, yo, a, ao + j * aRow, as, aRow, b, bo + j * bRow, bRow, n);
      }
    }
    for (; j < terms; j++) {
      oneProduct(y, yo, a, ao + j * aRow, as, b, bo + j * bRow, n);
    }
  }

  private static void fourProducts(float[] y, int yo, float[] a, int ao, int aRow, float[] b, int bo, int bRow,
      int n) {
    int a1 = ao + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int b1 = bo + bRow;
    int b2 = b1 + bRow;
    int b3 = b2 + bRow;
    for (int i = 0; i < n; i++) {
      y[yo + i] += a[ao + i] * b[bo + i] + a[a1 + i] * b[b1 + i] + (a[a2 + i] * b[b2 + i] + a[a3 + i] * b[b3 + i]);
    }
  }

  private static void fourProductsApart(float[] y, int yo, float[] a, int ao, int as, int aRow, float[] b, int bo,
      int bRow, int n) {
    int a1 = ao + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int b1 = bo + bRow;
    int b2 = b1 + bRow;
    int b3 = b2 + bRow;
    for (int i = 0; i < n; i++) {
      int at = i * as;
      y[yo + i] += a[ao + at] * b[bo + i] + a[a1 + at] * b[b1 + i] + (a[a2 + at] * b[b2 + i] + a[a3 + at] * b[b3 + i]);
    }
  }

  private static void oneProduct(float[] y, int yo, float[] a, int ao, int as, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] += a[ao + i * as] * b[bo + i];
    }
  }

  /// Σ of a[i] · b[i] for i < n, where a's elements are `as` apart.
  static float dot(float[] a, int ao, int as, float[] b, int bo, int n) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i < n - 3; i += 4) {
      s0 += a[ao + i * as] * b[bo + i];
      s1 += a[ao + (i + 1) * as] * b[bo + i + 1];
      s2 += a[ao + (i + 2) * as] * b[bo + i + 2];
      s3 += a[ao + (i + 3) * as] * b[bo + i + 3];
    }
    for (; i < n; i++) {
      s0 += a[ao + i * as] * b[bo + i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /// y[i] = max(y[i], x[i·xs]), for i < n.
  static void maximize(float[] y, int yo, float[] x, int xo, int xs, int n) {
    if (xs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Math.max(y[yo + i], x[xo + i]);
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i] = Math.max(y[yo + i], x[xo + i * xs]);
      }
    }
  }

  /// y[i·ys] += x[i·xs], for i < n.
  static void add(float[] y, int yo, int ys, float[] x, int xo, int xs, int n) {
    if (ys == 1 && xs == 1) {
      for (int i = 0; i < n; i++) {
        y[yo + i] += x[xo + i];
      }
    } else {
      for (int i = 0; i < n; i++) {
        y[yo + i * ys] += x[xo + i * xs];
      }
    }
  }
}
