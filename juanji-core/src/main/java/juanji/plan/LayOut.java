package juanji.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import juanji.graph.Node;
import juanji.kernel.Blocks;
import juanji.kernel.KernelProvider;
import juanji.kernel.Layout;
import juanji.op.ChannelStatistics;
import juanji.op.Composite;
import juanji.op.Contraction;
import juanji.op.CustomOp;
import juanji.op.Op;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Reduction;
import juanji.op.Regional;
import juanji.op.View;
import juanji.op.Windowed;
import juanji.tensor.Shape;

/// Pass 6: decides how each value lies in memory and inserts reorders where two steps disagree.
///
/// Contractions and window operations have what the kernel provider asks for; pointwise steps follow their largest
/// operands; reductions take either layout; views that move whole blocks of channels stay in blocks; everything else is
/// plain.
final class LayOut {
  /// A group, or a reorder of one value, with the layouts of what it reads and makes.
  ///
  /// @param group empty for a reorder
  /// @param inputs the values read: the anchor's inputs, then the chain's operands
  /// @param output the value made
  record Placed(Optional<Group> group, List<Value> inputs, Value output) {
  }

  private final KernelProvider provider;
  private final Map<Node, Value> home = new IdentityHashMap<>();
  private final Map<Value, Value> copies = new HashMap<>();
  private final List<Placed> steps = new ArrayList<>();

  private LayOut(KernelProvider provider) {
    this.provider = provider;
  }

  static List<Placed> run(List<Group> groups, Iterable<Node> mustBePlain, KernelProvider provider) {
    LayOut pass = new LayOut(provider);
    groups.forEach(pass::place);
    // What leaves the plan leaves it plain.
    mustBePlain.forEach(node -> pass.in(node, Layout.PLAIN));
    return pass.steps;
  }

  private Layout layout(Node node) {
    return home.containsKey(node) ? home.get(node).layout() : Layout.PLAIN;
  }

  /// The node's value in the given layout, reordered if it has not been before.
  private Value in(Node node, Layout layout) {
    Value value = home.computeIfAbsent(node, n -> new Value(n, Layout.PLAIN));
    if (value.layout().equals(layout)) {
      return value;
    }
    return copies.computeIfAbsent(new Value(node, layout), copy -> {
      steps.add(new Placed(Optional.empty(), List.of(value), copy));
      return copy;
    });
  }

  private void place(Group group) {
    Shape shape = group.result().shape();
    List<Layout> layouts;
    Layout output;
    Op op = group.anchor().orElse(group.result()).op();
    switch (op) {
      case Contraction _, Windowed _ -> {
        List<Shape> shapes = group.inputs().stream().map(Node::shape).toList();
        List<Layout> available = group.inputs().stream().map(this::layout).toList();
        Optional<KernelProvider.Placement> wish = provider.place(op, shapes, available, shape,
            Sparsity.of(group));
        layouts = wish.map(KernelProvider.Placement::inputs).orElse(plain(shapes.size()));
        output = wish.map(KernelProvider.Placement::output).orElse(Layout.PLAIN);
        add(group, layouts, output, shape, output);
      }
      case Pointwise _ -> {
        output = group.operands().stream().filter(o -> o.shape().equals(shape)).map(this::layout)
            .filter(l -> !l.plain()).findFirst().orElse(Layout.PLAIN);
        add(group, List.of(), output, shape, output);
      }
      case Reduction _ -> {
        Node start = group.inputs().getFirst();
        Layout along = layout(start);
        add(group, List.of(along), Layout.PLAIN, start.shape(), along);
      }
      case View.Expand _ -> {
        // Only the second input's shape matters, so it may lie as it likes.
        layouts = List.of(Layout.PLAIN, layout(group.inputs().get(1)));
        add(group, layouts, Layout.PLAIN, shape, Layout.PLAIN);
      }
      case Random _ -> add(group, List.of(layout(group.inputs().getFirst()), Layout.PLAIN), Layout.PLAIN, shape,
          Layout.PLAIN);
      case View view -> {
        output = view(view, group);
        add(group, Collections.nCopies(group.inputs().size(), output), output, shape, output);
      }
      case ChannelStatistics _ -> {
        // The large inputs lie alike; the last of three is one number per channel.
        int large = Math.min(2, group.inputs().size());
        Layout along = group.inputs().subList(0, large).stream().map(this::layout).filter(l -> !l.plain()).findFirst()
            .orElse(Layout.PLAIN);
        layouts = IntStream.range(0, group.inputs().size()).mapToObj(i -> i < large ? along : Layout.PLAIN).toList();
        add(group, layouts, Layout.PLAIN, shape, Layout.PLAIN);
      }
      case Regional _, CustomOp _, Composite _ -> add(group, plain(group.inputs().size()), Layout.PLAIN, shape,
          Layout.PLAIN);
    }
  }

  /// A view that moves whole blocks of channels stays in blocks, if one of its inputs lies so.
  private Layout view(View op, Group group) {
    List<Shape> shapes = group.inputs().stream().map(Node::shape).toList();
    return group.inputs().stream().map(this::layout).filter(l -> !l.plain()).findFirst()
        .filter(l -> Blocks.fit(op, shapes, l.block())).orElse(Layout.PLAIN);
  }

  private static List<Layout> plain(int count) {
    return Collections.nCopies(count, Layout.PLAIN);
  }

  /// Adds a step whose chain runs along values of shape `along`, which lie as `layout` says.
  private void add(Group group, List<Layout> inputs, Layout output, Shape along, Layout layout) {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.add(in(group.inputs().get(i), inputs.get(i)));
    }
    for (Node operand : group.operands()) {
      values.add(in(operand, operand.shape().equals(along) ? layout : Layout.PLAIN));
    }
    Value result = new Value(group.result(), output);
    home.put(group.result(), result);
    steps.add(new Placed(Optional.of(group), values, result));
  }
}
