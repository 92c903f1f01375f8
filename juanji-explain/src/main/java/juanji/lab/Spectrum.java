package juanji.lab;

import juanji.draw.Drawing;
import juanji.draw.HeatMap;

/// How the energy of square planes spreads over frequencies, the mean of each plane left out, summed over planes.
///
/// @param side of the planes, in cells
/// @param power by frequency, side × side, the frequency 0 first
record Spectrum(int side, double[] power) {
  /// The spectrum of planes that lie behind each other.
  static Spectrum of(float[] planes, int side) {
    double[] cos = new double[side];
    double[] sin = new double[side];
    for (int i = 0; i < side; i++) {
      cos[i] = Math.cos(2 * Math.PI * i / side);
      sin[i] = Math.sin(2 * Math.PI * i / side);
    }
    int cells = side * side;
    double[] power = new double[cells];
    for (int from = 0; from < planes.length; from += cells) {
      double[] re = new double[cells];
      double[] im = new double[cells];
      for (int y = 0; y < side; y++) {
        for (int v = 0; v < side; v++) {
          for (int x = 0; x < side; x++) {
            double value = planes[from + y * side + x];
            re[y * side + v] += value * cos[v * x % side];
            im[y * side + v] -= value * sin[v * x % side];
          }
        }
      }
      for (int u = 0; u < side; u++) {
        for (int v = 0; v < side; v++) {
          double a = 0;
          double b = 0;
          for (int y = 0; y < side; y++) {
            double c = cos[u * y % side];
            double s = sin[u * y % side];
            a += re[y * side + v] * c + im[y * side + v] * s;
            b += im[y * side + v] * c - re[y * side + v] * s;
          }
          power[u * side + v] += u + v > 0 ? (a * a + b * b) / cells : 0;
        }
      }
    }
    return new Spectrum(side, power);
  }

  /// The share of the energy at the frequencies of a stride that divides the side, 0 to 1: what a checkerboard is made
  /// of.
  double peak(int stride) {
    double total = 1e-30;
    double peak = 0;
    for (int i = 0; i < power.length; i++) {
      total += power[i];
      boolean multiple = i / side * stride % side == 0 && i % side * stride % side == 0;
      peak += multiple ? power[i] : 0;
    }
    return peak / total;
  }

  /// How far the frequencies of a stride stand out: their energy over the mean energy of the eight frequencies around
  /// each. About 1 where nothing repeats at the stride, however blurred or sharp the planes are.
  double prominence(int stride) {
    double peak = 0;
    double around = 1e-30;
    for (int u = 0; u < side; u += side / stride) {
      for (int v = 0; v < side; v += side / stride) {
        if (u + v > 0) {
          peak += power[u * side + v];
          for (int n = 0; n < 9; n++) {
            int y = Math.floorMod(u + n / 3 - 1, side);
            int x = Math.floorMod(v + n % 3 - 1, side);
            around += n == 4 ? 0 : power[y * side + x] / 8;
          }
        }
      }
    }
    return peak / around;
  }

  /// The share of the energy at each frequency across, over all frequencies down, from 0 to half a cycle per cell.
  double[] across() {
    double total = 1e-30;
    double[] sums = new double[side / 2 + 1];
    for (int i = 0; i < power.length; i++) {
      total += power[i];
      sums[Math.min(i % side, side - i % side)] += power[i];
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= total;
    }
    return sums;
  }

  /// The logarithm of the power, the frequency 0 in the middle, over six decades.
  Drawing drawing(double pixels) {
    float[] map = new float[power.length];
    double most = 1e-30;
    for (double p : power) {
      most = Math.max(most, p);
    }
    for (int i = 0; i < map.length; i++) {
      int u = (i / side + side / 2) % side;
      int v = (i % side + side / 2) % side;
      map[u * side + v] = (float) Math.max(-6, Math.log10(power[i] / most + 1e-30));
    }
    return HeatMap.of(side, side, map).range(-6, 0).side(pixels).drawing();
  }
}
