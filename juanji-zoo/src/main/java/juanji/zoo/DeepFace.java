package juanji.zoo;

import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.relu;

import juanji.nn.Input;
import juanji.nn.Layer;
import juanji.nn.Model;
import juanji.tensor.Shape;

/// DeepFace, which tells people apart about as well as people do: behind two convolutions, layers whose weights are not
/// shared between places, since an aligned face has its eyes here and its mouth there.
///
/// Source: Taigman, Yang, Ranzato and Wolf, *DeepFace: closing the gap to human-level performance in face
/// verification*, 2014.
public final class DeepFace {
  private DeepFace() {
  }

  /// The published network: 118,923,774 weights on 3 × 152 × 152 and 4030 people (the paper says: more than 120
  /// million), whose second local layer has a stride of 2.
  public static Model published(Shape input, int people) {
    return of(input, people, 2);
  }

  /// The network as it is often retold, without that stride, with 255,202,302 weights.
  public static Model retold(Shape input, int people) {
    return of(input, people, 1);
  }

  private static Model of(Shape input, int people, int stride) {
    return Model.of(new Input(input),
        conv(32, 11).named("c1"), relu(), maxPool(3).stride(2).ceiling().named("m2"),
        conv(16, 9).named("c3"), relu(),
        locallyConnected(16, 9).named("l4"), relu(),
        locallyConnected(16, 7).stride(stride).named("l5"), relu(),
        locallyConnected(16, 5).named("l6"), relu(),
        flatten(), dense(4096).named("f7"), relu(), dropout(0.5), dense(people).named("f8"));
  }

  /// The same plan for small faces, from 28 × 28 on: two convolutions, two layers, a vector of 128 numbers.
  ///
  /// @param local whether the two layers have weights of their own at each place; else they are convolutions
  public static Model small(boolean local, Shape input, int people) {
    return Model.of(new Input(input),
        conv(16, 5).named("c1"), relu(), maxPool(2).named("m2"),
        conv(16, 3).named("c3"), relu(),
        either(local, 1).named("l4"), relu(), either(local, 2).named("l5"), relu(),
        flatten(), dense(128).named("f7"), relu(), dropout(0.5), dense(people).named("f8"));
  }

  private static Layer either(boolean local, int stride) {
    return local ? locallyConnected(16, 3).stride(stride) : conv(16, 3).stride(stride);
  }
}
