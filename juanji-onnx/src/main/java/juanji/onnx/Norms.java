package juanji.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.nn.BatchNormalization;
import juanji.nn.Trace;
import juanji.onnx.proto.ElementType;
import juanji.op.Composite;
import juanji.op.Normalizing;
import juanji.op.Pointwise;
import juanji.op.Reduction;
import juanji.tensor.Shape;

/// Normalisations.
final class Norms {
  private Norms() {
  }

  static void register(Map<String, Operator> table) {
    table.put("BatchNormalization", Norms::batch);
    table.put("InstanceNormalization", Operator.real(c -> {
      c.ignore("consumed_inputs");
      Value normal = c.values().apply(new Composite.Normalize(from(2, c.shape(0).rank()), c.real("epsilon", 1e-5)),
          c.input(0));
      return scaled(c, normal, 1, 2);
    }));
    table.put("GroupNormalization", Operator.real(Norms::group));
    table.put("LayerNormalization", Norms::layer);
    table.put("RMSNormalization", Operator.real(Norms::rootMeanSquare));
    table.put("LRN", Operator.real(c -> {
      int size = c.integer("size", 0);
      return c.values().apply(new Normalizing.LocalResponse(size, c.real("alpha", 1e-4) / size, c.real("beta", 0.75),
          c.real("bias", 1)), c.input(0));
    }));
    table.put("LpNormalization", Operator.real(Norms::unitLength));
    table.put("MeanVarianceNormalization", Operator.real(c -> {
      List<Integer> axes = c.axes(c.ints("axes").orElse(new int[] {0, 2, 3}), c.shape(0).rank());
      Values v = c.values();
      Value centred = v.sub(c.input(0), v.apply(new Reduction.Mean(axes), c.input(0)));
      Value deviation = v.apply(new Pointwise.Sqrt(), v.apply(new Reduction.Mean(axes), v.mul(centred, centred)));
      return v.div(centred, v.affine(deviation, 1, 1e-9));
    }));
  }

  private static List<Integer> from(int first, int rank) {
    return IntStream.range(first, rank).boxed().toList();
  }

  /// Times the weights of one input and plus those of another, for each channel.
  private static Value scaled(Call c, Value x, int scale, int bias) {
    Values v = c.values();
    int rank = x.shape().rank();
    Value gamma = Windows.perChannel(c, v.weight(c.input(scale), Ground.Use.SCALE), rank);
    Value beta = Windows.perChannel(c, v.weight(c.input(bias), Ground.Use.BIAS), rank);
    return v.add(v.mul(x, gamma), beta);
  }

  private static List<Value> batch(Call c) {
    c.ignore("consumed_inputs", "is_test");
    if (c.version() < 9 && c.whole("spatial", 1) == 0) {
      throw c.unsupported("attribute 'spatial' = 0");
    }
    c.ignore("spatial");
    double epsilon = c.real("epsilon", 1e-5);
    double momentum = c.real("momentum", 0.9);
    boolean training = c.whole("training_mode", 0) == 1;
    Values v = c.values();
    Value x = c.input(0);
    if (training) {
      return trained(c, epsilon, momentum);
    }
    Value mean = v.weight(c.input(3), Ground.Use.MEAN);
    Value variance = v.weight(c.input(4), Ground.Use.VARIANCE);
    Value gamma = v.weight(c.input(1), Ground.Use.SCALE);
    Value beta = v.weight(c.input(2), Ground.Use.BIAS);
    Optional<Trace> trace = c.ground().training();
    if (trace.isPresent() && mean instanceof Value.Flow(Node m, ElementType mt) && m instanceof Node.Parameter running
        && variance instanceof Value.Flow(Node s, ElementType st) && s instanceof Node.Parameter spread) {
      Node y = new BatchNormalization(epsilon, 1 - momentum).train(trace.get(), v.node(x), v.node(gamma), v.node(beta),
          running, spread);
      return List.of(v.typed(new Value.Flow(y, x.type()), x.type()));
    }
    int rank = x.shape().rank();
    Value scale = v.mul(gamma, inverse(v, variance, epsilon));
    Value shift = v.sub(beta, v.mul(mean, scale));
    Value y = v.add(v.mul(x, Windows.perChannel(c, scale, rank)), Windows.perChannel(c, shift, rank));
    return List.of(v.typed(y, x.type()));
  }

  private static Value inverse(Values v, Value variance, double epsilon) {
    return v.apply(new Pointwise.Reciprocal(), v.apply(new Pointwise.Sqrt(), v.affine(variance, 1, epsilon)));
  }

  /// By the batch's own statistics, which move the running ones that are the second and third output.
  private static List<Value> trained(Call c, double epsilon, double momentum) {
    Values v = c.values();
    Value x = c.input(0);
    List<Integer> axes = new ArrayList<>(from(0, x.shape().rank()));
    axes.remove(Integer.valueOf(1));
    Composite.Normalize normalize = new Composite.Normalize(axes, epsilon);
    Shape channels = x.shape().slice(1, 2);
    Value y = scaled(c, v.apply(normalize, x), 1, 2);
    Value mean = v.reshape(normalize.mean(v, x), channels);
    Value variance = v.reshape(normalize.variance(v, x), channels);
    return List.of(v.typed(y, x.type()),
        v.typed(v.add(v.scaled(c.input(3), momentum), v.scaled(mean, 1 - momentum)), c.input(3).type()),
        v.typed(v.add(v.scaled(c.input(4), momentum), v.scaled(variance, 1 - momentum)), c.input(4).type()));
  }

  private static Value group(Call c) {
    c.ignore("stash_type");
    int groups = c.integer("num_groups", 0);
    Shape x = c.shape(0);
    if (groups < 1 || x.rank() < 2 || x.dim(1) % groups != 0) {
      throw c.wrong("num_groups divides the channels; received " + groups + " for " + x);
    }
    Values v = c.values();
    int rest = Math.toIntExact(x.size(1)) / groups;
    Value parts = v.reshape(c.input(0), Shape.of(x.dim(0), groups, rest));
    Value normal = v.apply(new Composite.Normalize(List.of(2), c.real("epsilon", 1e-5)), parts);
    if (c.version() >= 21 || c.shape(1).dim(0) == x.dim(1)) {
      return scaled(c, v.reshape(normal, x), 1, 2);
    }
    // At first, scale and bias were those of the groups.
    return v.reshape(scaled(c, normal, 1, 2), x);
  }

  private static List<Value> layer(Call c) {
    c.ignore("stash_type");
    Value x = c.input(0);
    Values v = c.values();
    int axis = c.axis(c.whole("axis", -1), x.shape().rank());
    double epsilon = c.real("epsilon", 1e-5);
    List<Integer> axes = from(axis, x.shape().rank());
    Composite.Normalize normalize = new Composite.Normalize(axes, epsilon);
    Value y = v.mul(v.apply(normalize, x), v.weight(c.input(1), Ground.Use.SCALE));
    if (c.has(2)) {
      y = v.add(y, v.weight(c.input(2), Ground.Use.BIAS));
    }
    List<Value> results = new ArrayList<>(List.of(v.typed(y, x.type())));
    if (c.gives(1) || c.gives(2)) {
      results.add(v.typed(normalize.mean(v, x), ElementType.FLOAT));
      results.add(v.typed(inverse(v, normalize.variance(v, x), epsilon), ElementType.FLOAT));
    }
    return results;
  }

  private static Value rootMeanSquare(Call c) {
    c.ignore("stash_type");
    Value x = c.input(0);
    Values v = c.values();
    List<Integer> axes = from(c.axis(c.whole("axis", -1), x.shape().rank()), x.shape().rank());
    Value square = v.apply(new Reduction.Mean(axes), v.mul(x, x));
    return v.mul(v.mul(x, inverse(v, square, c.real("epsilon", 1e-5))), v.weight(c.input(1), Ground.Use.SCALE));
  }

  private static Value unitLength(Call c) {
    Values v = c.values();
    Value x = c.input(0);
    List<Integer> axes = List.of(c.axis(c.whole("axis", -1), x.shape().rank()));
    long p = c.whole("p", 2);
    if (p != 1 && p != 2) {
      throw c.unsupported("attribute 'p' = " + p);
    }
    if (p == 2) {
      return v.apply(new Normalizing.UnitLength(axes, 1e-12), x);
    }
    Value norm = v.apply(new Reduction.Sum(axes), v.apply(new Pointwise.Abs(), x));
    return v.div(x, v.apply(new Pointwise.Clamp(1e-30, Double.POSITIVE_INFINITY), norm));
  }
}
