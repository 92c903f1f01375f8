/// Finding samples like a given one: each is known by a descriptor, a vector of length 1 that a network makes of it,
/// and the most alike have the largest inner product.
///
/// [Describer] makes descriptors, [Whitening] makes them short and even, [DescriptorIndex] searches and keeps them, and
/// [Ranking] says how good the answers are.
package juanji.retrieve;
