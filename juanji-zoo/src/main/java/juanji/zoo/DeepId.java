package juanji.zoo;

import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.tiledConv;
import static juanji.nn.Layers.unscoped;

import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// DeepID, a face as 160 numbers: the third convolution shares weights within regions of 2 × 2 places only, the fourth
/// not at all, and the 160 numbers are made of both, so that no detail is lost to the last.
///
/// Source: Sun, Wang and Tang, *Deep learning face representation from predicting 10,000 classes*, 2014.
public final class DeepId {
  private DeepId() {
  }

  /// The network for parts of faces: 1,898,597 weights on 3 × 39 × 31 and 10,177 people; other inputs are taken from
  /// 27 × 27 on.
  public static Model of(Shape input, int people) {
    return Model.of(new Input(input),
        conv(20, 4).named("conv1"), relu(), maxPool(2),
        conv(40, 3).named("conv2"), relu(), maxPool(2),
        tiledConv(60, 3).regions(2).named("conv3"), relu(), maxPool(2),
        unscoped(concat(flatten(), chain(locallyConnected(80, 2).named("conv4"), relu(), flatten()))),
        dense(160).named("deepid"), relu(), dense(people).named("softmax"));
  }
}
