package juanji.onnx;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.graph.Node;
import juanji.op.Gather;
import juanji.op.Pointwise;
import juanji.op.View;
import juanji.op.Window;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// The places of windows' maxima while they flow through a model: by which pooling they were found, so that what puts
/// values there, or takes them from there, asks that pooling again.
///
/// The file counts them from the first sample of the batch, and a model counts within a plane. So whatever else a file
/// does with them is refused.
final class Maxima {
  /// Operators that know them.
  private static final List<String> USERS = List.of("MaxUnpool", "Mod", "Reshape", "Identity", "ScatterElements",
      "GatherElements");

  /// Maxima of a pooling.
  ///
  /// @param input what was pooled
  /// @param window by which window
  /// @param within whether the file, too, counts within a plane
  record Found(Value input, Window window, boolean within) {
  }

  private final Map<Node, Found> places = new IdentityHashMap<>();

  void put(Value value, Found found) {
    if (value instanceof Value.Flow(Node node, var type)) {
      places.put(node, found);
    }
  }

  Optional<Found> of(Value value) {
    return value instanceof Value.Flow(Node node, var type) ? Optional.ofNullable(places.get(node)) : Optional.empty();
  }

  /// Refuses what computes with places.
  void check(Call c) {
    if (!USERS.contains(c.node().operator()) && c.all().stream().anyMatch(v -> of(v).isPresent())) {
      throw refused(c);
    }
  }

  private static Call.Declined refused(Call c) {
    return c.unsupported("it takes the places of maxima, which depend on where a sample lies in its batch; the network "
        + "can be run, but not become a model of any batch");
  }

  /// The remainder of places by a plane's size is their place within it.
  Value remainder(Call c, Found found) {
    Shape x = found.input().shape();
    if (!Values.known(c.input(1)) || c.host(1).size() != 1 || c.host(1).wholes()[0] != x.size(2)) {
      throw refused(c);
    }
    Value same = c.values().apply(new Pointwise.Affine(1, 0), c.input(0));
    Value typed = c.values().typed(same, c.input(0).type());
    put(typed, new Found(found.input(), found.window(), true));
    return typed;
  }

  /// The pooling's own shapes, where places and what is put there or taken from are N × C × places.
  private static Shape[] shapes(Call c, Found found, Value data, Value places) {
    Shape x = found.input().shape();
    Shape out = x.slice(2, x.rank());
    Shape pooled = Moving.joined(x.slice(0, 2), found.window().output(out));
    boolean flat = found.within() && data.shape().rank() == 3 && places.shape().rank() == 3
        && c.axis(c.whole("axis", 0), 3) == 2 && data.shape().dim(1) == x.dim(1)
        && data.shape().dim(2) == x.size(2) && places.shape().dim(2) == pooled.size(2);
    if (!flat) {
      throw refused(c);
    }
    return new Shape[] {x, pooled};
  }

  /// Values at the places of maxima.
  Value taken(Call c, Found found) {
    Values v = c.values();
    Shape[] shapes = shapes(c, found, c.input(0), c.input(1));
    Value picked = v.apply(new Gather.Pick(found.window()), found.input(), v.reshape(c.input(0), shapes[0]));
    return v.typed(v.reshape(picked, c.shape(1)), c.input(0).type());
  }

  /// Values put to the places of maxima, or added there.
  Value scattered(Call c, Found found) {
    Values v = c.values();
    Shape[] shapes = shapes(c, found, c.input(0), c.input(1));
    boolean added = switch (c.text("reduction", "none")) {
      case "add" -> true;
      case "none" -> false;
      default -> throw refused(c);
    };
    boolean apart = found.window().axes().stream().allMatch(a -> a.dilation() == 1 && a.stride() >= a.kernel());
    if (!added && !apart) {
      throw c.unsupported("it puts values to places that windows share");
    }
    Value updates = v.reshape(c.input(2), shapes[1]);
    boolean empty = zeros(c.input(0));
    if (!added && !empty) {
      // What was there goes.
      updates = v.sub(updates, v.apply(new Gather.Pick(found.window()), found.input(),
          v.reshape(c.input(0), shapes[0])));
    }
    Value put = v.reshape(v.apply(new Windowed.MaxPoolInput(found.window()), found.input(), updates), c.shape(0));
    return v.typed(empty ? put : v.add(c.input(0), put), c.input(0).type());
  }

  private static boolean zeros(Value value) {
    return switch (value) {
      case Value.Host(HostTensor t) -> t.uniform().map(u -> u == 0).orElseGet(() ->
          Arrays.stream(t.reals()).allMatch(r -> r == 0));
      case Value.Weight w -> false;
      case Value.Flow(Node node, var type) -> zeros(node);
    };
  }

  private static boolean zeros(Node node) {
    return switch (node) {
      case Node.Constant k -> {
        float[] data = k.value().data();
        boolean all = true;
        for (float f : data) {
          all &= f == 0;
        }
        yield all;
      }
      case Node.Apply a -> a.op() instanceof View && !(a.op() instanceof View.Pad) && zeros(a.inputs().getFirst())
          && !(a.op() instanceof View.Concat);
      default -> false;
    };
  }
}
