package juanji.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import juanji.kernel.ScalarLoops;
import juanji.op.Pointwise;
import org.junit.jupiter.api.Test;

/// The pointwise loops against double precision.
final class LoopsTest {
  private static final List<Pointwise.Unary> UNARY = List.of(new Pointwise.Exp(), new Pointwise.Log(),
      new Pointwise.Tanh(), new Pointwise.Sigmoid(), new Pointwise.Erf(), new Pointwise.Softplus(),
      new Pointwise.Clamp(-0.5, 2), new Pointwise.Clamp(Double.NEGATIVE_INFINITY, 0));

  private static float[] apply(Pointwise op, float... a) {
    float[] y = new float[a.length];
    new VectorLoops().apply(op, y, 0, a, 0, a, 0, a.length);
    return y;
  }

  @Test void functionsAreWithinTwoUnitsInTheLastPlace() {
    Random random = new Random(7);
    float[] a = new float[200_003];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(5) - 3));
    }
    for (Pointwise.Unary op : UNARY) {
      float[] y = apply(op, a);
      for (int i = 0; i < a.length; i++) {
        double exact = op.at(a[i]);
        if (Double.isNaN(exact)) {
          assertTrue(Float.isNaN(y[i]), op + " of " + a[i] + " is " + y[i]);
        } else if (Math.abs(exact) <= Float.MAX_VALUE) {
          double ulp = Math.ulp((float) exact);
          assertTrue(Math.abs(y[i] - exact) <= 2.5 * ulp, op + " of " + a[i] + " is " + y[i] + " instead of " + exact);
        } else {
          assertEquals((float) exact, y[i], op + " of " + a[i]);
        }
      }
    }
  }

  @Test void functionsAreRightAtTheEdges() {
    float inf = Float.POSITIVE_INFINITY;
    float[] edges = {0, -0f, inf, -inf, Float.NaN, 88.7f, 88.8f, 89.5f, 1e10f, -1e10f, -87.4f, -100, -103.9f, -104.2f,
        Float.MIN_VALUE, Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MIN_VALUE, 1, -1, 0.625f};
    for (Pointwise.Unary op : UNARY) {
      float[] y = apply(op, edges);
      for (int i = 0; i < edges.length; i++) {
        float exact = (float) op.at(edges[i]);
        assertEquals(exact, y[i], Math.abs(exact) <= Float.MAX_VALUE ? 2 * Math.ulp(exact) : 0, op + " of " + edges[i]);
      }
    }
  }

  @Test void fewPowersHaveTheBitsOfMany() {
    Random random = new Random(8);
    float[] a = new float[100_000];
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3));
    }
    System.arraycopy(new float[] {0, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 88.7f, 89.5f,
        -87.4f, -103.9f, -104.5f, -105}, 0, a, 0, 11);
    float[] y = apply(new Pointwise.Exp(), a);
    for (int i = 0; i < a.length; i++) {
      assertEquals(y[i], Functions.exp(a[i]), "the power of " + a[i]);
    }
  }

  @Test void theTailHasTheBitsOfTheMainLoop() {
    float[] a = new float[64];
    Random random = new Random(3);
    for (int i = 0; i < a.length; i++) {
      a[i] = (float) random.nextGaussian() * 3;
    }
    for (Pointwise.Unary op : UNARY) {
      float[] whole = apply(op, a);
      for (int n = 1; n < 40; n++) {
        float[] y = new float[n];
        new VectorLoops().apply(op, y, 0, a, 5, a, 0, n);
        for (int i = 0; i < n; i++) {
          assertEquals(Float.floatToRawIntBits(whole[5 + i]), Float.floatToRawIntBits(y[i]), op + " " + n);
        }
      }
    }
  }

  @Test void endingsHaveTheBitsOfThePlainLoops() {
    Random random = new Random(5);
    int most = 5 * Machine.LANES + 3;
    float[] a = gaussians(random, most);
    float[] more = gaussians(random, most);
    float[] beat = gaussians(random, Machine.LANES);
    a[2] = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    for (int period : new int[] {1, Machine.LANES, 3}) {
      for (float[] second : new float[][] {null, more}) {
        for (float[] bounds : new float[][] {{-inf, inf}, {0, inf}, {-0.5f, 0.75f}, {-inf, 0.25f}}) {
          for (int n = 0; n <= most; n++) {
            float[] expected = new float[most];
            float[] actual = new float[most];
            new ScalarLoops().finish(expected, 0, a, 0, beat, 0, period, second, 0, bounds[0], bounds[1], n);
            new VectorLoops().finish(actual, 0, a, 0, beat, 0, period, second, 0, bounds[0], bounds[1], n);
            assertArrayEquals(expected, actual, "period " + period + " bounds " + bounds[0] + " " + bounds[1]);
          }
        }
      }
    }
  }

  @Test void normalisationsHaveTheBitsOfTheirSteps() {
    Random random = new Random(6);
    int most = 5 * Machine.LANES + 3;
    float[] x = gaussians(random, most);
    float[] g = gaussians(random, most);
    float[] b = gaussians(random, 5 * Machine.LANES);
    int l = Machine.LANES;
    x[2] = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    for (int period : new int[] {1, l, 3}) {
      for (int n = 0; n <= most; n++) {
        for (float[] bounds : new float[][] {{-inf, inf}, {0, inf}, {-0.5f, 0.75f}}) {
          float[] y = new float[most];
          new VectorLoops().normalize(y, 0, x, 0, b, 0, l, 2 * l, period, bounds[0], bounds[1], n);
          for (int i = 0; i < n; i++) {
            int at = i % period;
            float value = (x[i] - b[at]) * b[l + at] + b[2 * l + at];
            assertEquals(Math.max(bounds[0], Math.min(bounds[1], value)), y[i], "period " + period);
          }
        }
        float[] passed = new float[most];
        new VectorLoops().normalizeMask(passed, 0, g, 0, x, 0, b, 0, l, 2 * l, period, n);
        for (int i = 0; i < n; i++) {
          int at = i % period;
          float value = (x[i] - b[at]) * b[l + at] + b[2 * l + at];
          assertEquals(g[i] * (value > 0 ? 1 : 0), passed[i], "period " + period);
        }
        for (int factor : new int[] {-1, 4 * l}) {
          float[] y = new float[most];
          new VectorLoops().normalizeBack(y, 0, g, 0, x, 0, b, 0, l, 2 * l, 3 * l, factor, period, n);
          for (int i = 0; i < n; i++) {
            int at = i % period;
            float value = g[i] * b[at] - b[l + at] - (x[i] - b[2 * l + at]) * b[3 * l + at];
            assertEquals(factor < 0 ? value : value * b[factor + at], y[i], "period " + period);
          }
        }
      }
    }
  }

  private static float[] gaussians(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
