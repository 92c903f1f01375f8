package juanji.zoo;

import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.auxiliary;
import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.unscoped;

import juanji.nn.Convolution;
import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// Inception-v3: large windows are factorised, 5 × 5 into two of 3 × 3, 7 × 7 into 1 × 7 and 7 × 1, and maps shrink by
/// convolutions and poolings side by side.
///
/// Source: Szegedy et al., *Rethinking the Inception architecture for computer vision*, 2016. Names of weights are
/// torchvision's. Inputs from 75 × 75 on are taken.
public final class Inception3 {
  private Inception3() {
  }

  /// The network as it is used: 23,834,568 weights on 3 × 299 × 299 and 1000 classes.
  public static Model of(Shape input, int classes) {
    return of(input, classes, false);
  }

  /// The network as it is trained, with an auxiliary head that counts 0.4 times: 27,161,264 weights on 3 × 299 × 299
  /// and 1000 classes.
  public static Model withAuxiliary(Shape input, int classes) {
    return of(input, classes, true);
  }

  private static Model of(Shape input, int classes, boolean training) {
    return Model.of(new Input(input),
        unit("Conv2d_1a_3x3", conv(32, 3).stride(2)), unit("Conv2d_2a_3x3", conv(32, 3)),
        unit("Conv2d_2b_3x3", conv(64, 3).padding(1)), maxPool(3).stride(2),
        unit("Conv2d_3b_1x1", conv(80, 1)), unit("Conv2d_4a_3x3", conv(192, 3)), maxPool(3).stride(2),
        fives(32).named("Mixed_5b"), fives(64).named("Mixed_5c"), fives(64).named("Mixed_5d"),
        shrinking().named("Mixed_6a"),
        sevens(128).named("Mixed_6b"), sevens(160).named("Mixed_6c"), sevens(160).named("Mixed_6d"),
        sevens(192).named("Mixed_6e"),
        training ? auxiliary(head(classes), 0.4).named("AuxLogits") : chain(),
        shrinkingAgain().named("Mixed_7a"),
        wide().named("Mixed_7b"), wide().named("Mixed_7c"),
        globalAvgPool().named("avgpool"), flatten(), dropout(0.5), dense(classes).named("fc"));
  }

  private static Layer head(int classes) {
    return chain(avgPool(5).stride(3), unit("conv0", conv(128, 1)), unit("conv1", conv(768, 5)), adaptiveAvgPool(1),
        flatten(), dense(classes).named("fc"));
  }

  /// 1 × 1, 5 × 5, two of 3 × 3, and a mean.
  private static Layer fives(int pool) {
    return concat(unit("branch1x1", conv(64, 1)),
        chain(unit("branch5x5_1", conv(48, 1)), unit("branch5x5_2", conv(64, 5).padding(2))),
        chain(unit("branch3x3dbl_1", conv(64, 1)), unit("branch3x3dbl_2", conv(96, 3).padding(1)),
            unit("branch3x3dbl_3", conv(96, 3).padding(1))),
        mean(pool));
  }

  /// To half the size, by 3 × 3 with stride 2, the same behind another 3 × 3, and maxima.
  private static Layer shrinking() {
    return concat(unit("branch3x3", conv(384, 3).stride(2)),
        chain(unit("branch3x3dbl_1", conv(64, 1)), unit("branch3x3dbl_2", conv(96, 3).padding(1)),
            unit("branch3x3dbl_3", conv(96, 3).stride(2))),
        maxPool(3).stride(2));
  }

  /// 1 × 1, 7 × 7 in two parts, 7 × 7 twice in four parts, and a mean.
  private static Layer sevens(int narrow) {
    return concat(unit("branch1x1", conv(192, 1)),
        chain(unit("branch7x7_1", conv(narrow, 1)), unit("branch7x7_2", row(narrow, 7)),
            unit("branch7x7_3", column(192, 7))),
        chain(unit("branch7x7dbl_1", conv(narrow, 1)), unit("branch7x7dbl_2", column(narrow, 7)),
            unit("branch7x7dbl_3", row(narrow, 7)), unit("branch7x7dbl_4", column(narrow, 7)),
            unit("branch7x7dbl_5", row(192, 7))),
        mean(192));
  }

  private static Layer shrinkingAgain() {
    return concat(chain(unit("branch3x3_1", conv(192, 1)), unit("branch3x3_2", conv(320, 3).stride(2))),
        chain(unit("branch7x7x3_1", conv(192, 1)), unit("branch7x7x3_2", row(192, 7)),
            unit("branch7x7x3_3", column(192, 7)), unit("branch7x7x3_4", conv(192, 3).stride(2))),
        maxPool(3).stride(2));
  }

  /// 1 × 1, 3 × 3 as 1 × 3 and 3 × 1 side by side, the same behind a 3 × 3, and a mean.
  private static Layer wide() {
    return concat(unit("branch1x1", conv(320, 1)),
        chain(unit("branch3x3_1", conv(384, 1)),
            unscoped(concat(unit("branch3x3_2a", row(384, 3)), unit("branch3x3_2b", column(384, 3))))),
        chain(unit("branch3x3dbl_1", conv(448, 1)), unit("branch3x3dbl_2", conv(384, 3).padding(1)),
            unscoped(concat(unit("branch3x3dbl_3a", row(384, 3)), unit("branch3x3dbl_3b", column(384, 3))))),
        mean(192));
  }

  private static Layer mean(int filters) {
    return chain(avgPool(3).stride(1).padding(1).countPadding(), unit("branch_pool", conv(filters, 1)));
  }

  private static Convolution row(int filters, int width) {
    return conv(filters, 1, width).padding(0, width / 2);
  }

  private static Convolution column(int filters, int height) {
    return conv(filters, height, 1).padding(height / 2, 0);
  }

  private static Layer unit(String name, Convolution conv) {
    return Blocks.unit(name, conv);
  }
}
