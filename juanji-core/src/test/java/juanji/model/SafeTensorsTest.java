package juanji.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import juanji.json.Json;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
  @TempDir private Path folder;

  private Path file(long headerLength, byte[] header, byte[] data) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    Path file = folder.resolve("a.safetensors");
    Files.write(file, all.putLong(headerLength).put(header).put(data).array());
    return file;
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    return file(bytes.length, bytes, data);
  }

  private static void refused(Path file, String constraint) {
    var e = assertTimeoutPreemptively(Duration.ofSeconds(1),
        () -> assertThrows(ModelException.class, () -> SafeTensors.read(file)));
    assertTrue(e.getMessage().contains("\n  " + constraint + ": "), e.getMessage());
    assertEquals(3, e.getMessage().lines().count(), e.getMessage());
  }

  @Test void tensorsAndTextsComeBackInOrder() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", Tensor.of(Shape.of(2, 3), 1, -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, 6));
    tensors.put("scalar", Tensor.scalar(7));
    tensors.put("empty", Tensor.zeros(Shape.of(0, 5)));
    float[] many = new float[700_001];
    for (int i = 0; i < many.length; i++) {
      many[i] = i;
    }
    tensors.put("much", Tensor.of(Shape.of(many.length), many));
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("b", "é\n\"");
    texts.put("a", "");
    Path file = folder.resolve("t");
    SafeTensors.write(file, tensors, texts);
    SafeTensors read = SafeTensors.read(file);
    assertEquals(new ArrayList<>(tensors.keySet()), new ArrayList<>(read.tensors().keySet()));
    tensors.forEach((name, tensor) -> {
      assertEquals(tensor.shape(), read.tensors().get(name).shape());
      assertArrayEquals(tensor.data(), read.tensors().get(name).data());
    });
    assertEquals(List.of("b", "a", "juanji.checksum"), new ArrayList<>(read.metadata().keySet()));
    assertEquals("é\n\"", read.metadata().get("b"));
  }

  @Test void layoutIsThatOfTheFormat() throws IOException {
    Path file = folder.resolve("t");
    SafeTensors.write(file, Map.of("w", Tensor.of(Shape.of(1, 2), 1, -2)), Map.of());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertEquals(0, length % 8);
    byte[] header = new byte[length];
    bytes.get(header);
    Json json = Json.parse(new String(header, StandardCharsets.UTF_8));
    assertEquals("{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}", json.member("w").toString());
    assertEquals(1, bytes.getFloat());
    assertEquals(-2, bytes.getFloat());
    assertEquals(0, bytes.remaining());
  }

  @Test void otherTypesAreReadAsFloats() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 0x3f80).putShort((short) 0xc020).putShort((short) 0x3c00).putShort((short) 0x0001);
    data.putDouble(0.1).putDouble(-3);
    SafeTensors read = SafeTensors.read(file("""
        {"d": {"dtype": "F64", "shape": [2], "data_offsets": [8, 24]},
         "h": {"dtype": "F16", "shape": [2], "data_offsets": [4, 8]},
         "b": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [0, 4]}}""", data.array()));
    assertArrayEquals(new float[] {0.1f, -3}, read.tensors().get("d").data());
    assertArrayEquals(new float[] {1, 0x1p-24f}, read.tensors().get("h").data());
    assertArrayEquals(new float[] {1, -2.5f}, read.tensors().get("b").data());
    assertEquals(List.of("d", "h", "b"), new ArrayList<>(read.tensors().keySet()));
  }

  @Test void c1HeaderLengthsMustFitTheFile() throws IOException {
    byte[] header = "{}".getBytes(StandardCharsets.UTF_8);
    for (long length : new long[] {0, 1, 3, 100, 100_000_001, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE, -1,
        Long.MIN_VALUE}) {
      refused(file(length, header, new byte[0]), "C1");
    }
    assertEquals(Map.of(), SafeTensors.read(file(2, header, new byte[0])).tensors());
  }

  @Test void c1WhatIsNoFileIsNamed() {
    refused(folder, "C1");
    refused(folder.resolve("absent"), "C1");
    var e = assertThrows(ModelException.class, () -> SafeTensors.read(folder.resolve("absent")));
    assertEquals("the file '" + folder.resolve("absent") + "' cannot be read.\n"
        + "  C1: it is a regular file; received nothing of that name.\n"
        + "  Check the path.", e.getMessage());
  }

  @Test void c2HeadersAreJsonObjects() throws IOException {
    for (String header : List.of("[]", "  ", "{\"a\"", "{} x", "{\"a\":1,\"a\":2}", "PK\u0003\u0004",
        "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":[]}", "{\"a\":".repeat(1000), "[".repeat(100_000))) {
      refused(file(header, new byte[0]), "C2");
    }
    refused(file(2, new byte[] {(byte) 0xc3, 0x28}, new byte[0]), "C2");
  }

  @Test void c3EntriesAreChecked() throws IOException {
    for (String entry : List.of("1", "{}", "{\"dtype\":\"F32\",\"shape\":[2]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":1}",
        "{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}",
        "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-9223372036854775808,9223372036854775807]}",
        "{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"F32\",\"shape\":[-2,-1],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"F32\",\"shape\":[-1,0],\"data_offsets\":[0,0]}",
        "{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"F32\",\"shape\":[4294967298],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"F32\",\"shape\":[2147483647,2147483647,2147483647],\"data_offsets\":[0,8]}",
        "{\"dtype\":\"F32\",\"shape\":[65536,65536,65536,65536],\"data_offsets\":[0,0]}",
        "{\"dtype\":\"F32\",\"shape\":[2147483647],\"data_offsets\":[0,8589934588]}",
        "{\"dtype\":\"F32\",\"shape\":[500000000],\"data_offsets\":[0,2000000000]}",
        "{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,8]}")) {
      refused(file("{\"a\":" + entry + "}", new byte[8]), "C3");
    }
  }

  @Test void c4TensorsLieOneBehindTheOther() throws IOException {
    String first = "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},";
    String second = "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":";
    refused(file(first + second + "[0,4]}}", new byte[8]), "C4");
    refused(file(first + second + "[8,12]}}", new byte[12]), "C4");
    refused(file(first + second + "[2,6]}}", new byte[8]), "C4");
    refused(file(first + second + "[4,8]}}", new byte[9]), "C4");
    assertEquals(2, SafeTensors.read(file(first + second + "[4,8]}}", new byte[8])).tensors().size());
  }

  @Test void c5ChecksumsAreThoseOfTheContent() throws IOException {
    Path file = folder.resolve("t");
    SafeTensors.write(file, Map.of("w", Tensor.of(Shape.of(2), 1, -2)), Map.of("a", "b"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    refused(file, "C5");
  }

  @Test void failedWritesLeaveNothingBehind() throws IOException {
    Path occupied = Files.createDirectories(folder.resolve("occupied/inside")).getParent();
    assertThrows(ModelException.class, () -> SafeTensors.write(occupied, Map.of(), Map.of()));
    var e = assertThrows(ModelException.class,
        () -> SafeTensors.write(folder.resolve("absent/t"), Map.of(), Map.of()));
    assertTrue(e.getMessage().contains("received no folder "), e.getMessage());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(occupied), files.toList());
    }
  }

  @Test void writingReplacesWhatWasThere() throws IOException {
    Path file = folder.resolve("t");
    Files.writeString(file, "old");
    SafeTensors.write(file, Map.of(), Map.of("a", "new"));
    assertEquals("new", SafeTensors.read(file).metadata().get("a"));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(1, files.count());
    }
  }
}
