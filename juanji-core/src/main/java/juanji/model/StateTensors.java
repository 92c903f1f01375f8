package juanji.model;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Finds the tensors in what a pickle made, and reads them from their storages.
final class StateTensors {
  private static final int DEEPEST = 100;
  /// The dictionaries of a module within a module, which have no part in names.
  private static final Set<String> INNER = Set.of("_modules", "_parameters", "_buffers");

  private final Map<String, ByteBuffer> storages;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final Set<Object> seen = Pickle.seen();

  private StateTensors(Map<String, ByteBuffer> storages) {
    this.storages = storages;
  }

  static Map<String, Tensor> of(Object value, Map<String, ByteBuffer> storages) {
    StateTensors state = new StateTensors(storages);
    state.walk("", value, 0);
    return unwrapped(state.tensors, value);
  }

  /// Names without the single dictionary around all tensors, such as `state_dict`.
  private static Map<String, Tensor> unwrapped(Map<String, Tensor> tensors, Object value) {
    if (!(value instanceof Map<?, ?> map) || tensors.isEmpty()) {
      return tensors;
    }
    for (Object key : map.keySet()) {
      String prefix = key + ".";
      if (map.get(key) instanceof Map<?, ?> && tensors.keySet().stream().allMatch(n -> n.startsWith(prefix))) {
        Map<String, Tensor> bare = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> bare.put(name.substring(prefix.length()), tensor));
        return bare;
      }
    }
    return tensors;
  }

  private void walk(String path, Object value, int depth) {
    if (depth > DEEPEST) {
      throw new Pickle.Broken("values nested more than " + DEEPEST + " deep");
    }
    switch (value) {
      case Pickle.View view -> tensors.put(path, tensor(path, view));
      case Map<?, ?> map when seen.add(map) -> map.forEach((key, inner) -> walk(INNER.contains(String.valueOf(key))
          ? path : path.isEmpty() ? String.valueOf(key) : path + "." + key, inner, depth + 1));
      case Pickle.Unknown unknown when seen.add(unknown) -> unknown.parts().forEach(p -> walk(path, p, depth + 1));
      default -> {
      }
    }
  }

  private Tensor tensor(String name, Pickle.View view) {
    ByteBuffer storage = storages.get(view.storage().key());
    Pickle.Type type = view.storage().type();
    int elements = storage == null ? 0 : storage.capacity() / type.bytes();
    int[] dims = view.sizes().stream().mapToInt(Math::toIntExact).toArray();
    int rank = dims.length;
    long last = view.offset();
    long size = 1;
    for (int i = 0; i < rank; i++) {
      if (dims[i] < 0 || view.strides().size() != rank || view.strides().get(i) < 0) {
        throw new Pickle.Broken("'" + name + "' of extents " + view.sizes() + " and strides " + view.strides());
      }
      size = Math.multiplyExact(size, dims[i]);
      last = Math.addExact(last, Math.multiplyExact(Math.max(0L, dims[i] - 1L), view.strides().get(i)));
    }
    if (view.offset() < 0 || size > 0 && last >= elements || size > elements) {
      throw new Pickle.Broken("'" + name + "' of extents " + view.sizes() + " in a storage of " + elements
          + " elements");
    }
    float[] values = new float[(int) size];
    int[] index = new int[rank];
    long at = view.offset();
    for (int i = 0; i < values.length; i++) {
      values[i] = element(storage, type, (int) at);
      for (int a = rank - 1; a >= 0; a--) {
        at += view.strides().get(a);
        if (++index[a] < dims[a]) {
          break;
        }
        at -= view.strides().get(a) * dims[a];
        index[a] = 0;
      }
    }
    return Tensor.of(Shape.of(dims), values);
  }

  private static float element(ByteBuffer from, Pickle.Type type, int i) {
    return switch (type) {
      case FLOAT -> from.getFloat(4 * i);
      case DOUBLE -> (float) from.getDouble(8 * i);
      case HALF -> Float.float16ToFloat(from.getShort(2 * i));
      case BFLOAT16 -> Float.intBitsToFloat(from.getShort(2 * i) << 16);
      case LONG -> from.getLong(8 * i);
      case INT -> from.getInt(4 * i);
      case SHORT -> from.getShort(2 * i);
      case CHAR -> from.get(i);
      case BYTE -> from.get(i) & 255;
      case BOOL -> from.get(i) == 0 ? 0 : 1;
    };
  }
}
