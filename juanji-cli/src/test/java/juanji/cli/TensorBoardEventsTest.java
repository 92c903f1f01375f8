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

  @Test void theChecksumIsTheFormats() {
    // Files that TensorFlow writes begin with a record of 24 bytes: 18 00 00 00 00 00 00 00, then a3 7f 4b 22.
    assertEquals(0x224b7fa3, TensorBoardEvents.masked(new byte[] {24, 0, 0, 0, 0, 0, 0, 0}));
  }
}
