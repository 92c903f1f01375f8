package juanji.cli;

import java.nio.file.Path;
import java.util.Optional;
import juanji.image.FolderScan;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;
import juanji.video.VideoData;

/// What pictures are brought to: what was asked for, what a trained model takes, or their own size if it is small.
final class PictureSize {
  private static final int LARGEST_OWN_SIZE = 64;
  /// The longest side that is chosen by itself: four times as many places as usual.
  private static final int LARGEST_CHOSEN_SIZE = 128;
  private static final int STEP = 16;

  private PictureSize() {
  }

  /// The size for data and a model; empty where pictures have their own, or there are none.
  static Optional<ImageSize> of(DataArgument data, TrainSettings settings, Optional<ModelArgument> chosen,
      Screen screen) {
    Optional<int[]> wanted = settings.size();
    Optional<Boolean> grey = settings.grey();
    Path path = switch (data) {
      case DataArgument.PictureFolder(var folder) -> folder;
      case DataArgument.Videos(var folder) -> folder;
      case DataArgument.BuiltIn _, DataArgument.IdxFolder _, DataArgument.Texts _, DataArgument.Sounds _ -> null;
    };
    if (path == null) {
      if (wanted.isPresent() || grey.isPresent()) {
        throw CommandException.usage("the " + data.unit(true) + " of '" + data.name()
            + "' cannot be given another size or colour.",
            "--size, --grey and --colour are for folders of pictures or videos; received one of them with other data.",
            "Leave them out.");
      }
      return Optional.empty();
    }
    if (chosen.isPresent() && chosen.get() instanceof ModelArgument.Trained trained
        && trained.preprocessing().isPresent()) {
      ImageSize own = ImageSize.of(trained.preprocessing().get());
      if (wanted.isPresent() && (wanted.get()[0] != own.height() || wanted.get()[1] != own.width())
          || grey.isPresent() && grey.get() != (own.channels() == 1)) {
        throw CommandException.usage("the model '" + trained.path() + "' cannot take another size or colour.",
            "It takes " + own.channels() + " × " + own.height() + " × " + own.width() + ".",
            "Leave out --size, --grey and --colour.");
      }
      return Optional.of(own);
    }
    if (data instanceof DataArgument.Videos) {
      return Optional.of(frames(path, settings, screen));
    }
    int height = LARGEST_OWN_SIZE;
    int width = LARGEST_OWN_SIZE;
    boolean inGrey = grey.orElse(false);
    if (wanted.isEmpty() || grey.isEmpty()) {
      FolderScan scan = ImageFolder.scan(path);
      inGrey = grey.orElse(scan.grey());
      int own = settings.flag("auto") ? LARGEST_CHOSEN_SIZE : LARGEST_OWN_SIZE;
      if (scan.uniform() && scan.maxHeight() <= own && scan.maxWidth() <= own && scan.maxHeight() > 0) {
        height = scan.maxHeight();
        width = scan.maxWidth();
        if (settings.flag("auto") && wanted.isEmpty()) {
          screen.notice("  size " + height + "x" + width + ": their own");
        }
      } else if (settings.flag("auto") && wanted.isEmpty() && scan.medianHeight() > 0) {
        int longer = Math.max(scan.medianHeight(), scan.medianWidth());
        height = chosen(scan.medianHeight(), longer);
        width = chosen(scan.medianWidth(), longer);
        screen.notice("  size " + height + "x" + width + ": in the proportions of most, which are about "
            + scan.medianHeight() + "x" + scan.medianWidth());
      } else if (wanted.isEmpty()) {
        screen.notice("The pictures are from " + scan.minHeight() + "x" + scan.minWidth() + " to " + scan.maxHeight()
            + "x" + scan.maxWidth() + "; they are brought to " + height + "x" + width + ". Choose another by --size.");
      }
    }
    return Optional.of(size(wanted, height, width, inGrey));
  }

  /// A side that is halved without a rest some times, in the proportion that it has to the longer one.
  private static int chosen(int side, int longer) {
    double scale = Math.min(1, LARGEST_CHOSEN_SIZE / (double) longer);
    return Math.max(2 * STEP, (int) Math.round(side * scale / STEP) * STEP);
  }

  private static ImageSize size(Optional<int[]> wanted, int height, int width, boolean grey) {
    try {
      ImageSize size = wanted.isPresent() ? ImageSize.size(wanted.get()[0], wanted.get()[1])
          : ImageSize.size(height, width);
      return grey ? size.grey() : size;
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }

  /// The size of a video's frames, which are in colour unless told otherwise.
  private static ImageSize frames(Path path, TrainSettings settings, Screen screen) {
    int height = LARGEST_OWN_SIZE;
    int width = LARGEST_OWN_SIZE;
    if (settings.size().isEmpty()) {
      int[] found = VideoData.extents(path, new KindSettings(settings).label());
      if (found[0] == found[2] && found[1] == found[3] && found[0] > 0 && found[2] <= LARGEST_OWN_SIZE
          && found[3] <= LARGEST_OWN_SIZE) {
        height = found[0];
        width = found[1];
      } else if (found[0] > 0) {
        screen.notice("The videos are from " + found[0] + "x" + found[1] + " to " + found[2] + "x" + found[3]
            + "; they are brought to " + height + "x" + width + ". Choose another by --size.");
      }
    }
    return size(settings.size(), height, width, settings.grey().orElse(false));
  }
}
