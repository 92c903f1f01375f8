package juanji.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import juanji.data.Dataset;
import juanji.graph.Graph;
import juanji.graph.GraphBuilder;
import juanji.graph.Node;
import juanji.nn.Model;
import juanji.nn.Weights;
import juanji.plan.Compiler;
import juanji.plan.Plan;
import juanji.plan.Session;
import juanji.plan.Workers;
import juanji.tensor.Shape;
import juanji.tensor.Tensor;

/// One run of a [Trainer].
final class Training {
  /// Samples that are looked at for dead units.
  private static final int SEEN = 32;

  private final Trainer settings;
  private final Trainer.Objective objective;
  private final Trainer.Course course;
  private final Trainer.Feed feed;
  private final Trainer.Run run;
  private final Dataset train;
  private final Optional<Dataset> validation;
  private final Workers workers;
  private final Graph graph;
  private final Batches batches;
  private final TrainingState state = new TrainingState();
  private final Map<Integer, Session> sessions = new HashMap<>();
  private Predictor predictor;
  private Model live;
  private final Replay replay = new Replay();
  private final Set<String> dead = new HashSet<>();
  /// Whether something was said of the gradients already.
  private boolean strained;
  private long kept = System.nanoTime();

  Training(Trainer settings, Dataset train, Optional<Dataset> validation, Workers workers) {
    this.settings = settings;
    this.objective = settings.objective();
    this.course = settings.course();
    this.feed = settings.feed();
    this.run = settings.run();
    this.train = train;
    this.validation = validation;
    this.workers = workers;
    check(train, "training");
    validation.ifPresent(data -> check(data, "validation"));
    this.graph = TrainingGraph.of(settings.model(), objective.loss(), course.optimizer(), objective.penalties(),
        course.seed(), feed.mixing().isPresent());
    this.batches = new Batches(train, feed.sampling().total(train), course.batch(), feed.mixing(), course.seed());
  }

  private void check(Dataset data, String which) {
    Model model = settings.model();
    int classes = data.classes().size();
    if (data.size() == 0 || !model.input().shape().equals(data.shape()) || objective.loss().tellsClasses()
        && model.outputShape().rank() == 1 && model.outputShape().dim(0) != classes) {
      throw new TrainingException("this model cannot be trained on this " + which + " data.\n"
          + "  C3: the model's samples and classes are the data's; the model takes " + model.input().shape()
          + " and gives " + model.outputShape() + ", the data has " + data.size() + " samples of " + data.shape()
          + " in " + classes + " classes.\n  Choose a model for this data, or data for this model.");
    }
  }

  Trained run() {
    try (batches) {
      return fit();
    }
  }

  private Trained fit() {
    begin();
    // The weights' tensors are the sessions' own memory: this model always has the newest weights.
    live = settings.model().withWeights(Weights.of(weights()));
    predictor = Predictor.of(live, run.target(), workers);
    run.listener().planned(session(batches.size()).plan());
    boolean interrupted = false;
    while (state.history.size() < course.epochs() && !interrupted && !exhausted()) {
      interrupted = !epoch();
      keep();
    }
    Model last = copy(weights());
    Model best = state.bestEpoch == 0 ? last : copy(state.best);
    return new Trained(best, last, state.bestEpoch, state.history, interrupted);
  }

  /// Whether as many epochs as are waited for have been no better.
  private boolean exhausted() {
    return feed.patience() > 0 && validation.isPresent() && state.history.size() - state.bestEpoch >= feed.patience();
  }

  private void keep() {
    run.checkpoints().ifPresent(folder -> Checkpoints.save(folder, settings.fingerprint(train), state));
    kept = System.nanoTime();
  }

  private void begin() {
    boolean resumed = run.resume() && run.checkpoints().isPresent()
        && Checkpoints.load(run.checkpoints().get(), settings.fingerprint(train), state);
    if (!resumed) {
      settings.model().weights().tensors().forEach((name, tensor) -> state.tensors.put(name, tensor.copy()));
    }
    graph.parameters().stream().filter(p -> p.name().startsWith(Optimizer.KEPT))
        .forEach(p -> state.tensors.computeIfAbsent(p.name(), name -> Optimizer.Step.origin(name)
            .map(weight -> state.tensors.get(weight).copy()).orElseGet(() -> Tensor.zeros(p.shape()))));
  }

  /// The weights and running statistics that models have: an optimiser's averages in place of the weights themselves,
  /// if it says so.
  private Map<String, Tensor> weights() {
    Optional<String> copy = course.optimizer().evaluated();
    Map<String, Tensor> weights = new LinkedHashMap<>();
    settings.model().parameters().forEach(d -> {
      Tensor plain = state.tensors.get(d.name());
      weights.put(d.name(), copy.map(c -> state.tensors.get(Optimizer.Step.copy(c, d.name()))).orElse(plain));
    });
    return weights;
  }

  private Model copy(Map<String, Tensor> weights) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    weights.forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return settings.model().withWeights(Weights.of(copies));
  }

  /// Trains what is left of the current epoch.
  ///
  /// @return whether it was completed rather than interrupted
  private boolean epoch() {
    int number = state.history.size() + 1;
    int[] order = feed.sampling().order(train, course.seed(), number);
    int total = batches.total();
    long begun = System.nanoTime();
    int before = state.batches * batches.size();
    double rate = 0;
    double counted = 0;
    while (state.batches < batches.count()) {
      rate = step(number, order);
      int done = Math.min(total, state.batches * batches.size());
      double seconds = (System.nanoTime() - begun) / 1e9;
      double speed = (done - before) / Math.max(seconds, 1e-9);
      long left = (long) (course.epochs() - number) * total + total - done;
      run.listener().step(new TrainingListener.Progress(number, course.epochs(), done, total,
          state.lossSum / done, accuracy(done), rate, speed, left / Math.max(speed, 1e-9)));
      if (run.every() > 0 && System.nanoTime() - kept >= run.every() * 1e9 && state.batches < batches.count()) {
        state.seconds += seconds - counted;
        counted = seconds;
        keep();
      }
      if (run.stop().getAsBoolean() && state.batches < batches.count()) {
        state.seconds += seconds - counted;
        return false;
      }
    }
    double trained = (System.nanoTime() - begun) / 1e9;
    complete(number, rate, begun, counted, (total - before) / Math.max(trained, 1e-9));
    lookInside(order);
    return !run.stop().getAsBoolean() || number == course.epochs();
  }

  private double step(int epoch, int[] order) {
    replay.before(state);
    Batches.Batch batch = batches.read(state.batches, order, epoch);
    int n = batch.x().shape().dim(0);
    double rate = rate(epoch);
    Map<String, Tensor> results = compute(batch, rate);
    double loss = results.get("loss").data()[0];
    if (!Double.isFinite(loss)) {
      throw diverged(epoch, order, rate, loss);
    }
    float[] scores = results.get("scores").data();
    int classes = scores.length / n;
    for (int i = 0; i < n && objective.loss().tellsClasses(); i++) {
      state.correct += Evaluation.largest(scores, i * classes, classes) == batch.labels()[i] ? 1 : 0;
    }
    state.lossSum += loss * n;
    state.steps++;
    state.batches++;
    return rate;
  }

  private double rate(int epoch) {
    double progress = epoch - 1 + (double) state.batches / batches.count();
    return course.optimizer().rate() * course.schedule().factor(progress, course.epochs(), state.history);
  }

  private Map<String, Tensor> compute(Batches.Batch batch, double rate) {
    Map<String, Tensor> given = new HashMap<>();
    given.put("x", batch.x());
    given.put("classes", batch.classes());
    given.put("rate", Tensor.scalar((float) rate));
    given.put("step", Tensor.scalar(state.steps));
    course.optimizer().scalars(state.steps + 1).forEach((name, value) -> given.put(name, Tensor.scalar(value)));
    return session(batch.x().shape().dim(0)).run(given);
  }

  /// The session for a batch size; a smaller last batch uses the memory of the whole ones.
  private Session session(int size) {
    Session session = sessions.get(size);
    if (session == null) {
      Plan plan = Compiler.compile(graph, size, run.target(), run.memory());
      Session whole = sessions.get(batches.size());
      session = whole == null ? new Session(plan, state.tensors, workers)
          : new Session(plan, state.tensors, workers, whole);
      sessions.put(size, session);
    }
    return session;
  }

  private TrainingException diverged(int epoch, int[] order, double rate, double loss) {
    long failed = state.steps;
    String where = "";
    if (replay.back(state)) {
      // The weights before the failed step again: those after it are no numbers, whatever the cause was.
      while (state.steps < failed) {
        compute(batches.read(state.batches, order, epoch), rate(epoch));
        state.steps++;
        state.batches++;
      }
      List<Health.Layer> layers = Health.of(settings.model().withWeights(Weights.of(weights())),
          batches.read(state.batches, order, epoch).x(), run.target(), workers);
      where = Health.firstWithout(layers).map(l -> "; the first layer without numbers is '" + l.path() + "'")
          .or(() -> Health.loudest(layers).map(l -> "; the largest output, " + (float) l.largest() + ", is that of '"
              + l.path() + "'")).orElse("");
    }
    return new TrainingException("the loss is no longer a number after step " + (failed + 1) + " (epoch " + epoch
        + ").\n  C4: the loss stays finite; received " + loss + " at a learning rate of " + (float) rate + where
        + ".\n  Use a lower learning rate, such as " + (float) (course.optimizer().rate() / 10) + ", or a warm-up.");
  }

  /// Looks at gradients, and for layers most of whose units are dead, after epochs 1, 2, 4, 8, …; each is said once.
  private void lookInside(int[] order) {
    if (Integer.bitCount(state.history.size()) != 1) {
      return;
    }
    Batches.Batch batch = batches.read(0, order, state.history.size());
    if (!strained) {
      Optional<String> remark = Health.remark(Health.gradients(live, objective.loss(), batch,
          feed.mixing().isPresent(), run.target(), workers));
      strained = remark.isPresent();
      remark.ifPresent(run.listener()::remark);
    }
    Tensor whole = batch.x();
    int samples = Math.min(SEEN, whole.shape().dim(0));
    Tensor some = Tensor.of(train.shape().prepend(samples), Arrays.copyOf(whole.data(),
        samples * train.shape().length()));
    for (Health.Layer layer : Health.of(live, some, run.target(), workers)) {
      if (layer.kind().equals("relu") && layer.units() > 1 && 2 * layer.dead() > layer.units()
          && dead.add(layer.path())) {
        run.listener().remark(layer.dead() + " of " + layer.units() + " units of '" + layer.path()
            + "' are 0 for every sample of a batch: they no longer learn. Use a lower learning rate, leakyRelu(), or "
            + "batch normalisation.");
      }
    }
  }

  private void complete(int number, double rate, long begun, double counted, double speed) {
    double loss = Double.NaN;
    double accuracy = Double.NaN;
    if (validation.isPresent() && !objective.loss().tellsClasses()) {
      loss = validationLoss(validation.get());
    } else if (validation.isPresent()) {
      predictor.refresh();
      Evaluation e = Evaluation.of(predictor, live, validation.get(), (_, _) -> { });
      loss = e.loss();
      accuracy = e.accuracy();
    }
    double seconds = state.seconds + (System.nanoTime() - begun) / 1e9 - counted;
    Epoch epoch = new Epoch(number, rate, state.lossSum / batches.total(), accuracy(batches.total()), loss,
        accuracy, seconds, speed);
    boolean best = isBest(epoch);
    state.history.add(epoch);
    if (best) {
      state.bestEpoch = number;
      state.best.clear();
      weights().forEach((name, tensor) -> state.best.put(name, tensor.copy()));
    }
    state.batches = 0;
    state.lossSum = 0;
    state.correct = 0;
    state.seconds = 0;
    run.listener().epoch(epoch, best);
  }

  private double accuracy(int samples) {
    return objective.loss().tellsClasses() ? (double) state.correct / samples : Double.NaN;
  }

  /// The mean of the loss itself over the validation data, where outputs are no scores.
  private double validationLoss(Dataset data) {
    GraphBuilder b = new GraphBuilder();
    Node x = b.input("x", settings.model().input().shape().batched());
    Node y = settings.model().trace(b, x, false, course.seed()).output();
    Graph measuring = b.output("loss",
        objective.loss().of(b, y, b.input("classes", Shape.of(Shape.UNBOUND)))).build();
    int[] order = Batches.inOrder(data.size());
    Map<Integer, Session> measures = new HashMap<>();
    double sum = 0;
    try (Batches parts = new Batches(data, course.batch())) {
      for (int i = 0; i < parts.count(); i++) {
        Batches.Batch part = parts.read(i, order);
        int n = part.x().shape().dim(0);
        sum += n * measures.computeIfAbsent(n, size -> new Session(Compiler.compile(measuring, size, run.target()),
            weights(), workers)).run(Map.of("x", part.x(), "classes", part.classes())).get("loss").data()[0];
      }
    }
    return sum / data.size();
  }

  private boolean isBest(Epoch epoch) {
    if (state.bestEpoch == 0 || validation.isEmpty()) {
      return true;
    }
    Epoch best = state.history.get(state.bestEpoch - 1);
    int order = Double.compare(epoch.validationAccuracy(), best.validationAccuracy());
    return order > 0 || order == 0 && epoch.validationLoss() < best.validationLoss();
  }
}
