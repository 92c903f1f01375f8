package juanji.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// Transcendental functions of vectors, within about 2 units in the last place.
///
/// Source of the polynomials: Moshier, *Cephes mathematical library*, single precision.
final class Functions {
  /// Adding and subtracting it rounds to a whole number, which then is in the low bits.
  private static final float ROUND = 0x1.8p23f;
  private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);
  private static final float LOG2_E = 1.44269504088896341f;
  /// ln 2 in two parts; multiples of the first up to 2⁸ are exact.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;

  private Functions() {
  }

  /// eˣ.
  static FloatVector exp(FloatVector x) {
    // Not min and max, which take several instructions each.
    FloatVector v = x.blend(89, x.compare(VectorOperators.GT, 89));
    v = v.blend(-104.5f, v.compare(VectorOperators.LT, -104.5f));
    FloatVector shifted = v.mul(LOG2_E).add(ROUND);
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), v));
    FloatVector p = broadcast(1.9875691500e-4f).fma(r, broadcast(1.3981999507e-3f));
    p = p.fma(r, broadcast(8.3334519073e-3f));
    p = p.fma(r, broadcast(4.1665795894e-2f));
    p = p.fma(r, broadcast(1.6666665459e-1f));
    p = p.fma(r, broadcast(5.0000001201e-1f));
    p = p.fma(r.mul(r), r).add(1);
    // 2ⁿ in two factors, since n goes beyond the exponents of normal numbers on both sides.
    IntVector whole = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    return p.mul(power(half)).mul(power(whole.sub(half)));
  }

  /// eˣ of one number, with the bits of a vector's lane: for so few numbers that they are not worth the vectors, which
  /// take a hundred times as long until they are compiled.
  static float exp(float x) {
    float v = x > 89 ? 89 : x < -104.5f ? -104.5f : x;
    float shifted = v * LOG2_E + ROUND;
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, v));
    float p = Math.fma(1.9875691500e-4f, r, 1.3981999507e-3f);
    p = Math.fma(p, r, 8.3334519073e-3f);
    p = Math.fma(p, r, 4.1665795894e-2f);
    p = Math.fma(p, r, 1.6666665459e-1f);
    p = Math.fma(p, r, 5.0000001201e-1f);
    p = Math.fma(p, r * r, r) + 1;
    int whole = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = whole >> 1;
    return p * power(half) * power(whole - half);
  }

  /// 2ⁿ for n from −126 to 127.
  private static float power(int n) {
    return Float.intBitsToFloat(n + 127 << 23);
  }

  /// 2ⁿ for n from −126 to 127.
  private static FloatVector power(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  private static FloatVector broadcast(float value) {
    return FloatVector.broadcast(Machine.SPECIES, value);
  }

  /// ln x; −∞ at 0, NaN below.
  static FloatVector log(FloatVector x) {
    VectorMask<Float> small = x.compare(VectorOperators.LT, Float.MIN_NORMAL);
    FloatVector v = x.blend(x.mul(0x1p25f), small);
    // x = 2ᵉ · m with m from √½ to √2.
    IntVector bits = v.reinterpretAsInts();
    IntVector exponent = bits.sub(0x3f3504f3).lanewise(VectorOperators.ASHR, 23);
    FloatVector m = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    FloatVector e = whole(exponent);
    e = e.blend(e.sub(25), small);
    FloatVector f = m.sub(1);
    FloatVector p = broadcast(7.0376836292e-2f).fma(f, broadcast(-1.1514610310e-1f));
    p = p.fma(f, broadcast(1.1676998740e-1f));
    p = p.fma(f, broadcast(-1.2420140846e-1f));
    p = p.fma(f, broadcast(1.4249322787e-1f));
    p = p.fma(f, broadcast(-1.6668057665e-1f));
    p = p.fma(f, broadcast(2.0000714765e-1f));
    p = p.fma(f, broadcast(-2.4999993993e-1f));
    p = p.fma(f, broadcast(3.3333331174e-1f));
    FloatVector square = f.mul(f);
    FloatVector tail = p.mul(f).mul(square).add(e.mul(LN2_LOW)).sub(square.mul(0.5f));
    FloatVector y = f.add(tail).add(e.mul(LN2_HIGH));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(VectorOperators.EQ, 0));
    y = y.blend(Float.NaN, x.compare(VectorOperators.LT, 0));
    return y.blend(x, x.compare(VectorOperators.EQ, Float.POSITIVE_INFINITY).or(x.test(VectorOperators.IS_NAN)));
  }

  /// A small whole number as a float.
  private static FloatVector whole(IntVector n) {
    return n.add(ROUND_BITS).reinterpretAsFloats().sub(ROUND);
  }

  /// tanh x.
  static FloatVector tanh(FloatVector x) {
    FloatVector size = x.abs();
    FloatVector far = broadcast(1).sub(broadcast(2).div(exp(size.add(size)).add(1)));
    FloatVector signed = far.blend(far.neg(), x.compare(VectorOperators.LT, 0));
    FloatVector z = x.mul(x);
    FloatVector p = broadcast(-5.70498872745e-3f).fma(z, broadcast(2.06390887954e-2f));
    p = p.fma(z, broadcast(-5.37397155531e-2f));
    p = p.fma(z, broadcast(1.33314422036e-1f));
    p = p.fma(z, broadcast(-3.33332819422e-1f));
    FloatVector near = p.mul(z).fma(x, x);
    return signed.blend(near, size.compare(VectorOperators.LT, 0.625f));
  }

  /// 1 / (1 + e⁻ˣ).
  static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    FloatVector numerator = broadcast(1).blend(e, x.compare(VectorOperators.LT, 0));
    return numerator.div(e.add(1));
  }

  /// erf x: near 0 as x + x · P(x²), farther away as 1 − e^(−t − t · Q(t)) with t = |x|.
  ///
  /// The polynomials are least-squares fits, reweighted towards the smallest error relative to erf.
  static FloatVector erf(FloatVector x) {
    FloatVector square = x.mul(x);
    FloatVector p = broadcast(-5.99102127e-4f).fma(square, broadcast(4.99321965e-3f));
    p = p.fma(square, broadcast(-2.67666500e-2f));
    p = p.fma(square, broadcast(1.12818174e-1f));
    p = p.fma(square, broadcast(-3.76124939e-1f));
    p = p.fma(square, broadcast(1.28379150e-1f));
    FloatVector near = p.fma(x, x);
    FloatVector t = x.abs().min(4);
    FloatVector q = broadcast(4.77484792e-6f).fma(t, broadcast(-4.36122525e-5f));
    q = q.fma(t, broadcast(-5.95018770e-5f));
    q = q.fma(t, broadcast(2.95720657e-3f));
    q = q.fma(t, broadcast(-2.27173265e-2f));
    q = q.fma(t, broadcast(1.05303080e-1f));
    q = q.fma(t, broadcast(6.35604788e-1f));
    q = q.fma(t, broadcast(1.28556101e-1f));
    FloatVector far = broadcast(1).sub(exp(q.fma(t, t).neg()));
    FloatVector signed = far.blend(far.neg(), x.compare(VectorOperators.LT, 0));
    return signed.blend(near, t.compare(VectorOperators.LT, 0.921875f));
  }

  /// ln(1 + eˣ) = max(0, x) + ln(1 + e), with e = e^(−|x|).
  static FloatVector softplus(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    FloatVector u = e.add(1);
    // What the rounding of 1 + e lost: ln(u + lost) = ln u + lost / u, nearly.
    FloatVector lost = e.sub(u.sub(1));
    return log(u).add(lost.div(u)).add(x.max(0));
  }
}
