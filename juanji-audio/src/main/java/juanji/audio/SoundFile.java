package juanji.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import juanji.data.DataException;

/// Reads sound files: WAV (integers of 8, 16, 24 and 32 bits, floats of 32 and 64, A-law and μ-law), AIFF and AIFF-C
/// (the same, and little-endian `sowt`), AU. Several channels become one, their mean.
///
/// The content decides, not the name. A `data` chunk that claims more than the file has, or nothing, as those of
/// programs that were cut off, is taken as what is there.
///
/// Constraints: S1 the file starts as one of these formats; S2 its format chunk is there and can be read; S3 it has
/// samples; S4 at most 512 MiB.
///
/// ```java
/// Sound sound = SoundFile.read(Path.of("7_jackson_32.wav")).resampled(16_000);
/// ```
public final class SoundFile {
  private static final long MOST_BYTES = 512L << 20;
  private static final Set<String> EXTENSIONS = Set.of("wav", "wave", "aif", "aiff", "aifc", "au", "snd");

  private SoundFile() {
  }

  /// Whether a file's name, in lower case, is one of a sound.
  public static boolean named(String name) {
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /// A file's sound.
  ///
  /// @throws DataException if a constraint is broken
  public static Sound read(Path file) {
    byte[] bytes;
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw refused(file, "S4: a file has at most " + (MOST_BYTES >> 20) + " MiB; received " + (size >> 20) + " MiB.",
            "Cut it into shorter sounds.");
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException(file.toString(), "the sound '" + file + "' cannot be read.", "The system says: "
          + e.getMessage() + " (" + e.getClass().getSimpleName() + ").",
          "Check that the file exists and that you may read it.", e);
    }
    try {
      return read(bytes);
    } catch (MalformedSoundException e) {
      throw refused(file, e.getMessage() + ".", "Save the sound again as WAV with 16 bits.");
    }
  }

  private static DataException refused(Path file, String why, String fix) {
    return new DataException(file.toString(), "the sound '" + file + "' cannot be read.", why, fix);
  }

  /// Bytes that are no sound; the message is a constraint with what was received.
  static final class MalformedSoundException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedSoundException(String why) {
      super(why);
    }
  }

  /// How samples are written.
  ///
  /// @param kind `int`, `unsigned`, `float`, `alaw` or `ulaw`
  private record Format(String kind, int bits, int channels, double rate, ByteOrder order) {
  }

  static Sound read(byte[] bytes) throws MalformedSoundException {
    String magic = bytes.length < 4 ? "" : new String(bytes, 0, 4, StandardCharsets.ISO_8859_1);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return switch (magic) {
      case "RIFF" -> wav(in.order(ByteOrder.LITTLE_ENDIAN));
      case "FORM" -> aiff(in);
      case ".snd" -> au(in);
      default -> throw new MalformedSoundException("S1: it starts as a WAV, AIFF or AU file does; received "
          + (bytes.length == 0 ? "an empty file" : "'" + magic.replaceAll("[^ -~]", "?") + "' and "
          + Math.max(0, bytes.length - 4) + " bytes more"));
    };
  }

  private static String name(ByteBuffer in, int at) {
    return new String(in.array(), at, 4, StandardCharsets.ISO_8859_1);
  }

  private static Sound wav(ByteBuffer in) throws MalformedSoundException {
    if (in.capacity() < 12 || !name(in, 8).equals("WAVE")) {
      throw new MalformedSoundException("S1: a RIFF file holds 'WAVE'; received another kind");
    }
    Format format = null;
    int at = 12;
    while (at + 8 <= in.capacity()) {
      String chunk = name(in, at);
      long claimed = Integer.toUnsignedLong(in.getInt(at + 4));
      int start = at + 8;
      int length = (int) Math.min(claimed, in.capacity() - start);
      if (chunk.equals("fmt ") && length >= 16) {
        format = wavFormat(in, start, length);
      } else if (chunk.equals("data") && format != null) {
        // Programs that stream write 0 or the largest number.
        return samples(in, start, claimed == 0 ? in.capacity() - start : length, format);
      }
      long next = start + claimed + (claimed & 1);
      if (next > in.capacity()) {
        break;
      }
      at = (int) next;
    }
    throw new MalformedSoundException(format == null ? "S2: it says its format; received none"
        : "S3: it has samples; received no 'data'");
  }

  private static Format wavFormat(ByteBuffer in, int at, int length) throws MalformedSoundException {
    int code = in.getShort(at) & 0xffff;
    int channels = in.getShort(at + 2) & 0xffff;
    long rate = Integer.toUnsignedLong(in.getInt(at + 4));
    int bits = in.getShort(at + 14) & 0xffff;
    if (code == 0xFFFE && length >= 26) {
      code = in.getShort(at + 24) & 0xffff;
    }
    String kind = switch (code) {
      case 1 -> bits == 8 ? "unsigned" : "int";
      case 3 -> "float";
      case 6 -> "alaw";
      case 7 -> "ulaw";
      default -> throw new MalformedSoundException("S2: samples are integers, floats, A-law or μ-law; received format "
          + code);
    };
    return checked(new Format(kind, bits, channels, rate, ByteOrder.LITTLE_ENDIAN));
  }

  private static Format checked(Format f) throws MalformedSoundException {
    boolean bits = switch (f.kind) {
      case "float" -> f.bits == 32 || f.bits == 64;
      case "alaw", "ulaw", "unsigned" -> f.bits == 8;
      default -> f.bits == 8 || f.bits == 16 || f.bits == 24 || f.bits == 32;
    };
    if (!bits || f.channels < 1 || f.channels > 64 || !(f.rate >= 1 && f.rate <= 1_000_000)) {
      throw new MalformedSoundException("S2: samples have 8, 16, 24 or 32 bits (floats 32 or 64), in 1 to 64 channels,"
          + " 1 to 1,000,000 a second; received " + f.bits + " bits, " + f.channels + " channels, " + f.rate);
    }
    return f;
  }

  private static Sound aiff(ByteBuffer in) throws MalformedSoundException {
    if (in.capacity() < 12 || !name(in, 8).matches("AIF[FC]")) {
      throw new MalformedSoundException("S1: a FORM file holds 'AIFF' or 'AIFC'; received another kind");
    }
    Format format = null;
    int data = -1;
    int dataLength = 0;
    int at = 12;
    while (at + 8 <= in.capacity()) {
      String chunk = name(in, at);
      long claimed = Integer.toUnsignedLong(in.getInt(at + 4));
      int start = at + 8;
      int length = (int) Math.min(claimed, in.capacity() - start);
      if (chunk.equals("COMM") && length >= 18) {
        format = aiffFormat(in, start, length);
      } else if (chunk.equals("SSND") && length >= 8) {
        long skip = 8 + Integer.toUnsignedLong(in.getInt(start));
        data = (int) Math.min(start + skip, in.capacity());
        dataLength = (int) Math.max(0, length - skip);
      }
      long next = start + claimed + (claimed & 1);
      if (next > in.capacity()) {
        break;
      }
      at = (int) next;
    }
    if (format == null || data < 0) {
      throw new MalformedSoundException(format == null ? "S2: it says its format; received none"
          : "S3: it has samples; received no 'SSND'");
    }
    return samples(in, data, dataLength, format);
  }

  private static Format aiffFormat(ByteBuffer in, int at, int length) throws MalformedSoundException {
    int channels = in.getShort(at) & 0xffff;
    int bits = (in.getShort(at + 6) & 0xffff) + 7 & ~7;
    // The rate is a float of 80 bits.
    int exponent = (in.getShort(at + 8) & 0x7fff) - 16383;
    double rate = Math.scalb((double) (in.getLong(at + 10) >>> 1), exponent - 62);
    String kind = length >= 22 ? name(in, at + 18) : "NONE";
    return checked(switch (kind) {
      case "NONE", "twos", "in24", "in32" -> new Format("int", bits, channels, rate, ByteOrder.BIG_ENDIAN);
      case "sowt" -> new Format("int", bits, channels, rate, ByteOrder.LITTLE_ENDIAN);
      case "fl32", "FL32" -> new Format("float", 32, channels, rate, ByteOrder.BIG_ENDIAN);
      case "fl64", "FL64" -> new Format("float", 64, channels, rate, ByteOrder.BIG_ENDIAN);
      case "alaw", "ALAW" -> new Format("alaw", 8, channels, rate, ByteOrder.BIG_ENDIAN);
      case "ulaw", "ULAW" -> new Format("ulaw", 8, channels, rate, ByteOrder.BIG_ENDIAN);
      default -> throw new MalformedSoundException("S2: samples are not compressed; received '" + kind + "'");
    });
  }

  private static Sound au(ByteBuffer in) throws MalformedSoundException {
    if (in.capacity() < 24) {
      throw new MalformedSoundException("S2: a header of 24 bytes; received " + in.capacity());
    }
    long offset = Integer.toUnsignedLong(in.getInt(4));
    long claimed = Integer.toUnsignedLong(in.getInt(8));
    int code = in.getInt(12);
    long rate = Integer.toUnsignedLong(in.getInt(16));
    int channels = in.getInt(20);
    Format format = switch (code) {
      case 1 -> new Format("ulaw", 8, channels, rate, ByteOrder.BIG_ENDIAN);
      case 2, 3, 4, 5 -> new Format("int", 8 * (code - 1), channels, rate, ByteOrder.BIG_ENDIAN);
      case 6 -> new Format("float", 32, channels, rate, ByteOrder.BIG_ENDIAN);
      case 7 -> new Format("float", 64, channels, rate, ByteOrder.BIG_ENDIAN);
      case 27 -> new Format("alaw", 8, channels, rate, ByteOrder.BIG_ENDIAN);
      default -> throw new MalformedSoundException("S2: samples are integers, floats, A-law or μ-law; received "
          + "encoding " + code);
    };
    if (offset < 24 || offset > in.capacity()) {
      throw new MalformedSoundException("S2: samples begin behind the header of 24 bytes; received " + offset);
    }
    return samples(in, (int) offset, (int) Math.min(claimed, in.capacity() - offset), checked(format));
  }

  private static Sound samples(ByteBuffer in, int at, int length, Format f) throws MalformedSoundException {
    int bytes = f.bits / 8;
    int frames = length / (bytes * f.channels);
    if (frames == 0) {
      throw new MalformedSoundException("S3: it has samples; received none");
    }
    ByteBuffer data = in.duplicate().order(f.order);
    float[] mono = new float[frames];
    for (int i = 0; i < frames; i++) {
      double sum = 0;
      for (int c = 0; c < f.channels; c++) {
        sum += sample(data, at + (i * f.channels + c) * bytes, f);
      }
      double mean = sum / f.channels;
      mono[i] = Double.isFinite(mean) ? (float) mean : 0;
    }
    return new Sound(mono, (int) Math.round(f.rate));
  }

  private static double sample(ByteBuffer in, int at, Format f) {
    return switch (f.kind) {
      case "unsigned" -> ((in.get(at) & 255) - 128) / 128.0;
      case "float" -> f.bits == 32 ? in.getFloat(at) : in.getDouble(at);
      case "alaw" -> alaw(in.get(at));
      case "ulaw" -> ulaw(in.get(at));
      default -> switch (f.bits) {
        case 8 -> in.get(at) / 128.0;
        case 16 -> in.getShort(at) / 32768.0;
        case 24 -> {
          boolean big = f.order == ByteOrder.BIG_ENDIAN;
          int high = in.get(big ? at : at + 2);
          int low = in.get(big ? at + 2 : at) & 255;
          yield (high << 16 | (in.get(at + 1) & 255) << 8 | low) / 8388608.0;
        }
        default -> in.getInt(at) / 2147483648.0;
      };
    };
  }

  /// ITU-T G.711, A-law.
  private static double alaw(byte code) {
    int v = (code ^ 0x55) & 255;
    int exponent = v >> 4 & 7;
    int mantissa = v & 15;
    int size = exponent == 0 ? (mantissa << 4) + 8 : (mantissa << 4) + 0x108 << exponent - 1;
    return ((v & 0x80) != 0 ? size : -size) / 32768.0;
  }

  /// ITU-T G.711, μ-law.
  private static double ulaw(byte code) {
    int v = ~code & 255;
    int size = ((v & 15) << 3) + 0x84 << (v >> 4 & 7);
    return ((v & 0x80) != 0 ? 0x84 - size : size - 0x84) / 32768.0;
  }
}
