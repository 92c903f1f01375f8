package juanji.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.onnx.proto.ElementType;
import juanji.op.Composite;
import juanji.op.Reduction;
import juanji.tensor.Shape;

/// Losses of classification, whose class numbers are known when the network is translated, and dropout.
final class Losses {
  private Losses() {
  }

  static void register(Map<String, Operator> table) {
    table.put("NegativeLogLikelihoodLoss", Operator.of(c -> loss(c, c.input(0))));
    table.put("SoftmaxCrossEntropyLoss", c -> {
      Value logs = c.values().typed(c.values().apply(new Composite.LogSoftmax(1), c.input(0)), c.input(0).type());
      return List.of(loss(c, logs), logs);
    });
    table.put("Dropout", Losses::dropout);
  }

  /// −weight · x at the class of each element, and the sum or the weighted mean of these.
  private static Value loss(Call c, Value logs) {
    Values v = c.values();
    Shape shape = logs.shape();
    HostTensor target = c.host(1);
    double[] weights = c.has(2) ? c.host(2).reals() : null;
    Optional<Long> ignored = c.set("ignore_index") ? Optional.of(c.whole("ignore_index", 0)) : Optional.empty();
    String reduction = c.text("reduction", "mean");
    int classes = shape.dim(1);
    int inner = Math.toIntExact(shape.size(2));
    long[] labels = target.wholes();
    if (labels.length * (long) classes != shape.size()) {
      throw c.wrong("there is a class number for each row of scores; received " + c.shapes());
    }
    double[] mask = new double[shape.length()];
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      long label = labels[i];
      if (ignored.isPresent() && ignored.get() == label) {
        continue;
      }
      long counted = label < 0 ? label + classes : label;
      if (counted < 0 || counted >= classes) {
        throw c.wrong("a class number is from 0 to " + (classes - 1) + "; received " + label);
      }
      double weight = weights == null ? 1 : weights[(int) counted];
      mask[(i / inner * classes + (int) counted) * inner + i % inner] = -weight;
      total += weight;
    }
    Value chosen = v.mul(logs, new Value.Host(HostTensor.reals(logs.type(), shape, mask)));
    Value each = v.reshape(v.apply(new Reduction.Sum(List.of(1)), chosen), target.shape());
    List<Integer> all = IntStream.range(0, target.shape().rank()).boxed().toList();
    Value result = switch (reduction) {
      case "none" -> each;
      case "sum" -> v.reshape(v.apply(new Reduction.Sum(all), each), Shape.of());
      case "mean" -> v.scaled(v.reshape(v.apply(new Reduction.Sum(all), each), Shape.of()), 1 / total);
      default -> throw c.unsupported("attribute 'reduction' = '" + reduction + "'");
    };
    return v.typed(result, logs.type());
  }

  /// Nothing in inference; within a model that is trained, elements are dropped. A program drops elements where the
  /// file says the seed, by the reference's random numbers.
  private static List<Value> dropout(Call c) {
    c.ignore("is_test", "consumed_inputs");
    double ratio = c.has(1) ? c.number(1) : c.real("ratio", 0.5);
    boolean training = c.has(2) && c.host(2).wholes()[0] != 0;
    Value x = c.input(0);
    boolean seeded = c.set("seed");
    if (training && ratio != 0 && x.shape().bound()) {
      if (!seeded) {
        throw c.unsupported("it drops elements at random (training_mode = true, ratio = " + ratio + ") without a seed");
      }
      return drawn(c, x, ratio);
    }
    Value y = c.within().dropped(x, ratio);
    if (!c.gives(1) || !x.shape().bound()) {
      return List.of(y);
    }
    long[] mask = new long[x.shape().length()];
    Arrays.fill(mask, 1);
    // The first versions gave the mask as numbers.
    ElementType type = c.version() < 10 ? x.type() : ElementType.BOOL;
    return List.of(y, new Value.Host(HostTensor.wholes(ElementType.BOOL, x.shape(), mask).as(type)));
  }

  private static List<Value> drawn(Call c, Value x, double ratio) {
    Twister twister = new Twister((int) c.whole("seed", 0));
    long[] mask = new long[x.shape().length()];
    Arrays.setAll(mask, i -> twister.uniform() >= ratio ? 1 : 0);
    HostTensor kept = HostTensor.wholes(ElementType.BOOL, x.shape(), mask);
    Value y = c.values().scaled(c.values().mul(x, new Value.Host(kept.as(ElementType.FLOAT))), 1 / (1 - ratio));
    return List.of(c.values().typed(y, x.type()), new Value.Host(kept));
  }
}
