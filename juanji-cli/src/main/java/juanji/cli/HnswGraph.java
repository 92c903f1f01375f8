package juanji.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import juanji.retrieve.DescriptorIndex;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.NIOFSDirectory;

/// Approximate search of a large index: a graph of near neighbours in layers (HNSW), which Lucene builds and walks
/// through, in a folder beside the index's file. What the walk finds is ordered by exact inner products.
///
/// Built from the same descriptors, it is the same graph. Source: Malkov and Yashunin, *Efficient and robust
/// approximate nearest neighbor search using hierarchical navigable small world graphs*, 2016.
///
/// @param folder where it is
record HnswGraph(Path folder) {
  /// The longest descriptors that the format takes.
  static final int LONGEST = 1024;
  private static final String VECTOR = "vector";
  private static final String NUMBER = "number";
  /// Lucene tells which instructions it uses, which nobody has asked for. Kept, since loggers are forgotten otherwise.
  private static final Logger QUIET = Logger.getLogger("org.apache.lucene");
  // Files are read, not mapped: mapping asks for native access, of which the platform warns.
  /// How many candidates the walk keeps for each that is asked for, and at least.
  private static final int CANDIDATES = 4;
  private static final int FEWEST = 100;

  static {
    QUIET.setLevel(Level.SEVERE);
  }

  /// The graph of an index's file; it need not be there.
  static HnswGraph beside(Path index) {
    return new HnswGraph(index.resolveSibling(index.getFileName() + ".hnsw"));
  }

  boolean exists() {
    return Files.isDirectory(folder);
  }

  /// Removes the graph, which belongs to descriptors that are replaced.
  void delete() {
    if (!exists()) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Builds the graph beside and moves it into place.
  void build(DescriptorIndex index) {
    delete();
    HnswGraph beside = new HnswGraph(folder.resolveSibling("." + folder.getFileName() + ".part"));
    beside.delete();
    // One segment, merged by the calling thread: then the order of work, and so the graph, is always the same.
    IndexWriterConfig config = new IndexWriterConfig().setUseCompoundFile(false)
        .setMergeScheduler(new SerialMergeScheduler())
        .setMaxBufferedDocs(index.names().size() + 1).setRAMBufferSizeMB(IndexWriterConfig.DISABLE_AUTO_FLUSH);
    try (NIOFSDirectory directory = new NIOFSDirectory(beside.folder); IndexWriter writer = new IndexWriter(directory,
        config)) {
      for (int i = 0; i < index.vectors().size(); i++) {
        Document document = new Document();
        document.add(new KnnFloatVectorField(VECTOR, index.vectors().get(i),
            VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT));
        document.add(new StoredField(NUMBER, i));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      writer.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Files.move(beside.folder, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The most alike samples, the best first; nearly always those of an exact search.
  ///
  /// @param query a descriptor after the whitening
  List<DescriptorIndex.Hit> nearest(DescriptorIndex index, float[] query, int count) {
    int wanted = Math.min(count, index.names().size());
    int candidates = Math.min(index.names().size(), Math.max(FEWEST, CANDIDATES * wanted));
    List<DescriptorIndex.Hit> hits = new ArrayList<>();
    try (NIOFSDirectory directory = new NIOFSDirectory(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      if (reader.numDocs() != index.names().size()) {
        throw CommandException.failure("the graph '" + folder + "' belongs to another index.",
            "It has as many descriptors as the index; it has " + reader.numDocs() + ", the index "
            + index.names().size() + ".", "Build the index again, or ask with --exact.");
      }
      IndexSearcher searcher = new IndexSearcher(reader);
      StoredFields stored = searcher.storedFields();
      for (ScoreDoc found : searcher.search(new KnnFloatVectorQuery(VECTOR, query, candidates), candidates).scoreDocs) {
        int i = stored.document(found.doc).getField(NUMBER).numericValue().intValue();
        float product = 0;
        for (int k = 0; k < query.length; k++) {
          product += query[k] * index.vectors().get(i)[k];
        }
        hits.add(new DescriptorIndex.Hit(i, index.names().get(i), product));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    hits.sort(Comparator.comparing(DescriptorIndex.Hit::likeness).reversed()
        .thenComparing(DescriptorIndex.Hit::index));
    return List.copyOf(hits.subList(0, Math.min(wanted, hits.size())));
  }
}
