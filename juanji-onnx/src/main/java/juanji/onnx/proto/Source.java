package juanji.onnx.proto;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Where a message's bytes come from, and where the external data of its tensors may lie: in the file's own folder.
final class Source {
  /// Files below this are read, larger ones mapped.
  private static final long SMALL = 1 << 24;
  private static final int MOST_PARTS = 1 << 20;
  private static final String UNREADABLE = "cannot be read";
  /// "PK", 3, 4.
  private static final int ZIP = 0x04034b50;
  private static final String RESTORE = "Use an intact copy of the file.";

  private final String name;
  private final Optional<Path> folder;
  private final MemorySegment bytes;
  private final Map<Path, MemorySegment> external = new HashMap<>();
  private int parts;

  private Source(String name, Optional<Path> folder, MemorySegment bytes) {
    this.name = name;
    this.folder = folder;
    this.bytes = bytes;
  }

  static Source of(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new OnnxException(file.toString(), UNREADABLE, "C0: it is a regular file; received "
          + (Files.isDirectory(file) ? "a folder" : Files.exists(file) ? "something else" : "nothing of that name")
          + ".", "Check the path.");
    }
    try {
      return new Source(file.toString(), Optional.of(file.toAbsolutePath().getParent()), map(file));
    } catch (IOException e) {
      throw new OnnxException(file.toString(), UNREADABLE, "C0: it can be read; the system says: " + e.getMessage()
          + ".", "Check that you may read it, and that its disk works.", e);
    }
  }

  static Source of(String name, InputStream stream) {
    try {
      return of(name, stream.readAllBytes());
    } catch (IOException e) {
      throw new OnnxException(name, UNREADABLE, "C0: it can be read; the system says: " + e.getMessage() + ".",
          "Check the connection.", e);
    }
  }

  static Source of(String name, byte[] content) {
    return new Source(name, Optional.empty(), MemorySegment.ofArray(content));
  }

  private static MemorySegment map(Path file) throws IOException {
    long size = Files.size(file);
    if (size < SMALL) {
      return MemorySegment.ofArray(Files.readAllBytes(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  String name() {
    return name;
  }

  /// What the bytes hold.
  <T> T decode(Function<WireReader, T> reader) {
    try {
      return reader.apply(new WireReader(this, bytes, 0, 0));
    } catch (OutOfMemoryError e) {
      throw new OnnxException(name, UNREADABLE, "C0: it fits in the Java heap, of which at most "
          + (Runtime.getRuntime().maxMemory() >> 20) + " MiB exist.", "Give Java more memory with -Xmx.", e);
    }
  }

  /// Counts a node or tensor: each takes memory beyond its bytes.
  void count() {
    if (++parts > MOST_PARTS) {
      throw damaged("C7: a file has at most " + MOST_PARTS + " nodes and tensors; received more.");
    }
  }

  OnnxException damaged(String constraint) {
    return new OnnxException(name, UNREADABLE, constraint, remedy());
  }

  /// What to do about damaged bytes, which may be intact ones of another format.
  private String remedy() {
    if (bytes.byteSize() > 8) {
      long first = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
      if (first > 0 && first < bytes.byteSize() && bytes.get(ValueLayout.JAVA_BYTE, 8) == '{') {
        return "Use an ONNX file; this one looks like a model file, of which 'juanji export' makes one.";
      }
      if ((first & 0xffffffffL) == ZIP) {
        return "Use an ONNX file; this one looks like a zip archive, as PyTorch's are.";
      }
    }
    return RESTORE;
  }

  /// The bytes of a tensor that lie in another file of the same folder.
  ///
  /// @param length how many the tensor has
  MemorySegment external(String tensor, String location, long offset, long length) {
    Path home = folder.orElseThrow(() -> new OnnxException(name, UNREADABLE, "C6: the data of '"
        + OnnxException.brief(tensor) + "' lies in another file, '" + OnnxException.brief(location)
        + "'; received bytes without a folder.", "Read the model from its file instead of from a stream."));
    Path file = within(home, tensor, location);
    try {
      MemorySegment all = external.get(file);
      if (all == null) {
        all = map(file);
        external.put(file, all);
      }
      if (offset < 0 || length > all.byteSize() || offset > all.byteSize() - length) {
        throw damaged("C6: the data of '" + OnnxException.brief(tensor) + "' lies within its file '" + location
            + "' of " + all.byteSize() + " bytes; received " + length + " bytes from " + offset + ".");
      }
      return all.asSlice(offset, length);
    } catch (IOException e) {
      throw new OnnxException(name, UNREADABLE, "C6: the data of '" + OnnxException.brief(tensor)
          + "' can be read from '" + location + "'; the system says: " + e.getMessage() + ".",
          "Put the file beside the model.", e);
    }
  }

  /// The file of a location; only plain relative paths that stay in the folder, links followed.
  private Path within(Path home, String tensor, String location) {
    try {
      Path relative = Path.of(location);
      boolean plain = !location.isEmpty() && location.length() <= 1024 && !relative.isAbsolute()
          && location.chars().noneMatch(c -> c == '\\' || c == ':' || c < ' ');
      for (Path part : relative) {
        plain &= !part.toString().equals("..");
      }
      if (plain) {
        Path file = home.resolve(relative);
        if (!Files.isRegularFile(file)) {
          throw new OnnxException(name, UNREADABLE, "C6: the data of '" + OnnxException.brief(tensor)
              + "' lies in a file beside the model, '" + OnnxException.brief(location) + "'; received none there.",
              "Put the file beside the model.");
        }
        if (file.toRealPath().startsWith(home.toRealPath())) {
          return file;
        }
      }
    } catch (InvalidPathException | IOException e) {
      // Refused below.
    }
    throw damaged("C6: the data of '" + OnnxException.brief(tensor)
        + "' lies in the model's own folder; received the path '" + OnnxException.brief(location) + "'.");
  }
}
