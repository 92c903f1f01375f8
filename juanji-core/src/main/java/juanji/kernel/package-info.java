/// Kernels: how operations are computed fast on one kind of machine.
///
/// A plan asks a [juanji.kernel.KernelProvider] where data should lie ([juanji.kernel.Layout]) and then for a
/// [juanji.kernel.Kernel] per step ([juanji.kernel.Task]: an operation, and the pointwise [juanji.kernel.Chain] applied
/// to its result). The scalar kernels here compute every operation in the plain layout; they are what other providers
/// fall back on.
package juanji.kernel;
