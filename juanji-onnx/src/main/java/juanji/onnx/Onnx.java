package juanji.onnx;

import java.nio.file.Path;
import juanji.model.ModelFile;
import juanji.nn.Model;

/// Networks written to ONNX files.
///
/// ```java
/// Onnx.write(model, Path.of("flowers.onnx"));
/// ```
public final class Onnx {
  private Onnx() {
  }

  /// Writes a network alone, as [OnnxExport] says.
  ///
  /// @throws juanji.onnx.proto.OnnxException if it cannot be written
  public static void write(Model model, Path path) {
    OnnxExport.of(model).write(path);
  }

  /// Writes a network with its classes, preprocessing and settings, as [OnnxExport] says.
  ///
  /// @throws juanji.onnx.proto.OnnxException if it cannot be written
  public static void write(ModelFile file, Path path) {
    OnnxExport.of(file).write(path);
  }
}
