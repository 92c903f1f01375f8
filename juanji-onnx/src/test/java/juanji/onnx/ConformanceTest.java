package juanji.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import juanji.plan.Workers;
import org.junit.jupiter.api.Test;

/// ONNX's own conformance tests, and trained networks with the outputs of ONNX Runtime.
class ConformanceTest {
  private static final Path DATA = Path.of("../../shared/data");
  /// What docs/onnx.md declines by name.
  private static final Pattern DECLINED = Pattern.compile("(?s).*(string|float8|float4|int2|"
      + "ai\\.onnx\\.preview\\.training).*");

  @Test void everyNodeTestPassesOrIsDeclinedByName() {
    Path tests = DATA.resolve("onnx-node-tests");
    assumeTrue(Files.isDirectory(tests), "no ../shared/data/onnx-node-tests");
    List<String> wrong = new ArrayList<>();
    int passed = 0;
    try (Workers workers = Workers.all()) {
      for (Path model : Conformance.models(tests)) {
        // Half a gigabyte of weights that are all alike; the others of its kind remain.
        if (model.endsWith("light_vgg19.onnx")) {
          continue;
        }
        Conformance.Result result = Conformance.run(model, Conformance.Tolerance.ONNX, workers);
        passed += result.outcome() == Conformance.Outcome.PASSED ? 1 : 0;
        if (result.outcome() == Conformance.Outcome.FAILED || result.outcome() == Conformance.Outcome.UNSUPPORTED
            && !DECLINED.matcher(result.reason()).matches()) {
          wrong.add(model + ": " + result.reason());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(passed >= 1100, "only " + passed + " passed");
  }

  @Test void everyNetworkWithOutputsAgreesOrIsRefusedByName() {
    Path models = DATA.resolve("models");
    assumeTrue(Files.isDirectory(models), "no ../shared/data/models");
    List<String> wrong = new ArrayList<>();
    int passed = 0;
    try (Workers workers = Workers.all()) {
      for (Path model : Conformance.models(models)) {
        Conformance.Result result = Conformance.run(model, Conformance.Tolerance.ONNX, workers);
        passed += result.outcome() == Conformance.Outcome.PASSED ? 1 : 0;
        if (result.outcome() == Conformance.Outcome.FAILED) {
          wrong.add(model + ": " + result.reason());
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(passed >= 155, "only " + passed + " passed");
  }
}
