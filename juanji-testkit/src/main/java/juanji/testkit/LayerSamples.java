package juanji.testkit;

import static juanji.nn.Layers.actionVlad;
import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.adaptiveMaxPool;
import static juanji.nn.Layers.auxiliary;
import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.chain;
import static juanji.nn.Layers.channelDropout;
import static juanji.nn.Layers.channelShuffle;
import static juanji.nn.Layers.concat;
import static juanji.nn.Layers.conv;
import static juanji.nn.Layers.convTransposed;
import static juanji.nn.Layers.crop;
import static juanji.nn.Layers.dense;
import static juanji.nn.Layers.depthwise;
import static juanji.nn.Layers.dropBlock;
import static juanji.nn.Layers.dropout;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.flatten;
import static juanji.nn.Layers.frozen;
import static juanji.nn.Layers.ghostVlad;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.globalLpPool;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.globalStochasticPool;
import static juanji.nn.Layers.globalSumPool;
import static juanji.nn.Layers.groupNorm;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.instanceNorm;
import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.layerNorm;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.lpPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.multiply;
import static juanji.nn.Layers.netVlad;
import static juanji.nn.Layers.pad;
import static juanji.nn.Layers.padChannels;
import static juanji.nn.Layers.permute;
import static juanji.nn.Layers.pixelShuffle;
import static juanji.nn.Layers.pixelUnshuffle;
import static juanji.nn.Layers.prelu;
import static juanji.nn.Layers.relu;
import static juanji.nn.Layers.reshape;
import static juanji.nn.Layers.residual;
import static juanji.nn.Layers.resize;
import static juanji.nn.Layers.roiAlign;
import static juanji.nn.Layers.roiPool;
import static juanji.nn.Layers.separable;
import static juanji.nn.Layers.sides;
import static juanji.nn.Layers.sigmoid;
import static juanji.nn.Layers.slice;
import static juanji.nn.Layers.spatialPyramid;
import static juanji.nn.Layers.spatiallySeparable;
import static juanji.nn.Layers.split;
import static juanji.nn.Layers.stochasticDepth;
import static juanji.nn.Layers.stochasticPool;
import static juanji.nn.Layers.sumPool;
import static juanji.nn.Layers.tanh;
import static juanji.nn.Layers.tiledConv;
import static juanji.nn.Layers.unpool;
import static juanji.nn.Layers.unscoped;
import static juanji.nn.Layers.upsample;
import static juanji.nn.Layers.vlad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import juanji.nn.Activation;
import juanji.nn.AdaptivePooling;
import juanji.nn.Auxiliary;
import juanji.nn.BatchNormalization;
import juanji.nn.BlockDropping;
import juanji.nn.ChannelPadding;
import juanji.nn.Concatenation;
import juanji.nn.Convolution;
import juanji.nn.Cropping;
import juanji.nn.CustomLayer;
import juanji.nn.DepthwiseConvolution;
import juanji.nn.Dropping;
import juanji.nn.Flattening;
import juanji.nn.Frozen;
import juanji.nn.GlobalPooling;
import juanji.nn.GlobalSummary;
import juanji.nn.GroupNormalization;
import juanji.nn.Identity;
import juanji.nn.InstanceNormalization;
import juanji.nn.Layer;
import juanji.nn.LayerNormalization;
import juanji.nn.Linear;
import juanji.nn.LocalResponseNormalization;
import juanji.nn.LocallyConnected;
import juanji.nn.Named;
import juanji.nn.ParametricRelu;
import juanji.nn.Pooling;
import juanji.nn.Rearrangement;
import juanji.nn.RegionPooling;
import juanji.nn.Residual;
import juanji.nn.Resizing;
import juanji.nn.SeparableConvolution;
import juanji.nn.Sequence;
import juanji.nn.SpatialPyramid;
import juanji.nn.SpatiallySeparableConvolution;
import juanji.nn.TiledConvolution;
import juanji.nn.TransposedConvolution;
import juanji.nn.UnitLengthScaling;
import juanji.nn.Unpooling;
import juanji.nn.Unscoped;
import juanji.nn.Vlad;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// The one table of layers: for each kind samples of shapes that it takes, in each number of spatial axes that it
/// claims, with every option that it has.
///
/// A new kind of layer does not compile here until it has samples.
public final class LayerSamples {
  private static final Shape LINE = Shape.of(3, 17);
  private static final Shape IMAGE = Shape.of(5, 9, 7);
  private static final Shape VIDEO = Shape.of(2, 5, 6, 4);

  private LayerSamples() {
  }

  /// One layer of each kind.
  public static List<Layer> kinds() {
    return List.of(relu(), adaptiveAvgPool(2), batchNorm(), dropBlock(0.2, 3), concat(relu()), conv(1, 1),
        dropout(0.4), flatten(), frozen(relu()), globalAvgPool(), globalSumPool(), groupNorm(1), identity(),
        instanceNorm(), layerNorm(), dense(1), localResponseNorm(3), relu().named("a"), prelu(), maxPool(2),
        reshape(-1), permute(1), slice(1, 0, 1), pad(1), split(relu()), multiply(relu(), relu()), pixelShuffle(2),
        channelShuffle(1), embedding(2, 2), resize(2), roiPool(1, 1), residual(relu()), chain(relu()),
        spatialPyramid(1), l2Norm(), unpool(maxPool(2), identity()), vlad(2), convTransposed(1, 1), depthwise(1),
        separable(1, 1), spatiallySeparable(1, 1), locallyConnected(1, 1), tiledConv(1, 1), crop(1), padChannels(1),
        unscoped(relu()), auxiliary(chain(flatten(), dense(1)), 1));
  }

  private static List<LayerCheck> each(Shape sample, Layer... layers) {
    return Arrays.stream(layers).map(layer -> LayerCheck.of(layer, sample)).toList();
  }

  @SafeVarargs private static List<LayerCheck> all(List<LayerCheck>... parts) {
    List<LayerCheck> all = new ArrayList<>();
    for (List<LayerCheck> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  /// Samples of the same kind of layer as the given one.
  ///
  /// A custom layer has no samples but its own.
  public static List<LayerCheck> of(Layer kind) {
    return switch (kind) {
      case Activation _ -> Arrays.stream(Activation.Function.values())
          .map(f -> LayerCheck.of(new Activation(f), f == Activation.Function.GLU || f == Activation.Function.MAXOUT
              ? Shape.of(18, 5, 3) : IMAGE)).toList();
      case ParametricRelu _ -> each(IMAGE, prelu(), prelu(0.1).sharing());
      case Convolution _ -> convolutions();
      case DepthwiseConvolution _ -> all(each(IMAGE, depthwise(3).same(), depthwise(3, 2).multiplier(2).stride(2)),
          each(LINE, depthwise(5).causal().noBias()), each(VIDEO, depthwise(2).dilation(2).replicate().padding(1)));
      case SeparableConvolution _ -> all(each(IMAGE, separable(6, 3).same(), separable(4, 3, 2).multiplier(2).stride(2),
          separable(6, 3).pointwiseFirst().same().reflect()), each(LINE, separable(4, 3).noBias()));
      case SpatiallySeparableConvolution _ -> all(each(IMAGE, spatiallySeparable(4, 3).same(),
          spatiallySeparable(4, 3, 2).stride(2, 1).circular().padding(1)), each(VIDEO, spatiallySeparable(3, 2)));
      case TransposedConvolution _ -> all(each(IMAGE, convTransposed(4, 3),
          convTransposed(4, 4, 3).stride(2).padding(1),
          convTransposed(10, 3).stride(3).groups(5).outputPadding(2, 1).noBias(),
          convTransposed(4, 2).dilation(3).stride(2), convTransposed(3, 3).stride(2).same(),
          convTransposed(3, 3).stride(2).sameLower()),
          each(LINE, convTransposed(5, 4).stride(3)), each(VIDEO, convTransposed(2, 2).stride(2)));
      case LocallyConnected _ -> all(each(IMAGE, locallyConnected(4, 3), locallyConnected(3, 3, 2).stride(2, 3).same(),
          locallyConnected(2, 3).dilation(2).padding(sides(1, 2)).noBias()), each(LINE, locallyConnected(4, 3).reflect()
              .padding(2)), each(Shape.of(2, 3, 4, 3), locallyConnected(2, 2)));
      case TiledConvolution _ -> all(each(IMAGE, tiledConv(4, 3), tiledConv(3, 3, 2).tiles(3, 2).stride(2, 1).same(),
          tiledConv(2, 2).tiles(1).noBias(), tiledConv(3, 2).regions(2, 3)),
          each(LINE, tiledConv(9, 3).tiles(4).replicate().padding(1), tiledConv(4, 3).regions(4).noBias()),
          each(Shape.of(2, 4, 4, 3), tiledConv(2, 2)));
      case Pooling _ -> all(each(IMAGE, maxPool(3).stride(2), avgPool(2, 3).same(), sumPool(2), maxPool(2).dilation(2),
          avgPool(3).stride(2).padding(1).countPadding().ceiling(), maxPool(3).stride(2).ceiling(),
          lpPool(2, 3).stride(2), lpPool(3, 2).sameLower(), stochasticPool(2), stochasticPool(3).stride(2)),
          each(LINE, maxPool(4).stride(3), avgPool(3).padding(1), lpPool(1.5, 2), stochasticPool(3)),
          each(VIDEO, maxPool(2), avgPool(2, 3, 1), sumPool(2), lpPool(2, 2), stochasticPool(2)));
      case GlobalPooling _ -> all(each(IMAGE, globalAvgPool(), globalMaxPool()), each(LINE, globalAvgPool(),
          globalMaxPool()), each(VIDEO, globalAvgPool(), globalMaxPool()));
      case GlobalSummary _ -> all(each(IMAGE, globalSumPool(), globalLpPool(2), globalStochasticPool()),
          each(LINE, globalSumPool(), globalLpPool(3), globalStochasticPool()), each(VIDEO, globalSumPool()));
      case AdaptivePooling _ -> all(each(IMAGE, adaptiveAvgPool(3, 2), adaptiveMaxPool(4), adaptiveAvgPool(10)),
          each(LINE, adaptiveAvgPool(5), adaptiveMaxPool(4)),
          each(VIDEO, adaptiveAvgPool(2), adaptiveMaxPool(2, 4, 3)));
      case SpatialPyramid _ -> all(each(IMAGE, spatialPyramid(4, 2, 1)), each(LINE, spatialPyramid(5, 1)),
          each(VIDEO, spatialPyramid(2, 1)));
      case RegionPooling _ -> regions();
      case Unpooling _ -> all(each(IMAGE, unpool(maxPool(2), conv(5, 3).same()), unpool(maxPool(3).stride(2), tanh())),
          each(LINE, unpool(maxPool(3), identity())), each(VIDEO, unpool(maxPool(2), sigmoid())));
      case Vlad _ -> all(each(IMAGE, vlad(3), netVlad(4), ghostVlad(3, 2)), each(LINE, vlad(2), netVlad(2)),
          each(VIDEO, actionVlad(3), netVlad(2)));
      case BatchNormalization _ -> all(each(IMAGE, batchNorm()), each(Shape.of(13), batchNorm().epsilon(0.01)
          .momentum(0.25)), each(LINE, batchNorm()), each(VIDEO, batchNorm()));
      case LayerNormalization _ -> all(each(IMAGE, layerNorm(), layerNorm().channels().epsilon(0.01)),
          each(Shape.of(13), layerNorm()), each(LINE, layerNorm()));
      case GroupNormalization _ -> all(each(IMAGE, groupNorm(5)), each(Shape.of(18, 5, 3), groupNorm(3)),
          each(Shape.of(6, 5), groupNorm(2).epsilon(0.01)));
      case InstanceNormalization _ -> all(each(IMAGE, instanceNorm(), instanceNorm().affine().epsilon(0.01)),
          each(LINE, instanceNorm()));
      case LocalResponseNormalization _ -> each(IMAGE, localResponseNorm(3), localResponseNorm(4).alpha(0.1).beta(0.5)
          .k(1));
      case UnitLengthScaling _ -> all(each(IMAGE, l2Norm()), each(Shape.of(13), l2Norm().epsilon(1e-3)));
      case Dropping _ -> each(IMAGE, dropout(0.4), channelDropout(0.3), stochasticDepth(0.3));
      case BlockDropping _ -> each(IMAGE, dropBlock(0.2, 3));
      case Linear _ -> each(Shape.of(11), dense(7), dense(3).noBias());
      case Flattening _ -> all(each(IMAGE, flatten()), each(Shape.of(13), flatten()));
      case Identity _ -> each(IMAGE, identity());
      case Frozen _ -> each(IMAGE, frozen(chain(conv(3, 1), batchNorm())));
      case Unscoped _ -> each(IMAGE, unscoped(chain(conv(4, 3), relu())));
      case Auxiliary _ -> each(IMAGE, auxiliary(chain(globalAvgPool(), flatten(), dense(3)), 0.3));
      case Named _ -> each(IMAGE, conv(4, 3).named("stem"));
      case Sequence _ -> each(IMAGE, chain(conv(4, 3).stride(2), batchNorm(), relu(), flatten(), dense(3)));
      case Residual _ -> each(IMAGE, residual(chain(conv(5, 3).same().noBias(), batchNorm(), relu())),
          residual(conv(8, 1), conv(8, 1).noBias()));
      case Concatenation _ -> each(IMAGE, concat(conv(3, 1), maxPool(3).stride(1).same()));
      case Rearrangement r -> rearrangements(r);
      case CustomLayer _ -> List.of();
    };
  }

  private static List<LayerCheck> convolutions() {
    return all(each(IMAGE, conv(6, 3).same(), conv(10, 3, 2).stride(2).groups(5),
        conv(5, 3).dilation(2).noBias().full(),
        conv(5, 3).padding(sides(0, 2)), conv(5, 3).groups(5).causal(), conv(4, 3, 2).turned(),
        conv(4, 5).same().reflect(), conv(4, 3, 5).padding(1, 2).replicate(), conv(4, 3).full().circular()),
        each(LINE, conv(9, 3).sameLower(), conv(4, 4).stride(3).circular().same()),
        each(VIDEO, conv(4, 2).same(), conv(3, 2, 3, 1).dilation(2, 1, 1).padding(1).reflect()));
  }

  private static List<LayerCheck> regions() {
    // Of the first and the last picture; of no area, over the border, and of no picture.
    Tensor table = Tensor.of(Shape.of(4, 5), 0, 1, 1, 5, 6, 0, 2.5f, 3, 2.5f, 3, 0, -2, 4, 9, 12, -1, 0, 0, 3, 3);
    return each(IMAGE, roiPool(2, 3), roiPool(3, 1).scale(0.5), roiAlign(2, 3), roiAlign(2, 2).samples(2).aligned()
        .scale(0.75)).stream().map(c -> c.given(RegionPooling.REGIONS, table)).toList();
  }

  private static List<LayerCheck> rearrangements(Rearrangement kind) {
    return switch (kind) {
      case Rearrangement.Reshaping _ -> each(IMAGE, reshape(9, -1), reshape(315));
      case Rearrangement.Permuting _ -> all(each(IMAGE, permute(3, 1, 2)), each(LINE, permute(2, 1)));
      case Rearrangement.Slicing _ -> each(IMAGE, slice(1, 1, 4), slice(3, 0, 2));
      case Rearrangement.Bordering _ -> all(each(IMAGE, pad(2), pad(1, 3).reflect(), pad(2, 0).replicate()),
          each(LINE, pad(20, 3).circular()), each(VIDEO, pad(1).reflect()));
      case Rearrangement.Splitting _ -> each(Shape.of(6, 5, 4), split(identity(), conv(4, 3).same(), relu()));
      case Rearrangement.Multiplying _ -> each(IMAGE, multiply(identity(), chain(conv(5, 9, 7), sigmoid())),
          multiply(conv(5, 1), conv(1, 1)));
      case Cropping _ -> all(each(IMAGE, crop(2), crop(0)), each(LINE, crop(5)), each(VIDEO, crop(1)));
      case ChannelPadding _ -> all(each(IMAGE, padChannels(2), padChannels(0)), each(Shape.of(13), padChannels(3)));
      case Rearrangement.PixelShuffling _ -> all(each(Shape.of(8, 3, 5), pixelShuffle(2)), each(Shape.of(6, 5),
          pixelShuffle(3)), each(Shape.of(2, 6, 4), pixelUnshuffle(2)), each(Shape.of(8, 2, 1, 3), pixelShuffle(2)));
      case Rearrangement.ChannelShuffling _ -> all(each(Shape.of(6, 5, 4), channelShuffle(3)),
          each(Shape.of(6), channelShuffle(2)));
      case Rearrangement.Embedding _ -> List.of(LayerCheck.of(embedding(7, 4), Shape.of(9))
          .values(new Values.Whole(-1, 7)));
      case Resizing _ -> all(each(IMAGE, resize(4, 11), resize(12).byNearest(), upsample(2), upsample(2, 3).linear(),
          resize(5).alignCorners()), each(LINE, resize(9), upsample(3)), each(VIDEO, upsample(2).linear(),
              resize(3, 7, 4).byNearest().alignCorners()));
    };
  }
}
