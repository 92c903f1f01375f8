/// Networks as values: layers, their weights, and models made of both.
///
/// A [juanji.nn.Layer] is an immutable description whose `toString` gives back the code that makes it; applied to a
/// node within a [juanji.nn.Trace], it adds operations to a graph and declares the weights that it needs. A
/// [juanji.nn.Model] is an input shape, layers and [juanji.nn.Weights]; [juanji.nn.Layers] has the words to write one:
///
/// ```java
/// Model lenet = Model.of(input(1, 28, 28),
///     conv(6, 5).same(), relu(), maxPool(2),
///     conv(16, 5),       relu(), maxPool(2),
///     flatten(), dense(120), relu(), dense(84), relu(), dense(10));
/// ```
///
/// Weights are named `path.weight`, as in `conv1.weight` or `concat1.conv2.bias`. An unnamed layer is called by its
/// kind and its number among those of its kind in its scope; chains open no scope unless they are named, so that
/// grouping layers renames nothing.
package juanji.nn;
