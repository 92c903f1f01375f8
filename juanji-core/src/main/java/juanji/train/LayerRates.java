package juanji.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;

/// An optimiser whose steps are longer or shorter for some layers: w ← w + factor · (w′ − w), with w′ what the
/// optimiser would make of w, which is a learning rate of factor · rate. Where a trained network goes on with other
/// data, its first layers need little change, and a new head much.
///
/// A factor belongs to a layer's path and all within it; of several that fit, the longest counts; other layers have 1.
///
/// Constraints: C1 factors are finite and at least 0, and every path is that of a layer with weights.
/// Source: Howard and Ruder, *Universal language model fine-tuning*, 2018 (discriminative rates).
///
/// @param optimizer the optimiser
/// @param factors what its rate is multiplied by, by a layer's path such as `layer1`
record LayerRates(Optimizer optimizer, Map<String, Double> factors) implements Optimizer {
  LayerRates {
    factors = new LinkedHashMap<>(factors);
    factors.forEach((path, factor) -> {
      if (!(factor >= 0 && factor < Double.MAX_VALUE)) {
        throw new IllegalArgumentException("the layer '" + path + "' cannot learn " + factor + " times as fast.\n"
            + "  C1: factors are finite and at least 0; received " + factor + ".\n"
            + "  Use a factor such as 0.1, or freeze the layer.");
      }
    });
  }

  @Override public double rate() {
    return optimizer.rate();
  }

  @Override public Optimizer rate(double value) {
    return new LayerRates(optimizer.rate(value), factors);
  }

  @Override public List<Node> update(Step step, List<Weight> weights) {
    factors.keySet().forEach(path -> {
      if (weights.stream().noneMatch(w -> within(w, path))) {
        throw new IllegalArgumentException("no layer '" + path + "' is trained.\n"
            + "  C1: rates are given for layers with trained weights; received '" + path + "', the weights are "
            + String.join(", ", weights.stream().limit(8).map(w -> w.parameter().name()).toList()) + ", ….\n"
            + "  Name a layer, such as the first part of one of these.");
      }
    });
    GraphBuilder b = step.builder();
    List<Node> values = new ArrayList<>(optimizer.update(step, weights));
    for (int i = 0; i < values.size(); i++) {
      double factor = factor(weights.get(i));
      Node w = weights.get(i).parameter();
      if (factor != 1) {
        values.set(i, b.add(b.affine(w, 1 - factor, 0), b.affine(values.get(i), factor, 0)));
      }
    }
    return values;
  }

  private static boolean within(Weight weight, String path) {
    return weight.parameter().name().startsWith(path + ".");
  }

  private double factor(Weight weight) {
    double factor = 1;
    int longest = 0;
    for (Map.Entry<String, Double> entry : factors.entrySet()) {
      if (within(weight, entry.getKey()) && entry.getKey().length() > longest) {
        longest = entry.getKey().length();
        factor = entry.getValue();
      }
    }
    return factor;
  }

  @Override public void finish(Step step, List<Weight> weights, List<Node> values) {
    optimizer.finish(step, weights, values);
  }

  @Override public Map<String, Float> scalars(long step) {
    return optimizer.scalars(step);
  }

  @Override public Optional<String> evaluated() {
    return optimizer.evaluated();
  }

  @Override public String toString() {
    return optimizer + ".layerRates(" + factors + ")";
  }
}
