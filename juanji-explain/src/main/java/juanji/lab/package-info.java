/// Laboratories: experiments on one idea of convolutional networks each, with settings of one's own.
///
/// [Laboratories] has them by name. What one is given is its [Setup]; what comes of it is a [Result] of statements with
/// what was measured, and of drawings. No number and no verdict is written down.
package juanji.lab;
