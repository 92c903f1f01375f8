package juanji.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Map;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.op.Pointwise;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final long MILLI = 1_000_000;

  /// The threads of pools, but for those of other tests.
  private static List<Thread> pool(List<Thread> others) {
    return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("juanji-worker")
        && !others.contains(t)).toList();
  }

  private static long nanos(List<Thread> threads) {
    ThreadMXBean times = ManagementFactory.getThreadMXBean();
    return threads.stream().mapToLong(t -> Math.max(0, times.getThreadCpuTime(t.threadId()))).sum();
  }

  private static Session session(Workers workers) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", Shape.of(64, 4096));
    Graph graph = b.output("y", b.apply(new Pointwise.Exp(), List.of(x))).build();
    return new Session(Compiler.compile(graph, 1, Target.scalar()), Map.of(), workers);
  }

  @Test void anIdlePoolTakesNoTime() throws Exception {
    List<Thread> others = pool(List.of());
    try (Workers workers = Workers.of(3)) {
      Session session = session(workers);
      Map<String, Tensor> given = Map.of("x", Tensor.zeros(Shape.of(64, 4096)));
      for (int i = 0; i < 20; i++) {
        session.run(given);
      }
      List<Thread> threads = pool(others);
      assertEquals(2, threads.size());
      Thread.sleep(100);
      long before = nanos(threads);
      assertTrue(before > 0, "the pool has done nothing");
      Thread.sleep(500);
      long idle = nanos(threads) - before;
      assertTrue(idle < 5 * MILLI, "2 idle threads took " + idle / MILLI + " ms of 1,000");
      assertEquals(1f, session.run(given).get("y").data()[7]);
    }
  }

  @Test void aClosedPoolEnds() throws Exception {
    List<Thread> others = pool(List.of());
    Workers workers = Workers.of(2);
    List<Thread> threads = pool(others);
    workers.close();
    for (Thread thread : threads) {
      thread.join(5000);
      assertTrue(!thread.isAlive());
    }
  }
}
