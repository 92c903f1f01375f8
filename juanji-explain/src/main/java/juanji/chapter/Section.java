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
  interface Demonstration {
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

    void finding(String english, String chinese, String measured, boolean holds) {
      findings.add(new Finding(new Words(english, chinese), measured, holds));
    }

    void exhibit(String english, String chinese, Drawing drawing) {
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
