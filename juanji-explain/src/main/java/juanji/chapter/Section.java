package juanji.chapter;

import java.util.List;
import juanji.lab.Desk;
import juanji.lab.Laboratories;
import juanji.lab.Laboratory;
import juanji.lab.Result;
import juanji.lab.Words;

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

  /// A demonstration that runs laboratories as they are usually set up, one after the other.
  static Demonstration laboratories(String... names) {
    List<Laboratory> labs = List.of(names).stream().map(Laboratories::named).toList();
    return (desk, result) -> labs.forEach(lab -> lab.experiment().run(desk, desk.setup(lab), result));
  }

  /// Runs the demonstration.
  public Result run(Desk desk) {
    Result result = new Result();
    demonstration.run(desk, result);
    return result;
  }
}
