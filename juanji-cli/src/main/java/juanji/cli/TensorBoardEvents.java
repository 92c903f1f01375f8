package juanji.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import juanji.train.Epoch;

/// Writes a training's numbers as TensorBoard reads them: `tensorboard --logdir runs`.
///
/// A file is a row of records, each its length and its bytes with a masked CRC-32C behind either (TensorFlow's TFRecord
/// format). A record is a protocol buffer `Event`: field 1 the time, 2 the step, 3 the version in the first record, 5 a
/// `Summary` of values, of each field 1 the tag and 2 the number. A resumed run adds a file of its own, which
/// TensorBoard joins to the first.
final class TensorBoardEvents {
  private final Path file;

  private TensorBoardEvents(Path file) {
    this.file = file;
  }

  /// A new file in a run's folder.
  static TensorBoardEvents in(Path run) {
    double now = System.currentTimeMillis() / 1000.0;
    TensorBoardEvents events = null;
    for (int n = 0; events == null; n++) {
      Path file = run.resolve("events.out.tfevents." + (long) now + ".juanji." + n);
      if (!Files.exists(file)) {
        events = new TensorBoardEvents(file);
      }
    }
    ByteArrayOutputStream version = new ByteArrayOutputStream();
    fixed(version, 1, now);
    bytes(version, 3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    events.append(version.toByteArray());
    return events;
  }

  Path file() {
    return file;
  }

  /// The numbers of an epoch.
  void epoch(Epoch e) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("loss/training", e.loss());
    values.put("loss/validation", e.validationLoss());
    values.put("accuracy/training", e.accuracy());
    values.put("accuracy/validation", e.validationAccuracy());
    values.put("learning rate", e.rate());
    values.put("samples per second", e.samplesPerSecond());
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    values.forEach((tag, value) -> {
      if (!Double.isNaN(value)) {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        bytes(one, 1, tag.getBytes(StandardCharsets.UTF_8));
        one.write(2 << 3 | 5);
        one.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value.floatValue()).array());
        bytes(summary, 1, one.toByteArray());
      }
    });
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    fixed(event, 1, System.currentTimeMillis() / 1000.0);
    event.write(2 << 3);
    varint(event, e.number());
    bytes(event, 5, summary.toByteArray());
    append(event.toByteArray());
  }

  private void append(byte[] record) {
    byte[] length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(record.length).array();
    byte[] whole = ByteBuffer.allocate(16 + record.length).order(ByteOrder.LITTLE_ENDIAN).put(length)
        .putInt(masked(length)).put(record).putInt(masked(record)).array();
    try {
      Files.write(file, whole, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new RunFolder(file.getParent()).unwritable(file, e);
    }
  }

  /// The format's checksum: a CRC-32C turned by 15 bits, plus a constant.
  static int masked(byte[] data) {
    CRC32C crc = new CRC32C();
    crc.update(data);
    int value = (int) crc.getValue();
    return Integer.rotateRight(value, 15) + 0xa282ead8;
  }

  private static void fixed(ByteArrayOutputStream out, int field, double value) {
    out.write(field << 3 | 1);
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    out.write(field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while (rest >= 0x80) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
