package juanji.bench.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import juanji.op.Axis;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// Computes layers with PyTorch's operations at once, in place where its own networks do so.
final class TorchDialect implements Dialect<Tensor> {
  private final Map<String, Tensor> weights;
  private final Map<String, TensorOptional> optionals = new HashMap<>();
  private final TensorOptional none = new TensorOptional();
  private final boolean training;

  TorchDialect(Map<String, Tensor> weights, boolean training) {
    this.weights = weights;
    this.training = training;
    weights.forEach((name, tensor) -> optionals.put(name, new TensorOptional(tensor)));
  }

  private static long[] numbers(List<Axis> axes, ToLongFunction<Axis> number) {
    return axes.stream().mapToLong(number).toArray();
  }

  private static long[] padding(List<Axis.Placed> places) {
    return places.stream().mapToLong(Axis.Placed::before).toArray();
  }

  @Override public Tensor conv(Tensor x, String weight, Optional<String> bias, List<Axis.Placed> places,
      List<Axis> axes, int groups) {
    TensorOptional added = bias.map(optionals::get).orElse(none);
    long[] stride = numbers(axes, Axis::stride);
    long[] dilation = numbers(axes, Axis::dilation);
    return axes.size() == 1
        ? torch.conv1d(x, weights.get(weight), added, stride, padding(places), dilation, groups)
        : torch.conv2d(x, weights.get(weight), added, stride, padding(places), dilation, groups);
  }

  @Override public Tensor batchNorm(Tensor x, String scope, double epsilon, double momentum) {
    return torch.batch_norm(x, optionals.get(scope + ".weight"), optionals.get(scope + ".bias"),
        optionals.get(scope + ".running_mean"), optionals.get(scope + ".running_var"), training, momentum, epsilon,
        true);
  }

  @Override public Tensor relu(Tensor x) {
    torch.relu_(x);
    return x;
  }

  @Override public Tensor maxPool(Tensor x, List<Axis.Placed> places, List<Axis> axes) {
    return torch.max_pool2d(x, numbers(axes, Axis::kernel), numbers(axes, Axis::stride), padding(places),
        numbers(axes, Axis::dilation), false);
  }

  @Override public Tensor globalMean(Tensor x) {
    return torch.adaptive_avg_pool2d(x, 1, 1);
  }

  @Override public Tensor globalMax(Tensor x) {
    long[] length = {x.size(2)};
    return torch.max_pool1d(x, length, length, new long[] {0}, new long[] {1}, false);
  }

  @Override public Tensor flatten(Tensor x) {
    return torch.flatten(x, 1, -1);
  }

  @Override public Tensor dense(Tensor x, String weight, String bias) {
    return torch.linear(x, weights.get(weight), optionals.get(bias));
  }

  @Override public Tensor add(Tensor body, Tensor shortcut) {
    body.add_(shortcut);
    return body;
  }

  @Override public Tensor concat(List<Tensor> parts) {
    try (TensorVector all = new TensorVector(parts.toArray(Tensor[]::new))) {
      return torch.cat(all, 1);
    }
  }

  @Override public Tensor embedding(Tensor ids, String weight) {
    return torch.embedding(weights.get(weight), ids).permute(0, 2, 1);
  }

  @Override public Tensor dropout(Tensor x, double p) {
    return p == 0 ? x : torch.dropout(x, p, training);
  }

  @Override public void release(Tensor value) {
    value.close();
  }
}
