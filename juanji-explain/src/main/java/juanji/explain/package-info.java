/// What a network sees, as numbers and as pictures.
package juanji.explain;
