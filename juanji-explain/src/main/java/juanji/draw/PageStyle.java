package juanji.draw;

/// The style sheet of [Page]: light and dark, from 320 pixels of width on.
final class PageStyle {
  static final String CSS = Theme.variables(":root") + Theme.classes() + """
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 FONTS; }
      main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 64px; }
      nav { float: right; }
      a { color: var(--blue); }
      h1 { font-size: 1.6rem; margin: 0 0 16px; overflow-wrap: anywhere; line-height: 1.25; }
      h2 { font-size: 1.2rem; margin: 40px 0 8px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
      h3 { font-size: 1.02rem; margin: 26px 0 6px; }
      p, li { max-width: 75ch; }
      p { margin: 8px 0 12px; }
      .figures { display: flex; flex-wrap: wrap; gap: 20px 28px; align-items: flex-end; margin: 14px 0; }
      figure { margin: 0; min-width: 0; max-width: 100%; }
      figcaption { font-size: .9rem; color: var(--soft); margin-bottom: 6px; max-width: 60ch; }
      .drawing { display: block; max-width: 100%; height: auto; font-family: inherit; }
      .large .drawing { min-width: 560px; }
      .values { display: grid; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); gap: 12px;
        margin: 0 0 12px; }
      .values div { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
      .values dt { color: var(--soft); font-size: .85rem; }
      .values dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
      .values dd.note { font-size: .8rem; font-weight: 400; color: var(--soft); }
      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .93rem; }
      th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
      thead th { color: var(--soft); font-weight: 500; }
      tbody th { font-weight: 500; }
      .number { text-align: right; padding: 4px 8px; white-space: nowrap; }
      pre { font: 13px/1.45 MONO; margin: 8px 0;
        background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px;
        width: max-content; min-width: 100%; }
      code { font-family: MONO; font-size: .9em; }
      .verdict { border-left: 4px solid var(--soft); background: var(--raised); border-radius: 0 8px 8px 0;
        padding: 10px 14px; margin: 14px 0; }
      .verdict p { margin: 4px 0 0; }
      .verdict.holds { border-color: var(--green); }
      .verdict.holds b { color: var(--green); }
      .verdict.fails { border-color: var(--vermillion); }
      .verdict.fails b { color: var(--vermillion); }
      .verdict.open b { color: var(--soft); }
      .links span { color: var(--soft); }
      details { margin-top: 12px; }
      summary { cursor: pointer; color: var(--soft); margin-bottom: 8px; }
      @media (max-width: 560px) { main { padding: 16px 14px 48px; } table { font-size: .85rem; } }
      @media print { .scroll { overflow: visible; } figure { break-inside: avoid-page; } }
      """.replace("FONTS", Theme.FONTS).replace("MONO", "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', "
      + "monospace");

  private PageStyle() {
  }
}
