package juanji.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Target;

/// What plans have in common whose values have other names.
public final class Plans {
  private static final int BATCH = 2;

  private Plans() {
  }

  /// Each step of a network's plan: operations, kernel, reason, layout and output, but not the place's name.
  public static List<String> steps(Model model) {
    Map<String, Integer> sizes = model.graph().inputs().stream().map(Node::name).filter(n -> !n.equals("x"))
        .collect(Collectors.toMap(n -> n, _ -> BATCH + 1));
    Plan plan = Compiler.compile(model.graph(), BATCH, sizes, Target.scalar());
    List<String> lines = plan.toString().lines().toList();
    String head = lines.getFirst();
    int place = head.indexOf(" in ") + 1;
    int kernel = head.indexOf("kernel");
    int arena = head.indexOf("arena");
    return lines.stream().skip(1).filter(line -> line.matches(" *\\d+  .*"))
        .map(line -> line.substring(head.indexOf("step"), place).strip() + " by "
            + line.substring(kernel, arena).strip()).toList();
  }
}
