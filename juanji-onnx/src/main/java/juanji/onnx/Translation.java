package juanji.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.graph.Node;
import juanji.onnx.proto.AttributeProto;
import juanji.onnx.proto.FunctionProto;
import juanji.onnx.proto.GraphProto;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.tensor.Shape;

/// The walk through an ONNX graph that writes its nodes as operations.
///
/// What cannot be translated is collected, so that one error names all of it.
///
/// Constraints: C1 every node is understood; C2 a name stands for one value; C3 every value is made by something;
/// C4 no value needs itself; C5 the operators are not newer than those known.
final class Translation {
  private static final int MOST_NODES = 1 << 18;
  private static final int DEEPEST = 32;

  private final ModelProto model;
  private final String file;
  private final Ground ground;
  private final Values values;
  private final long fixedBatch;
  private final List<String> problems = new ArrayList<>();
  private final Maxima maxima = new Maxima();
  private final Map<NodeProto, String> names = new IdentityHashMap<>();
  private final Set<String> placed = new HashSet<>();
  private final Map<String, String> absent = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final Set<String> constants;
  private final Map<NodeProto, Operator> operators = new IdentityHashMap<>();
  private Map<String, Value> scope = new HashMap<>();
  private Set<String> failed = new HashSet<>();
  private Optional<Value> batch = Optional.empty();
  private Optional<Idioms> idioms = Optional.empty();
  private boolean invalid;
  private int translated;
  private int depth;

  /// @param fixedBatch the batch size that the file was made for; 0 if it is open
  Translation(ModelProto model, String file, Ground ground, long fixedBatch) {
    this.model = model;
    this.file = file;
    this.ground = ground;
    this.values = new Values(ground);
    this.fixedBatch = fixedBatch;
    this.constants = OnnxExport.constants(model.metadata());
    model.operatorSets().forEach(s -> versions.merge(s.domain(), s.version(), Math::max));
    long version = versions.getOrDefault("", 1L);
    if (version > Operators.NEWEST || version < 1) {
      throw OnnxException.unsupported(file, "cannot be used", "C5: its operators are of version 1 to "
          + Operators.NEWEST + "; received " + version + ".", "Export the network with operators of version "
          + Operators.NEWEST + " or earlier.");
    }
  }

  Values values() {
    return values;
  }

  Ground ground() {
    return ground;
  }

  long fixedBatch() {
    return fixedBatch;
  }

  /// A flowing value whose first extent is the open batch.
  Optional<Value> batch() {
    return batch;
  }

  /// The places of maxima that flow.
  Maxima maxima() {
    return maxima;
  }

  /// A tensor of the file: a weight if it is of real numbers.
  Value constant(TensorProto tensor, String name) {
    boolean weight = HostTensor.real(tensor.type()) && tensor.shape().size() > 0 && !constants.contains(name);
    return weight && ground.keeps(tensor.type()) ? Value.Weight.of(name, tensor)
        : new Value.Host(HostTensor.of(tensor));
  }

  /// Dropout within a model that is trained; otherwise the value itself.
  Value dropped(Value x, double ratio) {
    if (ground.training().isEmpty() || !(x instanceof Value.Flow(Node node, var type)) || ratio <= 0 || ratio >= 1) {
      return x;
    }
    var trace = ground.training().get();
    Node mask = trace.apply(new Random.Mask(1 - ratio, trace.salt()), node, trace.step());
    return new Value.Flow(trace.apply(new Pointwise.Mul(), node, mask), type);
  }

  /// Translates the model's graph.
  ///
  /// @param given a value for each input that is no initializer
  /// @param wanted the values asked for
  /// @return them, in order
  List<Value> run(Map<String, Value> given, List<String> wanted) {
    GraphProto graph = model.graph();
    Wiring wiring = new Wiring(file, graph, Set.of());
    for (NodeProto node : graph.nodes()) {
      names.put(node, Names.fresh(node, placed));
    }
    graph.initializers().forEach(t -> scope.put(t.name(), constant(t, t.name())));
    given.forEach((name, value) -> {
      scope.put(name, value);
      if (batch.isEmpty() && value instanceof Value.Flow && value.shape().rank() > 0
          && value.shape().dim(0) == Shape.UNBOUND) {
        batch = Optional.of(value);
      }
    });
    graph.sparse().forEach(name -> {
      problems.add("initializer '" + Wiring.brief(name) + "': a sparse tensor");
      failed.add(name);
    });
    List<NodeProto> order = wiring.order(wanted);
    idioms = Optional.of(new Idioms(order, wanted));
    translate(order);
    wanted.forEach(this::missing);
    for (String name : wanted) {
      if (scope.get(name) instanceof Value.Flow places && maxima.of(places).isPresent()) {
        problems.add("output '" + Wiring.brief(name) + "': places of maxima, which depend on where a sample lies in "
            + "its batch; the network can be run, but not become a model of any batch");
      }
    }
    if (!problems.isEmpty()) {
      throw refusal();
    }
    return wanted.stream().map(name -> Optional.ofNullable(scope.get(name)).orElseThrow(() -> new OnnxException(file,
        "cannot be used", "C3: every input is given; '" + Wiring.brief(name) + "' is not.",
        "Give a tensor for each input."))).toList();
  }

  private OnnxException refusal() {
    StringBuilder text = new StringBuilder("C1: every node is understood; received "
        + (problems.size() == 1 ? "one that is not:" : problems.size() + " that are not:"));
    problems.stream().limit(50).forEach(p -> text.append("\n    ").append(p));
    if (problems.size() > 50) {
      text.append("\n    … and ").append(problems.size() - 50).append(" more");
    }
    return invalid ? new OnnxException(file, "breaks a rule of ONNX", text.toString(),
        "Export the network again, or check it with the tool that wrote it.")
        : OnnxException.unsupported(file, "has what is not supported", text.toString(),
        "See docs/onnx.md for what is supported; export the network without it, or cut it off before.");
  }

  private void translate(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      if (idioms.isPresent() && (idioms.get().holds(node) || whole(node, idioms.get()))) {
        continue;
      }
      translate(node);
    }
  }

  /// Translates a node as the last one of a group that says one operation; the group is translated node by node if it
  /// says another.
  ///
  /// @return whether it was translated
  private boolean whole(NodeProto node, Idioms known) {
    Optional<Idioms.Idiom> idiom = known.endingAt(node);
    if (idiom.isEmpty()) {
      return false;
    }
    NodeProto one = idiom.get().whole();
    boolean given = one.inputs().stream().allMatch(i -> scope.containsKey(i) && !failed.contains(i));
    Optional<Operator> meaning = given ? idiom.get().meaning(scope) : Optional.empty();
    if (meaning.isEmpty()) {
      idiom.get().nodes().forEach(this::translate);
      return false;
    }
    names.put(one, name(node));
    operators.put(one, meaning.get());
    translate(one);
    return true;
  }

  private void translate(NodeProto node) {
    if (++translated > MOST_NODES) {
      throw new OnnxException(file, "cannot be used", "C1: at most " + MOST_NODES + " nodes are translated; received "
          + "more, loops and functions written out.", "Use a smaller network.");
    }
    absent.keySet().stream().filter(Wiring.needs(node)::contains).toList().forEach(this::missing);
    if (Wiring.needs(node).stream().anyMatch(failed::contains)) {
      fail(node);
      // An operator that nobody knows is named even where its inputs are not known.
      if (operator(node).isEmpty()) {
        problems.add(describe(node) + ": unknown operator");
      }
      return;
    }
    try {
      apply(node);
    } catch (Call.Declined e) {
      problems.add(describe(node) + ": " + e.getMessage());
      invalid |= e.invalid() && !open(node);
      fail(node);
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException | IndexOutOfBoundsException
        | NegativeArraySizeException e) {
      String[] lines = String.valueOf(e.getMessage()).split("\n");
      problems.add(describe(node) + ": " + (lines.length > 1 ? lines[1].strip().replaceFirst("^C[0-9]+: ", "")
          : lines[0]));
      invalid |= !open(node);
      fail(node);
    }
  }

  /// Whether a node's inputs have an open batch, which may break what a file with a fixed one does not.
  private boolean open(NodeProto node) {
    return node.inputs().stream().map(scope::get).anyMatch(v -> v != null && !v.shape().bound());
  }

  /// Notes that an output is needed that its node does not give.
  private void missing(String output) {
    if (absent.containsKey(output) && failed.add(output)) {
      problems.add(absent.get(output));
    }
  }

  private void fail(NodeProto node) {
    failed.addAll(node.outputs());
  }

  private long version(NodeProto node) {
    return versions.getOrDefault(node.domain(), 1L);
  }

  private String describe(NodeProto node) {
    return "node " + (node.name().isEmpty() ? "that makes '" + Wiring.brief(String.join(", ", node.outputs())) + "'"
        : "'" + Wiring.brief(node.name()) + "'") + " (" + (node.domain().isEmpty() ? ""
        : Wiring.brief(node.domain()) + ".") + Wiring.brief(node.operator()) + ", operator set " + version(node) + ")";
  }

  private Optional<Operator> operator(NodeProto node) {
    Optional<FunctionProto> function = model.functions().stream()
        .filter(f -> f.name().equals(node.operator()) && plain(f.domain()).equals(node.domain())).findFirst();
    return function.<Operator>map(f -> call -> inlined(f, call)).or(() ->
        Operators.of(node.domain(), node.operator()));
  }

  private static String plain(String domain) {
    return domain.equals("ai.onnx") ? "" : domain;
  }

  private void apply(NodeProto node) {
    Operator operator = Optional.ofNullable(operators.get(node)).or(() -> operator(node))
        .orElseThrow(() -> new Call.Declined("unknown operator", false));
    List<Optional<Value>> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Value value = scope.get(input);
      if (value == null && !input.isEmpty()) {
        throw new Call.Declined("its input '" + Wiring.brief(input) + "' is given; received nothing", true);
      }
      inputs.add(Optional.ofNullable(value));
    }
    Call call = new Call(node, version(node), inputs, this);
    maxima.check(call);
    ground.at(node, name(node), () -> {
      List<Value> results = operator.apply(call);
      if (!call.unknown().isEmpty() && !function(node)) {
        throw call.unsupported("attribute " + String.join(", ", call.unknown().stream().map(a -> "'" + Wiring.brief(a)
            + "'").toList()) + " is not known");
      }
      for (int i = 0; i < node.outputs().size(); i++) {
        String output = node.outputs().get(i);
        if (output.isEmpty()) {
          continue;
        }
        if (i < results.size()) {
          scope.put(output, settled(results.get(i)));
        } else {
          absent.put(output, describe(node) + ": its output " + i + ", '" + Wiring.brief(output) + "', is asked for");
        }
      }
      return place(inputs, results);
    });
  }

  private boolean function(NodeProto node) {
    return model.functions().stream().anyMatch(f -> f.name().equals(node.operator())
        && plain(f.domain()).equals(node.domain()));
  }

  /// What is known is rounded where a node ends; what flows without elements is known.
  private static Value settled(Value value) {
    return value instanceof Value.Host(HostTensor tensor) ? new Value.Host(tensor.rounded())
        : value instanceof Value.Flow f && f.shape().bound() && f.shape().size() == 0
        ? new Value.Host(HostTensor.empty(f.type(), f.shape())) : value;
  }

  private static Optional<Ground.Place> place(List<Optional<Value>> inputs, List<Value> results) {
    Optional<Node> in = inputs.stream().flatMap(Optional::stream).filter(v -> v instanceof Value.Flow)
        .map(v -> ((Value.Flow) v).node()).findFirst();
    return in.isPresent() && !results.isEmpty() && results.getFirst() instanceof Value.Flow(Node out, var type)
        ? Optional.of(new Ground.Place(in.get(), out)) : Optional.empty();
  }

  /// A name for a node's place: its own, or its operator's with a number.
  private String name(NodeProto node) {
    String known = names.get(node);
    return known != null ? known : Names.fresh(node, placed);
  }

  /// A graph within a node: it sees the values around it.
  List<Value> inner(GraphProto graph, List<Value> given) {
    if (++depth > DEEPEST) {
      throw new Call.Declined("graphs are nested more than " + DEEPEST + " deep", false);
    }
    Map<String, Value> outer = scope;
    Set<String> outerFailed = failed;
    int before = problems.size();
    scope = new HashMap<>(outer);
    failed = new HashSet<>(outerFailed);
    try {
      Wiring wiring = new Wiring(file, graph, outer.keySet());
      graph.initializers().forEach(t -> scope.put(t.name(), constant(t, t.name())));
      for (int i = 0; i < given.size(); i++) {
        scope.put(graph.inputs().get(i).name(), given.get(i));
      }
      List<String> wanted = graph.outputs().stream().map(o -> o.name()).toList();
      translate(wiring.order(wanted));
      if (problems.size() > before) {
        throw new Call.Declined("its inner graph has what is not supported", false);
      }
      return wanted.stream().map(scope::get).toList();
    } finally {
      scope = outer;
      failed = outerFailed;
      depth--;
    }
  }

  /// A function's nodes in place of its call, with the call's attributes put in.
  private List<Value> inlined(FunctionProto function, Call call) {
    Map<String, AttributeProto.Value> attributes = new LinkedHashMap<>();
    function.defaults().forEach(a -> attributes.put(a.name(), a.value()));
    call.node().attributes().forEach(a -> attributes.put(a.name(), a.value()));
    List<NodeProto> nodes = function.nodes().stream().map(n -> new NodeProto(n.name(), n.operator(), n.domain(),
        n.inputs(), n.outputs(), n.attributes().stream().flatMap(a -> substituted(a, attributes).stream()).toList()))
        .toList();
    Map<String, Long> outer = new HashMap<>(versions);
    versions.clear();
    function.operatorSets().forEach(s -> versions.merge(s.domain(), s.version(), Math::max));
    Map<String, Value> outerScope = scope;
    scope = new HashMap<>();
    try {
      List<ValueInfoProto> inputs = new ArrayList<>();
      List<Value> given = new ArrayList<>();
      for (int i = 0; i < function.inputs().size(); i++) {
        if (call.has(i)) {
          inputs.add(new ValueInfoProto(function.inputs().get(i),
              TypeProto.UNSAID));
          given.add(call.input(i));
        }
      }
      Set<String> missing = new HashSet<>(function.inputs());
      inputs.forEach(i -> missing.remove(i.name()));
      List<NodeProto> present = nodes.stream().map(n -> new NodeProto(n.name(), n.operator(), n.domain(),
          n.inputs().stream().map(i -> missing.contains(i) ? "" : i).toList(), n.outputs(), n.attributes())).toList();
      return inner(GraphProto.of(function.name(), present, List.of(), inputs, function.outputs().stream()
          .map(o -> new ValueInfoProto(o, TypeProto.UNSAID)).toList()),
          given);
    } finally {
      scope = outerScope;
      versions.clear();
      versions.putAll(outer);
    }
  }

  private static Optional<AttributeProto> substituted(AttributeProto attribute,
      Map<String, AttributeProto.Value> values) {
    return attribute.value() instanceof AttributeProto.Value.Reference(String name)
        ? Optional.ofNullable(values.get(name)).map(v -> new AttributeProto(attribute.name(), v))
        : Optional.of(attribute);
  }
}
