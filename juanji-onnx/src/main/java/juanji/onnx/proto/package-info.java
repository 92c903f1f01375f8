/// The messages of an ONNX file, read and written without a protobuf library.
///
/// A file is one [ModelProto]: operator sets, and a [GraphProto] of [NodeProto]s that join named values; weights are
/// [TensorProto]s. All are immutable values, named as in the format's own definition. Reading checks each claimed
/// length against the bytes that are there before anything is allocated, skips fields that it does not know, and leaves
/// the tensors' bytes where they lie, in the file's mapped memory.
///
/// Source: <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>.
package juanji.onnx.proto;
