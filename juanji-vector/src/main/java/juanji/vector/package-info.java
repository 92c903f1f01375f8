/// Kernels on the Vector API.
///
/// All contractions share one innermost loop, the register tile ([juanji.vector.Tiles], generated): a few pixels times
/// one or two vectors of output channels stay in registers while one flat loop runs over a table of offsets. A
/// [juanji.vector.Sweep] turns a convolution's geometry into such tables; [juanji.vector.DirectConv] serves convolution
/// and its input gradient, [juanji.vector.DirectFilter] the filter gradient, [juanji.vector.PanelMatMul] matrices.
package juanji.vector;
