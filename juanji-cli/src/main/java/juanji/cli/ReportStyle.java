package juanji.cli;

/// The style sheet of [Report]: light and dark, from 320 pixels of width on. Blue and vermillion are told apart by
/// people who see colours differently; on dark ground both are lighter.
final class ReportStyle {
  static final String CSS = """
      :root { --ink: #1b1f24; --soft: #59636e; --line: #d5dae0; --ground: #ffffff; --raised: #f5f7f9;
        --blue: #0072b2; --vermillion: #d55e00; --on: #ffffff; }
      @media (prefers-color-scheme: dark) {
        :root { --ink: #e6eaee; --soft: #9aa4af; --line: #333b44; --ground: #14181c; --raised: #1c2228;
          --blue: #4aa8e0; --vermillion: #f08a3c; --on: #0b0e11; }
      }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--ground); color: var(--ink);
        font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
      main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 64px; }
      h1 { font-size: 1.6rem; margin: 0 0 16px; overflow-wrap: anywhere; }
      h2 { font-size: 1.15rem; margin: 40px 0 8px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
      p { margin: 8px 0 12px; color: var(--soft); max-width: 70ch; }
      .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px; margin: 0; }
      .figures div { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
      .figures dt { color: var(--soft); font-size: .85rem; }
      .figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
      .figures dd.note { font-size: .8rem; font-weight: 400; color: var(--soft); }
      .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr)); gap: 20px; }
      figure { margin: 0; }
      figcaption { font-weight: 600; margin-bottom: 4px; }
      .chart { width: 100%; height: auto; display: block; font-size: 13px; }
      .legend .key { margin-right: 18px; white-space: nowrap; }
      .key.training { color: var(--blue); }
      .key.validation { color: var(--vermillion); }
      svg text { fill: var(--ink); }
      svg .tick { fill: var(--soft); }
      svg .label { fill: var(--soft); }
      svg .grid { stroke: var(--line); stroke-width: 1; }
      svg .axis { stroke: var(--soft); stroke-width: 1; }
      svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
      svg .training { stroke: var(--blue); fill: var(--blue); }
      svg .validation { stroke: var(--vermillion); fill: var(--vermillion); }
      svg .training circle, svg .validation rect { stroke: none; }
      svg .validation .curve { stroke-dasharray: 6 3; }
      .confusion { display: block; }
      .confusion.fluid { max-width: 100%; height: auto; }
      .confusion .field { fill: var(--raised); }
      .confusion .right { fill: var(--blue); }
      .confusion .wrong { fill: var(--vermillion); }
      .confusion .on { fill: var(--on); }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
      thead th { color: var(--soft); font-weight: 500; }
      .numbers td, .numbers thead th:not(:first-child) { text-align: right; padding: 4px 8px; min-width: 6.5em; }
      .numbers th[scope=row] { font-weight: 500; }
      td.bar { background: linear-gradient(to right, color-mix(in srgb, var(--blue) 22%, transparent)
        calc(var(--share) * 100%), transparent 0) no-repeat center / calc(100% - 6px) 70%; }
      .settings th { color: var(--soft); font-weight: 500; white-space: nowrap; }
      .settings td { overflow-wrap: anywhere; }
      .mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(120px, 1fr)); gap: 14px; }
      .mistake { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 10px; }
      .mistake img { display: block; margin: 0 auto 8px; max-width: 100%; height: auto; image-rendering: pixelated; }
      .mistake figcaption { font-weight: 400; font-size: .82rem; line-height: 1.35; overflow-wrap: anywhere; }
      .told { color: var(--vermillion); }
      pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; margin: 0;
        background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px;
        width: max-content; min-width: 100%; }
      details { margin-top: 12px; }
      summary { cursor: pointer; color: var(--soft); margin-bottom: 8px; }
      @media (max-width: 560px) {
        .numbers { font-size: .88rem; width: 100%; }
        .numbers td, .numbers thead th:not(:first-child) { min-width: 0; padding: 4px 5px; }
        .mistakes { grid-template-columns: repeat(auto-fill, minmax(100px, 1fr)); gap: 10px; }
      }
      @media print { .scroll { overflow: visible; } section { break-inside: avoid-page; } }
      """;

  private ReportStyle() {
  }
}
