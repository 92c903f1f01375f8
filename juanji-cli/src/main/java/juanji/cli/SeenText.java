package juanji.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Markup;
import juanji.draw.Paint;
import juanji.explain.Relevance;
import juanji.model.ModelFile;
import juanji.tensor.Tensor;
import juanji.text.TextFiles;
import juanji.text.TextPreparation;

/// A text: its tokens as words, and as numbers.
///
/// @param name what it is called
/// @param tokens the tokens that the network takes
/// @param known the tokens that it has numbers for
/// @param sample their numbers, 1 × length
record SeenText(String name, List<String> tokens, Set<String> known, Tensor sample) implements SeenSample {
  private static final double LINE = 30;
  private static final double LETTERS = 15;
  private static final double WIDTH = 600;
  private static final int LONGEST_NAME = 40;
  private static final int MOST_TOLD = 5;

  /// A file, or the text itself.
  static SeenText of(String word, ModelFile file) {
    TextPreparation how = TextPreparation.of(file.reading());
    Optional<Path> path = path(word);
    String text = path.isPresent() ? TextFiles.read(path.get()) : word;
    String name = path.map(p -> String.valueOf(p.getFileName())).orElse(text.length() > LONGEST_NAME
        ? text.substring(0, LONGEST_NAME).strip() + "…" : text);
    List<String> tokens = how.tokens().of(text, how.length());
    if (tokens.isEmpty()) {
      throw CommandException.usage("there is nothing to explain.", "A text has at least one token; received '" + name
          + "'.", "Give a text with words.");
    }
    float[] numbers = how.numbers(text);
    return new SeenText(name, tokens, new HashSet<>(how.vocabulary()), Tensor.of(how.shape().prepend(1), numbers));
  }

  private static Optional<Path> path(String word) {
    try {
      return Files.isRegularFile(Path.of(word)) ? Optional.of(Path.of(word)) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /// The tokens in lines; the fuller a token's ground, the more rests on it. Tokens that the network does not know are
  /// pale.
  @Override public Drawing drawing(Optional<Relevance> relevance) {
    List<Mark> marks = new ArrayList<>();
    double x = 0;
    double y = 0;
    double most = 1;
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i).isBlank() ? "␣" : tokens.get(i);
      double width = Markup.width(token, LETTERS) + 10;
      if (x > 0 && x + width > WIDTH) {
        x = 0;
        y += LINE;
      }
      double share = relevance.isPresent() ? relevance.get().values()[i] : 0;
      Mark ground = new Mark.Rectangle(x, y + 1, width, LINE - 4, 5,
          Paint.fill(Colour.AMBER).opacity(0.8 * share).outlined(Colour.LINE));
      Mark letters = Mark.centred(x + width / 2, y + LINE - 11, token, LETTERS).in(known.contains(tokens.get(i))
          ? Colour.INK : Colour.SOFT);
      marks.add(relevance.isPresent() ? Mark.tip(String.format(Locale.ROOT, "%.3f", share), ground, letters)
          : Mark.tip("", ground, letters));
      x += width + 3;
      most = Math.max(most, x);
    }
    return new Drawing(most, y + LINE, marks);
  }

  @Override public void write(Path folder, String name, Relevance relevance) {
    WholeFile.write(folder.resolve(name + ".svg"), drawing(Optional.of(relevance)).framed(12).svg(name));
  }

  @Override public String told(Relevance relevance) {
    return IntStream.range(0, tokens.size()).boxed().filter(i -> relevance.values()[i] > 0)
        .sorted(Comparator.comparing((Integer i) -> -relevance.values()[i])).limit(MOST_TOLD).map(tokens::get)
        .collect(Collectors.joining(", "));
  }
}
