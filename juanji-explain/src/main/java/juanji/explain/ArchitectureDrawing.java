package juanji.explain;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import juanji.draw.Colour;
import juanji.draw.Drawing;
import juanji.draw.Mark;
import juanji.draw.Markup;
import juanji.draw.Paint;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Activation;
import juanji.nn.AdaptivePooling;
import juanji.nn.BatchNormalization;
import juanji.nn.BlockDropping;
import juanji.nn.Concatenation;
import juanji.nn.Convolution;
import juanji.nn.CustomLayer;
import juanji.nn.Dropping;
import juanji.nn.Flattening;
import juanji.nn.Frozen;
import juanji.nn.GlobalPooling;
import juanji.nn.GlobalSummary;
import juanji.nn.GroupNormalization;
import juanji.nn.Identity;
import juanji.nn.InstanceNormalization;
import juanji.nn.Layer;
import juanji.nn.LayerNormalization;
import juanji.nn.Linear;
import juanji.nn.LocalResponseNormalization;
import juanji.nn.Model;
import juanji.nn.Named;
import juanji.nn.ParametricRelu;
import juanji.nn.Pooling;
import juanji.nn.Rearrangement;
import juanji.nn.RegionPooling;
import juanji.nn.Residual;
import juanji.nn.Sequence;
import juanji.nn.SpatialPyramid;
import juanji.nn.Trace;
import juanji.nn.UnitLengthScaling;
import juanji.nn.Unpooling;
import juanji.nn.Vlad;
import juanji.nn.WindowLayer;
import juanji.tensor.Shape;

/// A network as a drawing: a box for each layer with the shape that it gives, data flowing from above, branches side by
/// side. It is read from what the layers did when they were traced, so that layers of your own appear, too.
///
/// ```java
/// Drawing drawing = ArchitectureDrawing.of(model);
/// Files.writeString(Path.of("model.svg"), drawing.svg("my network"));
/// ```
public final class ArchitectureDrawing {
  private static final double LETTERS = 12;
  private static final double GAP = 16;
  private static final double BETWEEN = 14;
  private static final double ROOM = 10;
  private static final int LONGEST = 46;

  /// A layer and those inside it, of which the first is the so-manieth place.
  private record Part(Trace.Place place, List<Part> inside, int first) {
  }

  private ArchitectureDrawing() {
  }

  /// The drawing of a network.
  public static Drawing of(Model model) {
    GraphBuilder builder = new GraphBuilder();
    Node x = builder.input("x", model.input().shape().batched());
    Trace trace = model.trace(builder, x, false, 0).trace();
    List<Drawing> column = new ArrayList<>();
    column.add(box("input", model.input().shape(), Colour.SOFT, false));
    parts(trace).forEach(p -> column.add(draw(p)));
    return connected(column).framed(16);
  }

  /// The tree of layers: each place comes after those inside it, and a layer without a scope takes those between its
  /// beginning and its end.
  private static List<Part> parts(Trace trace) {
    List<Trace.Place> places = trace.places();
    Deque<Trace.Open> opens = new ArrayDeque<>(trace.opens());
    List<Part> waiting = new ArrayList<>();
    for (int i = 0; i <= places.size(); i++) {
      while (!opens.isEmpty() && opens.getFirst().to() == i) {
        Trace.Open open = opens.removeFirst();
        gather(waiting, open.place(), open.from(), p -> p.first >= open.from());
      }
      if (i < places.size()) {
        String prefix = places.get(i).path() + ".";
        gather(waiting, places.get(i), i, p -> p.place.path().startsWith(prefix));
      }
    }
    return waiting;
  }

  private static void gather(List<Part> waiting, Trace.Place place, int first, Predicate<Part> belongs) {
    List<Part> inside = waiting.stream().filter(belongs).toList();
    waiting.removeIf(belongs);
    waiting.add(new Part(place, inside, inside.isEmpty() ? first : inside.getFirst().first));
  }

  private static Drawing draw(Part part) {
    Layer layer = part.place.layer();
    Shape shape = part.place.output().shape().sample();
    if (part.inside.isEmpty()) {
      return box(brief(layer.toString()), shape, colour(layer), small(layer));
    }
    String name = part.place.path();
    List<List<Part>> branches = branches(part);
    List<Drawing> columns = new ArrayList<>(branches.stream()
        .map(b -> connected(b.stream().map(ArchitectureDrawing::draw).toList())).toList());
    String joined = switch (layer) {
      case Residual r -> "+";
      case Rearrangement.Multiplying m -> "×";
      case Concatenation c -> "concat";
      case Rearrangement.Splitting s -> "split, concat";
      default -> "";
    };
    if (layer instanceof Residual r && r.shortcut() instanceof Identity && columns.size() == 1) {
      columns.add(Drawing.of(20, 10, Mark.line(Paint.line(Colour.SOFT).width(1.5), 10, 0, 10, 10)));
    }
    return columns.size() == 1 && joined.isEmpty() ? framed(columns.getFirst(), name, shape)
        : framed(fork(columns, joined), name, shape);
  }

  /// A part's layers by branch: as the layer says, or where a layer takes what the whole took.
  private static List<List<Part>> branches(Part part) {
    List<List<Part>> branches = new ArrayList<>();
    List<Integer> sizes = sizes(part.place.layer());
    if (sizes.stream().mapToInt(Integer::intValue).sum() == part.inside.size() && !sizes.contains(0)) {
      int from = 0;
      for (int size : sizes) {
        branches.add(part.inside.subList(from, from + size));
        from += size;
      }
      return branches;
    }
    Node before = null;
    for (Part p : part.inside) {
      if (before == null || p.place.input() != before && p.place.input() == part.place.input()) {
        branches.add(new ArrayList<>());
      }
      branches.getLast().add(p);
      before = p.place.output();
    }
    return branches;
  }

  private static List<Integer> sizes(Layer layer) {
    return switch (layer) {
      case Concatenation c -> c.branches().stream().map(ArchitectureDrawing::size).toList();
      case Rearrangement.Splitting s -> s.branches().stream().map(ArchitectureDrawing::size).toList();
      case Rearrangement.Multiplying m -> List.of(size(m.first()), size(m.second()));
      case Residual r -> r.shortcut() instanceof Identity ? List.of(size(r.body()))
          : List.of(size(r.body()), r.shortcut() instanceof Named ? size(r.shortcut()) : 1);
      default -> List.of();
    };
  }

  /// How many places a layer makes in its scope.
  private static int size(Layer layer) {
    return switch (layer) {
      case Sequence s -> s.layers().stream().mapToInt(ArchitectureDrawing::size).sum();
      case Frozen f -> size(f.layer());
      default -> 1;
    };
  }

  private static Drawing connected(List<Drawing> boxes) {
    double width = boxes.stream().mapToDouble(Drawing::width).max().orElse(20);
    List<Mark> marks = new ArrayList<>();
    double y = 0;
    for (int i = 0; i < boxes.size(); i++) {
      Drawing b = boxes.get(i);
      if (i > 0) {
        marks.add(Mark.arrow(Paint.line(Colour.SOFT).width(1.5), width / 2, y, width / 2, y + GAP));
        y += GAP;
      }
      marks.add(new Mark.Group((width - b.width()) / 2, y, "", b.marks()));
      y += b.height();
    }
    return new Drawing(width, y, marks);
  }

  /// Branches beside each other between a point where they part and one where they meet.
  private static Drawing fork(List<Drawing> columns, String joined) {
    Paint paint = Paint.line(Colour.SOFT).width(1.5);
    double width = columns.stream().mapToDouble(Drawing::width).sum() + BETWEEN * (columns.size() - 1);
    double height = columns.stream().mapToDouble(Drawing::height).max().orElse(0);
    double label = Math.max(22, Markup.width(joined, LETTERS) + 14);
    double whole = Math.max(width, label);
    List<Mark> marks = new ArrayList<>();
    double x = (whole - width) / 2;
    for (Drawing c : columns) {
      double middle = x + c.width() / 2;
      boolean bypass = c.height() <= 10 && c.width() <= 20;
      marks.add(Mark.line(paint, whole / 2, 0, middle, GAP));
      if (bypass) {
        marks.add(Mark.line(paint, middle, GAP, middle, GAP + height));
      } else {
        marks.add(new Mark.Group(x, GAP, "", c.marks()));
        marks.add(Mark.line(paint, middle, GAP + c.height(), middle, GAP + height));
      }
      marks.add(Mark.line(paint, middle, GAP + height, whole / 2, 2 * GAP + height));
      x += c.width() + BETWEEN;
    }
    double bottom = 2 * GAP + height;
    marks.add(new Mark.Rectangle((whole - label) / 2, bottom, label, 22, 11,
        Paint.fill(Colour.RAISED).outlined(Colour.SOFT)));
    marks.add(Mark.centred(whole / 2, bottom + 15, joined, LETTERS));
    return new Drawing(whole, bottom + 22, marks);
  }

  private static Drawing framed(Drawing inner, String name, Shape shape) {
    String head = name + "  →  " + shape;
    double width = Math.max(inner.width(), Markup.width(head, LETTERS - 1)) + 2 * ROOM;
    double height = inner.height() + 2 * ROOM + 18;
    return new Drawing(width, height, List.of(
        new Mark.Rectangle(0.5, 0.5, width - 1, height - 1, 8, Paint.line(Colour.LINE).dashed()),
        Mark.text(ROOM, 15, head, LETTERS - 1).in(Colour.SOFT),
        new Mark.Group((width - inner.width()) / 2, ROOM + 16, "", inner.marks())));
  }

  private static Drawing box(String code, Shape shape, Colour colour, boolean small) {
    String size = shape.toString();
    double width = Math.max(96, Math.max(Markup.width(code, LETTERS), small ? 0 : Markup.width(size, LETTERS - 1))
        + 2 * ROOM);
    double height = small ? 22 : 40;
    List<Mark> marks = new ArrayList<>();
    marks.add(new Mark.Rectangle(0.5, 0.5, width - 1, height - 1, 6,
        Paint.fill(colour).opacity(0.16).outlined(colour)));
    marks.add(Mark.centred(width / 2, small ? 15 : 17, code, LETTERS));
    if (!small) {
      marks.add(Mark.centred(width / 2, 32, size, LETTERS - 1).in(Colour.SOFT));
    }
    return new Drawing(width, height, marks);
  }

  /// Layers that keep the shape and have few or no weights take little room.
  private static boolean small(Layer layer) {
    return switch (layer) {
      case Activation a -> a.toString().length() < 20 && !a.toString().startsWith("glu")
          && !a.toString().startsWith("maxout");
      case ParametricRelu p -> true;
      case BatchNormalization b -> true;
      case LayerNormalization l -> true;
      case GroupNormalization g -> true;
      case InstanceNormalization i -> true;
      case LocalResponseNormalization l -> true;
      case UnitLengthScaling u -> true;
      case Dropping d -> true;
      case BlockDropping d -> true;
      case Identity i -> true;
      default -> false;
    };
  }

  /// A colour for each family of layers.
  private static Colour colour(Layer layer) {
    return switch (layer) {
      case Pooling p -> Colour.GREEN;
      case AdaptivePooling p -> Colour.GREEN;
      case GlobalPooling p -> Colour.GREEN;
      case GlobalSummary p -> Colour.GREEN;
      case SpatialPyramid p -> Colour.GREEN;
      case RegionPooling p -> Colour.GREEN;
      case Unpooling p -> Colour.GREEN;
      case Convolution c -> Colour.BLUE;
      case WindowLayer<?> w -> Colour.BLUE;
      case Linear l -> Colour.VERMILLION;
      case Vlad v -> Colour.PURPLE;
      case CustomLayer c -> Colour.PURPLE;
      case Activation a -> Colour.AMBER;
      case ParametricRelu p -> Colour.AMBER;
      case BatchNormalization b -> Colour.SKY;
      case LayerNormalization l -> Colour.SKY;
      case GroupNormalization g -> Colour.SKY;
      case InstanceNormalization i -> Colour.SKY;
      case LocalResponseNormalization l -> Colour.SKY;
      case UnitLengthScaling u -> Colour.SKY;
      case Flattening f -> Colour.SOFT;
      case Rearrangement r -> Colour.SOFT;
      case Named n -> colour(n.layer());
      case Frozen f -> colour(f.layer());
      default -> Colour.SOFT;
    };
  }

  private static String brief(String code) {
    return code.length() > LONGEST ? code.substring(0, LONGEST - 1) + "…" : code;
  }
}
