/// Benchmarks of the kernels, each on one thread, and a program that runs them and prints a table.
package juanji.bench;
