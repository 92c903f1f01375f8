/// Files that hold networks.
///
/// [juanji.model.SafeTensors] reads and writes named tensors with texts beside them, in the format of that name, which
/// other tools read too; [juanji.model.ModelFile] is a trained network in one such file: architecture, weights,
/// preprocessing, class names, settings and history. Files are replaced whole, and carry a checksum.
package juanji.model;
