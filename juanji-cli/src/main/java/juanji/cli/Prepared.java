package juanji.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import juanji.data.Dataset;
import juanji.data.Normalized;
import juanji.data.Preprocessing;
import juanji.image.ImageSize;
import juanji.nn.Model;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.train.Penalty;
import juanji.train.Trainer;

/// Data that is read and a network that fits it, ready for a training.
///
/// @param data what was named
/// @param size what pictures are brought to
/// @param parts the data
/// @param argument what names the network
/// @param model the network
/// @param preprocessing how samples are normalised
record Prepared(DataArgument data, Optional<ImageSize> size, DataParts parts, ModelArgument argument, Model model,
    Optional<Preprocessing> preprocessing) {
  /// Reads the data and makes the network that settings name.
  static Prepared of(TrainSettings settings, Screen screen) {
    return of(settings, settings.text("model").map(ModelArgument::of), screen);
  }

  /// Reads the data that settings name.
  ///
  /// @param chosen the network; empty for one that suits the data
  static Prepared of(TrainSettings settings, Optional<ModelArgument> chosen, Screen screen) {
    DataArgument data = DataArgument.of(settings.text("data").orElseThrow(), new KindSettings(settings).kind());
    Optional<ImageSize> size = PictureSize.of(data, settings, chosen, screen);
    DataParts parts = DataParts.open(data, size, known(chosen), settings, screen);
    Problems.show(parts.problems(), screen);
    ModelArgument argument = chosen.orElseGet(() -> suited(data, parts.train().shape()));
    if (data instanceof DataArgument.Texts && argument instanceof ModelArgument.Named named
        && !TextNetwork.names(named.name())) {
      throw CommandException.usage("the network '" + named.name() + "' cannot be trained on texts.",
          "The networks by name for texts are " + TextNetwork.NAME + ", textcnn-rand, textcnn-static, "
          + "textcnn-non-static, textcnn-multichannel and charcnn; received --model " + named.name() + ".",
          "Leave --model out, or write layers that begin with embedding(tokens, features).");
    }
    TuningSettings tuning = new TuningSettings(settings);
    Model fresh = TextNetwork.names(argument.name()) ? TextNetwork.of(argument.name(), parts, settings.seed())
        : argument.model(parts.train().shape(), parts.train().classes().size(), settings.seed());
    Model model = tuning.frozen(tuning.started(fresh, screen));
    if (argument instanceof ModelArgument.Trained trained) {
      checkGoesOn(trained, data, parts.train());
    }
    checkFits(model, parts.train());
    Optional<Preprocessing> pre = argument instanceof ModelArgument.Trained t && t.preprocessing().isPresent()
        ? t.preprocessing() : data instanceof DataArgument.Texts ? Optional.empty()
        : Optional.of(Preprocessing.measure(parts.train()));
    return new Prepared(data, size, parts, argument, model, pre);
  }

  /// The same data with another network.
  Prepared with(ModelArgument other, TrainSettings settings) {
    Model fresh = other.model(parts.train().shape(), parts.train().classes().size(), settings.seed());
    return new Prepared(data, size, parts, other, fresh, preprocessing);
  }

  /// Samples as the network takes them.
  Dataset normalised(Dataset samples) {
    return preprocessing.<Dataset>map(p -> Normalized.of(samples, p)).orElse(samples);
  }

  /// A trainer by settings.
  Trainer trainer(TrainSettings settings, Workers workers) {
    Trainer trainer = Trainer.of(model).loss(settings.loss())
        .optimizer(new TuningSettings(settings).rated(settings.optimizer())).schedule(settings.schedule())
        .epochs(settings.epochs()).batch(settings.batch()).seed(settings.seed())
        .workers(workers).target(settings.target());
    for (Penalty penalty : settings.penalties()) {
      trainer = trainer.penalty(penalty);
    }
    return trainer;
  }

  private static ModelArgument suited(DataArgument data, Shape shape) {
    return switch (data) {
      case DataArgument.Texts _ -> new ModelArgument.Named(TextNetwork.NAME);
      case DataArgument.Sounds _ -> new ModelArgument.Named(SoundNetwork.NAME);
      case DataArgument.Videos _ -> new ModelArgument.Named(VideoNetwork.NAME);
      case DataArgument.BuiltIn _, DataArgument.IdxFolder _, DataArgument.PictureFolder _ ->
          ModelArgument.suited(shape);
    };
  }

  /// How the samples of a trained model are read; empty for a new one.
  private static Map<String, String> known(Optional<ModelArgument> chosen) {
    return chosen.isPresent() && chosen.get() instanceof ModelArgument.Trained t ? t.file().reading() : Map.of();
  }

  private static void checkFits(Model model, Dataset train) {
    Shape wanted = Shape.of(train.classes().size());
    if (!model.outputShape().equals(wanted) || !model.input().shape().equals(train.shape())) {
      throw CommandException.failure("this network cannot be trained on this data.",
          "It takes " + train.shape() + " and gives " + wanted + ", a score per class; received one that takes "
          + model.input().shape() + " and gives " + model.outputShape() + ".",
          "End it with flatten(), dense(" + train.classes().size() + "), or leave out --model.");
    }
  }

  private static void checkGoesOn(ModelArgument.Trained trained, DataArgument data, Dataset train) {
    List<String> known = trained.file().classes();
    if (!trained.file().model().input().shape().equals(train.shape())) {
      throw CommandException.failure("the model '" + trained.path() + "' cannot go on with '" + data.name() + "'.",
          "Its pictures are " + trained.file().model().input().shape() + "; received " + train.shape() + ".",
          "Use data of that size, or begin with a new model.");
    }
    if (!known.isEmpty() && !known.equals(train.classes())) {
      List<String> missing = new ArrayList<>(known);
      missing.removeAll(train.classes());
      List<String> more = new ArrayList<>(train.classes());
      more.removeAll(known);
      throw CommandException.failure("the model '" + trained.path() + "' cannot go on with '" + data.name() + "'.",
          "Its classes are those of the data, in the same order; it has " + known.size() + " and the data "
          + train.classes().size() + ", missing in the data: " + brief(missing) + ", unknown to the model: "
          + brief(more) + ".", "Use data of the same classes, or begin with a new model.");
    }
  }

  private static String brief(List<String> names) {
    return names.isEmpty() ? "none" : names.size() <= 5 ? String.join(", ", names)
        : String.join(", ", names.subList(0, 5)) + ", …";
  }
}
