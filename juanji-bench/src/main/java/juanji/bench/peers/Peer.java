package juanji.bench.peers;

import java.util.Locale;

/// The systems that are compared.
enum Peer {
  /// This library.
  JUANJI("Juanji"),
  /// PyTorch's C++ library by way of JavaCPP.
  PYTORCH("PyTorch"),
  /// ONNX Runtime, which only infers.
  ONNXRUNTIME("ONNX Runtime");

  private final String title;

  Peer(String title) {
    this.title = title;
  }

  /// The system that a name on the command line stands for.
  static Peer named(String name) {
    for (Peer peer : values()) {
      if (peer != JUANJI && peer.name().equals(name.toUpperCase(Locale.ROOT))) {
        return peer;
      }
    }
    throw new IllegalArgumentException("there is no peer '" + name + "'.\n"
        + "  C2: peers are pytorch and onnxruntime; received '" + name + "'.\n"
        + "  Write --against pytorch,onnxruntime or --against none.");
  }

  @Override public String toString() {
    return title;
  }
}
