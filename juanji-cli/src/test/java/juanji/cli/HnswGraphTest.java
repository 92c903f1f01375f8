package juanji.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import juanji.plan.Workers;
import juanji.retrieve.DescriptorIndex;
import juanji.retrieve.ExactSearch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HnswGraphTest {
  private static final int LENGTH = 24;
  @TempDir Path folder;

  /// Descriptors of length 1 around some centres, as pictures of some objects have.
  private static DescriptorIndex cloud(int count) {
    SplittableRandom random = new SplittableRandom(11);
    float[][] centres = new float[60][LENGTH];
    for (float[] centre : centres) {
      for (int k = 0; k < LENGTH; k++) {
        centre[k] = (float) random.nextGaussian();
      }
    }
    List<String> names = new ArrayList<>();
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] v = new float[LENGTH];
      double square = 0;
      for (int k = 0; k < LENGTH; k++) {
        v[k] = centres[i % centres.length][k] + (float) (0.5 * random.nextGaussian());
        square += v[k] * v[k];
      }
      for (int k = 0; k < LENGTH; k++) {
        v[k] /= (float) Math.sqrt(square);
      }
      vectors.add(v);
      names.add("picture " + i);
    }
    return new DescriptorIndex(names, vectors, Optional.empty(), Map.of());
  }

  @Test void itFindsNearlyAlwaysWhatAnExactSearchFinds() throws IOException {
    DescriptorIndex index = cloud(4000);
    HnswGraph graph = HnswGraph.beside(folder.resolve("a.index"));
    assertFalse(graph.exists());
    graph.build(index);
    assertTrue(graph.exists());
    HnswGraph twin = HnswGraph.beside(folder.resolve("b.index"));
    twin.build(index);
    int found = 0;
    int first = 0;
    try (Workers workers = Workers.of(1)) {
      ExactSearch exact = ExactSearch.of(index, workers);
      for (int q = 0; q < 200; q++) {
        float[] query = index.vectors().get(17 * q);
        List<DescriptorIndex.Hit> hits = graph.nearest(index, query, 10);
        assertEquals(hits, twin.nearest(index, query, 10), "the same graph each time");
        assertEquals(10, hits.size());
        List<Integer> expected = exact.nearest(query, 10).stream().map(DescriptorIndex.Hit::index).toList();
        found += (int) hits.stream().filter(h -> expected.contains(h.index())).count();
        first += hits.getFirst().index() == 17 * q ? 1 : 0;
      }
    }
    assertTrue(found >= 1980, found + " of 2,000 neighbours");
    assertEquals(200, first, "each finds itself first");
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of("a.index.hnsw", "b.index.hnsw"), left.map(f -> f.getFileName().toString()).sorted()
          .toList(), "nothing half built is left");
    }
    CommandException e = assertThrows(CommandException.class, () -> graph.nearest(cloud(100), index.vectors().get(0),
        3));
    assertTrue(e.getMessage().contains("it has 4000, the index 100"), e.getMessage());
    graph.delete();
    assertFalse(graph.exists());
  }

  @Test void exactSearchByKernelsIsThatByDefinition() {
    DescriptorIndex index = cloud(300);
    try (Workers workers = Workers.of(2)) {
      ExactSearch exact = ExactSearch.of(index, workers);
      for (int q = 0; q < 20; q++) {
        List<DescriptorIndex.Hit> expected = index.like(q, 7);
        List<DescriptorIndex.Hit> hits = exact.nearest(index.vectors().get(q), 7);
        assertEquals(expected.stream().map(DescriptorIndex.Hit::index).toList(), hits.stream()
            .map(DescriptorIndex.Hit::index).toList());
        for (int k = 0; k < 7; k++) {
          assertEquals(expected.get(k).likeness(), hits.get(k).likeness(), 1e-6);
        }
        assertEquals(hits, exact.like(List.of(5, q), 7).getLast());
      }
      assertEquals(300, exact.nearest(index.vectors().get(0), 1000).size(), "no more than there are");
    }
  }

  @Test void anIndexHasAGraphIfItIsAskedFor() throws IOException {
    Path data = Cli.pictures(folder.resolve("p"), 20, "zero", "one");
    Path run = folder.resolve("run");
    assertEquals(0, Cli.run("train", data, "--epochs", 3, "--out", run, "--threads", 1).code());
    Path index = folder.resolve("p.index");
    Path model = run.resolve("model.juanji");
    Cli.Outcome built = Cli.run("index", "build", model, data, "--out", index, "--whiten", 8, "--hnsw");
    assertEquals(0, built.code(), built.err());
    assertTrue(Files.isDirectory(folder.resolve("p.index.hnsw")));
    Cli.Outcome near = Cli.run("index", "query", index, data.resolve("one/3.png"), "--top", 3);
    Cli.Outcome exact = Cli.run("index", "query", index, data.resolve("one/3.png"), "--top", 3, "--exact");
    assertEquals(exact.out(), near.out());
    assertTrue(near.out().startsWith("1.0000  one/3.png"), near.out() + near.err());
    assertEquals("", near.err(), "Lucene says nothing");
    assertEquals(0, Cli.run("index", "build", model, data, "--out", index).code());
    assertFalse(Files.exists(folder.resolve("p.index.hnsw")), "what belongs to another index is gone");
  }
}
