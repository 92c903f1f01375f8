/// Plans: graphs made ready to run.
///
/// [juanji.plan.Compiler] leads a graph through eight passes (bind, expand, fold, lay lanes over the batch, fuse, lay
/// out, choose kernels, plan memory) to a [juanji.plan.Plan], which prints itself as a table. A [juanji.plan.Session]
/// runs it on one arena with the threads of [juanji.plan.Workers].
package juanji.plan;
