/// Shapes and the arrays that carry data in and out of networks.
package juanji.tensor;
