package lossmith.proofs.independent.loops;

import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.minimise;
import static lossmith.dsl.Terms.ofSampled;
import static lossmith.dsl.Terms.probTimes;
import static lossmith.dsl.Terms.referenceLogPi;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Set;
import java.util.Random;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Level.Vocabulary;
import lossmith.dsl.Term;
import lossmith.dsl.bind.StatisticsSplit;

/**
 * Numbers of every entry of the vocabulary, and the statistics of a token computed from them:
 * expectations, divergences, sums, extremes, the sampled entry. Where a statistic is fed, its loops
 * read what was fed.
 */
final class EntryLoops {
  private final Random random;
  private final ElementwiseLoops elementwise;
  private final boolean masked;
  private final Set<String> columns;
  private Map<String, Loops> statistics = LinkedHashMap.empty();

  /**
   * Entries.
   *
   * @param random the source
   * @param elementwise the function of each number
   * @param masked whether some entries may be at −∞
   * @param columns the names of the columns and grids of the batch
   */
  EntryLoops(Random random, ElementwiseLoops elementwise, boolean masked, Set<String> columns) {
    this.random = random;
    this.elementwise = elementwise;
    this.masked = masked;
    this.columns = columns;
  }

  /** The loops of every statistic that was made, by the name by which it is fed. */
  Map<String, Loops> statistics() {
    return statistics;
  }

  static Made<Vocabulary> logPis() {
    return new Made<>(logPi(), (live, detached) -> live.logPi().clone());
  }

  static Fixed<Vocabulary> references() {
    return new Fixed<>(
        referenceLogPi(), (live, detached) -> live.of(Columns.REFERENCE_LOG_PI).clone());
  }

  private static Fixed<Vocabulary> actions() {
    return new Fixed<>(
        given("action_value", VOCABULARY_ENTRY),
        (live, detached) -> live.of("action_value").clone());
  }

  private static Asked<Vocabulary> sampled() {
    return new Asked<>(
        lossmith.dsl.Terms.sampled(),
        (live, detached) ->
            live.each(
                Level.Name.VOCABULARY,
                i ->
                    live.layout().sampled()[i / live.vocabulary()] == i % live.vocabulary()
                        ? 1
                        : 0));
  }

  static Made<Vocabulary> weighted(Made<Vocabulary> x, Made<Vocabulary> y) {
    return new Made<>(
        probTimes(x.term(), y.term()),
        x.loops().zip(y.loops(), (a, b) -> a == Double.NEGATIVE_INFINITY ? 0 : Math.exp(a) * b));
  }

  /** A statistic of each token, under the name by which it is fed. */
  Made<Token> fed(Made<Token> statistic) {
    Term<Token> term = statistic.term();
    lossmith.dsl.Term<lossmith.dsl.Level.Batch> sum =
        lossmith.dsl.Terms.logProb().mean(ALL_TOKENS).plus(term.mean(ALL_TOKENS));
    String name = StatisticsSplit.of(minimise(sum), columns).statistics().keySet().last();
    Loops loops =
        (live, detached) ->
            live.has(name) ? live.of(name).clone() : statistic.loops().of(live, detached);
    statistics = statistics.put(name, statistic.loops());
    return new Made<>(term, loops);
  }

  /** A statistic of each token, from numbers of each token that may stand inside it. */
  Made<Token> statistic(Made<Token> inside) {
    Across<Vocabulary, Token> all = Across.all(VOCABULARY);
    return switch (random.nextInt(9)) {
      case 0 -> fed(Reducing.sum(weighted(logPis(), any(inside)), all));
      case 1 -> fed(Reducing.sum(weighted(logPis(), any(inside)), all));
      case 2 -> fed(Reducing.sum(weighted(logPis(), divergence()), all));
      case 3 -> {
        Made<Vocabulary> x = finite(inside);
        yield fed(
            new Made<>(
                ofSampled(x.term()),
                (live, detached) -> {
                  double[] numbers = x.loops().of(live, detached);
                  int[] at = live.layout().sampled();
                  return live.each(Level.Name.TOKEN, t -> numbers[t * live.vocabulary() + at[t]]);
                }));
      }
      case 4 -> {
        Made<Vocabulary> x = logPis().then(t -> t.scaledBy(2), a -> 2 * a);
        Fixed<Vocabulary> one = Leaves.number(1, VOCABULARY_ENTRY);
        yield fed(Reducing.sum(weighted(x, one.made()), all));
      }
      case 5 -> fed(Reducing.sum(weighted(references().made(), reference(inside)), all));
      case 6 -> {
        Made<Vocabulary> x = finite(inside);
        yield fed(Reducing.mean(x, all.where(elementwise.compared(x, actions().made()))));
      }
      default -> fed(Reducing.one(random, finite(inside), all));
    };
  }

  /** log π − log π_ref. */
  private static Made<Vocabulary> divergence() {
    return new Made<>(
        logPi().minus(referenceLogPi()),
        logPis().loops().zip(references().loops(), (a, b) -> a - b));
  }

  /** Under π_ref, which is nowhere 0. */
  private Made<Vocabulary> reference(Made<Token> inside) {
    return masked ? finite(inside) : divergence();
  }

  /** Numbers that are finite also where π is 0. */
  private Made<Vocabulary> finite(Made<Token> inside) {
    Made<Vocabulary> pi = logPis().then(Term::exp, Math::exp);
    return switch (random.nextInt(7)) {
      case 0 -> pi;
      case 1 ->
          new Made<>(
              lossmith.dsl.Terms.max(logPi(), lossmith.dsl.Terms.constant(-1.6, VOCABULARY_ENTRY)),
              logPis().loops().map(a -> Math.max(a, -1.6)));
      case 2 -> elementwise.two(pi, actions().made());
      case 3 -> OrderLoops.cumulativeSum(pi, pi.stopped(), Across.all(VOCABULARY));
      case 4 -> elementwise.two(pi, spread(inside));
      case 5 -> elementwise.either(sampled(), pi, pi.then(t -> t.scaledBy(0.5), a -> a / 2));
      default -> masked ? elementwise.one(pi) : elementwise.one(logPis());
    };
  }

  /** Anything under π, also where that is infinite. */
  private Made<Vocabulary> any(Made<Token> inside) {
    Made<Vocabulary> x = logPis();
    return switch (random.nextInt(8)) {
      case 0 -> x.then(Term::negated, a -> -a);
      case 1 -> x.then(Term::square, a -> a * a);
      case 2 -> elementwise.one(x);
      case 3 -> elementwise.two(x, actions().made());
      case 4 -> elementwise.two(x, spread(inside));
      case 5 -> elementwise.either(sampled().not(), x, actions().made());
      case 6 ->
          OrderLoops.sumByKey(
              finite(inside),
              actions().then(lossmith.dsl.Detached::sign, Math::signum),
              Across.all(VOCABULARY));
      default -> finite(inside);
    };
  }

  private static Made<Vocabulary> spread(Made<Token> x) {
    return new Made<>(
        x.term().per(VOCABULARY_ENTRY),
        Leaves.spread(x.loops(), Level.Name.VOCABULARY, Level.Name.TOKEN));
  }
}
