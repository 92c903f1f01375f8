/// Tensors, operations, graphs, layers, plans and training of convolutional networks; needs nothing beyond `java.base`.
module juanji.core {
  exports juanji.tensor;
  exports juanji.data;
}
