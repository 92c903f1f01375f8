package juanji.video;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import juanji.train.Phrase;

/// Which frames of a video an epoch sees: random ones that leave its class as it is.
///
/// | words | what happens |
/// |---|---|
/// | `frame-jitter:1` | of each of the equal segments of a video, not the middle but any frame in this share of it |
/// | `time-crop:0.5/1` | a part of the video of random length, in shares of the whole, played in the same time |
/// | `frame-drop:0.1` | a frame is lost with this probability: the one before is seen again |
/// | `reverse:0.5` | played backwards with this probability |
///
/// Constraint: C1 a share or a probability is from 0 to 1, the length of a part above 0. Source of the segments: Wang
/// et al., *Temporal segment networks*, 2016.
///
/// @param steps what happens, in this order
public record FrameSampling(List<Step> steps) {
  private static final Set<String> WORDS = Set.of("frame-jitter", "time-crop", "frame-drop", "reverse");

  /// One change.
  ///
  /// @param word which
  /// @param low the lower bound
  /// @param high the upper bound
  public record Step(String word, double low, double high) {
    /// Checks the constraint.
    public Step {
      if (!(low >= 0 && low <= high && high <= 1) || word.equals("time-crop") && low <= 0) {
        throw new IllegalArgumentException("frames cannot be drawn by " + word + " of " + low + " to " + high + ".\n"
            + "  C1: a share or a probability is from 0 to 1, the length of a part above 0; received the above.\n"
            + "  Use frame-jitter:1, time-crop:0.5/1, frame-drop:0.1 or reverse:0.5.");
      }
    }

    @Override public String toString() {
      return word + ":" + (word.equals("time-crop") ? low + "/" + high : "" + high);
    }
  }

  /// Takes a copy.
  public FrameSampling {
    steps = List.copyOf(steps);
  }

  /// Whether a word draws frames rather than changing them.
  public static boolean names(String word) {
    return WORDS.contains(word.strip().split("[:,]", 2)[0]);
  }

  /// Changes by their words, with `+` between them.
  ///
  /// @throws IllegalArgumentException if there is none of that name, or it has no such setting
  public static FrameSampling named(String text) {
    return new FrameSampling(Arrays.stream(text.split("\\+")).map(String::strip).map(word -> {
      Phrase phrase = new Phrase("sampling of frames", word);
      return phrase.complete(switch (phrase.word()) {
        case "frame-jitter" -> new Step("frame-jitter", 0, phrase.next("share", 1));
        case "time-crop" -> {
          List<Double> range = phrase.numbers("length", List.of(0.5, 1.0));
          yield new Step("time-crop", range.getFirst(), range.getLast());
        }
        case "frame-drop" -> new Step("frame-drop", 0, phrase.next("p", 0.1));
        case "reverse" -> new Step("reverse", 0, phrase.next("p", 0.5));
        default -> throw phrase.unknown("frame-jitter, time-crop, frame-drop and reverse");
      });
    }).toList());
  }

  /// The frames to see.
  ///
  /// @param kept how many there are
  /// @param frames how many are seen
  /// @return their numbers
  int[] places(int kept, int frames, SplittableRandom random) {
    double from = 0;
    double length = kept;
    double jitter = 0;
    for (Step step : steps) {
      if (step.word.equals("time-crop")) {
        double share = step.low + (step.high - step.low) * random.nextDouble();
        from += random.nextDouble() * (1 - share) * length;
        length *= share;
      } else if (step.word.equals("frame-jitter")) {
        jitter = step.high;
      }
    }
    int[] places = new int[frames];
    for (int i = 0; i < frames; i++) {
      double within = jitter == 0 ? 0.5 : 0.5 + jitter * (random.nextDouble() - 0.5);
      places[i] = (int) Math.clamp(Math.floor(from + (i + within) * length / frames), 0, kept - 1);
    }
    for (Step step : steps) {
      if (step.word.equals("frame-drop")) {
        for (int i = 1; i < frames; i++) {
          places[i] = random.nextDouble() < step.high ? places[i - 1] : places[i];
        }
      } else if (step.word.equals("reverse") && random.nextDouble() < step.high) {
        for (int i = 0; i < frames / 2; i++) {
          int swap = places[i];
          places[i] = places[frames - 1 - i];
          places[frames - 1 - i] = swap;
        }
      }
    }
    return places;
  }

  @Override public String toString() {
    return steps.stream().map(Step::toString).collect(Collectors.joining(" + "));
  }
}
