package juanji.onnx.peer;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import juanji.data.Dataset;
import juanji.data.Digits;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.model.ModelFile;
import juanji.nn.Model;
import juanji.onnx.Onnx;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.train.Predictor;
import juanji.train.Trainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network trained here tells the same of every picture in ONNX Runtime.
class TrainedPeerTest {
  @TempDir private Path folder;

  @Test void sameDigitsPictureByPicture() throws IOException {
    Dataset train = Digits.generate(400, 1);
    Dataset test = Digits.generate(500, 2);
    Preprocessing pre = Preprocessing.measure(train);
    Model model = Model.of(input(1, 28, 28), conv(6, 5).noBias(), batchNorm(), relu(), maxPool(2), conv(12, 5), relu(),
        maxPool(2), flatten(), dense(10)).initialize(1);
    try (Workers workers = Workers.all()) {
      Model trained = Trainer.of(model).epochs(3).batch(20).workers(workers).fit(Normalized.of(train, pre)).last();
      Path file = folder.resolve("digits.onnx");
      Onnx.write(ModelFile.of(trained).preprocessing(pre).classes(train.classes()), file);
      Dataset pictures = Normalized.of(test, pre);
      Tensor x = Tensor.zeros(Shape.of(1, 28, 28).prepend(test.size()));
      for (int i = 0; i < test.size(); i++) {
        pictures.read(i, x.data(), i * 784);
      }
      Tensor own = Predictor.of(trained, workers).scores(x);
      Tensor other = Peer.run(Files.readAllBytes(file), Map.of("x", x)).get("y");
      int right = 0;
      for (int i = 0; i < test.size(); i++) {
        assertEquals(largest(other, i), largest(own, i), "picture " + i);
        right += largest(other, i) == test.label(i) ? 1 : 0;
      }
      assertTrue(right > 400, "only " + right + " of 500 digits were told");
    }
  }

  private static int largest(Tensor scores, int row) {
    int classes = scores.shape().dim(1);
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = scores.data()[row * classes + k] > scores.data()[row * classes + best] ? k : best;
    }
    return best;
  }
}
