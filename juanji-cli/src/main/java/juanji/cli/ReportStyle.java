package juanji.cli;

/// What the style sheet of [Report] has beyond that of every page.
final class ReportStyle {
  static final String CSS = """
      td { overflow-wrap: anywhere; }
      .shares td, .shares thead th:not(:first-child) { text-align: right; padding: 4px 8px; min-width: 6.5em; }
      td.bar { background: linear-gradient(to right, color-mix(in srgb, var(--blue) 22%, transparent)
        calc(var(--share) * 100%), transparent 0) no-repeat center / calc(100% - 6px) 70%; }
      .mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 14px; }
      .mistake { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 10px; }
      .mistake img { display: block; margin: 0 auto 8px; max-width: 100%; height: auto; image-rendering: pixelated; }
      .mistake figcaption { font-size: .82rem; line-height: 1.35; overflow-wrap: anywhere; color: var(--ink); }
      .told { color: var(--vermillion); }
      @media (max-width: 560px) {
        .shares { width: 100%; }
        .shares td, .shares thead th:not(:first-child) { min-width: 0; padding: 4px 5px; }
        .mistakes { grid-template-columns: repeat(auto-fill, minmax(100px, 1fr)); gap: 10px; }
      }
      """;

  private ReportStyle() {
  }
}
