package lossmith.blackbox;

import io.vavr.Lazy;
import io.vavr.collection.Iterator;
import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.BiPredicate;
import java.util.function.Function;
import lossmith.dsl.Columns;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * Known objectives with a few parts exchanged that are a loss. What is measured is exchanged as it
 * was seen: the denominator, the bounds, a bound for negative advantages, terms that are added, a
 * factor of everything. Besides, one piece of the formula is, or the advantage. Then each is put
 * back without which the loss is met all the same, so that all that is left is needed.
 */
final class ExchangeSearch {
  /**
   * Where each prompt has as many responses, which is where rewards are asked for, these are one.
   */
  private static final Seq<TokenWeight> MEANS =
      List.of(TokenWeight.PROMPT_MEAN, TokenWeight.RESPONSE_MEAN);

  private static final Seq<TensorBatch> BATCHES = Probes.unequal();

  private final BlackBox box;
  private final Profile seen;
  private final Candidates candidates;
  private final BiPredicate<BlackBox, Boolean> met;
  private final Function<BlackBox, SameNumbers.Agreement> agreement;
  private final Seq<Seq<Weighing.Found>> factors;
  private final Lazy<Seq<Estimates>> estimates;

  /**
   * A search.
   *
   * @param box the loss
   * @param seen what it is seen to do
   * @param candidates what its bounds may be called, and what is added
   * @param met whether a loss has its gradient, and where that is asked its value
   * @param agreement how nearly one that is met has its gradient
   */
  ExchangeSearch(
      BlackBox box,
      Profile seen,
      Candidates candidates,
      BiPredicate<BlackBox, Boolean> met,
      Function<BlackBox, SameNumbers.Agreement> agreement) {
    this.box = box;
    this.seen = seen;
    this.candidates = candidates;
    this.met = met;
    this.agreement = agreement;
    this.estimates =
        Lazy.of(
            () ->
                seen.made()
                    .map(one -> SameAdvantages.among(Estimates.all(), one.advantage()))
                    .getOrElse(Estimates::all));
    this.factors = BATCHES.map(batch -> Weighing.factors(box, batch)).toVector();
  }

  /**
   * A recipe with parts exchanged that has the gradient of the loss.
   *
   * @param parts what is exchanged
   * @param box what it gives
   * @param scale the factor of everything
   * @param value whether it has the value of the loss too
   */
  private record Made(ExchangedParts parts, BlackBox box, double scale, boolean value) {}

  /** {@return a recipe with the fewest parts exchanged that are needed, if it can be the loss} */
  Option<Exchanged> of(Recipe recipe) {
    Seq<Made> all = List.empty();
    for (ExchangedParts parts : whole(recipe)) {
      all = all.appendAll(made(recipe, parts));
      if (all.nonEmpty() && all.last().value) {
        break;
      }
    }
    return all.find(Made::value)
        .orElse(all.headOption())
        .map(one -> needed(recipe, one))
        .map(one -> told(recipe, one));
  }

  /** All that is measured exchanged, and one piece or the advantage. */
  private Iterator<ExchangedParts> whole(Recipe recipe) {
    Option<Double> dual = seen.falling().last().filter(x -> x > 1.5);
    ExchangedParts plain =
        new ExchangedParts(
            Option.none(),
            Option.none(),
            seen.sampler(),
            Option.none(),
            LinkedHashMap.empty(),
            dual,
            true);
    Seq<ExchangedParts> measured =
        Exchange.ALL
            .map(Option::some)
            .prepend(Option.none())
            .flatMap(piece -> weights(recipe).map(weight -> plain.with(piece).weighing(weight)));
    boolean rewards = !box.reads(TensorBatch.ADVANTAGE) && box.reads(Columns.REWARD);
    Seq<ExchangedParts> advised =
        rewards
            ? estimates.get().map(one -> measured.head().advised(Option.some(one)))
            : List.empty();
    return measured
        .appendAll(advised)
        .iterator()
        .flatMap(parts -> bounded(recipe, parts))
        .flatMap(
            parts ->
                List.of(
                        parts,
                        parts.weighing(Option.none()),
                        parts.dual(Option.none()),
                        parts.adding(seen.drift().isEmpty()))
                    .distinct());
  }

  /** What a token is seen to weigh; where a piece hides that, of the best known all that do. */
  private Seq<Option<TokenWeight>> weights(Recipe recipe) {
    boolean open = seen.weighing().isEmpty() && Exchanged.KNOWN.contains(recipe.name());
    return open
        ? List.of(TokenWeight.values()).map(Option::some)
        : List.of(seen.weighing().map(Weighing::weight));
  }

  /** With the bounds that are seen, by either way to say where a ratio is, and with its own. */
  private Seq<ExchangedParts> bounded(Recipe recipe, ExchangedParts parts) {
    return core(recipe, parts)
        .toList()
        .flatMap(one -> candidates.fits(one.parameters()).append(LinkedHashMap.empty()))
        .map(parts::bounded);
  }

  private Option<Made> made(Recipe recipe, ExchangedParts parts) {
    for (RecipeBox one : core(recipe, parts)) {
      for (double k : scale(one)) {
        RecipeBox scaled = k == 1 ? one : one.scaledBy(k);
        BlackBox all = parts.added() ? added(scaled) : scaled;
        if (met.test(all, false)) {
          return Option.some(new Made(parts, all, k, met.test(all, true)));
        }
      }
    }
    return Option.none();
  }

  private BlackBox added(RecipeBox one) {
    boolean speaks = List.of(Columns.REFERENCE_LOG_PROB, Columns.ENTROPY).exists(one::reads);
    return speaks ? one : candidates.withTerms(one);
  }

  /** By what its slopes on the policy itself are to be multiplied to be those of the loss. */
  private Option<Double> scale(RecipeBox one) {
    Option<Double> scale = Option.none();
    for (int batch = 0; batch < BATCHES.size(); batch++) {
      for (double k : ratios(factors.get(batch), Weighing.factors(one, BATCHES.get(batch)))) {
        double known = scale.getOrElse(k);
        if (!Double.isFinite(k) || !Weighing.near(k, known)) {
          return Option.none();
        }
        scale = Option.some(known);
      }
    }
    return scale.map(k -> Weighing.near(k, 1) ? 1 : k);
  }

  private static Seq<Double> ratios(Seq<Weighing.Found> to, Seq<Weighing.Found> of) {
    return of.zip(to)
        .filter(pair -> pair._1.factor() != 0 || pair._2.factor() != 0)
        .map(pair -> pair._2.factor() / pair._1.factor());
  }

  /** The objective itself with its pieces, its advantage and its denominator exchanged. */
  private Option<RecipeBox> core(Recipe recipe, ExchangedParts parts) {
    try {
      Conventions paper = Conventions.paper();
      Loss loss = recipe.loss(parts.dual().map(paper::boundingNegatives).getOrElse(paper));
      Loss plain =
          Loss.of(loss.parts().mapValues(Term::node), LinkedHashMap.empty(), loss.trains());
      return parts
          .of(plain)
          .flatMap(other -> RecipeBox.of(recipe.name(), other, box.columns()))
          .map(one -> one.with(parts.bounds()))
          .map(one -> parts.weight().map(one::weighing).getOrElse(one));
    } catch (ProblemException e) {
      return Option.none(); // the piece does not fit there
    }
  }

  /** Without all that is not needed. */
  private Made needed(Recipe recipe, Made all) {
    Made least = all;
    for (int part = 0; part < ExchangedParts.COUNT; part++) {
      int put = part;
      Made before = least;
      least =
          before
              .parts
              .without(put)
              .flatMap(fewer -> made(recipe, fewer))
              .filter(fewer -> fewer.value || !before.value)
              .filter(fewer -> places(recipe, fewer).size() <= places(recipe, before).size())
              .getOrElse(before);
    }
    return least;
  }

  private Exchanged told(Recipe recipe, Made one) {
    boolean alike = alike(recipe, one.parts, core(recipe, ExchangedParts.NONE));
    return new Exchanged(
        recipe.name() + (alike ? " of all responses alike" : ""),
        recipe.name(),
        places(recipe, one),
        one.parts.piece().isEmpty() && one.parts.advantage().isEmpty(),
        one.value,
        agreement.apply(one.box));
  }

  /** What is exchanged, in words. */
  private Seq<String> places(Recipe recipe, Made one) {
    Option<RecipeBox> own = core(recipe, ExchangedParts.NONE);
    ExchangedParts parts = one.parts;
    return List.<String>empty()
        .appendAll(parts.piece().map(Exchange::words))
        .appendAll(
            parts.advantage().map(other -> "the advantage is " + other.words() + own(recipe)))
        .appendAll(
            parts.sampler().map(w -> "each token is weighted by " + w + " instead of by nothing"))
        .appendAll(
            parts
                .weight()
                .filter(weight -> !alike(recipe, parts, own))
                .map(weight -> ExchangeWords.denominator(weight, own)))
        .appendAll(ExchangeWords.bounds(parts, own))
        .appendAll(
            parts
                .dual()
                .map(
                    most ->
                        "where the advantage is negative the ratio is bounded at "
                            + RatioShape.digits(parts.bounds().getOrElse("dual_clip", most))
                            + " instead of at nothing"))
        .appendAll(ExchangeWords.added(one.box))
        .appendAll(ExchangeWords.factor(one.scale));
  }

  /**
   * Whether a mean over prompts is one over all responses: as long as each prompt has as many of
   * them, these are one, and of the best known objectives both are called by one name.
   */
  private static boolean alike(Recipe recipe, ExchangedParts parts, Option<RecipeBox> own) {
    return Exchanged.KNOWN.contains(recipe.name())
        && parts.weight().contains(TokenWeight.RESPONSE_MEAN)
        && own.flatMap(Weighing::of).map(Weighing::weight).exists(MEANS::contains);
  }

  private static String own(Recipe recipe) {
    return RecipeBox.advantage(recipe.loss(Conventions.paper()))
        .flatMap(Estimates::words)
        .map(words -> " instead of " + words)
        .getOrElse(" instead of its own");
  }
}
