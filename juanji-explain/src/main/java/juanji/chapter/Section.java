package juanji.chapter;

import java.util.ArrayList;
import java.util.List;
import juanji.draw.Drawing;

/// A section of the chapter.
///
/// @param number from 1 to 21
/// @param title what it is about
/// @param claim what it states, in a line
/// @param demonstration what measures it
public record Section(int number, Words title, Words claim, Demonstration demonstration) {
  /// Measures a section's statements.
  public interface Demonstration {
    /// Measures, and says what came of it.
    ///
    /// @param desk what sections share: threads, and a network that was trained for them
    /// @param result where findings and drawings go
    void run(Desk desk, Result result);
  }

  /// A drawing with its caption.
  ///
  /// @param caption what it shows
  /// @param drawing the drawing
  public record Exhibit(Words caption, Drawing drawing) {
  }

  /// What a section's demonstration gives.
  public static final class Result {
    private final List<Finding> findings = new ArrayList<>();
    private final List<Exhibit> exhibits = new ArrayList<>();

    Result() {
    }

    /// Adds a statement and what came of it.
    ///
    /// @param measured the numbers
    /// @param holds whether they bear the statement out
    public void finding(String english, String chinese, String measured, boolean holds) {
      findings.add(new Finding(new Words(english, chinese), measured, holds));
    }

    /// Adds a drawing with its caption in both languages.
    public void exhibit(String english, String chinese, Drawing drawing) {
      exhibits.add(new Exhibit(new Words(english, chinese), drawing));
    }

    /// The statements and what came of them.
    public List<Finding> findings() {
      return List.copyOf(findings);
    }

    /// The drawings.
    public List<Exhibit> exhibits() {
      return List.copyOf(exhibits);
    }
  }

  /// Runs the demonstration.
  public Result run(Desk desk) {
    Result result = new Result();
    demonstration.run(desk, result);
    return result;
  }
}
