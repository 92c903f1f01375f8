package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import juanji.train.Epoch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardEventsTest {
  @Test void recordsHaveTheirLengthsAndChecksums(@TempDir Path run) throws IOException {
    TensorBoardEvents events = TensorBoardEvents.in(run);
    events.epoch(new Epoch(3, 0.1, 0.5, 0.75, Double.NaN, Double.NaN, 2, 100));
    TensorBoardEvents other = TensorBoardEvents.in(run);
    assertTrue(!events.file().equals(other.file()) && events.file().getFileName().toString()
        .startsWith("events.out.tfevents."));
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(events.file())).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertEquals(TensorBoardEvents.masked(length), in.getInt());
      byte[] record = new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(record);
      assertEquals(TensorBoardEvents.masked(record), in.getInt());
      records.add(record);
    }
    assertEquals(2, records.size());
    assertTrue(new String(records.getFirst(), StandardCharsets.UTF_8).endsWith("brain.Event:2"));
    String second = new String(records.getLast(), StandardCharsets.ISO_8859_1);
    assertTrue(second.contains("loss/training") && !second.contains("loss/validation"));
    ByteBuffer event = ByteBuffer.wrap(records.getLast()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(9, event.get(), "field 1, a double");
    assertTrue(event.getDouble() > 1e9, "the time in seconds");
    assertEquals(16, event.get(), "field 2, a number");
    assertEquals(3, event.get(), "the step");
    assertEquals(0.5f, event.getFloat(second.indexOf("loss/training") + "loss/training".length() + 1));
  }

  /// CRC-32C by its definition, a bit at a time: the reflected polynomial 0x82f63b78, begun and ended with all ones.
  private static int crc32c(byte[] data) {
    int crc = -1;
    for (byte b : data) {
      crc ^= b & 255;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) != 0 ? 0x82f63b78 : 0);
      }
    }
    return ~crc;
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  /// The records of a file, by the definition of TFRecord: a length, its masked checksum, data, its masked checksum.
  private static List<byte[]> records(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = take(in, 8);
      int lengthCrc = crc32c(length);
      assertEquals((lengthCrc >>> 15 | lengthCrc << 17) + 0xa282ead8, in.getInt());
      byte[] data = take(in, (int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      int crc = crc32c(data);
      assertEquals((crc >>> 15 | crc << 17) + 0xa282ead8, in.getInt());
      records.add(data);
    }
    return records;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0;; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 127) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /// The fields of a protocol buffer message, which are whole numbers, doubles, floats or bytes by their wire types.
  private static Map<Integer, List<Object>> fields(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    Map<Integer, List<Object>> fields = new TreeMap<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      Object value = switch ((int) (key & 7)) {
        case 0 -> varint(in);
        case 1 -> in.getDouble();
        case 2 -> take(in, (int) varint(in));
        case 5 -> in.getFloat();
        default -> throw new AssertionError("wire type " + (key & 7));
      };
      fields.computeIfAbsent((int) (key >> 3), _ -> new ArrayList<>()).add(value);
    }
    return fields;
  }

  @Test void eventsAreWhatTheirMessagesSay(@TempDir Path run) throws IOException {
    TensorBoardEvents events = TensorBoardEvents.in(run);
    events.epoch(new Epoch(1, 0.25, 2.5, 0.5, 3.5, 0.125, 2, 1000));
    events.epoch(new Epoch(300, 0.125, 0.5, 0.75, Double.NaN, Double.NaN, 2, 1234));
    List<byte[]> records = records(events.file());
    assertEquals(3, records.size());
    Map<Integer, List<Object>> first = fields(records.getFirst());
    assertEquals(Set.of(1, 3), first.keySet(), "the time and the version alone");
    assertEquals("brain.Event:2", new String((byte[]) first.get(3).getFirst(), StandardCharsets.UTF_8));
    List<Map<String, Float>> values = new ArrayList<>();
    for (byte[] record : records.subList(1, 3)) {
      Map<Integer, List<Object>> event = fields(record);
      assertEquals(Set.of(1, 2, 5), event.keySet());
      double now = System.currentTimeMillis() / 1000.0;
      assertEquals(now, (double) event.get(1).getFirst(), 3600);
      Map<String, Float> own = new TreeMap<>();
      fields((byte[]) event.get(5).getFirst()).get(1).forEach(value -> {
        Map<Integer, List<Object>> one = fields((byte[]) value);
        assertEquals(Set.of(1, 2), one.keySet(), "a tag and a simple value");
        own.put(new String((byte[]) one.get(1).getFirst(), StandardCharsets.UTF_8), (float) one.get(2).getFirst());
      });
      values.add(own);
    }
    assertEquals(1L, fields(records.get(1)).get(2).getFirst());
    assertEquals(300L, fields(records.get(2)).get(2).getFirst(), "a step of more than 7 bits");
    assertEquals(Map.of("loss/training", 2.5f, "loss/validation", 3.5f, "accuracy/training", 0.5f,
        "accuracy/validation", 0.125f, "learning rate", 0.25f, "samples per second", 1000f), values.getFirst());
    assertEquals(Map.of("loss/training", 0.5f, "accuracy/training", 0.75f, "learning rate", 0.125f,
        "samples per second", 1234f), values.getLast());
  }

  @Test void theChecksumIsTheFormats() {
    // Files that TensorFlow writes begin with a record of 24 bytes: 18 00 00 00 00 00 00 00, then a3 7f 4b 22.
    assertEquals(0x224b7fa3, TensorBoardEvents.masked(new byte[] {24, 0, 0, 0, 0, 0, 0, 0}));
  }
}
