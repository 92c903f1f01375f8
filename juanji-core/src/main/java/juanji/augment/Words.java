package juanji.augment;

import java.util.List;
import java.util.Locale;
import juanji.train.Phrase;

/// The words that name augmentations.
final class Words {
  private static final String ALL = "flip, crop, shift, rotate, scale, shear, affine, subject-crop, random-crop, "
      + "elastic, brightness, contrast, saturation, hue, colour, grey, invert, blur, noise, cutout, erase, mask-rows, "
      + "mask-columns, warp-rows, filter-rows, drop-words, forget-words, swap-words, rand-augment, gentle, usual and "
      + "strong";

  private Words() {
  }

  static Augmentation parse(String text) {
    int mark = text.lastIndexOf('?');
    if (mark < 0) {
      return plain(text);
    }
    double probability;
    try {
      probability = Double.parseDouble(text.substring(mark + 1).strip());
    } catch (NumberFormatException e) {
      probability = Double.NaN;
    }
    return new Sometimes(plain(text.substring(0, mark).strip()), probability);
  }

  private static Augmentation plain(String text) {
    Phrase phrase = new Phrase("augmentation", text.toLowerCase(Locale.ROOT));
    return phrase.complete(switch (phrase.word()) {
      case "flip" -> {
        boolean vertical = phrase.flag("vertical");
        phrase.flag("horizontal");
        yield new Mirror(vertical, phrase.next("p", 0.5));
      }
      case "crop" -> {
        boolean reflect = phrase.flag("reflect");
        yield new Crop(phrase.nextWhole("padding", 4), reflect);
      }
      case "shift" -> new Affine(phrase.next("most", 0.1), 0, 1, 1, 0);
      case "rotate" -> new Affine(0, phrase.next("degrees", 15), 1, 1, 0);
      case "scale" -> {
        double[] range = range(phrase, "size", 0.8, 1.25);
        yield new Affine(0, 0, range[0], range[1], 0);
      }
      case "shear" -> new Affine(0, 0, 1, 1, phrase.next("degrees", 10));
      case "affine" -> {
        double[] range = range(phrase, "scale", 1, 1);
        yield new Affine(phrase.number("shift", 0), phrase.number("rotate", 0), range[0], range[1],
            phrase.number("shear", 0));
      }
      case "subject-crop", "random-crop" -> {
        boolean anywhere = phrase.word().equals("random-crop");
        double[] area = range(phrase, "area", anywhere ? 0.08 : 0.3, 1);
        double[] aspect = range(phrase, "aspect", 0.75, 4 / 3.0);
        yield new SubjectCrop(area[0], area[1], aspect[0], aspect[1], anywhere);
      }
      case "elastic" -> new Blur.Elastic(phrase.next("alpha", 8), phrase.next("sigma", 4));
      case "brightness" -> new Colouring(phrase.next("amount", 0.2), 0, 0, 0);
      case "contrast" -> new Colouring(0, phrase.next("amount", 0.2), 0, 0);
      case "saturation" -> new Colouring(0, 0, phrase.next("amount", 0.2), 0);
      case "hue" -> new Colouring(0, 0, 0, phrase.next("amount", 0.05));
      case "colour", "color" -> {
        double all = phrase.next("amount", 0.2);
        yield new Colouring(phrase.number("brightness", all), phrase.number("contrast", all),
            phrase.number("saturation", all), phrase.number("hue", 0));
      }
      case "grey", "gray" -> new Colouring.Greying(phrase.next("p", 0.1));
      case "invert" -> new Colouring.Inverting(phrase.next("p", 0.1));
      case "blur" -> new Blur(phrase.next("sigma", 1));
      case "noise" -> new Blur.Noise(phrase.next("sigma", 0.05));
      case "cutout" -> new Erasing.Cutout(phrase.nextWhole("side", 8));
      case "erase" -> {
        double p = phrase.next("p", 0.5);
        double[] area = range(phrase, "area", 0.02, 0.33);
        double[] aspect = range(phrase, "aspect", 0.3, 3.3);
        yield new Erasing(p, area[0], area[1], aspect[0], aspect[1]);
      }
      case "mask-rows" -> new Erasing.Mask(false, phrase.nextWhole("widest", 8), phrase.whole("times", 1));
      case "mask-columns" -> new Erasing.Mask(true, phrase.nextWhole("widest", 16), phrase.whole("times", 1));
      case "warp-rows" -> {
        double[] range = range(phrase, "factor", 0.85, 1.18);
        yield new BandWarp(range[0], range[1]);
      }
      case "filter-rows" -> new BandFilter(phrase.next("most", 0.1));
      case "drop-words" -> new TokenNoise(TokenNoise.Kind.DROP, phrase.next("p", 0.1));
      case "forget-words" -> new TokenNoise(TokenNoise.Kind.FORGET, phrase.next("p", 0.1));
      case "swap-words" -> new TokenNoise(TokenNoise.Kind.SWAP, phrase.next("p", 0.1));
      case "rand-augment" -> new RandAugment(phrase.nextWhole("operations", 2), phrase.number("magnitude", 9));
      case "gentle" -> Augmentation.named("shift:0.06 + rotate:5");
      case "usual" -> Augmentation.named("affine:shift=0.08,rotate=8,scale=0.9/1.1 + flip + colour:0.15");
      case "strong" -> Augmentation.named("random-crop:area=0.35/1 + flip + rand-augment:2,magnitude=9 + erase?0.5");
      default -> throw phrase.unknown(ALL);
    });
  }

  private static double[] range(Phrase phrase, String key, double low, double high) {
    List<Double> given = phrase.numbers(key, List.of(low, high));
    Bounds.check(given.size() <= 2, "the range '" + key + "'", "C1", "it is a lower and an upper number", given,
        "Write it as in " + key + "=0.8/1.2.");
    return new double[] {given.getFirst(), given.getLast()};
  }
}
