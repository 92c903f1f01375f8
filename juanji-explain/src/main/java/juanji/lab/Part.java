package juanji.lab;

import juanji.draw.Drawing;

/// A part of a [Result].
public sealed interface Part {
  /// A statement and what came of it.
  ///
  /// @param claim what is stated
  /// @param measured what was measured
  /// @param holds whether that agrees
  record Finding(Words claim, String measured, boolean holds) implements Part {
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
