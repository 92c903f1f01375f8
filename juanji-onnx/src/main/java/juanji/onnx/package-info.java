/// Networks read from ONNX files and written to them.
package juanji.onnx;
