package juanji.onnx.proto;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes a model whose tensors lie in a second file, each at a multiple of 4096 bytes, as memory pages do.
final class ExternalData {
  private static final long SMALL = 1024;
  private static final int PAGE = 4096;

  private final Path data;
  private final List<MemorySegment> pieces = new ArrayList<>();
  private long at;

  ExternalData(Path model) {
    this.data = model.resolveSibling(model.getFileName() + ".data");
  }

  /// Writes the second file.
  ///
  /// @return the pieces of the first
  List<MemorySegment> write(ModelProto model) {
    WireWriter out = model.message(this::tensor);
    Output.write(data, pieces);
    return out.pieces();
  }

  private void tensor(TensorProto tensor, WireWriter out) {
    if (tensor.bytes().byteSize() < SMALL) {
      tensor.write(out);
      return;
    }
    tensor.header(out);
    Map<String, String> place = Map.of("location", data.getFileName().toString(), "offset", Long.toString(at),
        "length", Long.toString(tensor.bytes().byteSize()));
    for (String key : List.of("location", "offset", "length")) {
      out.message(13, entry -> {
        entry.text(1, key);
        entry.always(2, place.get(key));
      });
    }
    out.whole(14, 1);
    int gap = (int) (Math.ceilDiv(tensor.bytes().byteSize(), (long) PAGE) * PAGE - tensor.bytes().byteSize());
    pieces.add(tensor.bytes());
    pieces.add(MemorySegment.ofArray(new byte[gap]));
    at += tensor.bytes().byteSize() + gap;
  }
}
