/// Operations: what they are, which shapes they take, how they are defined and what their gradients are.
///
/// ```
/// Op = Contraction(conv, convInput, convFilter, matMul, LocalContraction) | Pointwise | Windowed(pooling)
///    | Regional(RoI pooling) | Reduction | View(…, Gather) | Random
///    | Composite(normalize, softmax, losses: written out in terms of the others) | CustomOp(yours)
/// ```
///
/// [juanji.op.Axis] owns the only arithmetic of window sizes and padding. An operation's gradient and expansion are
/// written against [juanji.op.Algebra], so that the same lines build graphs and compute exact numbers for tests.
package juanji.op;
