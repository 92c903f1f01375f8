package juanji.onnx;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Trace;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.NodeProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.op.Algebra;
import juanji.op.Op;
import juanji.plan.Compiler;
import juanji.plan.PlanException;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// An ONNX file as a program: any number of inputs and outputs of any type that this library reads.
///
/// Single-precision (and half-precision) values run through a plan; whole numbers, truth values and double precision
/// are computed by definition. Where shapes or choices depend on what was computed, the plan ends there and another
/// begins.
///
/// ```java
/// OnnxProgram program = OnnxProgram.read(Path.of("detector.onnx"));
/// Map<String, TensorProto> results = program.run(Map.of("images", TensorProto.of("images", picture)), workers);
/// ```
///
/// Constraints: those of the file (see [Onnx]); C6 every input is given, of the element type and the extents that the
/// file says.
public final class OnnxProgram {
  private final ModelProto model;
  private final String file;
  private final List<ValueInfoProto> inputs;
  private final List<String> outputs;

  private OnnxProgram(ModelProto model, String file) {
    this.model = model;
    this.file = file;
    Set<String> initializers = new HashSet<>();
    model.graph().initializers().forEach(t -> initializers.add(t.name()));
    this.inputs = model.graph().inputs().stream().filter(i -> !initializers.contains(i.name())).toList();
    this.outputs = model.graph().outputs().stream().map(ValueInfoProto::name).toList();
  }

  /// The program of a file.
  ///
  /// @throws OnnxException if it cannot be read
  public static OnnxProgram read(Path file) {
    return of(ModelProto.read(file), file.toString());
  }

  /// The program of a model.
  ///
  /// @param file what messages call it
  public static OnnxProgram of(ModelProto model, String file) {
    return new OnnxProgram(model, file);
  }

  /// What it takes: the graph's inputs that are no weights.
  public List<ValueInfoProto> inputs() {
    return inputs;
  }

  /// The names of what it gives.
  public List<String> outputs() {
    return outputs;
  }

  /// Runs the program.
  ///
  /// @param given a tensor for each input, by name; one for a weight replaces it
  /// @return the outputs by name, in the graph's order
  /// @throws OnnxException if an input is missing or does not fit, or the file has what is not supported
  public Map<String, TensorProto> run(Map<String, TensorProto> given, Workers workers) {
    return run(given, Target.best(), workers);
  }

  /// Runs the program with the given kernels.
  ///
  /// @param given a tensor for each input, by name; one for a weight replaces it
  /// @return the outputs by name, in the graph's order
  /// @throws OnnxException if an input is missing or does not fit, or the file has what is not supported
  public Map<String, TensorProto> run(Map<String, TensorProto> given, Target target, Workers workers) {
    Map<String, TensorProto> results = new LinkedHashMap<>();
    try {
      inputs.forEach(input -> check(input, given));
      Stages stages = new Stages(target, workers);
      Translation translation = new Translation(model, file, stages, 0);
      Map<String, Value> values = new LinkedHashMap<>();
      given.forEach((name, tensor) -> values.put(name, stages.input(name, tensor)));
      List<Value> found = translation.run(values, outputs);
      List<HostTensor> computed = stages.all(found);
      for (int i = 0; i < found.size(); i++) {
        results.put(outputs.get(i), computed.get(i).proto(outputs.get(i)));
      }
    } catch (OnnxException e) {
      throw e;
    } catch (IllegalArgumentException | IllegalStateException | ArithmeticException | PlanException e) {
      // What no node refused, but a plan or an array cannot hold.
      throw new OnnxException(file, "cannot be run", "C1: its values can be computed and held; "
          + String.valueOf(e.getMessage()).strip().replaceAll("\\s*\n\\s*", " "),
          "Use smaller inputs, or check the file.", e);
    } catch (OutOfMemoryError e) {
      throw new OnnxException(file, "cannot be run", "C1: its values fit in the Java heap, of which at most "
          + (Runtime.getRuntime().maxMemory() >> 20) + " MiB exist.", "Give Java more memory with -Xmx.", e);
    }
    return results;
  }

  private void check(ValueInfoProto input, Map<String, TensorProto> given) {
    TensorProto tensor = given.get(input.name());
    if (tensor == null) {
      throw OnnxException.asked(file, "cannot be run", "C6: every input is given; received "
          + (given.isEmpty() ? "none" : String.join(", ", given.keySet())) + ", but not '"
          + Wiring.brief(input.name()) + "'.", "Give a tensor of " + input.type() + " under this name.");
    }
    if (input.type() instanceof TypeProto.OfTensor(ElementType element, Optional<List<TypeProto.Extent>> shape)) {
      boolean fits = element == tensor.type() && shape.map(s -> fits(s, tensor.shape())).orElse(true);
      if (!fits) {
        throw new OnnxException(file, "cannot be run", "C6: '" + Wiring.brief(input.name()) + "' is "
            + input.type() + "; received " + tensor.type() + " " + tensor.shape() + ".",
            "Give a tensor of this type and shape.");
      }
    } else {
      throw OnnxException.unsupported(file, "cannot be run", "C6: every input is a tensor; '"
          + Wiring.brief(input.name()) + "' is " + input.type() + ".", "Export the network with tensors as inputs.");
    }
  }

  private static boolean fits(List<TypeProto.Extent> extents, Shape shape) {
    boolean fits = extents.size() == shape.rank();
    for (int i = 0; fits && i < shape.rank(); i++) {
      fits = !extents.get(i).known() || extents.get(i).size() == shape.dim(i);
    }
    return fits;
  }

  /// Plans one after the other.
  private static final class Stages implements Ground, Algebra<Node> {
    private final Target target;
    private final Workers workers;
    private final GraphBuilder builder = new GraphBuilder();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<String, TensorProto> protos = new LinkedHashMap<>();
    private final Map<Node, HostTensor> computed = new IdentityHashMap<>();
    private final Map<Node, Node> replaced = new IdentityHashMap<>();

    Stages(Target target, Workers workers) {
      this.target = target;
      this.workers = workers;
    }

    Value input(String name, TensorProto tensor) {
      if (!keeps(tensor.type()) || tensor.shape().size() == 0) {
        return new Value.Host(HostTensor.of(tensor));
      }
      inputs.put(name, tensor.tensor());
      return new Value.Flow(builder.input(name, tensor.shape()), tensor.type());
    }

    @Override public boolean keeps(ElementType type) {
      return HostTensor.real(type) && type != ElementType.DOUBLE;
    }

    @Override public Algebra<Node> algebra() {
      return this;
    }

    @Override public Node apply(Op op, List<Node> of) {
      return builder.apply(op, of.stream().map(n -> replaced.getOrDefault(n, n)).toList());
    }

    @Override public Node constant(Tensor value) {
      return builder.constant(value);
    }

    @Override public Shape shape(Node value) {
      return value.shape();
    }

    @Override public Node weight(Value.Weight weight, Use use) {
      TensorProto proto = weight.data().orElseThrow();
      // Graphs within the graph may use a name again.
      String name = weight.name();
      for (int i = 2; protos.containsKey(name) && !protos.get(name).equals(proto); i++) {
        name = weight.name() + "#" + i;
      }
      if (protos.putIfAbsent(name, proto) == null) {
        weights.put(name, proto.tensor());
      }
      return builder.parameter(name, proto.shape());
    }

    @Override public Node uniform(Shape shape, float value) {
      String name = "#uniform" + inputs.size();
      inputs.put(name, Tensor.full(shape, value));
      return builder.input(name, shape);
    }

    @Override public HostTensor read(Value.Weight weight) {
      return HostTensor.of(weight.data().orElseThrow());
    }

    @Override public Optional<HostTensor> compute(Value.Flow value) {
      return Optional.of(all(List.of(value)).getFirst());
    }

    /// All of these values; what flows is computed by one plan.
    List<HostTensor> all(List<Value> values) {
      GraphBuilder outputs = new GraphBuilder();
      Map<String, Node> open = new LinkedHashMap<>();
      for (Value value : values) {
        if (value instanceof Value.Flow(Node node, ElementType type) && !computed.containsKey(node)
            && !open.containsValue(node)) {
          open.put("y" + open.size(), node);
          outputs.output("y" + (open.size() - 1), node);
        }
      }
      if (!open.isEmpty()) {
        Session session = new Session(Compiler.compile(outputs.build(), 1, target), weights, workers);
        Map<String, Tensor> results = session.run(inputs);
        open.forEach((name, node) -> {
          computed.put(node, HostTensor.of(results.get(name)));
          if (!(node instanceof Node.Input)) {
            String input = "#" + inputs.size();
            inputs.put(input, results.get(name));
            replaced.put(node, builder.input(input, node.shape()));
          }
        });
      }
      List<HostTensor> found = new ArrayList<>();
      for (Value value : values) {
        found.add(switch (value) {
          case Value.Host(HostTensor tensor) -> tensor;
          case Value.Weight w -> read(w);
          case Value.Flow(Node node, ElementType type) -> computed.get(node).as(type);
        });
      }
      return found;
    }

    @Override public Optional<Trace> training() {
      return Optional.empty();
    }

    @Override public void at(NodeProto node, String name, Supplier<Optional<Place>> write) {
      String outer = builder.scope(name);
      try {
        write.get();
      } finally {
        builder.scope(outer);
      }
    }
  }
}
