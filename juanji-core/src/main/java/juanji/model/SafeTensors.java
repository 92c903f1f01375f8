package juanji.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import juanji.json.Json;
import juanji.json.JsonException;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Named tensors and texts in a file of the safetensors format: 8 bytes with the header's length (little-endian), a
/// JSON header, and the tensors' raw little-endian data.
///
/// Written are 32-bit floats; read are F32, F64 (rounded), F16, BF16, whole numbers (I64, I32, I16, I8, U8) and BOOL.
/// A text `juanji.checksum` is added on writing and checked on reading where it is there: the SHA-256 of the header
/// without it (as JSON without white space) and of the data. The same content gives the same bytes.
///
/// Constraints: C1 the file is a regular file, as long as its header says; C2 the header has at most 100,000,000 bytes
/// of JSON; C3 each tensor has a known type, a shape of whole numbers of 0 or more, and as many bytes as these need; C4
/// the tensors lie one behind the other over all of the data; C5 the checksum is that of the content. All is checked
/// against the file's length before memory is allocated.
///
/// @param tensors the tensors, in the header's order
/// @param metadata the texts, in the header's order; read ones with the checksum
/// @see <a href="https://huggingface.co/docs/safetensors">the format</a>
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  static final String CHECKSUM = "juanji.checksum";
  private static final String METADATA = "__metadata__";
  private static final long LONGEST_HEADER = 100_000_000;
  private static final int CHUNK = 1 << 20;
  private static final String UNREADABLE = "cannot be read";
  private static final String RESTORE = "Use an intact copy of the file.";

  /// Takes copies of the maps.
  public SafeTensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /// Where a tensor lies within the data.
  private record Entry(String name, ElementType type, Shape shape, long begin, long end) {
  }

  /// Writes the tensors and texts, replacing the file whole once all is safely on disk.
  ///
  /// @throws ModelException if it cannot be written; then the file is as it was before
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
    Map<String, Json> header = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>(metadata);
    texts.remove(CHECKSUM);
    header.put(METADATA, Json.ofTexts(texts));
    long at = 0;
    for (Map.Entry<String, Tensor> e : tensors.entrySet()) {
      if (e.getKey().equals(METADATA)) {
        throw new ModelException(file, "cannot be written", "C3: no tensor is named " + METADATA
            + "; received one.", "Use another name.");
      }
      Shape shape = e.getValue().shape();
      long end = at + 4L * e.getValue().data().length;

      Map<String, Json> entry = new LinkedHashMap<>();
      entry.put("dtype", Json.of("F32"));
      entry.put("shape", Json.of(Arrays.stream(shape.toArray()).mapToObj(Json::of).toList()));
      entry.put("data_offsets", Json.of(List.of(Json.of(at), Json.of(end))));
      header.put(e.getKey(), Json.of(entry));
      at = end;
    }
    MessageDigest digest = AtomicFile.sha256();
    digest.update(Json.of(header).toString().getBytes(StandardCharsets.UTF_8));
    try {
      each(tensors, digest::update);
      texts.put(CHECKSUM, HexFormat.of().formatHex(digest.digest()));
      header.put(METADATA, Json.ofTexts(texts));
      byte[] json = Json.of(header).toString().getBytes(StandardCharsets.UTF_8);
      if (json.length > LONGEST_HEADER) {
        throw new ModelException(file, "cannot be written", "C2: the header has at most " + LONGEST_HEADER
            + " bytes; received " + json.length + ".", "Shorten the texts.");
      }
      int padded = Math.ceilDiv(json.length, 8) * 8;
      ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
      while (head.hasRemaining()) {
        head.put((byte) ' ');
      }
      AtomicFile.write(file, channel -> {
        AtomicFile.all(channel, head.flip());
        each(tensors, chunk -> AtomicFile.all(channel, chunk));
      });
    } catch (IOException e) {
      throw new ModelException(file, "cannot be written", "C1: the folder exists, may be written to and has room; "
          + "received " + AtomicFile.reason(file, e) + ".", "Choose another place, or make room.", e);
    }
  }

  /// Receives bytes.
  private interface Sink {
    void accept(ByteBuffer bytes) throws IOException;
  }

  private static void each(Map<String, Tensor> tensors, Sink sink) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors.values()) {
      float[] data = tensor.data();
      for (int from = 0; from < data.length; from += CHUNK / 4) {
        int count = Math.min(CHUNK / 4, data.length - from);
        chunk.clear().asFloatBuffer().put(data, from, count);
        sink.accept(chunk.limit(4 * count));
      }
    }
  }

  /// Reads all tensors and texts.
  ///
  /// @throws ModelException if a constraint is broken
  public static SafeTensors read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file, UNREADABLE, "C1: it is a regular file; received "
          + (Files.isDirectory(file) ? "a folder" : Files.exists(file) ? "something else" : "nothing of that name")
          + ".", "Check the path.");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(file, channel);
    } catch (IOException e) {
      throw new ModelException(file, UNREADABLE, "C1: the file can be read; received " + AtomicFile.reason(e) + ".",
          "Check that you may read it, and that its disk works.", e);
    } catch (OutOfMemoryError e) {
      throw new ModelException(file, UNREADABLE, "C1: the tensors fit in the Java heap, of which at most "
          + (Runtime.getRuntime().maxMemory() >> 20) + " MiB exist.", "Give Java more memory with -Xmx.", e);
    }
  }

  private static SafeTensors read(Path file, FileChannel channel) throws IOException {
    long length = channel.size();
    if (length < 10) {
      throw new ModelException(file, UNREADABLE, "C1: a model file has at least 10 bytes; received " + length + ".",
          RESTORE);
    }
    ByteBuffer start = exactly(channel, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN));
    long headerLength = start.getLong();
    if (headerLength < 2 || headerLength > LONGEST_HEADER || headerLength > length - 8) {
      throw new ModelException(file, UNREADABLE, "C1: it begins with its header's length, from 2 to "
          + Math.min(LONGEST_HEADER, length - 8) + " here; received " + Long.toUnsignedString(headerLength) + ".",
          "Use an intact copy of the file; it may be cut short, or no model file at all.");
    }
    Map<String, Json> header = header(file, exactly(channel, ByteBuffer.allocate((int) headerLength)));
    Map<String, String> texts = texts(file, header);
    List<Entry> entries = entries(file, header, length - 8 - headerLength);
    String checksum = texts.get(CHECKSUM);
    MessageDigest digest = AtomicFile.sha256();
    if (checksum != null) {
      Map<String, Json> covered = new LinkedHashMap<>(header);
      Map<String, String> others = new LinkedHashMap<>(texts);
      others.remove(CHECKSUM);
      covered.put(METADATA, Json.ofTexts(others));
      digest.update(Json.of(covered).toString().getBytes(StandardCharsets.UTF_8));
    }
    Map<String, Tensor> values = data(channel, entries, digest);
    if (checksum != null && !checksum.equals(HexFormat.of().formatHex(digest.digest()))) {
      throw new ModelException(file, UNREADABLE, "C5: its content has the checksum that it carries; received another "
          + "one: bytes have changed since it was written.", RESTORE);
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    header.keySet().stream().filter(values::containsKey).forEach(name -> tensors.put(name, values.get(name)));
    return new SafeTensors(tensors, texts);
  }

  private static ByteBuffer exactly(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("the end of the file while reading it");
      }
    }
    return buffer.flip();
  }

  private static Map<String, Json> header(Path file, ByteBuffer bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return Json.parse(text).members();
    } catch (CharacterCodingException e) {
      throw new ModelException(file, UNREADABLE, "C2: its header is UTF-8 text; received other bytes.", RESTORE, e);
    } catch (JsonException e) {
      throw new ModelException(file, UNREADABLE, "C2: its header is a JSON object; received: "
          + e.getMessage().replaceAll("\\s*\\n\\s*", " "),
          "Use an intact copy of the file; it may be no model file at all.", e);
    }
  }

  private static Map<String, String> texts(Path file, Map<String, Json> header) {
    Map<String, String> texts = new LinkedHashMap<>();
    try {
      if (header.containsKey(METADATA)) {
        header.get(METADATA).members().forEach((name, text) -> texts.put(name, text.asText()));
      }
    } catch (JsonException e) {
      throw new ModelException(file, UNREADABLE, "C2: its " + METADATA + " has texts only; received "
          + header.get(METADATA).getClass().getSimpleName().toLowerCase(Locale.ROOT) + " with other values.",
          RESTORE, e);
    }
    return texts;
  }

  /// The tensors' places in the order of the data, checked against its length.
  private static List<Entry> entries(Path file, Map<String, Json> header, long length) {
    List<Entry> entries = new ArrayList<>();
    header.forEach((name, value) -> {
      if (!name.equals(METADATA)) {
        entries.add(entry(file, name, value, length));
      }
    });
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin != at) {
        throw new ModelException(file, UNREADABLE, "C4: tensors lie one behind the other; '" + brief(entry.name)
            + "' begins at byte " + entry.begin + " of the data instead of " + at + ".", RESTORE);
      }
      at = entry.end;
    }
    if (at != length) {
      throw new ModelException(file, UNREADABLE, "C4: the tensors take all of the data, " + length
          + " bytes; received " + at + ".", RESTORE);
    }
    return entries;
  }

  private static Entry entry(Path file, String name, Json value, long length) {
    try {
      if (value.members().size() != 3) {
        throw new JsonException("", "", "");
      }
      ElementType type = ElementType.valueOf(value.member("dtype").asText());
      List<Json> extents = value.member("shape").items();
      List<Json> offsets = value.member("data_offsets").items();
      int[] dims = extents.stream().mapToInt(d -> Math.toIntExact(d.asLong())).toArray();
      long size = 1;
      for (int d : dims) {
        size = Math.multiplyExact(size, d);
      }
      if (dims.length > 16 || size > Integer.MAX_VALUE - 8 || Arrays.stream(dims).anyMatch(d -> d < 0)
          || offsets.size() != 2) {
        throw new ArithmeticException();
      }
      long begin = offsets.get(0).asLong();
      long end = offsets.get(1).asLong();
      if (begin < 0 || end > length || end - begin != size * type.bytes) {
        throw new ModelException(file, UNREADABLE, "C3: '" + brief(name) + "' of " + Shape.of(dims) + " takes "
            + size * type.bytes + " of the data's " + length + " bytes; received those from " + begin + " to " + end
            + ".", "Use an intact copy of the file; it may be cut short.");
      }
      return new Entry(name, type, Shape.of(dims), begin, end);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ModelException(file, UNREADABLE, "C3: a tensor has a dtype of F32, F64, F16, BF16, I64, I32, I16, I8, "
          + "U8 or BOOL, a shape, and data_offsets of two numbers; received '" + brief(name) + "': "
          + brief(value.toString()) + ".", "Convert its tensors to F32, or use an intact copy of the file.", e);
    }
  }

  private static Map<String, Tensor> data(FileChannel channel, List<Entry> entries, MessageDigest digest)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (Entry entry : entries) {
      float[] values = new float[entry.shape.length()];
      int step = CHUNK / entry.type.bytes;
      for (int from = 0; from < values.length; from += step) {
        int count = Math.min(step, values.length - from);
        exactly(channel, chunk.clear().limit(count * entry.type.bytes));
        digest.update(chunk);
        entry.type.decode(chunk.flip(), values, from, count);
      }
      tensors.put(entry.name, Tensor.of(entry.shape, values));
    }
    return tensors;
  }

  private static String brief(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  /// How an element is stored.
  private enum ElementType {
    F32(4), F64(8), F16(2), BF16(2), I64(8), I32(4), I16(2), I8(1), U8(1), BOOL(1);

    private final int bytes;

    ElementType(int bytes) {
      this.bytes = bytes;
    }

    private void decode(ByteBuffer from, float[] to, int at, int count) {
      if (this == F32) {
        from.asFloatBuffer().get(to, at, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        to[at + i] = element(from, i);
      }
    }

    private float element(ByteBuffer from, int i) {
      return switch (this) {
        case F32 -> from.getFloat(4 * i);
        case F64 -> (float) from.getDouble(8 * i);
        case F16 -> Float.float16ToFloat(from.getShort(2 * i));
        case BF16 -> Float.intBitsToFloat(from.getShort(2 * i) << 16);
        case I64 -> from.getLong(8 * i);
        case I32 -> from.getInt(4 * i);
        case I16 -> from.getShort(2 * i);
        case I8 -> from.get(i);
        case U8 -> from.get(i) & 255;
        case BOOL -> from.get(i) == 0 ? 0 : 1;
      };
    }
  }
}
