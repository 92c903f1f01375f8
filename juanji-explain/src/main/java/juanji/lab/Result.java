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
    parts.add(new Part.Finding(new Words(english, chinese), measured, holds ? Block.Outcome.HOLDS
        : Block.Outcome.FAILS, Words.both("")));
  }

  /// Adds a statement that numbers are above 0, and what repeats of the experiment say of it: it holds if they are
  /// above 0 by more than what changes from repeat to repeat explains, it does not if they are as clearly below, and
  /// otherwise it is open.
  ///
  /// @param measured the numbers
  /// @param positive what is above 0 if the statement is right
  public void finding(String english, String chinese, String measured, Repeats... positive) {
    Block.Outcome outcome = Block.Outcome.HOLDS;
    int least = Integer.MAX_VALUE;
    for (Repeats r : positive) {
      outcome = outcome.and(r.aboveZero());
      least = Math.min(least, r.count());
    }
    parts.add(new Part.Finding(new Words(english, chinese), measured, outcome, outcome == Block.Outcome.OPEN
        ? new Words("The difference is no larger than what chance makes of it in " + least + " repeats.",
        "在 " + least + " 次重复中，差异没有超出偶然的波动。") : Words.both("")));
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

  /// How many statements hold, of how many, such as `3/4`.
  public String held() {
    return findings().stream().filter(Part.Finding::holds).count() + "/" + findings().size();
  }

  private static Words word(Block.Outcome outcome) {
    return switch (outcome) {
      case HOLDS -> new Words("holds", "成立");
      case FAILS -> new Words("does not hold", "不成立");
      case OPEN -> new Words("not confirmed here", "此处未能确认");
    };
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
        case Part.Finding f -> blocks.add(new Block.Verdict(f.outcome(), word(f.outcome()).in(language),
            f.claim().in(language), (chinese ? "测得：" : "Measured: ") + f.measured()
            + (f.reason().english().isEmpty() ? "" : (chinese ? "。" : ". ") + f.reason().in(language))));
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
