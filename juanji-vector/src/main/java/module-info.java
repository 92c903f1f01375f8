/// Kernels on the Vector API: the only module that uses it. It offers itself as a service and exports nothing.
module juanji.vector {
  requires juanji.core;
  requires jdk.incubator.vector;

  provides juanji.kernel.KernelProvider with juanji.vector.VectorProvider;
}
