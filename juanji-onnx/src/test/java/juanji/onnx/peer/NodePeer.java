package juanji.onnx.peer;

import static org.junit.jupiter.api.Assertions.fail;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import juanji.nn.Model;
import juanji.onnx.Onnx;
import juanji.onnx.OnnxProgram;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import juanji.testkit.Draw;

/// Compares what a node gives here with what it gives in ONNX Runtime, in any type that both know.
final class NodePeer {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment(
      OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
  /// Of a number, and of the largest number of its result.
  private static final double RELATIVE = 1e-4;
  private static final double OF_LARGEST = 2e-6;

  private NodePeer() {
  }

  /// Draws nodes and compares them. Those that ONNX Runtime refuses are passed over, but at least some must be left.
  ///
  /// @param least how many must be compared
  static void all(long seed, int times, int least, Function<Draw, NodeCase> drawn) {
    Draw draw = new Draw(seed);
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> refused = new LinkedHashMap<>();
    int compared = 0;
    try (Workers workers = Workers.of(1)) {
      for (int i = 0; i < times; i++) {
        NodeCase node = drawn.apply(draw);
        Map<String, TensorProto> expected;
        try {
          expected = run(node);
        } catch (OrtException e) {
          refused.merge(node + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), 1, Integer::sum);
          continue;
        }
        compared++;
        difference(node, expected, workers).ifPresent(d -> wrong.add(node + "\n    " + d));
      }
    }
    if (Boolean.getBoolean("juanji.refused")) {
      refused.forEach((k, v) -> System.out.println("refused " + k));
    }
    if (!wrong.isEmpty()) {
      fail(wrong.size() + " of " + compared + " nodes differ:\n"
          + String.join("\n", wrong.subList(0, Math.min(12, wrong.size()))));
    }
    if (compared < least) {
      fail("only " + compared + " of " + times + " nodes were compared; ONNX Runtime refuses\n"
          + String.join("\n", refused.keySet().stream().limit(6).toList()));
    }
  }

  private static Optional<String> difference(NodeCase node, Map<String, TensorProto> expected, Workers workers) {
    Map<String, TensorProto> actual;
    try {
      actual = OnnxProgram.of(node.model(), "node").run(node.given(), workers);
    } catch (OnnxException e) {
      return Optional.of("refused: " + e.getMessage().replaceAll("\\s*\n\\s*", " "));
    } catch (RuntimeException e) {
      return Optional.of(e.toString());
    }
    for (Map.Entry<String, TensorProto> each : expected.entrySet()) {
      Optional<String> found = difference(each.getValue(), actual.get(each.getKey()));
      if (found.isPresent()) {
        return found.map(f -> each.getKey() + " " + f);
      }
    }
    return modelled(node, actual.get("y0"), workers);
  }

  /// The node as a model, where it can be one: what a program gives.
  private static Optional<String> modelled(NodeCase node, TensorProto expected, Workers workers) {
    TensorProto first = node.given().isEmpty() ? expected : node.given().values().iterator().next();
    if (first.type() != ElementType.FLOAT || first.shape().rank() < 2 || expected.type() != ElementType.FLOAT) {
      return Optional.empty();
    }
    Model model;
    try {
      model = Onnx.of(node.model(), "node").model();
    } catch (OnnxException e) {
      return Optional.empty();
    }
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    node.given().forEach((name, tensor) -> inputs.put(inputs.isEmpty() ? "x" : name, tensor.tensor()));
    Tensor y = new Session(Compiler.compile(model.graph(), first.shape().dim(0), Target.best()),
        model.weights().tensors(), workers).run(inputs).get("y");
    // A model keeps the batch where the file drops an axis of 1.
    Tensor same = y.shape().size() == expected.shape().size() ? Tensor.of(expected.shape(), y.data()) : y;
    return difference(expected, TensorProto.of("y", same)).map(f -> "as a model, y " + f);
  }

  private static boolean real(ElementType type) {
    return type == ElementType.FLOAT || type == ElementType.DOUBLE || type == ElementType.FLOAT16;
  }

  private static Optional<String> difference(TensorProto expected, TensorProto actual) {
    if (expected.type() != actual.type() || !expected.shape().equals(actual.shape())) {
      return Optional.of("is " + actual.type() + " " + actual.shape() + " instead of " + expected.type() + " "
          + expected.shape());
    }
    int size = (int) expected.shape().size();
    double largest = 0;
    for (int i = 0; i < size && real(expected.type()); i++) {
      largest = Math.max(largest, Double.isFinite(expected.real(i)) ? Math.abs(expected.real(i)) : 0);
    }
    boolean half = expected.type() == ElementType.FLOAT16;
    for (int i = 0; i < size; i++) {
      if (real(expected.type())) {
        double e = expected.real(i);
        double a = actual.real(i);
        if (!(a == e || Double.isNaN(a) && Double.isNaN(e)
            || Math.abs(a - e) <= (half ? 2e-3 : RELATIVE) * Math.abs(e) + (half ? 1e-3 : OF_LARGEST) * largest)) {
          return Optional.of("[" + i + "] is " + a + " instead of " + e);
        }
      } else if (expected.whole(i) != actual.whole(i)) {
        return Optional.of("[" + i + "] is " + actual.whole(i) + " instead of " + expected.whole(i));
      }
    }
    return Optional.empty();
  }

  private static OnnxJavaType java(ElementType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case DOUBLE -> OnnxJavaType.DOUBLE;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case INT8 -> OnnxJavaType.INT8;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
      default -> throw new IllegalArgumentException("ONNX Runtime takes no " + type);
    };
  }

  private static ElementType type(TensorInfo info) {
    return switch (info.onnxType) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> ElementType.FLOAT;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> ElementType.DOUBLE;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> ElementType.FLOAT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> ElementType.INT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> ElementType.UINT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> ElementType.INT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> ElementType.UINT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> ElementType.INT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> ElementType.UINT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> ElementType.INT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> ElementType.UINT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> ElementType.BOOL;
      default -> throw new IllegalArgumentException("an output of " + info.onnxType);
    };
  }

  private static Map<String, TensorProto> run(NodeCase node) throws OrtException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      node.model().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    Map<String, TensorProto> results = new LinkedHashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
      try (OrtSession session = ENVIRONMENT.createSession(bytes.toByteArray(), options)) {
        for (TensorProto input : node.given().values()) {
          ByteBuffer data = ByteBuffer.allocateDirect((int) input.bytes().byteSize()).order(ByteOrder.nativeOrder());
          MemorySegment.copy(input.bytes(), ValueLayout.JAVA_BYTE, 0, MemorySegment.ofBuffer(data),
              ValueLayout.JAVA_BYTE, 0, data.capacity());
          given.put(input.name(), OnnxTensor.createTensor(ENVIRONMENT, data,
              IntStream.of(input.shape().toArray()).asLongStream().toArray(), java(input.type())));
        }
        try (OrtSession.Result result = session.run(given)) {
          for (var output : result) {
            OnnxTensor tensor = (OnnxTensor) output.getValue();
            ByteBuffer data = tensor.getByteBuffer();
            byte[] copy = new byte[data.remaining()];
            data.get(copy);
            results.put(output.getKey(), new TensorProto(output.getKey(), type(tensor.getInfo()),
                Shape.of(LongStream.of(tensor.getInfo().getShape()).mapToInt(Math::toIntExact).toArray()),
                MemorySegment.ofArray(copy), List.of()));
          }
        }
      }
      return results;
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }
}
