package juanji.video;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/// The Huffman tables that most motion JPEG leaves out of its frames, since all of them have the same: the typical ones
/// of the JPEG standard (ITU-T T.81, annex K.3).
final class HuffmanTables {
  private static final int SOI = 0xd8;
  private static final int DHT = 0xc4;
  private static final int SOS = 0xda;

  private HuffmanTables() {
  }

  /// A frame as a JPEG that stands alone.
  static byte[] in(byte[] frame) {
    if (frame.length < 4 || (frame[0] & 255) != 0xff || (frame[1] & 255) != SOI || has(frame)) {
      return frame;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream(frame.length + 432);
    whole.write(frame, 0, 2);
    List<JPEGHuffmanTable> tables = List.of(JPEGHuffmanTable.StdDCLuminance, JPEGHuffmanTable.StdACLuminance,
        JPEGHuffmanTable.StdDCChrominance, JPEGHuffmanTable.StdACChrominance);
    for (int i = 0; i < tables.size(); i++) {
      short[] lengths = Arrays.copyOf(tables.get(i).getLengths(), 16);
      short[] values = tables.get(i).getValues();
      int length = 2 + 1 + lengths.length + values.length;
      whole.writeBytes(new byte[] {(byte) 0xff, (byte) DHT, (byte) (length >> 8), (byte) length,
          (byte) ((i & 1) << 4 | i >> 1)});
      write(whole, lengths);
      write(whole, values);
    }
    whole.write(frame, 2, frame.length - 2);
    return whole.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, short[] bytes) {
    for (short b : bytes) {
      out.write(b);
    }
  }

  /// Whether there are tables before the first scan.
  private static boolean has(byte[] frame) {
    int at = 2;
    while (at + 4 <= frame.length && (frame[at] & 255) == 0xff) {
      int marker = frame[at + 1] & 255;
      if (marker == DHT || marker == SOS) {
        return marker == DHT;
      }
      at += marker == 0xff ? 1 : 2 + ((frame[at + 2] & 255) << 8 | frame[at + 3] & 255);
    }
    // What is damaged is left as it is, for the decoder to name.
    return true;
  }
}
