package juanji.zoo.detect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.plan.Compiler;
import juanji.plan.Session;
import juanji.plan.Target;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DetectTest {
  private static final Anchors SMALL = new Anchors(List.of(8.0, 16.0), List.of(0.5, 2.0), 4);

  @Test void boxesOverlapByTheirSharedArea() {
    Box a = new Box(0, 0, 4, 2);
    assertEquals(1, a.overlap(a));
    assertEquals(1.0 / 3, a.overlap(new Box(2, 0, 6, 2)), 1e-12);
    assertEquals(0, a.overlap(new Box(4, 0, 6, 2)));
    assertEquals(0, new Box(1, 1, 1, 1).overlap(new Box(1, 1, 1, 1)));
    assertEquals(new Box(1, 0, 3, 2), new Box(1, -5, 9, 2).within(3, 2));
    assertEquals(new Box(3, 2, 3, 2), new Box(5, 4, 9, 8).within(3, 2));
  }

  @Test void c1BoxesAreNotTurned() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Box(2, 0, 1, 1));
    assertEquals("there is no box from 2.0, 0.0 to 1.0, 1.0.\n"
        + "  C1: the left edge is not right of the right one, nor the upper one below the lower one; received x 2.0 to "
        + "1.0, y 0.0 to 1.0.\n  Exchange them.", e.getMessage());
  }

  @Test void correctionsLeadToTheOtherBox() {
    Box from = new Box(3, 5, 13, 9);
    Box to = new Box(-2, 1, 9.5, 23);
    double[] d = from.corrections(to);
    Box there = from.corrected(d[0], d[1], d[2], d[3]);
    assertArrayEquals(new double[] {to.x1(), to.y1(), to.x2(), to.y2()},
        new double[] {there.x1(), there.y1(), there.x2(), there.y2()}, 1e-9);
    assertArrayEquals(new double[4], from.corrections(from));
    assertEquals(625, from.corrected(0, 0, 1e9, 0).width(), 1e-6);
  }

  @Test void anchorsHaveTheirAreasAndShapes() {
    List<Box> boxes = SMALL.boxes(2, 3);
    assertEquals(4 * 6, boxes.size());
    assertEquals(4, SMALL.perPlace());
    Box first = boxes.getFirst();
    assertEquals(64, first.area(), 1e-9);
    assertEquals(0.5, first.height() / first.width(), 1e-9);
    assertEquals(2, (first.x1() + first.x2()) / 2, 1e-9);
    Box last = boxes.getLast();
    assertEquals(256, last.area(), 1e-9);
    assertEquals(10, (last.x1() + last.x2()) / 2, 1e-9);
    assertEquals(6, (last.y1() + last.y2()) / 2, 1e-9);
    assertEquals(9, Anchors.usual().perPlace());
    var e = assertThrows(IllegalArgumentException.class, () -> new Anchors(List.of(), List.of(1.0), 16));
    assertTrue(e.getMessage().contains("C1: there are sides and ratios above 0"), e.getMessage());
  }

  @Test void targetsMarkWhatOverlapsAndBringItThere() {
    Proposals proposals = new Proposals(SMALL, 10, 10);
    Box truth = new Box(10, 14, 21, 20);
    Tensor targets = proposals.targets(List.of(truth), 40, 1);
    List<Box> boxes = SMALL.boxes(10, 10);
    float[] t = targets.data();
    int best = IntStream.range(0, boxes.size()).filter(i -> boxes.get(i).within(40, 40).equals(boxes.get(i))).boxed()
        .max((i, j) -> Double.compare(boxes.get(i).overlap(truth), boxes.get(j).overlap(truth))).orElseThrow();
    assertEquals(1, t[best]);
    int counted = 0;
    for (int i = 0; i < boxes.size(); i++) {
      counted += t[i] >= 0 ? 1 : 0;
      if (t[i] == 1) {
        int at = (4 + 4 * (i / 100)) * 100 + i % 100;
        Box there = boxes.get(i).corrected(t[at], t[at + 100], t[at + 200], t[at + 300]);
        assertEquals(1, there.overlap(truth), 1e-4);
      } else if (t[i] == 0) {
        assertTrue(boxes.get(i).overlap(truth) < 0.3);
      }
    }
    assertEquals(40, counted);
    assertArrayEquals(t, proposals.targets(List.of(truth), 40, 1).data());
    // A network that says just what it is taught proposes the true box first.
    Tensor said = targets.copy();
    IntStream.range(0, 400).forEach(i -> said.data()[i] = said.data()[i] == 1 ? 5 : -5);
    List<Found> found = proposals.of(said, 0, 10, 0.7);
    assertEquals(1, found.getFirst().box().overlap(truth), 1e-4);
    assertTrue(found.stream().skip(1).allMatch(f -> f.box().overlap(truth) <= 0.7));
  }

  @Test void regionsAreLabelledByTheirBox() {
    Box cat = new Box(0, 0, 10, 10);
    List<Regions.Labelled> all = Regions.labelled(1, List.of(new Box(0, 0, 10, 8), new Box(20, 20, 30, 30)),
        List.of(new Found(cat, 2, 1)));
    assertEquals(List.of(3, 0), all.stream().map(Regions.Labelled::label).toList());
    assertArrayEquals(new float[] {1, 0, 0, 10, 8, 1, 20, 20, 30, 30}, Regions.table(all).data());
    Tensor targets = Regions.targets(all);
    assertEquals(3, targets.data()[0]);
    assertEquals(Math.log(10 / 8.0), targets.data()[4], 1e-6);
    assertArrayEquals(new float[5], Arrays.copyOfRange(targets.data(), 5, 10));
    Tensor said = Tensor.zeros(Shape.of(1, 20));
    said.data()[3] = 9;
    said.data()[4 + 12 + 3] = targets.data()[4];
    said.data()[4 + 12 + 1] = targets.data()[2];
    List<Found> found = Regions.found(said, List.of(new Box(0, 0, 10, 8)), 0.5, 0.3);
    assertEquals(1, found.size());
    assertEquals(2, found.getFirst().label());
    assertEquals(1, found.getFirst().box().overlap(cat), 1e-5);
  }

  private interface Written {
    Node of(GraphBuilder b, Node y, Node t);
  }

  private static double value(Tensor output, Tensor targets, Written loss) {
    GraphBuilder b = new GraphBuilder();
    Node y = b.input("y", output.shape().sample().batched());
    Node t = b.input("t", targets.shape().sample().batched());
    Graph graph = b.output("loss", loss.of(b, y, t)).build();
    try (Workers workers = Workers.all()) {
      return new Session(Compiler.compile(graph, output.shape().dim(0), Target.best()), Map.of(), workers)
          .run(Map.of("y", output, "t", targets)).get("loss").data()[0];
    }
  }

  @Test void theLossOfProposalsIsItsDefinition() {
    // One picture, two anchors, 1 × 2 places.
    Tensor y = Tensor.zeros(Shape.of(1, 10, 1, 2));
    Tensor t = Tensor.zeros(Shape.of(1, 10, 1, 2));
    float[] scores = {0.5f, -1, 2, 3};
    float[] labels = {1, 0, -1, 1};
    System.arraycopy(scores, 0, y.data(), 0, 4);
    System.arraycopy(labels, 0, t.data(), 0, 4);
    for (int i = 4; i < 20; i++) {
      y.data()[i] = 0.3f * i;
      t.data()[i] = i % 3;
    }
    double expected = Math.log1p(Math.exp(-0.5)) + Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(-3));
    for (int k = 0; k < 4; k++) {
      expected += smooth(y, t, (2 + k) * 2) + smooth(y, t, (2 + 4 + k) * 2 + 1);
    }
    assertEquals(expected / 3, value(y, t, Losses::proposals), 1e-5);
  }

  private static double smooth(Tensor y, Tensor t, int at) {
    double d = Math.abs(y.data()[at] - t.data()[at]);
    return d < 1 ? d * d / 2 : d - 0.5;
  }

  @Test void theLossOfRegionsCountsCorrectionsOfTheRightClassOnly() {
    Tensor y = Tensor.zeros(Shape.of(2, 15));
    Tensor t = Tensor.of(Shape.of(2, 5), 2, 0.1f, 0.2f, 0.3f, 3, 0, 9, 9, 9, 9);
    for (int i = 0; i < 30; i++) {
      y.data()[i] = i % 7 * 0.25f;
    }
    double expected = 0;
    for (int r = 0; r < 2; r++) {
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(y.data()[15 * r + c]);
      }
      expected += Math.log(sum) - y.data()[15 * r + (int) t.data()[5 * r]];
    }
    for (int k = 0; k < 4; k++) {
      double d = Math.abs(y.data()[3 + 8 + k] - t.data()[1 + k]);
      expected += d < 1 ? d * d / 2 : d - 0.5;
    }
    assertEquals(expected / 2, value(y, t, Losses::regions), 1e-5);
  }
}
