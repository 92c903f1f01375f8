package juanji.bench.peers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import juanji.nn.Declaration;
import juanji.nn.Model;
import juanji.op.Axis;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Writes a network for ONNX Runtime: the layers of the benchmark networks only, batch-norm as it is, so that the
/// runtime can fold it its own way. Weights are drawn and written one by one.
///
/// Source: the message numbers of *onnx.proto3*.
final class OnnxFile implements Dialect<String> {
  private static final int VARINT = 0;
  private static final int BYTES = 2;
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;
  private static final long SEED = 1;

  private final ByteArrayOutputStream nodes = new ByteArrayOutputStream();
  private int values;

  private OnnxFile() {
  }

  /// Writes the network with the weights of seed 1, its batch fixed.
  static void write(Model model, int batch, Path file) {
    OnnxFile onnx = new OnnxFile();
    String output = Translation.of(model, "x", onnx);
    // All but the weights' messages, whose sizes must be known before the graph's own.
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.writeBytes(onnx.nodes.toByteArray());
    string(rest, 2, "network");
    message(rest, 11, declared("x", model.input().shape().prepend(batch)));
    message(rest, 12, declared(output, model.outputShape().prepend(batch)));
    long size = rest.size();
    Map<Declaration, byte[]> heads = new HashMap<>();
    for (Declaration d : model.parameters()) {
      byte[] head = tensorHead(d);
      heads.put(d, head);
      long body = head.length + 4 * d.shape().size();
      size += 1 + length(body) + body;
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      ByteArrayOutputStream start = new ByteArrayOutputStream();
      number(start, 1, 8);
      ByteArrayOutputStream opset = new ByteArrayOutputStream();
      number(opset, 2, 17);
      message(start, 8, opset);
      varint(start, 7 << 3 | BYTES);
      varint(start, size);
      start.writeTo(out);
      rest.writeTo(out);
      for (Declaration d : model.parameters()) {
        byte[] head = heads.get(d);
        ByteArrayOutputStream prefix = new ByteArrayOutputStream();
        varint(prefix, 5 << 3 | BYTES);
        varint(prefix, head.length + 4 * d.shape().size());
        prefix.writeBytes(head);
        prefix.writeTo(out);
        Tensor tensor = d.initializer().weights(d.shape(), SEED, d.name());
        ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.data().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.data());
        out.write(bytes.array());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A tensor's message up to and with the size of its raw data.
  private static byte[] tensorHead(Declaration d) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int dim : d.shape().toArray()) {
      number(head, 1, dim);
    }
    number(head, 2, 1);
    string(head, 8, d.name());
    varint(head, 9 << 3 | BYTES);
    varint(head, 4 * d.shape().size());
    return head.toByteArray();
  }

  private static ByteArrayOutputStream declared(String name, Shape shape) {
    ByteArrayOutputStream dims = new ByteArrayOutputStream();
    for (int dim : shape.toArray()) {
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      number(one, 1, dim);
      message(dims, 1, one);
    }
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    number(tensor, 1, 1);
    message(tensor, 2, dims);
    ByteArrayOutputStream type = new ByteArrayOutputStream();
    message(type, 1, tensor);
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    string(value, 1, name);
    message(value, 2, type);
    return value;
  }

  private static int length(long value) {
    int bytes = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }

  private static void varint(ByteArrayOutputStream to, long value) {
    long rest = value;
    while (rest >>> 7 != 0) {
      to.write((int) (rest & 127 | 128));
      rest >>>= 7;
    }
    to.write((int) rest);
  }

  private static void number(ByteArrayOutputStream to, int field, long value) {
    varint(to, (long) field << 3 | VARINT);
    varint(to, value);
  }

  private static void string(ByteArrayOutputStream to, int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varint(to, (long) field << 3 | BYTES);
    varint(to, bytes.length);
    to.writeBytes(bytes);
  }

  private static void message(ByteArrayOutputStream to, int field, ByteArrayOutputStream content) {
    varint(to, (long) field << 3 | BYTES);
    varint(to, content.size());
    to.writeBytes(content.toByteArray());
  }

  /// An operation with its attributes: whole numbers, lists of them, and floats.
  private String node(String op, List<String> inputs, Map<String, Object> attributes) {
    String output = "v" + values++;
    ByteArrayOutputStream node = new ByteArrayOutputStream();
    inputs.forEach(i -> string(node, 1, i));
    string(node, 2, output);
    string(node, 4, op);
    attributes.forEach((name, value) -> {
      ByteArrayOutputStream attribute = new ByteArrayOutputStream();
      string(attribute, 1, name);
      switch (value) {
        case Float f -> {
          varint(attribute, 2 << 3 | 5);
          int bits = Float.floatToIntBits(f);
          for (int i = 0; i < 4; i++) {
            attribute.write(bits >>> 8 * i);
          }
          number(attribute, 20, ATTRIBUTE_FLOAT);
        }
        case Integer i -> {
          number(attribute, 3, i);
          number(attribute, 20, ATTRIBUTE_INT);
        }
        case long[] list -> {
          for (long i : list) {
            number(attribute, 8, i);
          }
          number(attribute, 20, ATTRIBUTE_INTS);
        }
        default -> throw new IllegalArgumentException("no attribute can be " + value);
      }
      message(node, 5, attribute);
    });
    message(nodes, 1, node);
    return output;
  }

  private static Map<String, Object> sliding(List<Axis.Placed> places, List<Axis> axes) {
    Map<String, Object> attributes = new HashMap<>();
    attributes.put("kernel_shape", numbers(axes, Axis::kernel));
    attributes.put("strides", numbers(axes, Axis::stride));
    attributes.put("dilations", numbers(axes, Axis::dilation));
    List<Long> pads = new ArrayList<>();
    places.forEach(p -> pads.add((long) p.before()));
    places.forEach(p -> pads.add((long) p.after()));
    attributes.put("pads", pads.stream().mapToLong(p -> p).toArray());
    return attributes;
  }

  private static long[] numbers(List<Axis> axes, ToLongFunction<Axis> number) {
    return axes.stream().mapToLong(number).toArray();
  }

  @Override public String conv(String x, String weight, Optional<String> bias, List<Axis.Placed> places,
      List<Axis> axes, int groups) {
    Map<String, Object> attributes = sliding(places, axes);
    attributes.put("group", groups);
    List<String> inputs = new ArrayList<>(List.of(x, weight));
    bias.ifPresent(inputs::add);
    return node("Conv", inputs, attributes);
  }

  @Override public String batchNorm(String x, String scope, double epsilon, double momentum) {
    return node("BatchNormalization", List.of(x, scope + ".weight", scope + ".bias", scope + ".running_mean",
        scope + ".running_var"), Map.of("epsilon", (float) epsilon));
  }

  @Override public String relu(String x) {
    return node("Relu", List.of(x), Map.of());
  }

  @Override public String maxPool(String x, List<Axis.Placed> places, List<Axis> axes) {
    return node("MaxPool", List.of(x), sliding(places, axes));
  }

  @Override public String globalMean(String x) {
    return node("GlobalAveragePool", List.of(x), Map.of());
  }

  @Override public String globalMax(String x) {
    return node("GlobalMaxPool", List.of(x), Map.of());
  }

  @Override public String flatten(String x) {
    return node("Flatten", List.of(x), Map.of("axis", 1));
  }

  @Override public String dense(String x, String weight, String bias) {
    return node("Gemm", List.of(x, weight, bias), Map.of("transB", 1));
  }

  @Override public String add(String body, String shortcut) {
    return node("Add", List.of(body, shortcut), Map.of());
  }

  @Override public String concat(List<String> parts) {
    return node("Concat", parts, Map.of("axis", 1));
  }

  @Override public String embedding(String ids, String weight) {
    throw new IllegalArgumentException("embeddings are not compared with ONNX Runtime.");
  }

  @Override public String dropout(String x, double p) {
    return x;
  }
}
