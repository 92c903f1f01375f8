package juanji.model;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Follows a pickle's steps as far as they make plain values and tensors. Nothing that it names is looked up or run.
///
/// Source: Python's `pickletools`.
final class Pickle {
  private static final Object MARK = new Object();
  private static final int MOST_STEPS = 1 << 22;

  /// A step that is not known, or that cannot be taken.
  static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;

    Broken(String message) {
      super(message);
    }
  }

  /// What a storage's elements are.
  enum Type {
    /// 32-bit floating point.
    FLOAT(4),
    /// 64-bit floating point.
    DOUBLE(8),
    /// 16-bit floating point.
    HALF(2),
    /// The upper half of 32-bit floating point.
    BFLOAT16(2),
    /// 64-bit whole numbers.
    LONG(8),
    /// 32-bit whole numbers.
    INT(4),
    /// 16-bit whole numbers.
    SHORT(2),
    /// 8-bit whole numbers.
    CHAR(1),
    /// 8-bit whole numbers from 0.
    BYTE(1),
    /// Truth values.
    BOOL(1);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    int bytes() {
      return bytes;
    }

    static Optional<Type> of(String name) {
      for (Type type : values()) {
        if (name.equalsIgnoreCase("torch." + type.name() + "Storage")) {
          return Optional.of(type);
        }
      }
      return Optional.empty();
    }
  }

  /// Memory that tensors look into.
  record Storage(String key, Type type) {
  }

  /// A tensor's look into a storage.
  record View(Storage storage, long offset, List<Long> sizes, List<Long> strides) {
  }

  /// A name that the pickle would have looked up.
  record Global(String name) {
  }

  /// What a call of an unknown name would have made, with the state that it was given.
  static final class Unknown {
    private final List<Object> parts = new ArrayList<>();

    List<Object> parts() {
      return parts;
    }
  }

  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private final Set<Storage> storages = new LinkedHashSet<>();

  Pickle(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The storages that tensors of the value look into.
  Set<Storage> storages() {
    return Collections.unmodifiableSet(storages);
  }

  /// The value that the next pickle makes.
  Object value() {
    for (int step = 0; step < MOST_STEPS; step++) {
      int op = next();
      if (op == '.') {
        return pop();
      }
      step(op);
    }
    throw new Broken("more than " + MOST_STEPS + " steps");
  }

  private int next() {
    if (!in.hasRemaining()) {
      throw new Broken("the end of the file within a pickle");
    }
    return in.get() & 255;
  }

  private int number(int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= next() << 8 * i;
    }
    return value;
  }

  private byte[] bytes(long count) {
    if (count < 0 || count > in.remaining()) {
      throw new Broken("a text of " + count + " bytes with " + in.remaining() + " left");
    }
    byte[] bytes = new byte[(int) count];
    in.get(bytes);
    return bytes;
  }

  private String text(long count) {
    return new String(bytes(count), StandardCharsets.UTF_8);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (int c = next(); c != '\n'; c = next()) {
      line.append((char) c);
    }
    return line.toString();
  }

  private Object pop() {
    if (stack.isEmpty()) {
      throw new Broken("a step without what it needs");
    }
    return stack.removeLast();
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw new Broken("a step without what it needs");
    }
    return stack.getLast();
  }

  private void push(Object value) {
    stack.add(value);
  }

  private List<Object> toMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw new Broken("a row without its beginning");
    }
    List<Object> row = new ArrayList<>(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return row;
  }

  private void step(int op) {
    switch (op) {
      case 0x80 -> next();
      case 0x95 -> in.getLong();
      case '(' -> push(MARK);
      case 'N' -> push("None");
      case 0x88 -> push(Boolean.TRUE);
      case 0x89 -> push(Boolean.FALSE);
      case 'J' -> push((long) number(4));
      case 'K' -> push((long) next());
      case 'M' -> push((long) number(2));
      case 0x8a -> push(whole(next()));
      case 0x8b -> push(whole(number(4)));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'I', 'L', 'F' -> push(line());
      case 'X', 'T', 'B' -> push(text(number(4)));
      case 0x8c, 'U', 'C' -> push(text(next()));
      case 0x8d, 0x8e -> push(text(in.getLong()));
      case 'V', 'S' -> push(line());
      case '}' -> push(new LinkedHashMap<Object, Object>());
      case ']', 0x8f -> push(new ArrayList<Object>());
      case ')' -> push(new ArrayList<Object>());
      case 't', 'l', 0x91 -> push(toMark());
      case 'd' -> push(entries(new LinkedHashMap<>(), toMark()));
      case 0x85 -> push(row(1));
      case 0x86 -> push(row(2));
      case 0x87 -> push(row(3));
      case '0' -> pop();
      case '1' -> toMark();
      case '2' -> push(top());
      default -> objects(op);
    }
  }

  private void objects(int op) {
    switch (op) {
      case 'q' -> memo.put(next(), top());
      case 'r' -> memo.put(number(4), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> push(remembered(next()));
      case 'j' -> push(remembered(number(4)));
      case 'a' -> {
        Object value = pop();
        add(top(), List.of(value));
      }
      case 'e', 0x90 -> {
        List<Object> row = toMark();
        add(top(), row);
      }
      case 's' -> {
        List<Object> pair = row(2);
        put(top(), pair);
      }
      case 'u' -> {
        List<Object> row = toMark();
        put(top(), row);
      }
      case 'c' -> {
        String module = line();
        push(new Global(module + "." + line()));
      }
      case 0x93 -> {
        List<Object> names = row(2);
        push(new Global(names.get(0) + "." + names.get(1)));
      }
      case 'Q' -> push(persistent(pop()));
      case 'R', 0x81 -> {
        Object arguments = pop();
        push(call(pop(), arguments));
      }
      case 'b' -> {
        Object state = pop();
        if (top() instanceof Unknown unknown) {
          unknown.parts.add(state);
        }
      }
      default -> throw new Broken("an unknown step " + op);
    }
  }

  private Object whole(int length) {
    byte[] little = bytes(length);
    byte[] big = new byte[little.length + (little.length == 0 ? 1 : 0)];
    for (int i = 0; i < little.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return new BigInteger(big).longValue();
  }

  private List<Object> row(int count) {
    List<Object> row = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      row.addFirst(pop());
    }
    return row;
  }

  private Object remembered(int key) {
    Object value = memo.get(key);
    if (value == null) {
      throw new Broken("a value that was not remembered");
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  private static void add(Object to, List<Object> values) {
    if (to instanceof List<?> list) {
      ((List<Object>) list).addAll(values);
    }
  }

  @SuppressWarnings("unchecked")
  private static void put(Object to, List<Object> values) {
    if (to instanceof Map<?, ?> map) {
      entries((Map<Object, Object>) map, values);
    }
  }

  private static Map<Object, Object> entries(Map<Object, Object> map, List<Object> values) {
    for (int i = 0; i + 1 < values.size(); i += 2) {
      // Containers as keys could hold themselves; only plain keys name tensors.
      if (values.get(i) instanceof String || values.get(i) instanceof Long) {
        map.put(values.get(i), values.get(i + 1));
      }
    }
    return map;
  }

  private Object persistent(Object id) {
    if (id instanceof List<?> parts && parts.size() >= 4 && parts.get(0).equals("storage")
        && parts.get(1) instanceof Global(String type) && Type.of(type).isPresent()
        && parts.get(2) instanceof String key) {
      Storage storage = new Storage(key, Type.of(type).get());
      storages.add(storage);
      return storage;
    }
    throw new Broken("a storage of an unknown type");
  }

  private static Object call(Object function, Object arguments) {
    List<?> given = arguments instanceof List<?> list ? list : List.of();
    String name = function instanceof Global(String text) ? text : "";
    switch (name) {
      case "collections.OrderedDict" -> {
        return new LinkedHashMap<Object, Object>();
      }
      case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor" -> {
        if (given.size() >= 4 && given.get(0) instanceof Storage storage && given.get(1) instanceof Long offset) {
          return new View(storage, offset, wholes(given.get(2)), wholes(given.get(3)));
        }
        throw new Broken("a tensor that is not made of a storage");
      }
      case "torch._utils._rebuild_parameter" -> {
        if (!given.isEmpty()) {
          return given.getFirst();
        }
        throw new Broken("a parameter without its tensor");
      }
      default -> {
        Unknown unknown = new Unknown();
        unknown.parts.addAll(given);
        return unknown;
      }
    }
  }

  private static List<Long> wholes(Object row) {
    List<Long> numbers = new ArrayList<>();
    if (row instanceof List<?> list) {
      for (Object each : list) {
        if (!(each instanceof Long number)) {
          throw new Broken("extents that are no whole numbers");
        }
        numbers.add(number);
      }
    }
    return numbers;
  }

  /// An empty set by identity, for walks through values that may hold each other.
  static Set<Object> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
