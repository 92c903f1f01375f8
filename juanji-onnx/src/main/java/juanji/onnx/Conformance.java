package juanji.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import juanji.onnx.proto.ElementType;
import juanji.onnx.proto.ModelProto;
import juanji.onnx.proto.OnnxException;
import juanji.onnx.proto.TensorProto;
import juanji.onnx.proto.TypeProto;
import juanji.onnx.proto.ValueInfoProto;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// Runs networks on given inputs and compares with given outputs, in the layout of ONNX's own conformance tests.
///
/// A case is a folder with `model.onnx` and folders `test_data_set_0`, `test_data_set_1`, … of `input_0.pb`,
/// `output_0.pb` and so on (or `.npy`), in the order of the graph's inputs and outputs; or a file `NAME.onnx` with
/// `NAME_output_0.pb` beside it, whose input is i / n for i in 0 … n − 1.
public final class Conformance {
  private static final String MODEL = "model.onnx";
  private static final Set<String> PRODUCTS = Set.of("Conv", "ConvTranspose", "Gemm", "MatMul");
  private static final Pattern NUMBERED = Pattern.compile("(input|output)_([0-9]{1,4})\\.(pb|npy)");

  private Conformance() {
  }

  /// How a case ended.
  public enum Outcome {
    /// All outputs agree.
    PASSED,
    /// An output differs, or the file is broken.
    FAILED,
    /// The file has what is not supported, or nothing to compare with.
    UNSUPPORTED
  }

  /// A case that was run.
  ///
  /// @param name its name: the model's folder
  /// @param outcome how it ended
  /// @param reason why it did not pass; empty if it did
  public record Result(String name, Outcome outcome, String reason) {
  }

  /// How far numbers may differ: by `absolute` + `relative` · |expected| + `rounding` · layers · largest |expected|,
  /// with as many layers as the file has convolutions and matrix products after the first.
  ///
  /// The last part is what single precision leaves open. A deep network's output is a sum of products of sums, each
  /// rounded in the order in which a runtime adds; where they cancel to almost 0, two right results differ by a
  /// rounding of the largest numbers, and neither is the exact one.
  ///
  /// @param relative the relative part; ONNX's own runner takes 0.001
  /// @param absolute the absolute part; ONNX's own runner takes 1e-7
  /// @param rounding the part for each layer after the first
  public record Tolerance(double relative, double absolute, double rounding) {
    /// That of ONNX's own runner, and half a unit in the last place of the largest number for each layer after the
    /// first.
    public static final Tolerance ONNX = new Tolerance(1e-3, 1e-7, Math.scalb(1.0, -24));

    /// Without a part for rounding.
    public Tolerance(double relative, double absolute) {
      this(relative, absolute, 0);
    }

    /// For a file, whose layers are counted into the part for rounding.
    Tolerance over(ModelProto model) {
      long layers = model.graph().nodes().stream().filter(n -> PRODUCTS.contains(n.operator())).count();
      return new Tolerance(relative, absolute, rounding * Math.max(0, layers - 1));
    }
  }

  /// All models in a folder and the folders in it, in order.
  ///
  /// @throws UncheckedIOException if a folder cannot be read
  public static List<Path> models(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(f -> f.getFileName().toString().equals(MODEL)
          || f.getFileName().toString().endsWith(".onnx") && Files.exists(beside(f, 0)))
          .sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path beside(Path model, int output) {
    String name = model.getFileName().toString();
    return model.resolveSibling(name.substring(0, name.length() - ".onnx".length()) + "_output_" + output + ".pb");
  }

  /// Runs a model on all of its data sets.
  public static Result run(Path model, Tolerance tolerance, Workers workers) {
    boolean folder = model.getFileName().toString().equals(MODEL);
    String name = String.valueOf(folder && model.toAbsolutePath().getParent() != null
        ? model.toAbsolutePath().getParent().getFileName() : model.getFileName());
    try {
      ModelProto proto = ModelProto.read(model);
      OnnxProgram program = OnnxProgram.of(proto, model.toString());
      int sets = 0;
      if (!folder) {
        Optional<String> difference = light(program, model, tolerance.over(proto), workers);
        if (difference.isPresent()) {
          return new Result(name, Outcome.FAILED, difference.get());
        }
        sets++;
      }
      for (Path set : folder ? sets(model.toAbsolutePath().getParent()) : List.<Path>of()) {
        Optional<String> difference = compare(program, proto, set, tolerance.over(proto), workers);
        if (difference.isPresent()) {
          return new Result(name, Outcome.FAILED, set.getFileName() + ": " + difference.get());
        }
        sets++;
      }
      return sets > 0 ? new Result(name, Outcome.PASSED, "")
          : new Result(name, Outcome.UNSUPPORTED, "there are no outputs to compare with (the file can be read)");
    } catch (OnnxException e) {
      return new Result(name, e.unsupported() ? Outcome.UNSUPPORTED : Outcome.FAILED, e.getMessage());
    } catch (IOException | RuntimeException e) {
      return new Result(name, Outcome.FAILED, e.toString());
    }
  }

  private static List<Path> sets(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith("test_data_set_") && Files.isDirectory(f))
          .sorted(Comparator.comparing((Path f) -> f.getFileName().toString().length())
          .thenComparing(f -> f.getFileName().toString())).toList();
    }
  }

  private static Map<Integer, Path> numbered(Path folder, String kind) throws IOException {
    Map<Integer, Path> found = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.sorted().forEach(f -> {
        Matcher name = NUMBERED.matcher(f.getFileName().toString());
        if (name.matches() && name.group(1).equals(kind)) {
          found.put(Integer.parseInt(name.group(2)), f);
        }
      });
    }
    return found;
  }

  private static TensorProto read(Path file) {
    return file.toString().endsWith(".npy") ? Npy.read(file) : TensorProto.read(file);
  }

  /// NumPy has no bfloat16: older tests store its bits as whole numbers.
  private static TensorProto named(TensorProto tensor, ElementType wanted) {
    return wanted == ElementType.BFLOAT16 && tensor.type() == ElementType.UINT16
        ? new TensorProto(tensor.name(), wanted, tensor.shape(), tensor.bytes(), List.of()) : tensor;
  }

  private static Optional<String> compare(OnnxProgram program, ModelProto proto, Path set, Tolerance tolerance,
      Workers workers) throws IOException {
    Map<Integer, Path> inputs = numbered(set, "input");
    Map<Integer, Path> outputs = numbered(set, "output");
    List<ValueInfoProto> taken = inputs.size() > program.inputs().size() ? proto.graph().inputs() : program.inputs();
    for (ValueInfoProto value : Stream.concat(taken.stream(), proto.graph().outputs().stream()).toList()) {
      if (value.type() instanceof TypeProto.Other(String kind)) {
        throw OnnxException.unsupported(proto.graph().name(), "cannot be run", "C6: inputs and outputs are tensors; '"
            + value.name() + "' is " + kind + ".", "Use networks of tensors.");
      }
    }
    Map<String, TensorProto> given = new LinkedHashMap<>();
    inputs.forEach((number, file) -> {
      if (number < taken.size()) {
        given.put(taken.get(number).name(), taken.get(number).type() instanceof TypeProto.OfTensor t
            ? named(read(file), t.element()) : read(file));
      }
    });
    Map<String, TensorProto> results = program.run(given, workers);
    Set<String> compared = new HashSet<>();
    for (Map.Entry<Integer, Path> expected : outputs.entrySet()) {
      if (expected.getKey() >= program.outputs().size()) {
        return Optional.of("there is no output " + expected.getKey());
      }
      String name = program.outputs().get(expected.getKey());
      compared.add(name);
      Optional<String> difference = difference(named(read(expected.getValue()), results.get(name).type()),
          results.get(name), tolerance);
      if (difference.isPresent()) {
        return Optional.of("output '" + name + "' " + difference.get());
      }
    }
    return compared.isEmpty() ? Optional.of("there are no outputs to compare with") : Optional.empty();
  }

  private static Optional<String> light(OnnxProgram program, Path model, Tolerance tolerance, Workers workers) {
    Map<String, TensorProto> given = new LinkedHashMap<>();
    for (ValueInfoProto input : program.inputs()) {
      if (input.type() instanceof TypeProto.OfTensor t && t.shape().isPresent()) {
        Shape shape = Shape.of(t.shape().get().stream().mapToInt(e -> e.known() ? Math.toIntExact(e.size()) : 1)
            .toArray());
        float[] values = new float[shape.length()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((double) i / values.length);
        }
        given.put(input.name(), TensorProto.of(input.name(), Tensor.of(shape, values)));
      }
    }
    Map<String, TensorProto> results = program.run(given, workers);
    for (int i = 0; Files.exists(beside(model, i)); i++) {
      String name = program.outputs().get(i);
      Optional<String> difference = difference(TensorProto.read(beside(model, i)), results.get(name), tolerance);
      if (difference.isPresent()) {
        return Optional.of("output '" + name + "' " + difference.get());
      }
    }
    return Optional.empty();
  }

  /// How two tensors differ, if they do.
  ///
  /// @param tolerance for real numbers, of one layer after the first; others must be equal
  public static Optional<String> difference(TensorProto expected, TensorProto actual, Tolerance tolerance) {
    if (expected.type() != actual.type()) {
      return Optional.of("is of type " + actual.type() + " instead of " + expected.type());
    }
    if (!expected.shape().equals(actual.shape())) {
      return Optional.of("has the shape " + actual.shape() + " instead of " + expected.shape());
    }
    boolean real = HostTensor.real(expected.type());
    if (!real && !HostTensor.whole(expected.type())) {
      throw OnnxException.unsupported("the output", "cannot be compared", "C6: it is of numbers; received "
          + expected.type() + ".", "Compare it elsewhere.");
    }
    // The last bit of a bfloat16 is 1/128 of the number or less; older tests cut it off instead of rounding.
    double relative = Math.max(tolerance.relative(), expected.type() == ElementType.BFLOAT16 ? 1.0 / 128 : 0);
    double absolute = tolerance.absolute() + (tolerance.rounding() > 0 && real ? tolerance.rounding()
        * largest(expected) : 0);
    List<String> found = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < expected.shape().size(); i++) {
      boolean equal;
      if (real) {
        double a = actual.real(i);
        double e = expected.real(i);
        equal = a == e || Double.isNaN(a) && Double.isNaN(e)
            || Math.abs(a - e) <= absolute + relative * Math.abs(e);
      } else {
        equal = actual.whole(i) == expected.whole(i);
      }
      if (!equal && count++ == 0) {
        found.add("element " + i + " is " + (real ? actual.real(i) : actual.whole(i)) + " instead of "
            + (real ? expected.real(i) : expected.whole(i)));
      }
    }
    return count == 0 ? Optional.empty() : Optional.of("differs in " + count + " of " + expected.shape().size()
        + " elements; " + found.getFirst());
  }

  /// The largest finite number of a tensor, without its sign.
  private static double largest(TensorProto tensor) {
    double largest = 0;
    for (int i = 0; i < tensor.shape().size(); i++) {
      double a = Math.abs(tensor.real(i));
      largest = a < Double.POSITIVE_INFINITY ? Math.max(largest, a) : largest;
    }
    return largest;
  }
}
