package juanji.cli;

import java.util.Optional;
import juanji.image.FolderScan;
import juanji.image.ImageFolder;
import juanji.image.ImageSize;

/// What pictures are brought to: what was asked for, what a trained model takes, or their own size if it is small.
final class PictureSize {
  private static final int LARGEST_OWN_SIZE = 64;

  private PictureSize() {
  }

  /// The size for data and a model; empty where pictures have their own, or there are none.
  static Optional<ImageSize> of(DataArgument data, TrainSettings settings, Optional<ModelArgument> chosen,
      Screen screen) {
    Optional<int[]> wanted = settings.size();
    Optional<Boolean> grey = settings.grey();
    if (!(data instanceof DataArgument.PictureFolder(var path))) {
      if (wanted.isPresent() || grey.isPresent()) {
        throw CommandException.usage("the " + data.unit(true) + " of '" + data.name()
            + "' cannot be given another size or colour.",
            "--size, --grey and --colour are for folders of pictures; received one of them with other data.",
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
    int height = LARGEST_OWN_SIZE;
    int width = LARGEST_OWN_SIZE;
    boolean inGrey = grey.orElse(false);
    if (wanted.isEmpty() || grey.isEmpty()) {
      FolderScan scan = ImageFolder.scan(path);
      inGrey = grey.orElse(scan.grey());
      if (scan.uniform() && scan.maxHeight() <= LARGEST_OWN_SIZE && scan.maxWidth() <= LARGEST_OWN_SIZE
          && scan.maxHeight() > 0) {
        height = scan.maxHeight();
        width = scan.maxWidth();
      } else if (wanted.isEmpty()) {
        screen.notice("The pictures are from " + scan.minHeight() + "x" + scan.minWidth() + " to " + scan.maxHeight()
            + "x" + scan.maxWidth() + "; they are brought to " + height + "x" + width + ". Choose another by --size.");
      }
    }
    try {
      ImageSize size = wanted.isPresent() ? ImageSize.size(wanted.get()[0], wanted.get()[1])
          : ImageSize.size(height, width);
      return Optional.of(inGrey ? size.grey() : size);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
  }
}
