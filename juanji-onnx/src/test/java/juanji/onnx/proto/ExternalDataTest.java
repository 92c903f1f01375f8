package juanji.onnx.proto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models whose tensors lie in a second file, because the first would exceed what a message may have.
class ExternalDataTest {
  private static final int ELEMENTS = 300_000_000;

  @TempDir private Path folder;

  private static ModelProto model(List<TensorProto> weights) {
    List<NodeProto> nodes = IntStream.range(0, weights.size()).mapToObj(i -> NodeProto.of("", "Identity",
        List.of(weights.get(i).name()), List.of("y" + i))).toList();
    return ModelProto.of(8, 17, GraphProto.of("large", nodes, weights, List.of(), IntStream.range(0, weights.size())
        .mapToObj(i -> new ValueInfoProto("y" + i, TypeProto.UNSAID)).toList()), Map.of());
  }

  private static TensorProto numbers(String name, int count) {
    Tensor tensor = Tensor.zeros(Shape.of(count));
    for (int i = 0; i < count; i++) {
      tensor.data()[i] = i + name.length();
    }
    return TensorProto.of(name, tensor);
  }

  @Test void largeTensorsLieBesideAndSmallOnesInside() throws IOException {
    ModelProto model = model(List.of(numbers("a", 300), numbers("small", 5), numbers("long", 1025)));
    Path file = folder.resolve("a.onnx");
    model.write(file, 1000);
    // Each begins a page.
    assertEquals(3 * 4096, Files.size(folder.resolve("a.onnx.data")));
    assertTrue(Files.size(file) < 1000);
    assertEquals(model, ModelProto.read(file));
    Files.delete(folder.resolve("a.onnx.data"));
    assertTrue(assertThrows(OnnxException.class, () -> ModelProto.read(file)).getMessage().contains("\n  C6: "));
  }

  @Test void aModelThatFitsIsOneFile() {
    Path file = folder.resolve("b.onnx");
    model(List.of(numbers("a", 300))).write(file);
    assertFalse(Files.exists(folder.resolve("b.onnx.data")));
  }

  /// A tensor of 1.2 GB that takes no heap: a file of nothing but its ends, mapped.
  private TensorProto mapped(String name, Arena arena) throws IOException {
    Path hole = folder.resolve(name);
    try (FileChannel channel = FileChannel.open(hole, StandardOpenOption.CREATE, StandardOpenOption.READ,
        StandardOpenOption.WRITE)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4L * ELEMENTS, arena);
      bytes.set(ValueLayout.JAVA_FLOAT, 0, 1 + name.length());
      bytes.set(ValueLayout.JAVA_FLOAT, 4L * (ELEMENTS - 1), 2 + name.length());
      return new TensorProto(name, ElementType.FLOAT, Shape.of(ELEMENTS), bytes, List.of());
    }
  }

  /// 2.4 GB of weights, written and read without a heap of that size.
  @Tag("learning")
  @Test void moreThanTwoGigabytes() throws IOException {
    try (Arena arena = Arena.ofShared()) {
      ModelProto model = model(List.of(mapped("first", arena), mapped("other", arena), numbers("a", 7)));
      Path file = folder.resolve("large.onnx");
      assertTrue(assertThrows(OnnxException.class, () -> model.write(OutputStream.nullOutputStream())).getMessage()
          .contains("C8: a protobuf message has up to 2³¹ − 1 bytes; received 24000"));
      model.write(file);
      assertTrue(Files.size(file) < 1000);
      assertTrue(Files.size(folder.resolve("large.onnx.data")) >= 8L * ELEMENTS);
      List<TensorProto> read = ModelProto.read(file).graph().initializers();
      for (int i = 0; i < 2; i++) {
        assertEquals(Shape.of(ELEMENTS), read.get(i).shape());
        assertEquals(6, read.get(i).real(0));
        assertEquals(0, read.get(i).real(ELEMENTS / 2));
        assertEquals(7, read.get(i).real(ELEMENTS - 1));
      }
      assertEquals(7, read.get(2).real(6));
    }
  }
}
