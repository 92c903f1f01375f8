package juanji.onnx.proto;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import juanji.model.AtomicFile;

/// Writes a message's pieces.
final class Output {
  private static final long CHUNK = 1 << 26;

  private Output() {
  }

  static void write(Path file, List<MemorySegment> pieces) {
    try {
      AtomicFile.write(file, (FileChannel channel) -> to(channel, pieces));
    } catch (IOException e) {
      throw new OnnxException(file.toString(), "cannot be written",
          "C0: the folder exists, may be written to and has room; received " + AtomicFile.reason(file, e)
              + ".",
          "Choose another place, or make room.", e);
    }
  }

  static void to(WritableByteChannel channel, List<MemorySegment> pieces) throws IOException {
    for (MemorySegment piece : pieces) {
      for (long from = 0; from < piece.byteSize(); from += CHUNK) {
        ByteBuffer bytes = bytes(piece.asSlice(from, Math.min(CHUNK, piece.byteSize() - from)));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
    }
  }

  /// A part as a buffer that channels take: that of a float array has to be copied.
  private static ByteBuffer bytes(MemorySegment part) {
    return part.heapBase().filter(base -> !(base instanceof byte[])).isPresent()
        ? ByteBuffer.wrap(part.toArray(ValueLayout.JAVA_BYTE)) : part.asByteBuffer();
  }
}
