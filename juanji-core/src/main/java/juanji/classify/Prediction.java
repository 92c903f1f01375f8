package juanji.classify;

/// A class and how probable it is.
///
/// @param label the class's name
/// @param index its number
/// @param probability 0 to 1
public record Prediction(String label, int index, float probability) {
}
