package juanji.testkit;

import static juanji.nn.Layers.actionVlad;
import static juanji.nn.Layers.adaptiveAvgPool;
import static juanji.nn.Layers.adaptiveMaxPool;
import static juanji.nn.Layers.auxiliary;
import static juanji.nn.Layers.avgPool;
import static juanji.nn.Layers.batchNorm;
import static juanji.nn.Layers.celu;
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
import static juanji.nn.Layers.elu;
import static juanji.nn.Layers.embedding;
import static juanji.nn.Layers.ghostVlad;
import static juanji.nn.Layers.globalAvgPool;
import static juanji.nn.Layers.globalLpPool;
import static juanji.nn.Layers.globalMaxPool;
import static juanji.nn.Layers.globalSumPool;
import static juanji.nn.Layers.glu;
import static juanji.nn.Layers.groupNorm;
import static juanji.nn.Layers.identity;
import static juanji.nn.Layers.input;
import static juanji.nn.Layers.instanceNorm;
import static juanji.nn.Layers.l2Norm;
import static juanji.nn.Layers.layerNorm;
import static juanji.nn.Layers.leakyRelu;
import static juanji.nn.Layers.localResponseNorm;
import static juanji.nn.Layers.locallyConnected;
import static juanji.nn.Layers.lpPool;
import static juanji.nn.Layers.maxPool;
import static juanji.nn.Layers.maxout;
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
import static juanji.nn.Layers.slice;
import static juanji.nn.Layers.spatialPyramid;
import static juanji.nn.Layers.spatiallySeparable;
import static juanji.nn.Layers.split;
import static juanji.nn.Layers.stochasticDepth;
import static juanji.nn.Layers.stochasticPool;
import static juanji.nn.Layers.tanh;
import static juanji.nn.Layers.tiledConv;
import static juanji.nn.Layers.unpool;
import static juanji.nn.Layers.upsample;
import static juanji.nn.Layers.vlad;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import juanji.graph.GraphBuilder;
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
import juanji.nn.Initializer;
import juanji.nn.InstanceNormalization;
import juanji.nn.Layer;
import juanji.nn.LayerNormalization;
import juanji.nn.Linear;
import juanji.nn.LocalResponseNormalization;
import juanji.nn.LocallyConnected;
import juanji.nn.Model;
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
import juanji.nn.VladClusters;
import juanji.op.Axis;
import juanji.op.Border;
import juanji.op.Nonlinearity;
import juanji.op.Normalizing;
import juanji.op.Padding;
import juanji.op.Pointwise;
import juanji.op.Random;
import juanji.op.Regional;
import juanji.op.Summarizing;
import juanji.op.Window;
import juanji.plan.Compiler;
import juanji.plan.Target;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Every impossible configuration is refused in three lines: what and where, the constraint with the received values,
/// and how to mend it. The words are those of the golden file.
class RefusalTest {
  private static final Pattern FORM = Pattern.compile(".+\\.\n  C\\d(, C\\d)*: .+\\.\n  .+\\.");

  /// Something that is refused, as it is written.
  record Attempt(String text, Executable made) {
  }

  private static Attempt made(String text, Executable made) {
    return new Attempt(text, made);
  }

  private static Attempt given(Layer layer, int... sample) {
    return new Attempt(layer + " of " + Shape.of(sample), () -> Model.of(input(sample), layer));
  }

  /// What layers of a kind refuse; a new kind does not compile until it is known.
  private static List<Attempt> of(Layer kind) {
    return switch (kind) {
      case Convolution _ -> List.of(made("conv(0, 3)", () -> conv(0, 3)), made("conv(4, 0)", () -> conv(4, 0)),
          made("conv(4, 3).groups(0)", () -> conv(4, 3).groups(0)),
          made("conv(4, 3).stride(0)", () -> conv(4, 3).stride(0)),
          made("conv(4, 3).dilation(0)", () -> conv(4, 3).dilation(0)),
          made("conv(4, 3).padding(-1)", () -> conv(4, 3).padding(-1)),
          made("conv(4, 3, 3).stride(1, 2, 3)", () -> conv(4, 3, 3).stride(1, 2, 3)),
          made("conv(4, 3, 3, 3, 3)", () -> conv(4, 3, 3, 3, 3)),
          made("conv(4, 3).padding(SAME, VALID)", () -> conv(4, 3).padding(Padding.SAME, Padding.VALID)),
          given(conv(4, 3), 9), given(conv(4, 3, 3), 2, 9), given(conv(4, 3).groups(4), 6, 9, 9),
          given(conv(4, 3).groups(3), 6, 9, 9), given(conv(4, 5), 1, 4, 9), given(conv(4, 5).padding(1), 1, 2, 9),
          given(conv(4, 3).dilation(3), 1, 6), given(conv(4, 3).padding(3).reflect(), 1, 3, 9));
      case DepthwiseConvolution _ -> List.of(made("depthwise(3).multiplier(0)", () -> depthwise(3).multiplier(0)),
          made("depthwise()", () -> depthwise()), given(depthwise(3), 9), given(depthwise(5), 2, 3, 3),
          given(depthwise(3).padding(4).reflect(), 2, 4));
      case SeparableConvolution _ -> List.of(made("separable(0, 3)", () -> separable(0, 3)),
          made("separable(2, 3).multiplier(0)", () -> separable(2, 3).multiplier(0)), given(separable(2, 3), 9),
          given(separable(2, 5), 2, 3, 3));
      case SpatiallySeparableConvolution _ -> List.of(made("spatiallySeparable(0, 3)", () -> spatiallySeparable(0, 3)),
          given(spatiallySeparable(2, 3), 9), given(spatiallySeparable(2, 5), 2, 3, 7));
      case TransposedConvolution _ -> List.of(made("convTransposed(0, 3)", () -> convTransposed(0, 3)),
          made("convTransposed(4, 3).groups(0)", () -> convTransposed(4, 3).groups(0)), given(convTransposed(4, 3), 9),
          given(convTransposed(4, 3).groups(4), 6, 5, 5), given(convTransposed(4, 3).groups(3), 6, 5, 5),
          given(convTransposed(4, 3).stride(2).outputPadding(2), 6, 5, 5),
          given(convTransposed(4, 3).outputPadding(1), 6, 5), given(convTransposed(4, 3).outputPadding(-1), 6, 5),
          given(convTransposed(4, 2).padding(4), 6, 5, 5));
      case LocallyConnected _ -> List.of(made("locallyConnected(0, 3)", () -> locallyConnected(0, 3)),
          given(locallyConnected(2, 3), 9), given(locallyConnected(2, 5), 2, 3, 7));
      case TiledConvolution _ -> List.of(made("tiledConv(0, 3)", () -> tiledConv(0, 3)),
          made("tiledConv(2, 3).tiles(0)", () -> tiledConv(2, 3).tiles(0)), given(tiledConv(2, 3), 9),
          given(tiledConv(2, 5), 2, 3, 7),  given(tiledConv(2, 3).tiles(2, 2, 2), 2, 9, 9));
      case Pooling _ -> List.of(made("maxPool(0)", () -> maxPool(0)), made("maxPool()", () -> maxPool()),
          made("avgPool(2).stride(0)", () -> avgPool(2).stride(0)), made("lpPool(0.5, 2)", () -> lpPool(0.5, 2)),
          made("lpPool(33, 2)", () -> lpPool(33, 2)), given(maxPool(2), 9), given(maxPool(5), 2, 3, 9),
          given(maxPool(2).padding(2), 2, 5, 5), given(avgPool(3).padding(sides(0, 4)), 2, 5),
          given(stochasticPool(4), 2, 3), given(lpPool(2, 4), 2, 3));
      case GlobalPooling _ -> List.of(given(globalAvgPool(), 9), given(globalMaxPool(), 9));
      case GlobalSummary _ -> List.of(made("globalLpPool(0.5)", () -> globalLpPool(0.5)), given(globalSumPool(), 9));
      case AdaptivePooling _ -> List.of(made("adaptiveAvgPool(0)", () -> adaptiveAvgPool(0)),
          made("adaptiveMaxPool()", () -> adaptiveMaxPool()), given(adaptiveAvgPool(2, 2), 3, 9),
          given(adaptiveMaxPool(2), 9));
      case SpatialPyramid _ -> List.of(made("spatialPyramid()", () -> spatialPyramid()),
          made("spatialPyramid(4, 0)", () -> spatialPyramid(4, 0)), given(spatialPyramid(2), 9));
      case RegionPooling _ -> List.of(made("roiPool(0, 7)", () -> roiPool(0, 7)),
          made("roiAlign(7, 0)", () -> roiAlign(7, 0)), made("roiAlign(7, 7).scale(0)", () -> roiAlign(7, 7).scale(0)),
          made("roiAlign(7, 7).samples(65)", () -> roiAlign(7, 7).samples(65)),
          made("roiPool(7, 7).samples(2)", () -> roiPool(7, 7).samples(2)),
          made("roiPool(7, 7).aligned()", () -> roiPool(7, 7).aligned()), given(roiPool(1, 1), 9),
          made("a plan of roiPool(1, 1) for 0 regions", () -> Compiler.compile(Model.of(input(1, 4, 4), roiPool(1, 1))
              .graph(), 1, Map.of("regions", 0), Target.scalar())));
      case Unpooling _ -> List.of(made("unpool(avgPool(2), identity())", () -> unpool(avgPool(2), identity())),
          given(unpool(maxPool(2), conv(2, 1)), 3, 8));
      case Vlad _ -> List.of(made("netVlad(0)", () -> netVlad(0)), made("vlad(0)", () -> vlad(0)),
          made("ghostVlad(3, -1)", () -> ghostVlad(3, -1)), made("actionVlad(0)", () -> actionVlad(0)),
          given(netVlad(2), 9), given(actionVlad(2), 3, 5, 5),
          made("VladClusters of 0 clusters", () -> VladClusters.of(Tensor.zeros(Shape.of(5, 3)), 0, 1)),
          made("VladClusters of 6 clusters from 5 features",
              () -> VladClusters.of(Tensor.zeros(Shape.of(5, 3)), 6, 1)));
      case BatchNormalization _ -> List.of(made("batchNorm().epsilon(0)", () -> batchNorm().epsilon(0)),
          made("batchNorm().momentum(1.5)", () -> batchNorm().momentum(1.5)));
      case LayerNormalization _ -> List.of(made("layerNorm().epsilon(0)", () -> layerNorm().epsilon(0)));
      case GroupNormalization _ -> List.of(made("groupNorm(0)", () -> groupNorm(0)),
          made("groupNorm(2).epsilon(-1)", () -> groupNorm(2).epsilon(-1)), given(groupNorm(4), 6, 5, 5));
      case InstanceNormalization _ -> List.of(made("instanceNorm().epsilon(0)", () -> instanceNorm().epsilon(0)),
          given(instanceNorm(), 9));
      case LocalResponseNormalization _ -> List.of(made("localResponseNorm(0)", () -> localResponseNorm(0)),
          made("localResponseNorm(5).alpha(-1)", () -> localResponseNorm(5).alpha(-1)),
          made("localResponseNorm(5).k(0)", () -> localResponseNorm(5).k(0)));
      case UnitLengthScaling _ -> List.of(made("l2Norm().epsilon(0)", () -> l2Norm().epsilon(0)));
      case Dropping _ -> List.of(made("dropout(1)", () -> dropout(1)), made("dropout(-0.1)", () -> dropout(-0.1)),
          made("dropout(NaN)", () -> dropout(Double.NaN)), made("channelDropout(1)", () -> channelDropout(1)),
          made("stochasticDepth(1)", () -> stochasticDepth(1)));
      case BlockDropping _ -> List.of(made("dropBlock(1, 3)", () -> dropBlock(1, 3)),
          made("dropBlock(0.1, 0)", () -> dropBlock(0.1, 0)), given(dropBlock(0.1, 3), 9));
      case Linear _ -> List.of(made("dense(0)", () -> dense(0)), given(dense(3), 2, 5, 5));
      case Named _ -> List.of(made("relu().named(\"\")", () -> relu().named("")),
          made("relu().named(\"a b\")", () -> relu().named("a b")));
      case Sequence _ -> List.of(given(chain(relu().named("a"), tanh().named("a")), 3, 5));
      case Residual _ -> List.of(given(residual(conv(4, 1)), 3, 5), given(residual(maxPool(2)), 3, 6, 6));
      case Concatenation _ -> List.of(made("concat()", () -> concat()),
          given(concat(conv(4, 3), conv(4, 1)), 3, 5, 5));
      case Activation _ -> List.of(made("leakyRelu(2)", () -> leakyRelu(2)), made("elu(0)", () -> elu(0)),
          made("celu(-1)", () -> celu(-1)), made("maxout(0)", () -> maxout(0)), given(maxout(3), 4, 5),
          given(glu(), 3, 5));
      case ParametricRelu _ -> List.of(made("prelu(NaN)", () -> prelu(Double.NaN)));
      case Rearrangement r -> of(r);
      case Auxiliary _ -> List.of(made("auxiliary(dense(2), -1)", () -> auxiliary(dense(2), -1)),
          given(auxiliary(conv(2, 1), 0.3), 3, 5));
      case Flattening _, Identity _, Frozen _, Unscoped _, CustomLayer _ -> List.of();
    };
  }

  private static List<Attempt> of(Rearrangement kind) {
    return switch (kind) {
      case Rearrangement.Reshaping _ -> List.of(given(reshape(7), 3, 2), given(reshape(-1, -1), 3, 2),
          given(reshape(4, -1), 3, 2));
      case Rearrangement.Permuting _ -> List.of(given(permute(1, 1), 3, 2), given(permute(0, 1, 2), 3, 2));
      case Rearrangement.Slicing _ -> List.of(given(slice(0, 0, 1), 3, 2), given(slice(3, 0, 1), 3, 2),
          given(slice(1, 2, 2), 3, 2), given(slice(1, 1, 4), 3, 2));
      case Rearrangement.Bordering _ -> List.of(given(pad(-1), 3, 4, 4), given(pad(4).reflect(), 3, 4, 5),
          given(pad(1), 9));
      case Rearrangement.Splitting _ -> List.of(made("split()", () -> split()),
          given(split(relu(), tanh()), 3, 5), given(split(identity(), maxPool(2)), 4, 6));
      case Rearrangement.Multiplying _ -> List.of(given(multiply(identity(), conv(2, 1)), 3, 5));
      case Cropping _ -> List.of(given(crop(1), 9), given(crop(-1), 2, 5), given(crop(2), 2, 5, 4));
      case ChannelPadding _ -> List.of(made("padChannels(-1)", () -> padChannels(-1)));
      case Rearrangement.PixelShuffling _ -> List.of(given(pixelShuffle(0), 4, 5, 5), given(pixelShuffle(2), 6, 5, 5),
          given(pixelUnshuffle(2), 6, 5, 4), given(pixelShuffle(2), 9));
      case Rearrangement.ChannelShuffling _ -> List.of(given(channelShuffle(4), 6, 5), given(channelShuffle(0), 6, 5));
      case Rearrangement.Embedding _ -> List.of(made("embedding(0, 4)", () -> embedding(0, 4)),
          made("embedding(9, 0)", () -> embedding(9, 0)), given(embedding(9, 4), 3, 5));
      case Resizing _ -> List.of(made("resize(0)", () -> resize(0)), made("upsample()", () -> upsample()),
          given(resize(3, 3), 3, 5), given(resize(3), 9), given(upsample(1 << 20), 1, 1000));
    };
  }

  /// What operations, windows, borders and inputs refuse when they are made.
  private static List<Attempt> operations() {
    Regional.RoiAlign align = new Regional.RoiAlign(2, 2, 1, 0, false);
    return List.of(made("input()", () -> input()), made("input(3, 0)", () -> input(3, 0)),
        made("input(1, 2, 3, 4, 5)", () -> input(1, 2, 3, 4, 5)),
        made("Initializer.constant(NaN)", () -> Initializer.constant(Double.NaN)),
        made("Axis.of(0)", () -> Axis.of(0)), made("Axis.of(3).withStride(0)", () -> Axis.of(3).withStride(0)),
        made("Axis.of(1 << 20).withDilation(1 << 20)", () -> Axis.of(1 << 20).withDilation(1 << 20)),
        made("Axis.of(1) padded by 2²⁹ over 2³⁰", () -> Axis.of(1).withPadding(Padding.of((1 << 29) - 1)).over(
            Integer.MAX_VALUE)),
        made("Padding.of(-1, 2)", () -> Padding.of(-1, 2)), made("Window.of()", () -> Window.of()),
        made("Border.REFLECT.pad(0, 3, 3, 0)", () -> Border.REFLECT.pad(0, 3, 3, 0)),
        made("Border.CIRCULAR.pad(0, 3, -1, 0)", () -> Border.CIRCULAR.pad(0, 3, -1, 0)),
        made("Mask(0, 1)", () -> new Random.Mask(0, 1)), made("Clamp(1, 1)", () -> new Pointwise.Clamp(1, 1)),
        made("Clamp(−∞, ∞)", () -> new Pointwise.Clamp(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)),
        made("LeakyRelu(−0.1)", () -> new Nonlinearity.LeakyRelu(-0.1)),
        made("Elu(1, 0, 1)", () -> new Nonlinearity.Elu(1, 0, 1)), made("Maxout(0)", () -> new Nonlinearity.Maxout(0)),
        made("LpPool(3, NaN)", () -> new Summarizing.LpPool(Window.of(Axis.of(3)), Double.NaN)),
        made("LocalResponse(0, 1, 1, 1)", () -> new Normalizing.LocalResponse(0, 1, 1, 1)),
        made("UnitLength([1], 0)", () -> new Normalizing.UnitLength(List.of(1), 0)),
        made("RoiPool(0, 1, 1)", () -> new Regional.RoiPool(0, 1, 1)),
        made("RoiPoolInput(1, 1, 0)", () -> new Regional.RoiPoolInput(1, 1, 0)),
        made("RoiAlign(1, 1, 1, −1, false)", () -> new Regional.RoiAlign(1, 1, 1, -1, false)),
        made("a plan for 0 samples", () -> Compiler.compile(Model.of(input(1), dense(1)).graph(), 0, Target.scalar())),
        made("a plan for an input that the graph lacks", () -> Compiler.compile(Model.of(input(1), dense(1)).graph(), 1,
            Map.of("regions", 3), Target.scalar())),
        made("a graph with an input of two shapes", () -> {
          GraphBuilder b = new GraphBuilder();
          b.input("x", Shape.of(3));
          b.input("x", Shape.of(4));
        }),
        made("a gradient of several numbers", () -> {
          GraphBuilder b = new GraphBuilder();
          b.gradients(b.input("x", Shape.of(3)), List.of());
        }));
  }

  @Test void everyImpossibleConfigurationIsRefusedInThreeLines() throws IOException {
    StringBuilder all = new StringBuilder();
    List<String> wrong = new ArrayList<>();
    Stream.concat(LayerSamples.kinds().stream().map(RefusalTest::of), Stream.of(operations())).flatMap(List::stream)
        .forEach(attempt -> {
          String message = message(attempt);
          if (!FORM.matcher(message).matches()) {
            wrong.add(attempt.text + ":\n" + message);
          }
          all.append("> ").append(attempt.text).append('\n').append(message).append("\n\n");
        });
    assertEquals(List.of(), wrong);
    Golden.check("refusals", all.toString());
  }

  private static String message(Attempt attempt) {
    try {
      attempt.made.execute();
      return "nothing was refused";
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    } catch (Throwable e) {
      return e.toString();
    }
  }
}
