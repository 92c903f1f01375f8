/// Texts as samples: a text is cut into tokens, and each token is known by its number in a vocabulary.
///
/// [TextFiles] reads texts with their classes from folders and tables, [Encoding] tells in which characters they are
/// written, [Tokens] cuts them, a [TextPreparation] turns them into numbers, and [TextData] is a dataset of them.
package juanji.text;
