package juanji.zoo;

import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.netVlad;

import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// NetVLAD, a picture of a place as one vector: the features at all places of a trunk, brought to length 1, summed by
/// cluster as differences from its centre.
///
/// The paper then reduces the vectors to 4096 numbers by whitened principal components, which are fitted rather than
/// trained. It starts from centres of real features ([juanji.nn.VladClusters]) and trains with triplets of pictures
/// ([juanji.train.Loss#triplet()]).
///
/// Source: Arandjelović et al., *NetVLAD: CNN architecture for weakly supervised place recognition*, 2016.
public final class NetVlad {
  private NetVlad() {
  }

  /// On VGG-16, up to its last convolution before ReLU: 512 · clusters numbers, of the paper 64 clusters.
  public static Model onVgg16(Shape input, int clusters) {
    return Model.of(new Input(input), Vgg.trunk(false, 2, 2, 3, 3, 3)).upTo("features.28")
        .then(l2Norm(), netVlad(clusters).named("netvlad"));
  }

  /// On AlexNet, up to its last convolution before ReLU: 256 · clusters numbers, of the paper 64 clusters.
  public static Model onAlexNet(Shape input, int clusters) {
    return Model.of(new Input(input), AlexNet.trunk()).upTo("features.10")
        .then(l2Norm(), netVlad(clusters).named("netvlad"));
  }
}
