package juanji.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Idx;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.data.Split;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;

/// Data in three parts. What its author has not divided is divided class by class, by the seed.
///
/// @param train what to train on
/// @param validation what to choose the best epoch by; empty if nothing is to be kept for it
/// @param test what to measure on at the end
/// @param problems what was left out
record DataParts(Dataset train, Optional<Dataset> validation, Dataset test, List<Problem> problems) {
  /// The seed of the built-in digits: everybody's digits are the same.
  private static final long DIGITS_SEED = 1;
  private static final double TEST_SHARE = 0.1;

  /// Opens data to train on.
  ///
  /// @param size what pictures are brought to; only asked for folders of pictures
  /// @param share the part of all training data that is kept for validation, from 0 to below 0.9
  static DataParts open(DataArgument data, Optional<ImageSize> size, double share, long seed, Screen screen) {
    return switch (data) {
      case DataArgument.BuiltIn _ -> divide(Digits.train(DIGITS_SEED), Optional.empty(),
          Optional.of(Digits.test(DIGITS_SEED)), share, seed, List.of());
      case DataArgument.IdxFolder(var path) -> divide(Idx.train(path), Optional.empty(),
          Idx.hasTest(path) ? Optional.of(Idx.test(path)) : Optional.empty(), share, seed, List.of());
      case DataArgument.PictureFolder(var path) -> {
        ImageFolder folder = ImageFolder.open(path, size.orElseThrow(), reading(screen));
        screen.clear();
        yield divide(folder, folder.part(Part.VALIDATION), folder.part(Part.TEST), share, seed, folder.problems());
      }
    };
  }

  private static DataParts divide(Dataset all, Optional<Dataset> validation, Optional<Dataset> test, double share,
      long seed, List<Problem> problems) {
    Dataset rest = all;
    Dataset measured;
    double whole = 1;
    if (test.isPresent()) {
      measured = test.get();
    } else {
      Split split = Split.stratified(all, 1 - TEST_SHARE, seed);
      rest = split.train();
      measured = split.validation();
      whole -= TEST_SHARE;
    }
    if (validation.isPresent() || share == 0) {
      return new DataParts(rest, validation, measured, problems);
    }
    Split split = Split.stratified(rest, 1 - share / whole, seed);
    return new DataParts(split.train(), Optional.of(split.validation()), measured, problems);
  }

  /// Data to measure a trained model on.
  ///
  /// @param data the samples, from 0 to 1
  /// @param description what they are
  /// @param problems what was left out
  record Measured(Dataset data, String description, List<Problem> problems) {
  }

  /// Opens data to measure on: the part to test on where it is divided, otherwise all of it.
  ///
  /// @param size what pictures are brought to
  /// @param classes the model's classes
  static Measured toMeasure(DataArgument data, Optional<ImageSize> size, List<String> classes, Screen screen) {
    return switch (data) {
      case DataArgument.BuiltIn _ -> new Measured(Digits.test(DIGITS_SEED), "test digits", List.of());
      case DataArgument.IdxFolder(var path) -> Idx.hasTest(path)
          ? new Measured(Idx.test(path), "test pictures of " + path, List.of())
          : new Measured(Idx.train(path), "training pictures of " + path, List.of());
      case DataArgument.PictureFolder(var path) -> {
        ImageSize wanted = size.orElseThrow(() -> new DataException(path.toString(),
            "the pictures in '" + path + "' cannot be brought to what the model takes.",
            "The model file says nothing of pictures.", "Use a model that 'juanji train' wrote."));
        ImageFolder folder = ImageFolder.open(path, wanted, classes, reading(screen));
        screen.clear();
        Optional<Dataset> test = folder.part(Part.TEST);
        yield new Measured(test.orElse(folder), (test.isPresent() ? "test pictures of " : "pictures of ") + path,
            folder.problems());
      }
    };
  }

  private static IntConsumer reading(Screen screen) {
    return done -> screen.status("reading pictures: " + Numbers.count(done));
  }
}
