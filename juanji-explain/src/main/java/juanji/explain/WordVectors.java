package juanji.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// A network for texts in two parts: the layers that make a vector of each token's number, which have no gradient, and
/// the rest, which has.
///
/// @param vectors from numbers to features × length
/// @param rest from there to the output
record WordVectors(Model vectors, Model rest) {
  /// The parts of a network whose input is a list of numbers and whose first layers make vectors of them, if it is one.
  static Optional<WordVectors> of(Model model) {
    if (model.input().shape().rank() != 1) {
      return Optional.empty();
    }
    List<Layer> layers = model.layers();
    for (int i = 1; i < layers.size(); i++) {
      Model head = Model.of(model.input(), layers.subList(0, i).toArray(Layer[]::new));
      Shape shape = head.outputShape();
      if (shape.rank() == 2 && shape.dim(1) == model.input().shape().dim(0)) {
        Model tail = Model.of(new Input(shape), layers.subList(i, layers.size()).toArray(Layer[]::new));
        return Optional.of(new WordVectors(head.withWeights(taken(model, head)), tail.withWeights(taken(model, tail))));
      }
    }
    return Optional.empty();
  }

  private static Weights taken(Model model, Model part) {
    Map<String, Tensor> own = new LinkedHashMap<>();
    part.parameters().forEach(d -> own.put(d.name(), model.weights().tensor(d.name())));
    return Weights.of(own);
  }
}
