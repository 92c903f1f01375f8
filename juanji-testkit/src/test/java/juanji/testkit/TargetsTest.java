package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TargetsTest {
  /// Without the vector kernels the suite would check the scalar ones twice and say nothing.
  @Test void theVectorKernelsAreThere() {
    assertEquals("scalar", Targets.ALL.get(0).provider());
    assertEquals("vector", Targets.ALL.get(1).provider());
  }
}
