package juanji.explain;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Tensor;
import juanji.train.Optimizer;
import juanji.train.Trainer;

/// A small network that knows the built-in digits, trained once for all tests.
final class TrainedDigits {
  static final Workers WORKERS = Workers.of(1);
  static final Dataset TEST = Digits.test(1);
  static final Model FRESH = Model.of(input(1, 28, 28), conv(8, 5).same(), batchNorm(), relu(), maxPool(2),
      conv(16, 3).same(), batchNorm(), relu(), maxPool(2), conv(24, 3).same(), batchNorm(), relu(), globalAvgPool(),
      flatten(), dense(10)).initialize(1);
  static final Model MODEL = Trainer.of(FRESH).optimizer(Optimizer.adam(0.01)).epochs(5).batch(32).workers(WORKERS)
      .fit(Digits.generate(3000, 1), Digits.generate(100, 9)).model();

  /// Another, whose fully connected layer sees where things are.
  static final Model PLACED = Trainer.of(Model.of(input(1, 28, 28), conv(8, 5).same(), relu(), maxPool(2),
      conv(16, 3).same(), relu(), maxPool(2), flatten(), dense(10)).initialize(1)).epochs(3).workers(WORKERS)
      .fit(Digits.generate(3000, 1), Digits.generate(100, 9)).model();

  private TrainedDigits() {
  }

  /// A test digit: 1 × 1 × 28 × 28.
  static Tensor digit(int index) {
    Tensor x = Tensor.zeros(FRESH.input().shape().prepend(1));
    TEST.read(index, x.data(), 0);
    return x;
  }
}
