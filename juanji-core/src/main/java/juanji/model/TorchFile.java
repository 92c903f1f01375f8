package juanji.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import juanji.tensor.Tensor;

/// The tensors of a PyTorch file (`.pt`, `.pth`): a state dictionary, a checkpoint that holds one, or a whole module.
///
/// Both formats are read: the zip archive since version 1.6, and the bare pickles before. A pickle is a program that
/// makes objects; here it can make numbers, texts, lists, dictionaries and tensors, and nothing else: what it calls
/// beyond that becomes an object without content, and no code is run.
///
/// Names are those of the dictionary, joined by dots within dictionaries; a single dictionary around all tensors, such
/// as `state_dict`, has no part in them. All types become 32-bit floats.
///
/// Constraints: C1 the file can be read and is of one of the formats; C2 the pickle makes a value by known steps; C3
/// every tensor lies in its storage, and every storage in the file.
///
/// ```java
/// Map<String, Tensor> weights = TorchFile.read(Path.of("lenet.pth")).tensors();
/// ```
///
/// @param tensors the tensors, in the file's order
/// @see <a href="https://pytorch.org/docs/stable/notes/serialization.html">the format</a>
public record TorchFile(Map<String, Tensor> tensors) {
  private static final long MAGIC_LOW = 0xa86a20f9469cfc6cL;
  private static final long MOST_PICKLE = 1 << 26;
  private static final String UNREADABLE = "cannot be read";

  /// Takes a copy of the map.
  public TorchFile {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /// Reads a file.
  ///
  /// @throws ModelException if a constraint is broken
  public static TorchFile read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file, UNREADABLE, "C1: it is a regular file; received "
          + (Files.isDirectory(file) ? "a folder" : "nothing of that name") + ".", "Check the path.");
    }
    try {
      byte[] head = new byte[2];
      try (InputStream in = Files.newInputStream(file)) {
        in.readNBytes(head, 0, 2);
      }
      return new TorchFile(head[0] == 'P' && head[1] == 'K' ? archive(file) : pickles(file));
    } catch (IOException e) {
      throw new ModelException(file, UNREADABLE, "C1: it can be read; received " + AtomicFile.reason(e) + ".",
          "Check that you may read it, and that it is whole.", e);
    } catch (Pickle.Broken | IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new ModelException(file, UNREADABLE, "C2: its pickle makes tensors by known steps; received: "
          + String.valueOf(e.getMessage()).replaceAll("\\s*\n\\s*", " "),
          "Save the state dictionary with torch.save(model.state_dict(), …), or use an intact copy.", e);
    } catch (OutOfMemoryError e) {
      throw new ModelException(file, UNREADABLE, "C1: its tensors fit in the Java heap, of which at most "
          + (Runtime.getRuntime().maxMemory() >> 20) + " MiB exist.", "Give Java more memory with -Xmx.", e);
    }
  }

  private static Map<String, Tensor> archive(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry program = zip.stream().filter(e -> e.getName().endsWith("/data.pkl")).findFirst()
          .orElseThrow(() -> new Pickle.Broken("an archive without data.pkl"));
      String root = program.getName().substring(0, program.getName().length() - "data.pkl".length());
      ZipEntry order = zip.getEntry(root + "byteorder");
      if (order != null && new String(content(zip, order, 16), StandardCharsets.UTF_8).strip().equals("big")) {
        throw new Pickle.Broken("numbers in big-endian order");
      }
      Pickle pickle = new Pickle(ByteBuffer.wrap(content(zip, program, Math.min(MOST_PICKLE, Files.size(file)))));
      Object value = pickle.value();
      Map<String, ByteBuffer> storages = new HashMap<>();
      for (Pickle.Storage storage : pickle.storages()) {
        ZipEntry entry = zip.getEntry(root + "data/" + storage.key());
        if (entry == null) {
          throw new Pickle.Broken("a storage '" + storage.key() + "' that is not in the archive");
        }
        storages.put(storage.key(), little(content(zip, entry, Files.size(file))));
      }
      return StateTensors.of(value, storages);
    } catch (ZipException e) {
      throw new Pickle.Broken("a damaged archive (" + e.getMessage() + ")");
    }
  }

  /// An entry's bytes, which torch stores as they are: none is larger than the file.
  private static byte[] content(ZipFile zip, ZipEntry entry, long most) throws IOException {
    if (entry.getSize() < 0 || entry.getSize() > most) {
      throw new Pickle.Broken("'" + entry.getName() + "' of " + entry.getSize() + " bytes in a smaller file");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) entry.getSize());
      if (bytes.length != entry.getSize()) {
        throw new Pickle.Broken("'" + entry.getName() + "' cut short");
      }
      return bytes;
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// A magic number, the version, the writing machine, the value, the storages' keys, and the storages.
  private static Map<String, Tensor> pickles(Path file) throws IOException {
    if (Files.size(file) > Integer.MAX_VALUE - 8) {
      throw new Pickle.Broken("a bare pickle of 2 GiB or more");
    }
    ByteBuffer bytes = little(Files.readAllBytes(file));
    if (!(new Pickle(bytes).value() instanceof Long magic) || magic != MAGIC_LOW) {
      throw new Pickle.Broken("neither a zip archive nor torch's magic number");
    }
    new Pickle(bytes).value();
    new Pickle(bytes).value();
    Pickle pickle = new Pickle(bytes);
    Object value = pickle.value();
    Object keys = new Pickle(bytes).value();
    Map<String, Pickle.Storage> known = new HashMap<>();
    pickle.storages().forEach(s -> known.put(s.key(), s));
    Map<String, ByteBuffer> storages = new HashMap<>();
    for (Object key : keys instanceof List<?> list ? new ArrayList<Object>(list) : List.of()) {
      Pickle.Storage storage = known.get(String.valueOf(key));
      if (storage == null) {
        throw new Pickle.Broken("a storage '" + key + "' that no tensor uses");
      }
      long size = bytes.remaining() < 8 ? -1 : bytes.getLong();
      if (size < 0 || size > bytes.remaining() / storage.type().bytes()) {
        throw new Pickle.Broken("a storage of " + size + " elements with " + bytes.remaining() + " bytes left");
      }
      int length = (int) size * storage.type().bytes();
      storages.put(storage.key(), bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN));
      bytes.position(bytes.position() + length);
    }
    return StateTensors.of(value, storages);
  }
}
