package lossmith.proofs.subject;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.Locale;
import java.util.Random;
import lossmith.proofs.trial.Trial.Kind;
import lossmith.proofs.trial.Trials;

/**
 * The numbers that a column may hold, as the words of its name tell: whoever names a column {@code
 * teacher_log_prob} expects none above 0. A column of any other name may have any finite number.
 */
enum Domain {
  /** A logarithm of a probability: at most 0. */
  LOG_PROBABILITY("at most 0"),
  /** 0 or 1. */
  INDICATOR("0 or 1"),
  /** −1 or 1. */
  SIGN("-1 or 1"),
  /** A probability or a share: from 0 to 1. */
  SHARE("from 0 to 1"),
  /** An entropy in nats: at least 0. */
  ENTROPY("at least 0"),
  /** A number to divide by, such as a temperature: above 0. */
  POSITIVE("above 0"),
  /** A whole number, at least 0. */
  COUNT("a whole number, at least 0"),
  /** How many there are of what a mean is taken over: a whole number, at least 1. */
  NUMBER("a whole number, at least 1"),
  /** Any finite number: both signs, zeros, ties, large and small ones. */
  ANY("any number");

  private static final double SMALLEST = 1e-3;

  private final String words;

  Domain(String words) {
    this.words = words;
  }

  /** The domain of a column of this name. */
  static Domain of(String name) {
    Seq<String> words = List.of(name.toLowerCase(Locale.ROOT).split("_", -1));
    if (words.exists(w -> w.matches("logprobs?|logps?|lp"))
        || words.containsSlice(List.of("log", "prob"))
        || words.containsSlice(List.of("log", "probs"))
        || words.containsSlice(List.of("log", "pi"))) {
      return LOG_PROBABILITY;
    } else if (words.exists(
        w -> w.matches("mask|finished|truncated|indicator|flag|is|has|done|correct|terminal"))) {
      return INDICATOR;
    } else if (words.last().equals("sign")) {
      return SIGN;
    } else if (words.last().matches("probs?|probability|fraction|share")) {
      return SHARE;
    } else if (words.last().equals("entropy")) {
      return ENTROPY;
    } else if (words.exists(w -> w.matches("temperature|std|std|variance"))) {
      return POSITIVE;
    }
    if (words.head().matches("num|number")) {
      return NUMBER;
    }
    return words.last().matches("count|length|lengths") ? COUNT : ANY;
  }

  /** A number of this domain, of the sort of the case. */
  double draw(Random random, Kind kind) {
    return switch (this) {
      case LOG_PROBABILITY ->
          kind == Kind.KINK && rarely(random) ? 0 : -Math.abs(any(random, kind));
      case INDICATOR -> random.nextInt(2);
      case SIGN -> 2 * random.nextInt(2) - 1;
      case SHARE -> kind == Kind.KINK ? 0.5 * random.nextInt(3) : random.nextDouble();
      case ENTROPY -> Math.log(Trials.WIDTH) * random.nextDouble();
      case POSITIVE ->
          kind.numbers() == Kind.ORDINARY || kind == Kind.TIED
              ? 0.5 + random.nextDouble()
              : SMALLEST + Math.abs(any(random, kind));
      case COUNT -> random.nextInt(6);
      case NUMBER -> 1 + random.nextInt(6);
      case ANY -> any(random, kind);
    };
  }

  private static double any(Random random, Kind kind) {
    return switch (kind.numbers()) {
      case ORDINARY -> random.nextGaussian();
      case WIDE -> (random.nextInt(4) == 0 ? 20 : 3) * random.nextGaussian();
      case TIED -> random.nextInt(3) - 1;
      case KINK -> rarely(random) ? 0 : random.nextGaussian();
      default ->
          rarely(random)
              ? 0
              : Math.pow(10, 8 * random.nextDouble() - 4) * (random.nextBoolean() ? 1 : -1);
    };
  }

  private static boolean rarely(Random random) {
    return random.nextInt(3) == 0;
  }

  @Override
  public String toString() {
    return words;
  }
}
