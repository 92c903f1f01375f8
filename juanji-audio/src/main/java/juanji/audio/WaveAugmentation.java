package juanji.audio;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import juanji.train.Phrase;

/// Random changes of a sound's waves that leave its class as it is.
///
/// | words | what happens |
/// |---|---|
/// | `time-shift:0.1` | moved by at most this share of its length; silence moves in |
/// | `speed:0.9/1.1` | played slower or faster, which also lowers or raises its pitch |
/// | `gain:6` | louder or softer by at most these decibels |
/// | `noise-floor:20` | white noise added, at least so many decibels below the sound, at most 20 more |
/// | `background:FOLDER:10` | sounds of a folder added in the same way, see [Background]; `5/15` for a range |
///
/// Constraint: C1 a share is from 0 to 1, a speed from 0.1 to 10, decibels from 0 to 120.
///
/// @param steps what happens, in this order
public record WaveAugmentation(List<Step> steps) {
  private static final Set<String> WORDS = Set.of("time-shift", "speed", "gain", "noise-floor", Background.WORD);

  /// One change.
  public sealed interface Step permits Change, Background {
    /// Changed waves of the same length.
    float[] apply(float[] waves, SplittableRandom random);
  }

  /// A change by numbers alone.
  ///
  /// @param word which
  /// @param low the lower bound
  /// @param high the upper bound
  public record Change(String word, double low, double high) implements Step {
    /// Checks the constraint.
    public Change {
      boolean valid = switch (word) {
        case "time-shift" -> high >= 0 && high <= 1;
        case "speed" -> low >= 0.1 && low <= high && high <= 10;
        default -> high >= 0 && high <= 120;
      };
      if (!valid) {
        throw new IllegalArgumentException("a sound cannot be changed by " + word + " of " + low + " to " + high + ".\n"
            + "  C1: a share is from 0 to 1, a speed from 0.1 to 10, decibels from 0 to 120; received the above.\n"
            + "  Use time-shift:0.1, speed:0.9/1.1, gain:6 or noise-floor:20.");
      }
    }

    @Override public float[] apply(float[] waves, SplittableRandom random) {
      return changed(this, waves, random);
    }

    @Override public String toString() {
      return word + ":" + (word.equals("speed") ? low + "/" + high : "" + high);
    }
  }

  /// Takes a copy.
  public WaveAugmentation {
    steps = List.copyOf(steps);
  }

  /// Whether a word changes waves rather than features.
  public static boolean names(String word) {
    return WORDS.contains(word.strip().split("[:,]", 2)[0]);
  }

  /// Changes by their words, with `+` between them.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  public static WaveAugmentation named(String text) {
    return new WaveAugmentation(Arrays.stream(text.split("\\+")).map(String::strip).map(word -> {
      if (Background.names(word)) {
        return Background.named(word);
      }
      Phrase phrase = new Phrase("change of a sound", word);
      return (Step) phrase.complete(switch (phrase.word()) {
        case "time-shift" -> new Change("time-shift", 0, phrase.next("most", 0.1));
        case "speed" -> {
          List<Double> range = phrase.numbers("range", List.of(0.9, 1.1));
          yield new Change("speed", range.getFirst(), range.getLast());
        }
        case "gain" -> new Change("gain", 0, phrase.next("decibels", 6));
        case "noise-floor" -> new Change("noise-floor", 0, phrase.next("decibels", 20));
        default -> throw phrase.unknown("time-shift, speed, gain, noise-floor and background");
      });
    }).toList());
  }

  /// The same with the sounds of its folders read, at the rate of the sounds to change.
  ///
  /// @param rate samples a second
  /// @throws juanji.data.DataException if a folder has no sounds, or one cannot be read
  public WaveAugmentation opened(int rate) {
    return new WaveAugmentation(steps.stream().map(s -> s instanceof Background b ? b.opened(rate) : s).toList());
  }

  /// Changed waves of the same length.
  ///
  /// @throws IllegalStateException if there are folders that are not [opened][#opened]
  public float[] apply(float[] waves, SplittableRandom random) {
    float[] result = waves;
    for (Step step : steps) {
      result = step.apply(result, random.split());
    }
    return result;
  }

  private static float[] changed(Change step, float[] waves, SplittableRandom random) {
    int n = waves.length;
    float[] result = new float[n];
    double drawn = random.nextDouble();
    switch (step.word) {
      case "time-shift" -> {
        int by = (int) Math.round((2 * drawn - 1) * step.high * n);
        System.arraycopy(waves, Math.max(0, -by), result, Math.max(0, by), n - Math.abs(by));
      }
      case "speed" -> {
        double speed = StrictMath.exp(StrictMath.log(step.low) + drawn * StrictMath.log(step.high / step.low));
        for (int i = 0; i < n; i++) {
          double at = i * speed;
          int from = (int) at;
          if (from + 1 < n) {
            double share = at - from;
            result[i] = (float) (waves[from] * (1 - share) + waves[from + 1] * share);
          }
        }
      }
      case "gain" -> {
        double factor = StrictMath.pow(10, (2 * drawn - 1) * step.high / 20);
        for (int i = 0; i < n; i++) {
          result[i] = (float) Math.clamp(waves[i] * factor, -1, 1);
        }
      }
      default -> {
        double sigma = Background.loudness(waves) * StrictMath.pow(10, -(step.high + 20 * drawn) / 20);
        for (int i = 0; i < n; i++) {
          result[i] = (float) Math.clamp(waves[i] + sigma * random.nextGaussian(), -1, 1);
        }
      }
    }
    return result;
  }

  @Override public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining(" + "));
  }
}
