/// Tensors, operations, graphs, layers, plans and training of convolutional networks; needs nothing beyond `java.base`.
@SuppressWarnings("module") // The modules named below that depend on this one are not visible when it is compiled.
module juanji.core {
  exports juanji.tensor;
  exports juanji.op;
  exports juanji.graph;
  exports juanji.nn;
  exports juanji.plan;
  exports juanji.data;
  exports juanji.train;
  exports juanji.augment;
  exports juanji.classify;
  exports juanji.retrieve;
  exports juanji.model;
  exports juanji.json to juanji.cli, juanji.image, juanji.testkit, juanji.text, juanji.audio;
  exports juanji.kernel to juanji.vector, juanji.testkit, juanji.bench;

  uses juanji.classify.ReadingProvider;
  uses juanji.kernel.KernelProvider;
}
