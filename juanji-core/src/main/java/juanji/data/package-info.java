/// Labelled samples: where they come from and how they are read.
package juanji.data;
