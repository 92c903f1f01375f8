package juanji.zoo;

import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Convolution;
import juanji.nn.Initializer;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// AlexNet, whose lead in the ImageNet contest of 2012 began deep learning's present: five convolutions, ReLU, dropout,
/// overlapping poolings. Weights start as He et al. propose, which came later: the paper's start needs many epochs.
///
/// Sources: Krizhevsky, Sutskever and Hinton, *ImageNet classification with deep convolutional neural networks*, 2012;
/// Krizhevsky, *One weird trick for parallelizing convolutional neural networks*, 2014, for the form of one tower.
/// Names of weights are torchvision's. Inputs from 63 × 63 on are taken.
public final class AlexNet {
  private AlexNet() {
  }

  /// The form of one tower, without response normalisation: 61,100,840 weights on 3 × 224 × 224 and 1000 classes.
  public static Model oneTower(Shape input, int classes) {
    return Model.of(new Input(input), trunk(), adaptiveAvgPool(6), flatten(), Blocks.numbered(
        dropout(0.5), dense(4096), relu(), dropout(0.5), dense(4096), relu(), dense(classes)).named("classifier"));
  }

  /// The five convolutions of one tower.
  static Layer trunk() {
    return Blocks.numbered(
        he(conv(64, 11).stride(4).padding(2)), relu(), maxPool(3).stride(2),
        he(conv(192, 5).padding(2)), relu(), maxPool(3).stride(2),
        he(conv(384, 3).padding(1)), relu(),
        he(conv(256, 3).padding(1)), relu(),
        he(conv(256, 3).padding(1)), relu(), maxPool(3).stride(2)).named("features");
  }

  private static Convolution he(Convolution conv) {
    return conv.initializer(Initializer.heNormal());
  }

  /// The original, divided between two graphics cards: the second, fourth and fifth convolutions are in two groups, and
  /// responses are normalised across channels; 60,965,224 weights on 3 × 224 × 224 and 1000 classes.
  ///
  /// The paper's 224 × 224 does not give its 55 × 55 maps without a border; one of 2 does, and others take 227 × 227
  /// without one.
  public static Model twoGroups(Shape input, int classes) {
    return Model.of(new Input(input),
        he(conv(96, 11).stride(4).padding(2)), relu(), localResponseNorm(5), maxPool(3).stride(2),
        he(conv(256, 5).padding(2).groups(2)), relu(), localResponseNorm(5), maxPool(3).stride(2),
        he(conv(384, 3).padding(1)), relu(),
        he(conv(384, 3).padding(1).groups(2)), relu(),
        he(conv(256, 3).padding(1).groups(2)), relu(), maxPool(3).stride(2),
        flatten(), dense(4096), relu(), dropout(0.5), dense(4096), relu(), dropout(0.5), dense(classes));
  }
}
