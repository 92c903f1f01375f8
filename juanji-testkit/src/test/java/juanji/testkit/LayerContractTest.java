package juanji.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import juanji.graph.Node;
import juanji.nn.Architecture;
import juanji.nn.CustomLayer;
import juanji.nn.Layer;
import juanji.nn.Trace;
import juanji.tensor.Shape;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every layer keeps every contract, and its text is its source.
@Execution(ExecutionMode.CONCURRENT)
class LayerContractTest {
  private static Stream<LayerCheck> samples() {
    return LayerSamples.kinds().stream().flatMap(kind -> LayerSamples.of(kind).stream());
  }

  @Test void theTableHasEveryKind() {
    Set<Class<?>> expected = new HashSet<>();
    List<Class<?>> open = new ArrayList<>(List.of(Layer.class));
    while (!open.isEmpty()) {
      Class<?> type = open.removeLast();
      if (type.isSealed()) {
        open.addAll(Arrays.asList(type.getPermittedSubclasses()));
      } else if (Modifier.isFinal(type.getModifiers())) {
        expected.add(type);
      } else {
        assertEquals(CustomLayer.class, type);
      }
    }
    assertEquals(expected, new HashSet<>(LayerSamples.kinds().stream().map(Object::getClass).toList()));
    for (Layer kind : LayerSamples.kinds()) {
      List<LayerCheck> own = LayerSamples.of(kind);
      assertFalse(own.isEmpty());
      own.forEach(c -> assertEquals(kind.getClass(), c.layer().getClass()));
    }
  }

  @TestFactory Stream<DynamicTest> layersKeepTheirContracts() {
    return samples().map(c -> dynamicTest(c.layer() + " of " + c.sample(), c::check));
  }

  @TestFactory Stream<DynamicTest> textIsSource() {
    return samples().map(c -> dynamicTest(c.layer().toString(),
        () -> assertEquals(c.layer(), Architecture.parse(c.layer().toString()))));
  }

  /// A layer of a user's.
  record Scaling(double factor) implements CustomLayer {
    @Override public Node apply(Trace trace, Node x) {
      return trace.affine(x, factor, 0);
    }

    @Override public String kind() {
      return "scaling";
    }

    @Override public String toString() {
      return "scaling(" + factor + ")";
    }
  }

  @Test void ownLayersAreCheckedInOneLine() {
    LayerCheck.of(new Scaling(2), Shape.of(3, 8, 8)).check();
  }
}
