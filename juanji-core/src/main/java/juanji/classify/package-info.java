/// A trained model in use: what comes from outside, such as a file or a sentence, in; classes and probabilities out.
///
/// [Classifier] does it all. How files of a kind become samples is known to the module of that kind, which provides a
/// [ReadingProvider]; what it needs to know, the model file says.
package juanji.classify;
