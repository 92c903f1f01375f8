package juanji.lab;

import juanji.draw.Block;
import juanji.draw.Drawing;

/// A part of a [Result].
public sealed interface Part {
  /// A statement and what came of it.
  ///
  /// @param claim what is stated
  /// @param measured what was measured
  /// @param outcome whether that agrees
  /// @param reason why it is open; empty otherwise
  record Finding(Words claim, String measured, Block.Outcome outcome, Words reason) implements Part {
    /// Whether what was measured agrees with the statement.
    public boolean holds() {
      return outcome == Block.Outcome.HOLDS;
    }
  }

  /// A drawing with its caption.
  ///
  /// @param caption what it shows
  /// @param drawing the drawing
  record Exhibit(Words caption, Drawing drawing) implements Part {
  }

  /// What a reader needs to know of what comes next.
  ///
  /// @param text a paragraph
  record Remark(Words text) implements Part {
  }
}
