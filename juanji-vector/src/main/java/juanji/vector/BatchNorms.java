package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Batch-norm and its gradient, number by number, in one walk each: in place of four and six. The numbers of the
/// channels stay in registers. Bits are those of the steps one by one.
final class BatchNorms {
  private static final VectorSpecies<Float> SPECIES = Machine.SPECIES;
  private static final int L = Machine.LANES;

  private BatchNorms() {
  }

  private static FloatVector beat(float[] beats, int at, int period) {
    return period == 1 ? FloatVector.broadcast(SPECIES, beats[at]) : FloatVector.fromArray(SPECIES, beats, at);
  }

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  /// As [juanji.kernel.Loops#normalize] has it, of whole vectors and beats that fit into a register.
  static void forward(float[] y, int yo, float[] x, int xo, float[] beats, int mean, int scale, int shift, int period,
      float low, float high, int n) {
    FloatVector m = beat(beats, mean, period);
    FloatVector s = beat(beats, scale, period);
    FloatVector t = beat(beats, shift, period);
    if (high != Float.POSITIVE_INFINITY) {
      FloatVector least = FloatVector.broadcast(SPECIES, low);
      FloatVector most = FloatVector.broadcast(SPECIES, high);
      for (int i = 0; i < n; i += L) {
        load(x, xo + i).sub(m).mul(s).add(t).min(most).max(least).intoArray(y, yo + i);
      }
    } else if (low != Float.NEGATIVE_INFINITY) {
      FloatVector least = FloatVector.broadcast(SPECIES, low);
      for (int i = 0; i < n; i += L) {
        load(x, xo + i).sub(m).mul(s).add(t).max(least).intoArray(y, yo + i);
      }
    } else {
      for (int i = 0; i < n; i += L) {
        load(x, xo + i).sub(m).mul(s).add(t).intoArray(y, yo + i);
      }
    }
  }

  /// As [juanji.kernel.Loops#normalizeBack] has it, of whole vectors and beats that fit into a register.
  static void backward(float[] y, int yo, float[] g, int go, float[] x, int xo, float[] beats, int weight, int meanG,
      int mean, int along, int factor, int period, int n) {
    FloatVector w = beat(beats, weight, period);
    FloatVector r = beat(beats, meanG, period);
    FloatVector m = beat(beats, mean, period);
    FloatVector a = beat(beats, along, period);
    if (factor < 0) {
      for (int i = 0; i < n; i += L) {
        load(g, go + i).mul(w).sub(r).sub(load(x, xo + i).sub(m).mul(a)).intoArray(y, yo + i);
      }
      return;
    }
    FloatVector f = beat(beats, factor, period);
    for (int i = 0; i < n; i += L) {
      load(g, go + i).mul(w).sub(r).sub(load(x, xo + i).sub(m).mul(a)).mul(f).intoArray(y, yo + i);
    }
  }

  /// As [juanji.kernel.Loops#normalizeMask] has it, of whole vectors and beats that fit into a register.
  static void mask(float[] y, int yo, float[] g, int go, float[] x, int xo, float[] beats, int mean, int scale,
      int shift, int period, int n) {
    FloatVector m = beat(beats, mean, period);
    FloatVector s = beat(beats, scale, period);
    FloatVector t = beat(beats, shift, period);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector none = FloatVector.zero(SPECIES);
    for (int i = 0; i < n; i += L) {
      FloatVector factor = none.blend(one, load(x, xo + i).sub(m).mul(s).add(t).compare(VectorOperators.GT, none));
      load(g, go + i).mul(factor).intoArray(y, yo + i);
    }
  }
}
