package juanji.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.data.Dataset;
import juanji.tensor.Tensor;

/// What a laboratory is told: its [Choice]s by name, each as usual unless given.
///
/// ```java
/// Laboratory lab = Laboratories.named("padding");
/// Result result = lab.run(desk, Setup.of(lab).with("kernel", "4").with("size", "9"));
/// ```
///
/// Constraints: C1 the laboratory has a choice of that name; C2 a number is whole and within its bounds; C3 rows of
/// numbers are of one length and within their bound; C4 training and test data have one shape and the same classes.
public final class Setup {
  private static final int LONGEST = 4000;

  private final List<Choice> choices;
  private final Map<String, String> texts;
  private final Optional<Tensor> picture;
  private final Optional<Data> data;

  /// Labelled pictures.
  ///
  /// @param train what networks learn from
  /// @param test what they are measured on
  public record Data(Dataset train, Dataset test) {
    /// Checks C4.
    public Data {
      if (!train.shape().equals(test.shape()) || !train.classes().equals(test.classes())) {
        throw new IllegalArgumentException("a laboratory cannot learn from this data.\n"
            + "  C4: training and test data have one shape and the same classes; received " + train.shape() + " and "
            + test.shape() + ".\n  Divide one set of data in two.");
      }
    }
  }

  private Setup(List<Choice> choices, Map<String, String> texts, Optional<Tensor> picture, Optional<Data> data) {
    this.choices = choices;
    this.texts = texts;
    this.picture = picture;
    this.data = data;
  }

  /// Everything as usual.
  public static Setup of(Laboratory lab) {
    return new Setup(lab.choices(), Map.of(), Optional.empty(), Optional.empty());
  }

  /// With a choice made, as text.
  ///
  /// @throws IllegalArgumentException if C1, C2 or C3 is broken
  public Setup with(String name, String value) {
    Choice choice = choice(name);
    switch (choice.kind()) {
      case NUMBER -> whole(choice, value);
      case NUMBERS -> list(choice, value);
      case GRID -> rows(choice, value);
      case PICTURE, DATA -> throw refused(choice, "C1: it is not given as text", value);
    }
    Map<String, String> all = new LinkedHashMap<>(texts);
    all.put(name, value);
    return new Setup(choices, all, picture, data);
  }

  /// With a picture, channels × height × width from 0 to 1.
  public Setup with(Tensor planes) {
    choice("picture");
    return new Setup(choices, texts, Optional.of(planes), data);
  }

  /// With data.
  public Setup with(Data pictures) {
    choice("data");
    return new Setup(choices, texts, picture, Optional.of(pictures));
  }

  private Choice choice(String name) {
    return choices.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow(() ->
        new IllegalArgumentException("the laboratory knows no '" + name + "'.\n  C1: it can be told "
            + String.join(", ", choices.stream().map(Choice::name).toList()) + "; received '" + name + "'.\n"
            + "  Leave it out."));
  }

  private static IllegalArgumentException refused(Choice choice, String constraint, String received) {
    return new IllegalArgumentException("the laboratory cannot take this " + choice.name() + ".\n  " + constraint
        + "; received '" + (received.length() > 60 ? received.substring(0, 60) + "…" : received) + "'.\n"
        + (choice.usual().isEmpty() ? "  Leave it out." : "  Leave it out for " + choice.usual() + "."));
  }

  private static int whole(Choice choice, String text) {
    int value = text.strip().matches("-?[0-9]{1,9}") ? Integer.parseInt(text.strip()) : Integer.MIN_VALUE;
    if (value < choice.least() || value > choice.most()) {
      throw refused(choice, "C2: " + choice.name() + (choice.kind() == Choice.Kind.NUMBERS ? " is whole numbers"
          : " is a whole number") + " from " + choice.least() + " to " + choice.most(), text);
    }
    return value;
  }

  private static List<Integer> list(Choice choice, String text) {
    String[] parts = text.split(",", -1);
    if (parts.length > 12) {
      throw refused(choice, "C2: " + choice.name() + " is at most 12 numbers", text);
    }
    List<Integer> all = new ArrayList<>();
    for (String part : parts) {
      all.add(whole(choice, part));
    }
    return all;
  }

  private static double[][] rows(Choice choice, String text) {
    String[] rows = text.strip().split("\\s*;\\s*", -1);
    double[][] grid = new double[rows.length][];
    boolean fits = text.length() <= LONGEST && rows.length <= choice.most();
    for (int r = 0; fits && r < rows.length; r++) {
      String[] cells = rows[r].strip().split("[\\s,]+");
      grid[r] = new double[cells.length];
      fits = cells.length <= choice.most() && cells.length == grid[0].length;
      for (int c = 0; fits && c < cells.length; c++) {
        fits = cells[c].matches("-?[0-9]{1,6}(\\.[0-9]{1,6})?");
        grid[r][c] = fits ? Double.parseDouble(cells[c]) : 0;
      }
    }
    if (!fits) {
      throw refused(choice, "C3: " + choice.name() + " is up to " + choice.most() + " rows of as many numbers each, "
          + "with ; between rows", text);
    }
    return grid;
  }

  private String text(String name) {
    return texts.getOrDefault(name, choice(name).usual());
  }

  /// A whole number.
  int number(String name) {
    return whole(choice(name), text(name));
  }

  /// Whole numbers.
  List<Integer> numbers(String name) {
    return list(choice(name), text(name));
  }

  /// Rows of numbers.
  double[][] grid(String name) {
    return rows(choice(name), text(name));
  }

  /// The picture, if one was given.
  Optional<Tensor> picture() {
    return picture;
  }

  /// The data, or built-in digits.
  Data data() {
    return data(1);
  }

  /// The data, or built-in digits, others for each repeat.
  Data data(int seed) {
    return data.orElseGet(() -> new Data(Desk.training(seed), Desk.test(seed)));
  }

  /// Whether data was given.
  boolean hasData() {
    return data.isPresent();
  }

  /// The choices as they are, such as `kernel 3, stride 2`.
  @Override public String toString() {
    List<String> all = new ArrayList<>();
    for (Choice c : choices) {
      switch (c.kind()) {
        case NUMBER, NUMBERS, GRID -> all.add(c.name() + " " + text(c.name()));
        case PICTURE -> picture.ifPresent(p -> all.add("a picture of " + p.shape()));
        case DATA -> data.ifPresent(d -> all.add(d.train.size() + " and " + d.test.size() + " pictures of "
            + d.train.shape() + " in " + d.train.classes().size() + " classes"));
      }
    }
    return String.join(", ", all);
  }
}
