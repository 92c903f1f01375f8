package juanji.onnx.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import juanji.graph.Interpreter;
import juanji.op.Exact;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// ONNX Runtime, the independent engine that results are compared with.
///
/// Two results agree if no element differs by more than 10⁻⁵ of the largest element of the result (the maximum norm).
final class Peer {
  static final double TOLERANCE = 1e-5;
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment(
      OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
  private static final List<Target> TARGETS = List.of(Target.scalar(), Target.best());

  private Peer() {
  }

  /// Opens a model.
  private interface Opening {
    OrtSession with(OrtSession.SessionOptions options) throws OrtException;
  }

  /// What a model gives; whole numbers as floats.
  static Map<String, Tensor> run(byte[] model, Map<String, Tensor> inputs) {
    return run(options -> ENVIRONMENT.createSession(model, options), inputs);
  }

  /// What a file's model gives; whole numbers as floats.
  static Map<String, Tensor> run(Path model, Map<String, Tensor> inputs) {
    return run(options -> ENVIRONMENT.createSession(model.toString(), options), inputs);
  }

  private static Map<String, Tensor> run(Opening opening, Map<String, Tensor> inputs) {
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      try (OrtSession session = opening.with(options)) {
        for (var input : inputs.entrySet()) {
          given.put(input.getKey(), OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(input.getValue().data()),
              IntStream.of(input.getValue().shape().toArray()).asLongStream().toArray()));
        }
        Map<String, Tensor> results = new LinkedHashMap<>();
        try (OrtSession.Result result = session.run(given)) {
          for (var output : result) {
            results.put(output.getKey(), tensor(output.getValue()));
          }
        }
        return results;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static Tensor tensor(OnnxValue value) throws OrtException {
    OnnxTensor tensor = (OnnxTensor) value;
    TensorInfo info = tensor.getInfo();
    Shape shape = Shape.of(LongStream.of(info.getShape()).mapToInt(Math::toIntExact).toArray());
    float[] data = new float[shape.length()];
    if (info.onnxType == TensorInfo.OnnxTensorType.ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64) {
      LongBuffer numbers = tensor.getLongBuffer();
      for (int i = 0; i < data.length; i++) {
        data[i] = numbers.get(i);
      }
    } else {
      tensor.getFloatBuffer().get(data);
    }
    return Tensor.of(shape, data);
  }

  /// Checks that the planned graph, on scalar and on vector kernels, and its definition give what the model gives.
  static void agree(Comparison c) {
    Map<String, Tensor> all = new LinkedHashMap<>(c.inputs());
    all.putAll(c.parameters());
    Map<String, Tensor> expected;
    try {
      expected = run(c.model().bytes(), all);
    } catch (IllegalStateException e) {
      throw new AssertionError(c.what() + ": " + e.getMessage(), e);
    }
    int batch = c.inputs().get("x").shape().dim(0);
    try (Workers workers = Workers.of(1)) {
      for (Target target : TARGETS) {
        Map<String, Tensor> results = new Session(Compiler.compile(c.graph(), batch, target), c.parameters(), workers)
            .run(c.inputs());
        expected.forEach((name, e) -> close(c.what() + " by " + target, e, Exact.of(results.get(name))));
      }
    }
    Map<String, Exact> exact = new LinkedHashMap<>();
    all.forEach((name, tensor) -> exact.put(name, Exact.of(tensor)));
    Map<String, Exact> meant = Interpreter.run(c.graph(), exact).outputs();
    expected.forEach((name, e) -> close(c.what() + " by definition", e, meant.get(name)));
  }

  private static void close(String what, Tensor expected, Exact actual) {
    close(what, expected, actual, TOLERANCE);
  }

  /// Checks that no element differs by more than a part of the largest one.
  static void close(String what, Tensor expected, Exact actual, double tolerance) {
    if (!expected.shape().equals(actual.shape())) {
      throw new AssertionError(what + ": a shape of " + actual.shape() + ", but ONNX Runtime gives "
          + expected.shape());
    }
    double largest = 0;
    for (float e : expected.data()) {
      largest = Math.max(largest, Math.abs(e));
    }
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < expected.data().length; i++) {
      if (!(Math.abs(actual.data()[i] - expected.data()[i]) <= tolerance * largest)) {
        wrong.add("[" + i + "] " + actual.data()[i] + " instead of " + expected.data()[i]);
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError(what + ": " + wrong.size() + " of " + expected.data().length + " elements differ from "
          + "ONNX Runtime's, whose largest is " + largest + ": " + wrong.subList(0, Math.min(4, wrong.size())));
    }
  }
}
