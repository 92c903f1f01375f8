/// Whole networks against other systems: each [juanji.bench.peers.Workload] runs in Juanji and in its peers, in
/// processes of their own that take turns, from the same weights.
///
/// A network is a [juanji.nn.Model]; [juanji.bench.peers.Translation] writes it in the [juanji.bench.peers.Dialect] of
/// another system. [juanji.bench.peers.Contest] is the program.
package juanji.bench.peers;
