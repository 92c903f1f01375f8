package juanji.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import juanji.tensor.Shape;
import org.junit.jupiter.api.Test;

class SplitTest {
  /// Sample i has the one value i; classes of 1, 2, 17 and 100 samples.
  private static Dataset data() {
    int[] labels = new int[120];
    Arrays.fill(labels, 3);
    labels[50] = 0;
    labels[3] = 1;
    labels[100] = 1;
    IntStream.range(60, 77).forEach(i -> labels[i] = 2);
    byte[][] pixels = new byte[120][1];
    IntStream.range(0, 120).forEach(i -> pixels[i][0] = (byte) i);
    return Pictures.of(Shape.of(1, 1, 1), List.of("a", "b", "c", "d"), pixels, labels, i -> "p" + i);
  }

  @Test void everyClassInProportionAndEverySampleOnce() {
    Split split = Split.stratified(data(), 0.8, 7);
    assertArrayEquals(new int[] {1, 1, 14, 80}, counts(split.train()));
    assertArrayEquals(new int[] {0, 1, 3, 20}, counts(split.validation()));
    TreeSet<String> seen = new TreeSet<>(names(split.train()));
    seen.addAll(names(split.validation()));
    assertEquals(120, seen.size());
    assertEquals(List.of("a", "b", "c", "d"), split.classes());
  }

  @Test void theSeedDecides() {
    List<String> first = names(Split.stratified(data(), 0.5, 1).train());
    assertEquals(first, names(Split.stratified(data(), 0.5, 1).train()));
    assertFalse(first.equals(names(Split.stratified(data(), 0.5, 2).train())));
  }

  @Test void bothPartsOfASmallClassHaveOne() {
    assertEquals(1, counts(Split.stratified(data(), 0.999, 1).validation())[1]);
    assertEquals(1, counts(Split.stratified(data(), 0.001, 1).train())[1]);
  }

  @Test void c1Fraction() {
    for (double fraction : new double[] {0, 1, -1, 1.5, Double.NaN}) {
      assertTrue(assertThrows(IllegalArgumentException.class, () -> Split.stratified(data(), fraction, 1))
          .getMessage().contains("C1"));
    }
  }

  @Test void c2SomethingToSplit() {
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Split.stratified(Subset.of(data(), 3, 50), 0.5, 1))
        .getMessage().contains("C2"));
  }

  @Test void subsetReadsThroughInItsOrder() {
    Dataset some = Subset.of(data(), 100, 3, 50);
    float[] values = new float[3];
    IntStream.range(0, 3).forEach(i -> some.read(i, values, i));
    assertArrayEquals(new float[] {100 / 255f, 3 / 255f, 50 / 255f}, values);
    assertEquals(1, some.label(0));
    assertEquals("p50", some.source(2));
    assertEquals(5, Subset.first(data(), 5).size());
    assertEquals(120, Subset.first(data(), 500).size());
    assertTrue(assertThrows(IllegalArgumentException.class, () -> Subset.of(data(), 120)).getMessage()
        .contains("C1"));
    assertThrows(IllegalArgumentException.class, () -> Subset.of(data(), -1));
  }

  private static int[] counts(Dataset data) {
    int[] counts = new int[4];
    IntStream.range(0, data.size()).forEach(i -> counts[data.label(i)]++);
    return counts;
  }

  private static List<String> names(Dataset data) {
    return IntStream.range(0, data.size()).mapToObj(data::source).toList();
  }
}
