package juanji.bench.peers;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.tensor.Tensor;

/// ONNX Runtime with all its optimisations. Settings: one thread, or as many as allowed.
final class OnnxRuntimeContestant implements Contestant {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final int threads;
  private final Path file;
  private final OnnxTensor x;
  private OrtSession session;

  /// @param file the network, as [OnnxFile] wrote it
  OnnxRuntimeContestant(Workload workload, int threads, Path file) {
    this.threads = threads;
    this.file = file;
    Tensor input = workload.input(workload.model().get());
    FloatBuffer memory = ByteBuffer.allocateDirect(4 * input.data().length).order(ByteOrder.nativeOrder())
        .asFloatBuffer();
    memory.put(input.data()).rewind();
    try {
      this.x = OnnxTensor.createTensor(environment, memory,
          IntStream.of(input.shape().toArray()).asLongStream().toArray());
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
    choose(0);
  }

  @Override public float[] check() {
    try (OrtSession.Result result = session.run(Map.of("x", x))) {
      FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] values = new float[scores.remaining()];
      scores.get(values);
      return values;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override public String[] settings() {
    return threads == 1 ? new String[] {"1 thread"} : new String[] {threads + " threads", "1 thread"};
  }

  @Override public void choose(int setting) {
    try {
      if (session != null) {
        session.close();
      }
      OrtSession.SessionOptions options = new OrtSession.SessionOptions();
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      options.setIntraOpNumThreads(setting == 0 ? threads : 1);
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override public void run() {
    try (OrtSession.Result result = session.run(Map.of("x", x))) {
      if (result.size() != 1) {
        throw new IllegalStateException("no scores");
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override public String version() {
    return "ONNX Runtime " + environment.getVersion() + ", " + threads + " threads";
  }

  @Override public void close() {
    try {
      session.close();
      x.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }
}
