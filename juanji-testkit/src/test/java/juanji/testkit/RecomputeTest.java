package juanji.testkit;

import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.residual;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import juanji.graph.Graph;
import juanji.nn.Model;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.PlanException;
import juanji.plan.Target;
import juanji.tensor.Tensor;
import juanji.train.Loss;
import juanji.train.Optimizer;
import juanji.train.TrainingGraph;
import org.junit.jupiter.api.Test;

/// Training steps within a limit of memory.
class RecomputeTest {
  private static final int BATCH = 6;
  private static final int STEPS = 3;
  private static final Optimizer ADAM = Optimizer.adam(0.01);
  private static final Pattern LEAST = Pattern.compile("by computing values again is ([0-9]+) bytes");

  private final Model model = Model.of(input(3, 22, 18), conv(8, 3).same(), batchNorm(), relu(),
      residual(chain(conv(8, 3).same(), batchNorm(), relu(), conv(8, 3).same(), batchNorm())), relu(),
      residual(chain(conv(8, 3).same(), batchNorm(), relu(), conv(8, 3).same(), batchNorm())), relu(), maxPool(2),
      dropout(0.3), conv(16, 3).same(), relu(), conv(16, 3).same(), relu(), flatten(), dense(10)).initialize(3);
  private final Graph graph = TrainingGraph.of(model, Loss.crossEntropy(), ADAM, 5);

  private long least(Target target) {
    PlanException e = assertThrows(PlanException.class, () -> Compiler.compile(graph, BATCH, target, 1));
    Matcher matcher = LEAST.matcher(e.getMessage());
    assertTrue(matcher.find(), e.getMessage());
    return Long.parseLong(matcher.group(1));
  }

  private static long peak(Plan plan) {
    return plan.bytes() + plan.parameterBytes();
  }

  @Test void computesTheSameBitsInLessMemory() {
    for (Target target : Targets.ALL) {
      Plan whole = Compiler.compile(graph, BATCH, target);
      Map<String, Tensor> expected = TrainingSteps.run(model, whole, ADAM, STEPS, 2);
      long least = least(target);
      assertTrue(least - whole.parameterBytes() < 0.7 * whole.bytes(), least + " of " + peak(whole));
      for (int part = 0; part <= 4; part++) {
        long limit = least + (peak(whole) - least) * part / 4;
        Plan plan = Compiler.compile(graph, BATCH, target, limit);
        assertTrue(peak(plan) <= limit, peak(plan) + " of " + limit);
        assertTrue(plan.flops() < 1.5 * whole.flops(), plan.flops() + " for " + whole.flops());
        assertEquals(part == 4, plan.size() == whole.size(), plan.toString());
        ArenaContract.check(plan);
        Map<String, Tensor> found = TrainingSteps.run(model, plan, ADAM, STEPS, 1 + part % 3);
        expected.forEach((name, tensor) -> assertArrayEquals(tensor.data(), found.get(name).data(), name));
      }
    }
  }

  @Test void aLimitThatIsNotReachedChangesNothing() {
    Plan whole = Compiler.compile(graph, BATCH, Target.scalar());
    assertEquals(whole.toString(), Compiler.compile(graph, BATCH, Target.scalar(), Long.MAX_VALUE - 1).toString());
  }

  @Test void tellsTheLeastThatWouldDo() {
    Graph inference = model.graph();
    long all = peak(Compiler.compile(inference, 2, Target.scalar()));
    PlanException e = assertThrows(PlanException.class, () ->
        Compiler.compile(inference, 2, Target.scalar(), all - 4));
    assertTrue(e.getMessage().startsWith("this plan does not fit in the memory that it may take.\n  C3: working memory "
        + "and parameters are within the limit of " + (all - 4) + " bytes; the least that was found "), e.getMessage());
    assertTrue(e.getMessage().contains("is " + all + " bytes, of which "), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Compiler.compile(inference, 2, Target.scalar(), 0));
  }
}
