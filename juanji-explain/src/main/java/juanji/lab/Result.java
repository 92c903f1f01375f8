package juanji.lab;

import java.util.ArrayList;
import java.util.List;
import juanji.draw.Block;
import juanji.draw.Drawing;

/// What an experiment gives: statements with what was measured, drawings and remarks, in the order in which they were
/// added.
///
/// ```java
/// Result result = new Result();
/// result.finding("1 + 1 is 2", "1 + 1 等于 2", "" + (1 + 1), 1 + 1 == 2);
/// ```
public final class Result {
  private final List<Part> parts = new ArrayList<>();

  /// A result without parts.
  public Result() {
  }

  /// Adds a statement and what came of it.
  ///
  /// @param measured the numbers
  /// @param holds whether they bear the statement out
  public void finding(String english, String chinese, String measured, boolean holds) {
    parts.add(new Part.Finding(new Words(english, chinese), measured, holds));
  }

  /// Adds a drawing with its caption in both languages.
  public void exhibit(String english, String chinese, Drawing drawing) {
    parts.add(new Part.Exhibit(new Words(english, chinese), drawing));
  }

  /// Adds a paragraph in both languages.
  public void remark(String english, String chinese) {
    parts.add(new Part.Remark(new Words(english, chinese)));
  }

  /// All parts.
  public List<Part> parts() {
    return List.copyOf(parts);
  }

  /// The statements and what came of them.
  public List<Part.Finding> findings() {
    return parts.stream().filter(Part.Finding.class::isInstance).map(Part.Finding.class::cast).toList();
  }

  /// The drawings.
  public List<Part.Exhibit> exhibits() {
    return parts.stream().filter(Part.Exhibit.class::isInstance).map(Part.Exhibit.class::cast).toList();
  }

  /// How many statements hold, such as `3/4`.
  public String held() {
    return findings().stream().filter(Part.Finding::holds).count() + "/" + findings().size();
  }

  /// The parts for a page in a language; drawings that follow each other stand beside each other.
  public List<Block> blocks(String language) {
    boolean chinese = language.startsWith("zh");
    List<Block> blocks = new ArrayList<>();
    List<Block.Figure> figures = new ArrayList<>();
    for (Part part : parts) {
      if (!(part instanceof Part.Exhibit) && !figures.isEmpty()) {
        blocks.add(new Block.Figures(figures));
        figures.clear();
      }
      switch (part) {
        case Part.Finding f -> blocks.add(new Block.Verdict(f.holds(), f.holds() ? chinese ? "成立" : "holds"
            : chinese ? "不成立" : "does not hold", f.claim().in(language), (chinese ? "测得：" : "Measured: ")
            + f.measured()));
        case Part.Exhibit e -> figures.add(new Block.Figure(e.caption().in(language), e.drawing()));
        case Part.Remark r -> blocks.add(Block.prose(r.text().in(language)));
      }
    }
    if (!figures.isEmpty()) {
      blocks.add(new Block.Figures(figures));
    }
    return blocks;
  }
}
