package juanji.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.data.Subset;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {
  private static final Shape SHAPE = Shape.of(3, 11, 13);

  private static float[] picture(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[2 + SHAPE.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble();
    }
    return values;
  }

  private static float[] applied(Augmentation augmentation, float[] before, long seed) {
    float[] values = before.clone();
    augmentation.apply(values, 1, SHAPE, new SplittableRandom(seed));
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"flip:p=0.9", "flip:vertical,p=0.9", "crop:3", "crop:3,reflect", "shift:0.2", "rotate:20",
      "scale:0.7/1.3", "shear:15", "affine:shift=0.1,rotate=10,scale=0.9/1.1,shear=5",
      "subject-crop:area=0.3/0.8,aspect=0.8/1.25", "random-crop:area=0.2/0.9,aspect=0.8/1.25",
      "elastic:alpha=8,sigma=2", "brightness:0.3", "contrast:0.3", "saturation:0.3", "hue:0.1",
      "colour:brightness=0.1,contrast=0.2,saturation=0.3,hue=0.1", "grey:0.9", "invert:0.9", "blur:2", "noise:0.1",
      "cutout:5", "erase:p=0.9,area=0.1/0.3,aspect=0.3/3.3", "mask-rows:4", "mask-columns:4,times=2",
      "warp-rows:0.7/1.4", "filter-rows:0.3",
      "rand-augment:3,magnitude=15", "blur:1?0.5", "crop:2 + flip + noise:0.1"})
  void eachIsReadAgainFromItsTextStaysInRangeAndIsTheSameForTheSameSeed(String words) {
    Augmentation augmentation = Augmentation.named(words);
    assertEquals(words, augmentation.toString());
    assertEquals(augmentation, Augmentation.named(augmentation.toString()));
    boolean changed = false;
    for (int seed = 0; seed < 30; seed++) {
      float[] before = picture(seed);
      float[] after = applied(augmentation, before, seed);
      assertArrayEquals(after, applied(augmentation, before, seed), words);
      assertEquals(before[0], after[0], "before the sample");
      assertEquals(before[before.length - 1], after[after.length - 1], "behind the sample");
      for (int i = 1; i < after.length - 1; i++) {
        assertTrue(after[i] >= 0 && after[i] <= 1, words + " gives " + after[i]);
      }
      changed |= !Arrays.equals(before, after);
    }
    assertTrue(changed, words);
  }

  @Test void presetsAreWrittenOut() {
    assertEquals("shift:0.06 + rotate:5", Augmentation.named("gentle").toString());
    for (String preset : List.of("usual", "strong")) {
      Augmentation read = Augmentation.named(preset);
      assertEquals(read, Augmentation.named(read.toString()));
    }
  }

  @Test void flipMirrorsAndTwiceGivesBack() {
    Augmentation always = new Mirror(false, 1);
    float[] before = picture(5);
    float[] once = applied(always, before, 1);
    assertEquals(before[1], once[13]);
    assertEquals(before[1 + 4 * 13 + 2], once[1 + 4 * 13 + 10]);
    assertArrayEquals(before, applied(always, once, 1));
    Augmentation vertical = new Mirror(true, 1);
    float[] turned = applied(vertical, before, 1);
    assertEquals(before[1], turned[1 + 10 * 13]);
    assertArrayEquals(before, applied(vertical, turned, 1));
  }

  @Test void cropMovesByWholePixelsAtMostThePaddingAndReachesEveryPlace() {
    Shape one = Shape.of(1, 9, 9);
    var seen = new TreeSet<Integer>();
    for (int seed = 0; seed < 500; seed++) {
      float[] values = new float[81];
      values[4 * 9 + 4] = 1;
      Crop.padded(2).apply(values, 0, one, new SplittableRandom(seed));
      int at = -1;
      for (int i = 0; i < 81; i++) {
        at = values[i] == 1 ? i : at;
      }
      assertTrue(Math.abs(at / 9 - 4) <= 2 && Math.abs(at % 9 - 4) <= 2);
      seen.add(at);
    }
    assertEquals(25, seen.size());
  }

  @Test void aReflectedBorderRepeatsNoEdge() {
    Shape row = Shape.of(1, 1, 4);
    var seen = new TreeSet<String>();
    for (int seed = 0; seed < 200; seed++) {
      float[] values = {0, 0.25f, 0.5f, 0.75f};
      new Crop(2, true).apply(values, 0, row, new SplittableRandom(seed));
      seen.add(Arrays.toString(values));
    }
    assertEquals(new TreeSet<>(List.of("[0.5, 0.25, 0.0, 0.25]", "[0.25, 0.0, 0.25, 0.5]", "[0.0, 0.25, 0.5, 0.75]",
        "[0.25, 0.5, 0.75, 0.5]", "[0.5, 0.75, 0.5, 0.25]")), seen);
  }

  @Test void aQuarterTurnMovesTheCorner() {
    Shape square = Shape.of(1, 5, 5);
    float[] values = new float[25];
    values[1] = 1;
    Affine.transform(values, 0, square, 0, 0, StrictMath.PI / 2, 1, 0);
    int largest = 0;
    for (int i = 0; i < 25; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    assertTrue(largest == 5 + 4 || largest == 3 * 5, "it is at " + largest);
    assertEquals(1, values[largest], 1e-5);
  }

  @Test void warpedRowsKeepTheirOrderAndTheLastAndOneRowOfASoundMovesAlikeAtAllTimes() {
    Shape shape = Shape.of(1, 37, 3);
    for (int seed = 0; seed < 100; seed++) {
      float[] values = new float[shape.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i / 3 / 36f;
      }
      new BandWarp(0.6, 1.6).apply(values, 0, shape, new SplittableRandom(seed));
      double factor = values[3] * 36;
      assertTrue(factor >= 0.6 - 1e-5 && factor <= 1.6 + 1e-5, "a factor of " + factor);
      assertEquals(0, values[0]);
      assertEquals(1, values[3 * 36], 1e-6);
      for (int r = 0; r < 37; r++) {
        assertEquals(values[3 * r], values[3 * r + 2], "row " + r);
        assertTrue(r == 0 || values[3 * r] > values[3 * r - 3], "row " + r + ", factor " + factor);
        if (r <= 0.85 * 36 * Math.min(1, 1 / factor)) {
          assertEquals(factor * r / 36, values[3 * r], 1e-4, "row " + r);
        }
      }
    }
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new BandWarp(0.1, 1)).getMessage().contains("C1:"));
  }

  @Test void filteredRowsChangeByOneAmountEachThatIsSmoothAndSilenceStays() {
    Shape shape = Shape.of(1, 31, 3);
    for (int seed = 0; seed < 100; seed++) {
      float[] values = new float[shape.length()];
      for (int i = 0; i < values.length; i++) {
        values[i] = i % 3 * 0.25f;
      }
      new BandFilter(0.2).apply(values, 0, shape, new SplittableRandom(seed));
      for (int r = 0; r < 31; r++) {
        assertEquals(0, values[3 * r]);
        assertEquals(0.25f, values[3 * r + 2] - values[3 * r + 1], 1e-6);
        assertTrue(Math.abs(values[3 * r + 2] - 0.5) <= 0.2 + 1e-6, "row " + r);
      }
    }
    assertTrue(assertThrows(IllegalArgumentException.class, () -> new BandFilter(2)).getMessage().contains("C1:"));
  }

  @Test void aSubjectCropKeepsTheSubject() {
    Shape shape = Shape.of(3, 40, 60);
    SubjectCrop crop = new SubjectCrop(0.35, 1, 0.75, 1.33, false);
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 0; trial < 1000; trial++) {
      int top = random.nextInt(28);
      int left = random.nextInt(42);
      float[] values = new float[shape.length()];
      for (int c = 0; c < 3; c++) {
        for (int i = 0; i < 2400; i++) {
          boolean inside = i / 60 >= top && i / 60 < top + 12 && i % 60 >= left && i % 60 < left + 18;
          values[c * 2400 + i] = inside ? 0.9f : 0.3f + 0.02f * (float) random.nextDouble();
        }
      }
      var box = new SubjectCrop.Box(top, left, 12, 18);
      var found = SubjectCrop.subject(values, 0, shape);
      assertTrue(found.holds(new SubjectCrop.Box(top + 1, left + 1, 10, 16)), found + " of " + box);
      var part = crop.part(40, 60, box, random);
      assertTrue(part.holds(box), part + " loses " + box);
      assertTrue(part.top() >= -1e-9 && part.left() >= -1e-9 && part.top() + part.height() <= 40 + 1e-6
          && part.left() + part.width() <= 60 + 1e-6, part.toString());
      double area = part.height() * part.width() / 2400;
      assertTrue(area > 0.3 && area <= 1.0001, "area " + area);
    }
  }

  @Test void maskBlanksWholeLines() {
    Augmentation mask = Augmentation.named("mask-columns:5");
    for (int seed = 0; seed < 20; seed++) {
      float[] before = picture(seed);
      float[] after = applied(mask, before, seed);
      for (int x = 0; x < 13; x++) {
        boolean first = after[1 + x] == 0;
        for (int row = 0; row < 33; row++) {
          assertEquals(first, after[1 + row * 13 + x] == 0);
        }
      }
    }
  }

  @Test void wordsAreDroppedForgottenAndSwapped() {
    Shape text = Shape.of(6);
    for (String words : List.of("drop-words:0.5", "forget-words:0.5", "swap-words:0.5")) {
      Augmentation noise = Augmentation.named(words);
      assertEquals(words, noise.toString());
      for (int seed = 0; seed < 50; seed++) {
        float[] values = {5, 6, 7, 8, -1, -1};
        noise.apply(values, 0, text, new SplittableRandom(seed));
        List<Float> left = new ArrayList<>();
        for (float v : values) {
          if (v > 0) {
            left.add(v);
          }
        }
        assertTrue(values[0] >= 0 && List.of(5f, 6f, 7f, 8f).containsAll(left), words + Arrays.toString(values));
        assertEquals(-1, values[5]);
        if (words.startsWith("swap")) {
          assertEquals(4, left.stream().distinct().count());
        } else {
          assertEquals(left.stream().sorted().toList(), left, "in their order");
        }
      }
    }
    var e = assertThrows(IllegalArgumentException.class, () -> applied(Augmentation.named("drop-words"), picture(1),
        1));
    assertTrue(e.getMessage().contains("C0: samples are texts, of one axis; received 3 × 11 × 13."), e.getMessage());
  }

  @Test void greyHasNoColourLeft() {
    float[] after = applied(Augmentation.named("grey:1"), picture(3), 1);
    for (int i = 1; i < 1 + 143; i++) {
      assertEquals(after[i], after[i + 143], 0.01);
      assertEquals(after[i], after[i + 286], 0.01);
    }
  }

  @Test void epochAndSampleDecideWhatIsSeen() {
    Dataset digits = Digits.generate(20, 3);
    Augmented varied = Augmented.of(digits, Augmentation.named("crop:3 + noise:0.1"), 9);
    float[] a = new float[784];
    float[] b = new float[784];
    varied.readVaried(7, 2, a, 0);
    varied.readVaried(7, 2, b, 0);
    assertArrayEquals(a, b);
    varied.readVaried(7, 3, b, 0);
    assertFalse(Arrays.equals(a, b));
    varied.read(7, b, 0);
    digits.read(7, a, 0);
    assertArrayEquals(a, b);
    Dataset through = Normalized.of(Subset.of(varied, 7), Preprocessing.none(1, 28, 28));
    varied.readVaried(7, 4, a, 0);
    through.readVaried(0, 4, b, 0);
    assertArrayEquals(a, b);
    assertEquals("crop:3 + noise:0.1, seed 9", through.variation());
  }

  @ParameterizedTest
  @ValueSource(strings = {"flip:p=2 | a flip cannot be of 2.0. | C1: p is from 0 to 1; received 2.0.",
      "turn:3 | there is no augmentation 'turn:3'. | C1: an augmentation is one of",
      "crop:x=3 | the augmentation 'crop:x=3' cannot be read. | 'crop' has no setting 'x'",
      "crop:-1 | a crop cannot be of -1. | C1: the padding is from 0 to 10,000 pixels; received -1.",
      "scale:2/1 | a scale cannot be of 2.0/1.0. | C3: 0 < low ≤ high ≤ 10",
      "flip?x | an augmentation cannot be of NaN. | C1: a probability is from 0 to 1",
      "gentle?0.5 | an augmentation with a probability cannot be of shift:0.06 + rotate:5. | C2: it is one step",
      "cutout:0 | a cutout cannot be of 0. | C1: its side is at least 1 pixel",
      "rand-augment:15 | rand-augment cannot be of 15. | C1: it applies 1 to 14 operations",
      "elastic:sigma=0 | an elastic field cannot be of 0.0. | C2: σ is above 0"})
  void whatMakesNoSenseIsRefused(String line) {
    String[] parts = line.split(" \\| ");
    var e = assertThrows(IllegalArgumentException.class, () -> Augmentation.named(parts[0]));
    assertTrue(e.getMessage().startsWith(parts[1]), e.getMessage());
    assertTrue(e.getMessage().contains(parts[2]), e.getMessage());
    assertEquals(3, e.getMessage().lines().count());
  }

  @Test void c0PicturesHaveRowsAndColumns() {
    var e = assertThrows(IllegalArgumentException.class, () -> Augmentation.named("flip").apply(new float[6], 0,
        Shape.of(6), new SplittableRandom(1)));
    assertEquals("'flip' cannot be applied to samples of 6.\n"
        + "  C0: samples are channels × height × width, videos channels × frames × height × width; received 6.\n"
        + "  Use augmentations for this kind of data.", e.getMessage());
  }
}
