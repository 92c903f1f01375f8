package juanji.audio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/// Against numbers of librosa 0.11.0 for the same sound: 4,000 samples at 8,000 Hz of a rising and a fading tone.
class SpectrumTest {
  private static final int[] FRAMES = {0, 1, 7, 15};
  private static final int RATE = 8000;

  private static float[] tones() {
    float[] y = new float[4000];
    for (int n = 0; n < y.length; n++) {
      double t = (double) n / RATE;
      y[n] = (float) (0.5 * Math.sin(2 * Math.PI * (200 * t + 600 * t * t))
          + 0.25 * Math.exp(-n / 800.0) * Math.sin(2 * Math.PI * 1234 * t));
    }
    return y;
  }

  private static double[][] mel() {
    return Spectrum.bands(Spectrum.melFilters(RATE, 512, 40, 0, 4000), Spectrum.power(tones(), 512, 256));
  }

  private static void close(double[] expected, double[] row, double relative, double absolute) {
    for (int i = 0; i < FRAMES.length; i++) {
      assertEquals(expected[i], row[FRAMES[i]], absolute + relative * Math.abs(expected[i]), "frame " + FRAMES[i]);
    }
  }

  @Test void powerIsLibrosas() {
    double[][] power = Spectrum.power(tones(), 512, 256);
    assertEquals(257, power.length);
    assertEquals(16, power[0].length);
    close(new double[] {11.759974479675293, 9.788291208678856e-05, 1.4269046744175284e-07, 0.05669604241847992},
        power[0], 1e-4, 1e-7);
    close(new double[] {0.04914837330579758, 6.073631042546879e-10, 2.384589747883581e-11, 0.0031884885393083096},
        power[128], 1e-4, 1e-7);
    close(new double[] {0.0073075126856565475, 0, 0, 0.000635552394669503}, power[256], 1e-4, 1e-7);
  }

  @Test void melBandsAreLibrosas() {
    double[][] mel = mel();
    close(new double[] {0.9199618101119995, 2.879660860344302e-05, 0, 0.003636387875303626}, mel[0], 1e-4, 1e-7);
    close(new double[] {1.9173457622528076, 0.001425421331077814, 0, 0.003759226528927684}, mel[1], 1e-4, 1e-7);
    close(new double[] {6.649564266204834, 10.100445747375488, 0.21709465980529785, 0.003441634587943554}, mel[20],
        1e-4, 1e-7);
  }

  @Test void decibelsAreLibrosas() {
    double[][] absolute = Spectrum.decibels(mel(), 1, 80);
    close(new double[] {-0.3623020350933075, -45.406585693359375, -60.71012878417969, -24.393299102783203},
        absolute[0], 0, 0.002);
    close(new double[] {-33.205909729003906, -60.71012878417969, -60.71012878417969, -43.82147216796875},
        absolute[39], 0, 0.002);
    double[][] below = Spectrum.decibels(mel(), Double.NaN, 80);
    close(new double[] {-11.061939239501953, -9.246465682983398, -25.92337989807129, -43.92222213745117}, below[20], 0,
        0.002);
    close(new double[] {-52.49578094482422, -80, -80, -63.11134338378906}, below[39], 0, 0.002);
  }

  @Test void cepstraAreLibrosas() {
    double[][] mfcc = Spectrum.cepstrum(Spectrum.decibels(mel(), 1, 80), 13);
    assertEquals(13, mfcc.length);
    close(new double[] {-115.44082641601562, -299.9132385253906, -310.1523742675781, -165.39971923828125}, mfcc[0], 0,
        0.01);
    close(new double[] {47.25294494628906, 70.0501708984375, 58.94920349121094, 64.85296630859375}, mfcc[1], 0, 0.01);
    close(new double[] {1.7581336498260498, 5.2165985107421875, 34.230377197265625, 12.549712181091309}, mfcc[12], 0,
        0.01);
  }

  @Test void theMelScaleIsSlaneys() {
    assertEquals(0.9, Spectrum.mel(60), 1e-12);
    assertEquals(3.3, Spectrum.mel(220), 1e-12);
    assertEquals(200, Spectrum.hertz(3), 1e-9);
    assertEquals(4000, Spectrum.hertz(Spectrum.mel(4000)), 1e-9);
  }

  @Test void theTransformIsItsFormula() {
    double[] re = {0.3, -1, 2, 0.5, 0.25, 0, -0.75, 1, 1, 1, 2, 3, 5, 8, -13, 21};
    double[] im = new double[16];
    double[] expected = new double[16];
    for (int k = 0; k < 16; k++) {
      for (int n = 0; n < 16; n++) {
        expected[k] += re[n] * Math.cos(2 * Math.PI * k * n / 16);
      }
    }
    new Fourier(16).transform(re, im);
    assertArrayEquals(expected, re, 1e-12);
    assertEquals(0, im[0], 1e-12);
  }

  @Test void t1ToT4() {
    assertEquals("a spectrum with windows of 100 samples every 50 does not exist.\n  T1, T2: a window has a power of "
        + "two of samples, from 16 to 1,048,576, and the hop is at least 1; received 100 and 50.\n  Use 512 and 128.",
        assertThrows(IllegalArgumentException.class, () -> Spectrum.power(new float[9], 100, 50)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Spectrum.power(new float[9], 64, 0));
    assertEquals("mel bands cannot be 0 from 0.0 to 4000.0 Hz.\n  T3, T4: there is at least one band, and 0 ≤ lowest "
        + "< highest; received 0, 0.0 and 4000.0.\n  Use 40 bands from 0 to half of the rate.",
        assertThrows(IllegalArgumentException.class, () -> Spectrum.melFilters(8000, 512, 0, 0, 4000)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Spectrum.melFilters(8000, 512, 3, 50, 50));
  }
}
