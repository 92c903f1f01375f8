package juanji.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import juanji.audio.SoundData;
import juanji.audio.SoundPreparation;
import juanji.data.DataException;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Idx;
import juanji.data.Part;
import juanji.data.Problem;
import juanji.data.Split;
import juanji.data.Subset;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;
import juanji.text.TextData;
import juanji.text.TextFiles;
import juanji.text.TextPreparation;
import juanji.video.VideoData;
import juanji.video.VideoPreparation;

/// Data in three parts. What its author has not divided is divided class by class, by the seed.
///
/// @param train what to train on
/// @param validation what to choose the best epoch by; empty if nothing is to be kept for it
/// @param test what to measure on at the end
/// @param problems what was left out
/// @param reading how samples are read, as a model file keeps it; empty for pictures
record DataParts(Dataset train, Optional<Dataset> validation, Dataset test, List<Problem> problems,
    Map<String, String> reading) {
  /// The seed of the built-in digits: everybody's digits are the same.
  private static final long DIGITS_SEED = 1;
  private static final double TEST_SHARE = 0.1;

  /// Opens data to train on.
  ///
  /// @param size what pictures are brought to; only asked for folders of pictures and videos
  /// @param known how the samples of a model are read that training goes on with; empty to choose it by the data
  static DataParts open(DataArgument data, Optional<ImageSize> size, Map<String, String> known, TrainSettings settings,
      Screen screen) {
    KindSettings kind = new KindSettings(settings);
    return switch (data) {
      case DataArgument.Texts(var path) -> {
        TextFiles files = TextFiles.open(path, kind.label());
        DataParts parts = divide(files.parts().get(Part.TRAIN), files.part(Part.VALIDATION), files.part(Part.TEST),
            settings, files.problems());
        TextPreparation how = known.isEmpty() ? kind.texts(texts(parts.train)) : TextPreparation.of(known);
        yield new DataParts(prepared(parts.train, how), parts.validation.map(v -> prepared(v, how)),
            prepared(parts.test, how), parts.problems, how.reading());
      }
      case DataArgument.Sounds(var path) -> {
        SoundData.Opened sounds = kind.sounds(path, known.isEmpty() ? Optional.empty()
            : Optional.of(SoundPreparation.of(known)), List.of());
        SoundData first = sounds.parts().get(Part.TRAIN);
        DataParts parts = divide(first, sounds.part(Part.VALIDATION), sounds.part(Part.TEST), settings,
            sounds.problems());
        yield new DataParts(parts.train, parts.validation, parts.test, parts.problems, first.preparation().reading());
      }
      case DataArgument.Videos(var path) -> {
        VideoData.Opened videos = VideoData.open(path, kind.label(), known.isEmpty() ? kind.videos(size.orElseThrow())
            : VideoPreparation.of(known), List.of(), videos(screen));
        screen.clear();
        VideoData first = videos.parts().get(Part.TRAIN);
        DataParts parts = divide(first, videos.part(Part.VALIDATION), videos.part(Part.TEST), settings,
            videos.problems());
        yield new DataParts(parts.train, parts.validation, parts.test, parts.problems, first.preparation().reading());
      }
      case DataArgument.BuiltIn _ -> divide(Digits.train(DIGITS_SEED), Optional.empty(),
          Optional.of(Digits.test(DIGITS_SEED)), settings, List.of());
      case DataArgument.IdxFolder(var path) -> divide(Idx.train(path), Optional.empty(),
          Idx.hasTest(path) ? Optional.of(Idx.test(path)) : Optional.empty(), settings, List.of());
      case DataArgument.PictureFolder(var path) -> {
        ImageFolder folder = ImageFolder.open(path, size.orElseThrow(), reading(screen));
        screen.clear();
        yield divide(folder, folder.part(Part.VALIDATION), folder.part(Part.TEST), settings, folder.problems());
      }
    };
  }

  private static List<String> texts(Dataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::text).toList();
  }

  /// The same texts as the numbers that a preparation gives them.
  private static Dataset prepared(Dataset data, TextPreparation how) {
    int[] labels = IntStream.range(0, data.size()).map(data::label).toArray();
    return TextData.of(texts(data), data.classes(), labels,
        IntStream.range(0, data.size()).mapToObj(data::source).toList()).prepared(how);
  }

  private static DataParts divide(Dataset all, Optional<? extends Dataset> validation, Optional<? extends Dataset> test,
      TrainSettings settings, List<Problem> problems) {
    double share = settings.validation();
    long seed = settings.seed();
    Optional<Pattern> chosen = settings.testOn();
    Dataset rest = all;
    Dataset measured;
    double whole = 1;
    if (chosen.isPresent()) {
      List<Integer> left = new ArrayList<>();
      List<Integer> own = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        (chosen.get().matcher(all.source(i)).find() ? own : left).add(i);
      }
      if (own.isEmpty() || left.isEmpty() || test.isPresent()) {
        throw CommandException.usage("this data cannot be divided by '" + chosen.get() + "'.",
            "--test-on finds some of the samples by where they are from, in data that is not divided yet; received a "
            + "pattern that finds " + own.size() + " of " + all.size()
            + (test.isPresent() ? ", with a part to test on that is there already." : "."),
            "Sources are such as " + all.source(0) + "; or leave --test-on out.");
      }
      rest = Subset.of(all, left.stream().mapToInt(i -> i).toArray());
      measured = Subset.of(all, own.stream().mapToInt(i -> i).toArray());
    } else if (test.isPresent()) {
      measured = test.get();
    } else {
      Split split = Split.stratified(all, 1 - TEST_SHARE, seed);
      rest = split.train();
      measured = split.validation();
      whole -= TEST_SHARE;
    }
    if (validation.isPresent() || share == 0) {
      return new DataParts(rest, validation.map(v -> v), measured, problems, Map.of());
    }
    Split split = Split.stratified(rest, 1 - share / whole, seed);
    return new DataParts(split.train(), Optional.of(split.validation()), measured, problems, Map.of());
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
  static Measured toMeasure(DataArgument data, Optional<ImageSize> size, Map<String, String> reading,
      Optional<Pattern> label, List<String> classes, Screen screen) {
    return switch (data) {
      case DataArgument.Texts(var path) -> {
        TextPreparation how = read(path, "texts", reading, TextPreparation::of);
        TextFiles files = TextFiles.open(path, label, classes);
        Optional<TextData> test = files.part(Part.TEST);
        yield new Measured(prepared(test.orElse(files.parts().get(Part.TRAIN)), how),
            (test.isPresent() ? "test texts of " : "texts of ") + path, files.problems());
      }
      case DataArgument.Sounds(var path) -> {
        SoundPreparation how = read(path, "sounds", reading, SoundPreparation::of);
        SoundData.Opened sounds = SoundData.open(path, label, Optional.of(how), classes);
        Optional<SoundData> test = sounds.part(Part.TEST);
        yield new Measured(test.orElse(sounds.parts().get(Part.TRAIN)),
            (test.isPresent() ? "test sounds of " : "sounds of ") + path, sounds.problems());
      }
      case DataArgument.Videos(var path) -> {
        VideoPreparation how = read(path, "videos", reading, VideoPreparation::of);
        VideoData.Opened videos = VideoData.open(path, label, how, classes, videos(screen));
        screen.clear();
        Optional<VideoData> test = videos.part(Part.TEST);
        yield new Measured(test.orElse(videos.parts().get(Part.TRAIN)),
            (test.isPresent() ? "test videos of " : "videos of ") + path, videos.problems());
      }
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

  private static <T> T read(Path path, String what, Map<String, String> reading,
      Function<Map<String, String>, T> preparation) {
    try {
      return preparation.apply(reading);
    } catch (IllegalArgumentException e) {
      throw new DataException(path.toString(), "the " + what + " in '" + path + "' cannot be read for this model.",
          "The model file says how " + what + " are read; received: "
          + String.valueOf(e.getMessage()).replaceAll("\\s*\n\\s*", " ") + ".",
          "Use a model that was trained on " + what + ", or say what the data is with --kind.", e);
    }
  }

  private static IntConsumer videos(Screen screen) {
    return done -> screen.status("reading videos: " + Numbers.count(done));
  }

  private static IntConsumer reading(Screen screen) {
    return done -> screen.status("reading pictures: " + Numbers.count(done));
  }
}
