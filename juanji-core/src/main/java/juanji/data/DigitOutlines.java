package juanji.data;

import java.util.ArrayList;
import java.util.List;

/// The outlines along which [DigitPen] writes: for each digit, the ways in which people write it.
///
/// A way is a list of strokes; a stroke is a list of points x, y that a Catmull-Rom spline passes through. y is 0 at
/// the top and 1 at the foot line, x about 0 to 0.7. A point given twice is a corner. Ways that are seen more often are
/// listed more than once.
final class DigitOutlines {
  private static final String[][] WAYS = {
      {   // 0: round, narrow, leaning and not quite closed, closed with an overshoot
          ".38,.02 .16,.12 .03,.42 .07,.78 .3,.98 .54,.86 .66,.5 .6,.16 .4,.02 .3,.05",
          ".34,.0 .18,.14 .12,.48 .18,.85 .34,1 .48,.86 .54,.5 .48,.14 .34,.0",
          ".46,.06 .24,.06 .05,.36 .06,.74 .26,.98 .5,.88 .66,.52 .6,.18 .4,.04",
          ".3,.08 .1,.3 .05,.65 .2,.94 .45,.95 .62,.7 .63,.34 .5,.08 .28,.03 .2,.1"
      }, {   // 1: bare, with a flag, with a short flag and foot
          ".33,0 .33,.5 .33,1",
          ".33,0 .33,.5 .33,1",
          ".38,0 .35,.5 .3,1",
          ".14,.24 .28,.12 .38,0 .38,0 .38,.5 .38,1",
          ".2,.2 .36,.02 .36,.02 .36,.5 .36,.98;.14,.99 .36,.98 .58,.99"
      }, {   // 2: with a straight foot, with a loop in the foot, with a wavy foot, angular
          ".06,.24 .14,.06 .36,0 .57,.12 .58,.34 .4,.62 .06,.98 .06,.98 .35,.97 .66,.98",
          ".08,.22 .2,.04 .44,.02 .58,.2 .5,.46 .28,.74 .08,.9 .06,.98 .16,.96 .26,.86 .2,.78 .12,.88 .3,.92 .46,.99 "
              + ".66,.9",
          ".04,.2 .22,.0 .48,.05 .56,.26 .42,.56 .2,.82 .04,.95 .04,.95 .2,.88 .4,.96 .56,1 .68,.9",
          ".1,.1 .3,.02 .54,.06 .54,.28 .36,.56 .08,.96 .08,.96 .4,.95 .64,.94"
      }, {   // 3: two bows, flat top, small upper bow
          ".1,.14 .3,.01 .54,.1 .54,.32 .32,.46 .26,.47 .26,.47 .5,.54 .62,.74 .48,.95 .24,1 .06,.86",
          ".08,.1 .2,.01 .44,.04 .5,.22 .36,.42 .26,.45 .26,.45 .48,.48 .6,.68 .5,.92 .26,1 .05,.9",
          ".08,.03 .32,.02 .58,.03 .58,.03 .42,.24 .28,.42 .28,.42 .52,.46 .63,.68 .5,.93 .26,1 .06,.88",
          ".12,.18 .28,.02 .5,.1 .48,.34 .3,.46 .34,.5 .56,.6 .58,.84 .36,1 .1,.92"
      }, {   // 4: open in two strokes, upright and wide, closed
          ".14,.02 .1,.3 .06,.56 .06,.56 .34,.57 .66,.53;.5,.04 .47,.5 .44,1",
          ".16,.0 .12,.28 .12,.5 .3,.56 .62,.5;.54,.06 .52,.5 .5,1",
          ".1,.04 .06,.34 .12,.54 .36,.55 .56,.46;.58,.0 .55,.5 .52,1",
          ".48,.0 .26,.32 .03,.66 .03,.66 .34,.66 .68,.65;.48,.0 .48,.5 .47,1"
      }, {   // 5: with a separate top bar, in one stroke, round-backed
          ".18,.04 .15,.22 .12,.44 .12,.44 .34,.36 .58,.5 .6,.76 .42,.97 .2,1 .04,.88;.18,.04 .38,.03 .62,.0",
          ".6,.02 .4,.03 .2,.04 .2,.04 .15,.24 .12,.42 .12,.42 .36,.38 .56,.54 .56,.8 .36,.99 .08,.93",
          ".58,.04 .3,.03 .18,.16 .16,.36 .34,.42 .56,.56 .56,.82 .34,1 .06,.9"
      }, {   // 6: curved back, straight back, big loop
          ".5,.02 .26,.2 .1,.5 .08,.78 .24,.98 .48,.94 .6,.74 .48,.56 .26,.58 .1,.76",
          ".4,.0 .24,.3 .1,.62 .12,.88 .3,1 .5,.9 .54,.7 .4,.58 .2,.66 .12,.8",
          ".56,.06 .32,.08 .12,.36 .05,.66 .14,.92 .36,1 .58,.84 .56,.6 .36,.5 .14,.6 .07,.74"
      }, {   // 7: plain, with a hook on the left, with a bar, curved, curved with a bar
          ".05,.04 .34,.04 .64,.03 .64,.03 .46,.46 .28,1",
          ".06,.16 .08,.05 .08,.05 .34,.07 .62,.04 .62,.04 .44,.5 .32,1",
          ".05,.05 .34,.05 .62,.03 .62,.03 .44,.48 .28,1;.2,.52 .38,.5 .58,.5",
          ".04,.08 .3,.03 .6,.06 .6,.06 .42,.36 .34,.7 .34,1",
          ".08,.18 .1,.05 .1,.05 .36,.06 .62,.04 .62,.04 .42,.4 .34,.72 .32,1;.2,.5 .36,.49 .54,.46"
      }, {   // 8: one stroke from the top, from the right, two rings
          ".36,.0 .14,.08 .12,.28 .34,.46 .56,.64 .58,.86 .36,1 .12,.9 .12,.68 .34,.47 .54,.28 .56,.08 .36,.0",
          ".56,.14 .4,.0 .18,.06 .14,.26 .34,.44 .54,.62 .52,.9 .3,1 .1,.86 .18,.62 .38,.46 .54,.26 .58,.08",
          ".34,.01 .16,.1 .17,.34 .34,.45 .5,.35 .53,.12 .34,.01;.34,.45 .1,.58 .08,.86 .34,1 .58,.88 .58,.6 .34,.45"
      }, {   // 9: straight leg, curved leg, hooked tail, leaning leg from an open loop
          ".56,.12 .38,.0 .14,.1 .08,.32 .24,.48 .44,.42 .57,.14 .57,.14 .56,.5 .53,1",
          ".54,.2 .42,.02 .2,.04 .08,.24 .16,.44 .36,.46 .52,.3 .56,.1 .54,.46 .44,.78 .28,1",
          ".54,.16 .36,.0 .12,.1 .1,.34 .28,.48 .5,.36 .55,.12 .55,.12 .57,.56 .5,.9 .3,1 .12,.92",
          ".5,.08 .3,.02 .1,.18 .14,.42 .36,.44 .52,.24 .54,.08 .48,.44 .4,1"
      }
  };
  /// Straight pieces per span of a spline: enough that none is longer than two pixels.
  private static final int PIECES = 5;

  private DigitOutlines() {
  }

  /// For each digit its ways; for each way its strokes; for each stroke the points x, y, x, y, … of a spline.
  static List<List<List<double[]>>> parse() {
    List<List<List<double[]>>> digits = new ArrayList<>();
    for (String[] ways : WAYS) {
      List<List<double[]>> parsed = new ArrayList<>();
      for (String way : ways) {
        List<double[]> strokes = new ArrayList<>();
        for (String stroke : way.split(";")) {
          String[] numbers = stroke.split("[ ,]+");
          double[] points = new double[numbers.length];
          for (int i = 0; i < numbers.length; i++) {
            points[i] = Double.parseDouble(numbers[i]);
          }
          strokes.add(points);
        }
        parsed.add(List.copyOf(strokes));
      }
      digits.add(List.copyOf(parsed));
    }
    return List.copyOf(digits);
  }

  /// The spline through the points, as points of a polyline.
  static double[] flatten(double[] points) {
    int n = points.length / 2;
    double[] line = new double[2 * ((n - 1) * PIECES + 1)];
    int at = 0;
    for (int i = 0; i < n - 1; i++) {
      boolean corner = points[2 * i] == points[2 * i + 2] && points[2 * i + 1] == points[2 * i + 3];
      for (int k = 0; k < PIECES; k++) {
        double t = corner ? 0 : (double) k / PIECES;
        for (int axis = 0; axis < 2; axis++) {
          double p1 = points[2 * i + axis];
          double p2 = points[2 * i + 2 + axis];
          double p0 = i > 0 ? points[2 * i - 2 + axis] : p1;
          double p3 = i < n - 2 ? points[2 * i + 4 + axis] : p2;
          line[at++] = 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t * t
              + (3 * p1 - p0 - 3 * p2 + p3) * t * t * t);
        }
      }
    }
    line[at++] = points[2 * n - 2];
    line[at] = points[2 * n - 1];
    return line;
  }
}
