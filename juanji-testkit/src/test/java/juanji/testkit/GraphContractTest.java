package juanji.testkit;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import juanji.plan.Target;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Random graphs: planned = unplanned.
class GraphContractTest {
  /// Errors grow from operation to operation; a wrong plan is off by more.
  private static final double TOLERANCE = 1e-3;
  private static final int GRAPHS = Integer.getInteger("juanji.graphs", 120);

  @TestFactory Stream<DynamicTest> plansOfInferenceComputeTheGraph() {
    return Targets.ALL.stream().flatMap(target -> IntStream.range(0, GRAPHS).mapToObj(seed -> test(seed, false,
        target)));
  }

  @TestFactory Stream<DynamicTest> plansOfTrainingComputeTheGraph() {
    return Targets.ALL.stream().flatMap(target -> IntStream.range(0, GRAPHS).mapToObj(seed -> test(seed, true,
        target)));
  }

  private static DynamicTest test(int seed, boolean training, Target target) {
    return dynamicTest("graph " + seed + " on " + target.provider(), () -> GraphContract.check(
        training ? GraphSamples.training(seed) : GraphSamples.inference(seed), target, TOLERANCE));
  }
}
