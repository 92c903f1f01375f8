/// Drawings: scalable vector graphics and charts with one palette, for pages and documents.
package juanji.draw;
