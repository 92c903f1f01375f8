package juanji.nn;

import juanji.tensor.Shape;

/// A weight or a running statistic that a network needs: declared without being allocated.
///
/// @param name its full name, such as `conv1.weight`
/// @param shape its shape
/// @param initializer what it starts from
/// @param state whether it is a running statistic, kept and saved but not trained
/// @param trainable whether training changes it by its gradient
/// @param decays whether weight decay applies to it: not to biases and the weights of normalisations
public record Declaration(String name, Shape shape, Initializer initializer, boolean state, boolean trainable,
    boolean decays) {
}
