package juanji.cli;

import java.util.Collection;
import juanji.draw.Block;
import juanji.lab.Part;
import juanji.lab.Result;

/// Prints what was stated, what was measured, and whether that agrees.
///
/// @param screen where it goes
/// @param language `en` or `zh`
record Statements(Screen screen, String language) {
  /// Checks the language.
  Statements {
    if (!language.equals("en") && !language.equals("zh")) {
      throw CommandException.usage("nothing can be said in '" + language + "'.",
          "--language is en or zh; received '" + language + "'.", "Leave it out for English.");
    }
  }

  void print(Result result) {
    for (Part.Finding f : result.findings()) {
      screen.result("  " + f.outcome().sign() + " " + f.claim().in(language) + "\n      " + f.measured()
          + (f.reason().english().isEmpty() ? "" : "\n      " + f.reason().in(language)));
    }
  }

  void total(Collection<Result> results) {
    long held = results.stream().flatMap(r -> r.findings().stream()).filter(Part.Finding::holds).count();
    long all = results.stream().mapToLong(r -> r.findings().size()).sum();
    long open = results.stream().flatMap(r -> r.findings().stream())
        .filter(f -> f.outcome() == Block.Outcome.OPEN).count();
    screen.result(language.equals("zh") ? held + " / " + all + " 条成立" + (open > 0 ? "，" + open + " 条此处未能确认" : "")
        : held + " of " + all + " hold" + (open > 0 ? ", " + open + " not confirmed here" : ""));
  }
}
