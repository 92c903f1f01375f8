package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import juanji.draw.Block;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.NumberGrid;
import juanji.draw.Page;
import juanji.draw.Png;
import juanji.image.FilterKernel;
import juanji.image.ImageSize;
import juanji.image.Picture;
import juanji.image.PictureFile;
import juanji.image.PictureFilter;
import juanji.image.PictureRows;
import juanji.image.PictureWriter;
import juanji.op.Border;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `juanji filter`.
@Command(name = "filter", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false,
    description = {"Lays a kernel on every place of a picture: what a single filter of a convolution does.", "",
        "Colours are kept and sums exact to the rounding of 8 bits. Large pictures are done some rows at a time.", ""},
    footer = {"", "Examples:",
        "  juanji filter photo.jpg --kernel edge-center --out edges.png",
        "  juanji filter photo.jpg --kernel \"1 0 -1; 0 0 0; -1 0 1\" --absolute --grey --out own.png",
        "  juanji filter photo.jpg --all --out filtered        a folder with a page and every named kernel"})
final class FilterCommand implements Callable<Integer> {
  private static final int SHOWN = 360;
  private static final int KERNEL_SIDE = 140;

  private enum Around { ZERO, REFLECT, REPLICATE, CIRCULAR, NONE }

  @Parameters(index = "0", paramLabel = "IMAGE", description = "A picture: PNG, JPEG, BMP, GIF, PGM, PPM.")
  private Path image;

  @Option(names = "--kernel", paramLabel = "KERNEL", description = "identity, edge, edge-center, sharpen, box, "
      + "gaussian, sobel-x, sobel-y, laplace, emboss, box-5, gaussian-5, motion, or rows of numbers with ';' between "
      + "rows; 1/9 is a number. Not turned: what networks call a convolution.")
  private Optional<String> kernel = Optional.empty();

  @Option(names = "--all", description = "Every named kernel; --out is a folder that gets a page and a picture each.")
  private boolean all;

  @Option(names = "--border", paramLabel = "BORDER", defaultValue = "reflect", description = "What lies around the "
      + "picture: zero, reflect, replicate or circular; none keeps whole windows only. Default: reflect.")
  private String border;

  @Option(names = "--true-convolution", description = "Turn the kernel by 180 degrees, as convolution in mathematics "
      + "does.")
  private boolean turned;

  @Option(names = "--absolute", description = "Take magnitudes, so that falling edges show like rising ones; otherwise "
      + "what is below 0 is black.")
  private boolean absolute;

  @Option(names = {"--grey", "--gray"}, description = "Filter the picture in grey.")
  private boolean grey;

  @Option(names = "--out", paramLabel = "FILE|DIR", required = true, description = "Where the result goes: a .png, "
      + ".pgm or .ppm file, or a folder.")
  private Path out;

  @Option(names = {"--quiet", "-q"}, description = "Print nothing.")
  private boolean quiet;

  @Spec private CommandSpec spec;

  /// Filled by picocli.
  FilterCommand() {
  }

  @Override public Integer call() {
    if (all == kernel.isPresent()) {
      throw CommandException.usage("it is not said what the picture is filtered with.",
          "Either --kernel or --all is given; received " + (all ? "both" : "neither") + ".",
          "Write --kernel edge, or --all for every named kernel.");
    }
    Screen screen = Screen.of(spec.commandLine(), quiet);
    try {
      if (all) {
        everything(screen);
      } else {
        FilterKernel one = FilterKernel.parse(kernel.orElseThrow());
        Path file = Files.isDirectory(out) ? out.resolve(base() + "-" + one.name() + ".png") : out;
        write(filter(one), file, screen);
        screen.progress(file + ": " + one + (turned ? ", turned" : ""));
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(e);
    }
    return 0;
  }

  private String base() {
    return image.getFileName().toString().replaceFirst("\\.[A-Za-z]+$", "");
  }

  private PictureFilter filter(FilterKernel one) {
    Around around;
    try {
      around = Around.valueOf(border.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("there is no border '" + border + "'.",
          "--border is zero, reflect, replicate, circular or none; received '" + border + "'.",
          "Leave it out to reflect the picture at its edges.");
    }
    return new PictureFilter(turned ? one.turned() : one, around == Around.NONE ? Border.ZERO
        : Border.valueOf(around.name()), around != Around.NONE, absolute);
  }

  private void write(PictureFilter filter, Path file, Screen screen) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!name.matches(".*\\.(png|pgm|ppm|pnm)")) {
      throw CommandException.usage("the result cannot be written to '" + file + "'.",
          "--out is a .png, .pgm or .ppm file, or a folder that exists; received '" + file + "'.",
          "Write --out " + base() + "-filtered.png.");
    }
    if (Files.exists(file) && Files.exists(image) && same(file)) {
      throw CommandException.usage("the result cannot replace the picture that it is made from.",
          "--out is another file; received '" + file + "'.", "Give another name.");
    }
    long begun = System.nanoTime();
    filter.run(() -> grey ? PictureRows.open(image).grey() : PictureRows.open(image),
        (channels, height, width) -> PictureWriter.create(file, channels, height, width),
        (rows, total) -> {
          double seconds = (System.nanoTime() - begun) / 1e9;
          screen.status(file.getFileName() + ": row " + rows + " of " + total + ", "
              + Numbers.time(seconds * (total - rows) / Math.max(1, rows)) + " left");
        });
    screen.clear();
  }

  private boolean same(Path file) {
    try {
      return Files.isSameFile(file, image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void everything(Screen screen) {
    PageFile.folder(out);
    Picture shown = shown();
    List<List<Block.Figure>> results = new ArrayList<>();
    for (FilterKernel one : FilterKernel.NAMED) {
      Path file = out.resolve(base() + "-" + one.name() + ".png");
      write(filter(one), file, screen);
      screen.progress(file.toString());
      results.add(List.of(new Block.Figure(one.name() + (one.divisor() == 1 ? "" : ", divided by "
          + NumberGrid.shortly(one.divisor())), Drawing.row(16, NumberGrid.of(one.weights()).cell((double) KERNEL_SIDE
          / one.height()).shaded().drawing(), picture(filter(one).apply(shown))))));
    }
    Page page = Page.of(image.getFileName().toString(), "en").add(Block.prose("Each kernel, and what it makes of the "
        + "picture" + (turned ? ", turned by 180° before it is laid on" : "") + ". Border: " + border + "."),
        Block.figure("the picture", picture(shown)),
        new Block.Figures(results.stream().flatMap(List::stream).collect(Collectors.toList())));
    Path index = out.resolve("index.html");
    PageFile.write(index, page);
    screen.progress(index.toString());
  }

  /// The picture scaled down for the page.
  private Picture shown() {
    int height;
    int width;
    try (PictureRows rows = PictureRows.open(image)) {
      height = rows.height();
      width = rows.width();
    }
    double scale = Math.min(1, (double) SHOWN / Math.max(height, width));
    Picture picture = PictureFile.read(image, ImageSize.size((int) Math.max(1, Math.round(height * scale)),
        (int) Math.max(1, Math.round(width * scale))));
    return grey ? picture.grey() : picture;
  }

  /// Small pictures are drawn as large as the kernels.
  private static Drawing picture(Picture p) {
    int longer = Math.max(p.width(), p.height());
    double scale = Math.max(1, (double) KERNEL_SIDE / longer);
    return Drawing.of(p.width() * scale, p.height() * scale, new Mark.Image(0, 0, p.width() * scale, p.height() * scale,
        scale == 1, Png.of(p.channels(), p.height(), p.width(), p.pixels())));
  }
}
