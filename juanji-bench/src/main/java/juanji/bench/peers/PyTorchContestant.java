package juanji.bench.peers;

import java.util.HashMap;
import java.util.Map;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.tensor.Tensor;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// PyTorch's C++ library, run eagerly.
///
/// Settings: the default memory format or channels-last, and OpenBLAS on one thread or on as many as PyTorch itself.
final class PyTorchContestant implements Contestant {
  private static final int CHECKED_STEPS = 4;
  private static final long SEED = 1;

  private final Workload workload;
  private final int threads;
  private final Model network;
  private final Map<String, org.bytedeco.pytorch.Tensor> weights = new HashMap<>();
  private final TensorVector trained = new TensorVector();
  private org.bytedeco.pytorch.Tensor x;
  private org.bytedeco.pytorch.Tensor classes;
  private TorchDialect dialect;
  private SGD optimizer;

  PyTorchContestant(Workload workload, int threads) {
    this.workload = workload;
    this.threads = threads;
    this.network = workload.model().get();
    torch.set_num_threads(threads);
    prepare(false);
  }

  /// Fresh weights and inputs in a memory format.
  private void prepare(boolean channelsLast) {
    weights.values().forEach(org.bytedeco.pytorch.Tensor::close);
    weights.clear();
    trained.clear();
    // One by one, so that Java's copy of the weights takes little memory.
    for (Declaration d : network.parameters()) {
      Tensor values = d.initializer().weights(d.shape(), SEED, d.name());
      org.bytedeco.pytorch.Tensor weight = formatted(values, channelsLast);
      if (workload.training() && d.trainable()) {
        weight.set_requires_grad(true);
        trained.push_back(weight);
      }
      weights.put(d.name(), weight);
    }
    x = formatted(workload.input(network), channelsLast);
    if (network.input().shape().rank() == 1) {
      x = x.to(torch.ScalarType.Long);
    }
    dialect = new TorchDialect(weights, workload.training());
    if (workload.training()) {
      classes = formatted(workload.classes(network), false).to(torch.ScalarType.Long);
      SGDOptions options = new SGDOptions(0.01);
      options.momentum().put(0.9);
      optimizer = new SGD(trained, options);
    }
  }

  private static org.bytedeco.pytorch.Tensor formatted(Tensor values, boolean channelsLast) {
    int[] dims = values.shape().toArray();
    long[] sizes = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      sizes[i] = dims[i];
    }
    try (FloatPointer memory = new FloatPointer(values.data())) {
      org.bytedeco.pytorch.Tensor tensor = torch.from_blob(memory, sizes, new TensorOptions(torch.ScalarType.Float))
          .clone();
      return channelsLast && dims.length == 4 ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor;
    }
  }

  @Override public float[] check() {
    Model checked = workload.checked().get();
    if (workload.training()) {
      float[] losses = new float[CHECKED_STEPS];
      for (int i = 0; i < losses.length; i++) {
        losses[i] = train(checked);
      }
      return losses;
    }
    try (PointerScope _ = new PointerScope(); NoGradGuard _ = new NoGradGuard()) {
      org.bytedeco.pytorch.Tensor y = Translation.of(checked, x, dialect).contiguous();
      float[] scores = new float[(int) y.numel()];
      new FloatPointer(y.data_ptr_float()).get(scores);
      return scores;
    }
  }

  private float train(Model model) {
    try (PointerScope _ = new PointerScope()) {
      optimizer.zero_grad();
      org.bytedeco.pytorch.Tensor scores = Translation.of(model, x, dialect);
      org.bytedeco.pytorch.Tensor loss = torch.cross_entropy_loss(scores, classes);
      loss.backward();
      optimizer.step();
      return loss.item_float();
    }
  }

  @Override public String[] settings() {
    String last = "channels last, OpenBLAS on ";
    return network.input().shape().rank() == 3 ? new String[] {"OpenBLAS on 1", "OpenBLAS on " + threads, last + "1",
        last + threads} : new String[] {"OpenBLAS on 1", "OpenBLAS on " + threads};
  }

  @Override public void choose(int setting) {
    openblas.blas_set_num_threads(setting % 2 == 0 ? 1 : threads);
    prepare(setting >= 2);
  }

  @Override public void run() {
    if (workload.training()) {
      train(network);
    } else {
      try (PointerScope _ = new PointerScope(); NoGradGuard _ = new NoGradGuard()) {
        Translation.of(network, x, dialect);
      }
    }
  }

  @Override public String version() {
    // The library does not tell its version, its jar does: pytorch-VERSION.jar.
    String jar = torch.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return "PyTorch " + jar.replaceAll(".*pytorch-|\\.jar$", "") + ", " + torch.get_num_threads() + " threads";
  }

  @Override public void close() {
    weights.values().forEach(org.bytedeco.pytorch.Tensor::close);
  }
}
