package juanji.kernel;

import juanji.op.LocalContraction;
import juanji.op.Window;
import juanji.tensor.Shape;

/// Where the windows and the weights of a convolution with weights of its own at each place lie.
///
/// @param sweep the window's way, always seen as three axes
/// @param tiles sets of weights per axis
/// @param samples N
/// @param channels C
/// @param filters K
record LocalPlaces(Sweep sweep, int[] tiles, int samples, int channels, int filters) {
  static LocalPlaces of(LocalContraction op, Shape x, int filters) {
    Window window = op.window();
    int[] tiles = {1, 1, 1};
    for (int i = 0; i < op.tiles().rank(); i++) {
      tiles[3 - op.tiles().rank() + i] = op.tiles().dim(i);
    }
    return new LocalPlaces(Sweep.unmerged(window, x.slice(2, x.rank())), tiles, x.dim(0), x.dim(1), filters);
  }

  /// Where the weights of a place begin.
  int weights(int od, int oh, int ow) {
    int set = (od % tiles[0] * tiles[1] + oh % tiles[1]) * tiles[2] + ow % tiles[2];
    return set * perSet();
  }

  /// Weights of one set.
  int perSet() {
    return channels * sweep.taps() * filters;
  }

  /// The number of sets.
  int sets() {
    return tiles[0] * tiles[1] * tiles[2];
  }

  /// The product of what is the same for all places: C · taps · K.
  String size() {
    return samples + " × " + channels * sweep.taps() + " · " + channels * sweep.taps() + " × " + filters;
  }

  /// Copies one place of all samples of y, K values each.
  void gather(float[] y, int yo, int place, float[] to, int at) {
    int plane = sweep.outPlane();
    for (int i = 0; i < samples * filters; i++) {
      to[at + i] = y[yo + i * plane + place];
    }
  }
}
