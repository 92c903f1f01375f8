package juanji.train;

/// Reads optimisers from words.
final class Optimizers {
  private Optimizers() {
  }

  static Optimizer named(String name, double rate) {
    Phrase p = new Phrase("optimizer", name);
    double decay = p.number("decay", -1);
    double clipNorm = p.number("clip-norm", 0);
    double clipValue = p.number("clip-value", 0);
    double average = p.number("average", 0);
    int lookAhead = p.whole("look-ahead", 0);
    Optimizer plain = plain(p, rate, decay);
    Optimizer byValue = clipValue == 0 ? plain : plain.clipValue(clipValue);
    Optimizer byNorm = clipNorm == 0 ? byValue : byValue.clipNorm(clipNorm);
    Optimizer slow = lookAhead == 0 ? byNorm : byNorm.lookingAhead(lookAhead, 0.5);
    return p.complete(average == 0 ? slow : slow.average(average));
  }

  private static Optimizer plain(Phrase p, double rate, double decay) {
    double none = decay < 0 ? 0 : decay;
    return switch (p.word()) {
      case "sgd" -> {
        Sgd sgd = Optimizer.sgd(rate).weightDecay(none);
        boolean nesterov = p.flag("nesterov");
        Sgd moved = sgd.momentum(p.number("momentum", nesterov ? 0.9 : 0));
        yield nesterov ? moved.lookAhead() : moved;
      }
      case "adam" -> Optimizer.adam(rate).betas(p.number("beta1", 0.9), p.number("beta2", 0.999)).weightDecay(none);
      case "adamw" -> Optimizer.adamW(rate).betas(p.number("beta1", 0.9), p.number("beta2", 0.999))
          .weightDecay(decay < 0 ? 0.01 : decay);
      case "rmsprop" -> Optimizer.rmsProp(rate).alpha(p.number("alpha", 0.99)).momentum(p.number("momentum", 0))
          .weightDecay(none);
      case "adagrad" -> Optimizer.adagrad(rate).weightDecay(none);
      case "adadelta" -> Optimizer.adadelta(rate).rho(p.number("rho", 0.95)).weightDecay(none);
      case "lars" -> Optimizer.lars(rate).trust(p.number("trust", 0.001)).momentum(p.number("momentum", 0.9))
          .weightDecay(none);
      case "lamb" -> Optimizer.lamb(rate).betas(p.number("beta1", 0.9), p.number("beta2", 0.999))
          .weightDecay(decay < 0 ? 0.01 : decay);
      default -> throw p.unknown("sgd, adam, adamw, rmsprop, adagrad, adadelta, lars and lamb");
    };
  }
}
