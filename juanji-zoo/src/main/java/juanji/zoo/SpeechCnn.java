package juanji.zoo;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// A network for spoken commands: the log-mel spectrogram of a second of sound as a picture, two convolutions with
/// windows that are long in time and narrow in frequency, and one fully connected layer.
///
/// It is the network `conv` of TensorFlow's tutorial on speech commands, after `cnn-trad-fpool3`. Sources: Sainath and
/// Parada, *Convolutional neural networks for small-footprint keyword spotting*, 2015; Warden, *Speech Commands*, 2018.
public final class SpeechCnn {
  private SpeechCnn() {
  }

  /// The network: 926,860 weights on 1 × 40 × 98 (one channel, bands, frames) and 12 words.
  ///
  /// @param input one channel × bands of frequency × frames
  public static Model of(Shape input, int words) {
    return Model.of(new Input(input),
        conv(64, 8, 20).same(), relu(), dropout(0.5), maxPool(2).same(),
        conv(64, 4, 10).same(), relu(), dropout(0.5),
        flatten(), dense(words));
  }
}
