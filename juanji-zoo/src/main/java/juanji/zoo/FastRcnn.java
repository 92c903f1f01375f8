package juanji.zoo;

import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.roiPool;
import static juanji.nn.Layers.unscoped;

import juanji.nn.Input;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// Fast R-CNN and the region proposal network of Faster R-CNN on VGG-16: which parts of a picture hold something, and
/// what and where exactly.
///
/// Both give numbers of two kinds, joined along the channels: scores in front, corrections of boxes behind; the
/// package `juanji.zoo.detect` tells them apart, makes targets and losses of them, and boxes of their results.
///
/// Sources: Girshick, *Fast R-CNN*, 2015; Ren, He, Girshick and Sun, *Faster R-CNN: towards real-time object detection
/// with region proposal networks*, 2015.
public final class FastRcnn {
  /// Cells of the trunk's maps per pixel.
  public static final double SCALE = 1.0 / 16;

  private FastRcnn() {
  }

  /// The network on given regions: y is regions × 5 · (classes + 1), scores of the background and each class, then four
  /// corrections for each of them. Regions are the graph's input `regions`, any number of them, see
  /// [juanji.nn.RegionPooling].
  ///
  /// @param input 3 × height × width of the picture
  /// @param classes the number of classes, without the background
  public static Model detector(Shape input, int classes) {
    return Model.of(new Input(input), Vgg.trunk(false, 2, 2, 3, 3, 3)).upTo("features.29").then(
        roiPool(7, 7).scale(SCALE), flatten(),
        dense(4096).named("fc6"), relu(), dropout(0.5), dense(4096).named("fc7"), relu(), dropout(0.5),
        unscoped(concat(dense(classes + 1).named("cls_score"), dense(4 * (classes + 1)).named("bbox_pred"))));
  }

  /// The region proposal network: y is N × 5 · anchors × H / 16 × W / 16, a score for each anchor at each place (above
  /// 0 for something), then four corrections for each.
  ///
  /// The paper's 18 scores, two per anchor under a softmax, are 9 under a sigmoid here: the difference of the two is
  /// all that counts.
  ///
  /// @param input 3 × height × width of the picture
  /// @param anchors boxes at each place, of the paper 9
  public static Model proposals(Shape input, int anchors) {
    return Model.of(new Input(input), Vgg.trunk(false, 2, 2, 3, 3, 3)).upTo("features.29").then(
        conv(512, 3).padding(1).named("head.conv"), relu(),
        unscoped(concat(conv(anchors, 1).named("head.cls_logits"), conv(4 * anchors, 1).named("head.bbox_pred"))));
  }
}
