package lossmith.proofs.mutation;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.flow.Flow;
import lossmith.proofs.known.KnownLaws;
import lossmith.proofs.mutation.DrawnMistake.Outcome;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;

/**
 * A mutant of a recipe of which nothing is claimed or stated, and what became of it: {@code main}
 * prints a line for each that nothing notices, and how many there are; its arguments are every
 * which mutant is tried, from which on, and recipes, all unless some are named.
 *
 * @param recipe the recipe's name
 * @param mutant the mutant
 * @param outcome what became of it
 * @param by what noticed it, or the objective that it is
 */
record UnclaimedMutant(String recipe, Mutant mutant, Outcome outcome, String by) {
  /** On how many cases a law is tried: four rounds of kinds, the ordinary first. */
  private static final int CASES = 4 * Trial.Kind.ROUND;

  /** As many as {@code prove} takes, for what is not noticed on those few. */
  private static final int MORE = 100;

  /** The first seed of which the case is an ordinary one. */
  private static final long FIRST = Trial.Kind.ROUND;

  /** On how many cases a mutant must have the recipe's value and gradient to be equivalent. */
  private static final int SAME = 80;

  /** Asked where all others hold: many cases are drawn for them. */
  private static final Set<String> LAST = HashSet.of("live-parameters", "metric-varies");

  /**
   * {@return what becomes of a recipe's mutants}
   *
   * @param recipe the recipe
   * @param every of so many mutants one is tried
   * @param from which one
   */
  static Seq<UnclaimedMutant> of(Recipe recipe, int every, int from) {
    RightObjective right = RightObjective.of(recipe);
    try (Subject original = right.subject()) {
      Seq<Trial> trials = original.trials(FIRST, CASES).toList();
      return Mutants.of(right.loss())
          .zipWithIndex()
          .filter(mutant -> mutant._2 % every == from % every)
          .map(mutant -> of(right, mutant._1, original, trials))
          .toList();
    }
  }

  private static UnclaimedMutant of(
      RightObjective right, Mutant mutant, Subject original, Seq<Trial> trials) {
    if (mutant.loss().isLeft()) {
      return new UnclaimedMutant(right.name(), mutant, Outcome.CAUGHT, MutationScore.TYPES);
    }
    Loss wrong = mutant.loss().get();
    if (!Flow.check(wrong).isEmpty()) {
      return new UnclaimedMutant(right.name(), mutant, Outcome.CAUGHT, MutationScore.FLOW);
    }
    try (Subject subject = right.subject(wrong)) {
      Option<String> by = noticedOrRefused(subject, trials);
      if (by.isDefined()) {
        return new UnclaimedMutant(right.name(), mutant, Outcome.CAUGHT, by.get());
      }
      Seq<Trial> many = original.trials(1, SAME).toList();
      if (Sameness.same(original, wrong, many)) {
        return new UnclaimedMutant(right.name(), mutant, Outcome.EQUIVALENT, "");
      }
      if (Conventional.isImitation(subject)) {
        return new UnclaimedMutant(
            right.name(), mutant, Outcome.READS_AS, "maximum likelihood of what was sampled");
      }
      if (Conventional.ofMutant(mutant)) {
        return new UnclaimedMutant(right.name(), mutant, Outcome.READS_AS, "another convention");
      }
      Option<FixedParameter> fixed =
          FixedParameter.of(right.loss())
              .find(one -> isSame(right.subject(one.loss()), wrong, many));
      if (fixed.isDefined()) {
        return new UnclaimedMutant(
            right.name(), mutant, Outcome.READS_AS, right.name() + ", " + fixed.get().name());
      }
      Seq<Trial> plain = many.filter(trial -> trial.kind() != Trial.Kind.EXTREME);
      return Recipes.all()
          .map(RightObjective::of)
          .toStream()
          .find(
              other ->
                  Sameness.readsAs(subject, other.loss(), plain)
                      || Weighed.of(other.loss(), wrong.parameters())
                          .exists(it -> Sameness.same(subject, it, plain)))
          .map(
              other ->
                  new UnclaimedMutant(
                      right.name(),
                      mutant,
                      Outcome.READS_AS,
                      other.name()
                          + (other.name().equals(right.name()) ? ", a parameter fixed" : "")))
          .getOrElse(
              () ->
                  noticed(subject, original.trials(FIRST, MORE).toList())
                      .orElse(() -> Option.when(isMistakenFor(wrong), KnownLaws.NAME))
                      .map(law -> new UnclaimedMutant(right.name(), mutant, Outcome.CAUGHT, law))
                      .getOrElse(new UnclaimedMutant(right.name(), mutant, Outcome.MISSED, "")));
    }
  }

  /** The first law that is broken, or that the loss cannot be bound to columns at all. */
  private static Option<String> noticedOrRefused(Subject subject, Seq<Trial> trials) {
    try {
      return noticed(subject, trials);
    } catch (ProblemException refused) {
      return Option.some(MutationScore.TYPES);
    }
  }

  private static boolean isMistakenFor(Loss wrong) {
    return KnownLaws.violations(wrong).nonEmpty();
  }

  private static boolean isSame(Subject one, Loss other, Seq<Trial> trials) {
    try (one) {
      return Sameness.same(one, other, trials.take(1)) && Sameness.same(one, other, trials);
    }
  }

  /**
   * The first law that is broken, case by case. The one that knows the catalogue is asked later, of
   * what is neither the recipe nor another one: its share is what no other notices.
   */
  private static Option<String> noticed(Subject subject, Seq<Trial> trials) {
    var laws =
        DrawnMistake.laws(subject)
            .reject(law -> law.name().equals(KnownLaws.NAME))
            .partition(law -> !LAST.contains(law.name()));
    Trial first = trials.head();
    return breaks(laws._1, subject, first)
        .orElse(
            () ->
                trials
                    .tail()
                    .iterator()
                    .flatMap(trial -> breaks(ofCases(laws._1), subject, trial))
                    .headOption())
        .orElse(() -> breaks(laws._2, subject, first));
  }

  private static Seq<Law> ofCases(Seq<Law> laws) {
    return laws.filter(law -> law.scope() == Law.Scope.CASE);
  }

  private static Option<String> breaks(Seq<Law> laws, Subject subject, Trial trial) {
    return laws.find(law -> law.violations(subject, trial).nonEmpty()).map(Law::name);
  }

  /** How many of those that differ from the recipe, and are no other objective, are noticed. */
  static double share(Seq<UnclaimedMutant> all) {
    int caught = all.count(one -> one.outcome() == Outcome.CAUGHT);
    int missed = all.count(one -> one.outcome() == Outcome.MISSED);
    return caught / (double) Math.max(1, caught + missed);
  }

  /** What became of it without the law that knows the catalogue. */
  private UnclaimedMutant withoutTheCatalogue() {
    return by.equals(KnownLaws.NAME)
        ? new UnclaimedMutant(recipe, mutant, Outcome.MISSED, "")
        : this;
  }

  @Override
  public String toString() {
    return "%-10s %-24s %-24s %s".formatted(outcome, recipe, by.isEmpty() ? "-" : by, mutant);
  }

  public static void main(String[] args) {
    int every = Integer.parseInt(args[0]);
    int from = Integer.parseInt(args[1]);
    Set<String> named = List.of(args).drop(2).toSet();
    Seq<UnclaimedMutant> all =
        Recipes.all()
            .filter(recipe -> named.isEmpty() || named.contains(recipe.name()))
            .toJavaStream()
            .flatMap(
                recipe -> {
                  Seq<UnclaimedMutant> some = of(recipe, every, from);
                  some.filter(one -> one.outcome() != Outcome.CAUGHT).forEach(System.out::println);
                  return some.toJavaStream();
                })
            .collect(List.collector());
    System.out.printf(
        "%s%n%.2f %% of %d, %.2f %% without %s%n",
        List.of(Outcome.values())
            .map(outcome -> outcome + " " + all.count(one -> one.outcome() == outcome))
            .mkString(", "),
        100 * share(all),
        all.size(),
        100 * share(all.map(UnclaimedMutant::withoutTheCatalogue)),
        KnownLaws.NAME);
  }
}
