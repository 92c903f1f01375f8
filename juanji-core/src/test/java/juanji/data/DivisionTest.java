package juanji.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DivisionTest {
  @Test void classesAreInProportion() {
    int[] labels = new int[700];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 7 == 0 ? 2 : i % 3 == 0 ? 1 : 0;
    }
    int[] part = Division.of(labels, List.of(), true, 5, 0.8, 0.1, 0.1);
    for (int k = 0; k < 3; k++) {
      int[] counts = new int[3];
      int all = 0;
      for (int i = 0; i < labels.length; i++) {
        if (labels[i] == k) {
          counts[part[i]]++;
          all++;
        }
      }
      assertEquals(0.8 * all, counts[0], 1.5);
      assertEquals(0.1 * all, counts[1], 1.5);
    }
    assertArrayEquals(part, Division.of(labels, List.of(), true, 5, 8, 1, 1));
    assertFalse(Arrays.equals(part, Division.of(labels, List.of(), true, 6, 0.8, 0.1, 0.1)));
  }

  @Test void groupsStayTogether() {
    SplittableRandom random = new SplittableRandom(3);
    int[] labels = new int[600];
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(4);
      groups.add("speaker" + random.nextInt(30));
    }
    int[] part = Division.of(labels, groups, true, 1, 0.7, 0.3);
    Map<String, Integer> where = new HashMap<>();
    for (int i = 0; i < labels.length; i++) {
      assertEquals(where.computeIfAbsent(groups.get(i), g -> -1) < 0 ? part[i] : where.get(groups.get(i)), part[i]);
      where.put(groups.get(i), part[i]);
    }
    long first = Arrays.stream(part).filter(p -> p == 0).count();
    assertTrue(first > 380 && first < 460, "the first part has " + first);
  }

  @Test void aPartOfNothingIsEmpty() {
    assertTrue(Arrays.stream(Division.of(new int[50], List.of(), true, 1, 1, 0)).allMatch(p -> p == 0));
  }

  @Test void c1AndC2() {
    assertEquals("data cannot be divided into [0.0, 0.0].\n  C1: shares are at least 0, and not all are 0; received "
        + "[0.0, 0.0].\n  Use 0.8, 0.1 and 0.1.", assertThrows(IllegalArgumentException.class,
            () -> Division.of(new int[3], List.of(), true, 1, 0, 0)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Division.of(new int[3], List.of("a"), true, 1, 1, 1));
  }
}
