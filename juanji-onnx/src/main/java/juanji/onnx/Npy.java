package juanji.onnx;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import juanji.model.AtomicFile;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.tensor.Shape;

/// Tensors in files of NumPy's format: a header that says type, order and shape, and the elements.
///
/// Read are little- and big-endian numbers and truth values in row- or column-major order; written are little-endian
/// ones in row-major order.
/// Constraints: C1 the file begins as the format says; C2 type and shape are known; C3 there are as many bytes
/// as the shape needs.
///
/// @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">the format</a>
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern HEADER = Pattern.compile("\\{\\s*(?:'descr':\\s*'([^']{1,8})'\\s*,?\\s*|"
      + "'fortran_order':\\s*(True|False)\\s*,?\\s*|'shape':\\s*\\(([0-9, L]*)\\)\\s*,?\\s*){3}\\}\\s*");
  private static final Pattern DESCR = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([^)]*)\\)");
  private static final Map<String, ElementType> TYPES = Map.ofEntries(Map.entry("f4", ElementType.FLOAT),
      Map.entry("f8", ElementType.DOUBLE), Map.entry("f2", ElementType.FLOAT16), Map.entry("i1", ElementType.INT8),
      Map.entry("i2", ElementType.INT16), Map.entry("i4", ElementType.INT32), Map.entry("i8", ElementType.INT64),
      Map.entry("u1", ElementType.UINT8), Map.entry("u2", ElementType.UINT16), Map.entry("u4", ElementType.UINT32),
      Map.entry("u8", ElementType.UINT64), Map.entry("b1", ElementType.BOOL));

  private Npy() {
  }

  /// Reads a tensor.
  ///
  /// @throws OnnxException if a constraint is broken
  public static TensorProto read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new OnnxException(file.toString(), "cannot be read", "C1: it is a regular file; received "
          + (Files.exists(file) ? Files.isDirectory(file) ? "a folder" : "something else" : "nothing of that name")
          + ".", "Check the path.");
    }
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new OnnxException(file.toString(), "cannot be read", "C1: it can be read; the system says: "
          + e.getMessage() + ".", "Check the path.", e);
    }
    if (bytes.length < 10 || !Arrays.equals(bytes, 0, 6, MAGIC, 0, 6) || bytes[6] < 1 || bytes[6] > 3) {
      throw broken(file, "C1: it begins with \\x93NUMPY and a version of 1 to 3; received other bytes.");
    }
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = bytes[6] == 1 ? 10 : 12;
    long length = bytes[6] == 1 ? head.getShort(8) & 0xffff : bytes.length < 12 ? Long.MAX_VALUE
        : head.getInt(8) & 0xffffffffL;
    if (length > bytes.length - start) {
      throw broken(file, "C1: the header lies in the file; received a length of " + length + ".");
    }
    String text = new String(bytes, start, (int) length, StandardCharsets.UTF_8);
    return tensor(file, text, bytes, start + (int) length);
  }

  private static OnnxException broken(Path file, String constraint) {
    return new OnnxException(file.toString(), "is no usable .npy file", constraint,
        "Write it with numpy.save from an array of numbers.");
  }

  private static TensorProto tensor(Path file, String header, byte[] bytes, int start) {
    Matcher descr = DESCR.matcher(header);
    Matcher order = ORDER.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!HEADER.matcher(header).matches() || !descr.find() || !order.find() || !shape.find()) {
      throw broken(file, "C2: the header says descr, fortran_order and shape; received " + Wiring.brief(header) + ".");
    }
    String type = descr.group(1);
    Optional<ElementType> element = Optional.ofNullable(type.length() < 3 ? null : TYPES.get(type.substring(1)));
    if (element.isEmpty() || "<>|=".indexOf(type.charAt(0)) < 0) {
      throw broken(file, "C2: it has numbers or truth values; received the type " + Wiring.brief(type) + ".");
    }
    int[] dims;
    Shape extents;
    try {
      dims = Arrays.stream(shape.group(1).split(",")).map(d -> d.replace("L", "").strip()).filter(d -> !d.isEmpty())
          .mapToInt(Integer::parseInt).toArray();
      extents = Shape.of(dims);
    } catch (IllegalArgumentException e) {
      throw broken(file, "C2: extents are from 0 to 2³¹ − 1; received " + Wiring.brief(shape.group(1)) + ".");
    }
    int width = element.get().bits() / 8;
    if (extents.size() > Integer.MAX_VALUE || extents.size() * width != bytes.length - start) {
      throw broken(file, "C3: an array of " + extents + " has " + extents.size() + " elements of " + width
          + " bytes; received " + (bytes.length - start) + " bytes.");
    }
    byte[] data = Arrays.copyOfRange(bytes, start, bytes.length);
    if (type.charAt(0) == '>') {
      for (int i = 0; i < data.length; i += width) {
        for (int j = 0; j < width / 2; j++) {
          byte b = data[i + j];
          data[i + j] = data[i + width - 1 - j];
          data[i + width - 1 - j] = b;
        }
      }
    }
    return new TensorProto("", element.get(), extents, MemorySegment.ofArray(order.group(1).equals("True")
        ? rows(data, width, dims) : data), List.of());
  }

  /// Elements whose first index runs fastest, with the last one running fastest.
  private static byte[] rows(byte[] columns, int width, int[] dims) {
    byte[] rows = new byte[columns.length];
    int[] index = new int[dims.length];
    for (int to = 0; to < rows.length; to += width) {
      int from = 0;
      for (int axis = dims.length - 1; axis >= 0; axis--) {
        from = from * dims[axis] + index[axis];
      }
      System.arraycopy(columns, from * width, rows, to, width);
      for (int axis = dims.length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return rows;
  }

  /// Writes a tensor, replacing the file whole.
  ///
  /// @throws OnnxException if its type has no name in the format, or it cannot be written
  public static void write(Path file, TensorProto tensor) {
    String type = TYPES.entrySet().stream().filter(e -> e.getValue() == tensor.type()).map(Map.Entry::getKey)
        .findFirst().orElseThrow(() -> OnnxException.unsupported(file.toString(), "cannot be written",
        "C2: the format has a name for the element type; received " + tensor.type() + ".",
        "Convert the output to float in the network."));
    int[] dims = tensor.shape().toArray();
    String shape = Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(",
        dims.length == 1 ? ",)" : ")"));
    String header = "{'descr': '" + (tensor.type().bits() == 8 ? "|" : "<") + type + "', 'fortran_order': False, "
        + "'shape': " + shape + ", }";
    int padded = Math.ceilDiv(10 + header.length() + 1, 64) * 64 - 10;
    ByteBuffer head = ByteBuffer.allocate(10 + padded).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC).put((byte) 1)
        .put((byte) 0).putShort((short) padded).put(header.getBytes(StandardCharsets.UTF_8));
    while (head.remaining() > 1) {
      head.put((byte) ' ');
    }
    head.put((byte) '\n').flip();
    try {
      AtomicFile.write(file, channel -> {
        while (head.hasRemaining()) {
          channel.write(head);
        }
        ByteBuffer data = ByteBuffer.wrap(tensor.bytes().toArray(ValueLayout.JAVA_BYTE));
        while (data.hasRemaining()) {
          channel.write(data);
        }
      });
    } catch (IOException e) {
      throw new OnnxException(file.toString(), "cannot be written", "C1: the folder exists, may be written to and has "
          + "room; received " + AtomicFile.reason(file, e) + ".", "Choose another place.", e);
    }
  }
}
