/// Drawings and pages without any other library: a [Drawing] is an immutable list of [Mark]s, made by hand or by
/// [NumberGrid], [Chart], [BarChart] and [HeatMap], put beside each other with `row` and `column`, and written as SVG
/// by itself or as a part of a [Page].
///
/// Colours are names ([Colour]); what they are on light and on dark ground is in one place ([Theme]). The same drawing
/// always gives the same text.
package juanji.draw;
