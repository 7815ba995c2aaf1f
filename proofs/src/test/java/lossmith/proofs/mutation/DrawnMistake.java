package lossmith.proofs.mutation;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import io.vavr.control.Option;
import lossmith.dsl.Level;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.print.Formula;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;

/**
 * A right objective with one mistake, both drawn at random, and what became of it without claims.
 *
 * @param seed what reproduces it
 * @param objective what was right
 * @param slip the mistake, and where it was made
 * @param outcome what became of it
 * @param by what caught it, or the objective that it is
 */
record DrawnMistake(long seed, String objective, Mutant slip, Outcome outcome, String by) {
  /** What may become of a mistake. */
  enum Outcome {
    /** The types, an analysis or a law tell it. */
    CAUGHT,
    /** Nothing tells it. */
    MISSED,
    /** It is itself another right objective. */
    READS_AS,
    /** It changes neither value nor gradient. */
    EQUIVALENT
  }

  /** How many cases a law is tried on. */
  static final int CASES = 60;

  /** Laws of every objective that tell a wrong one from a right one. */
  private static final Set<String> TELLING =
      HashSet.of("finite", "live-parameters", "live-penalty", "permutation", "declared-inputs");

  private static final String CONVENTION = "another convention";

  /**
   * A std of n or of n − 1, and one mean over tokens for another, which all trainers differ in, and
   * what {@link Conventional} names.
   */
  private static boolean isConvention(Mutant slip) {
    boolean ofTokens =
        slip.site() instanceof Node.Reduce reduce
            && reduce.live()
            && reduce.of().level() == Level.Name.TOKEN;
    return Conventional.of(slip)
        || slip.change().equals(BaselineSlips.DDOF)
        || (ReductionSlips.MEANS.contains(slip.change())
            && (ofTokens || slip.change().equals(ReductionSlips.OVER_ALL)));
  }

  /** The laws that are tried: none of them compiles anything. */
  static Seq<Law> laws(Subject subject) {
    return Laws.pinning(subject)
        .appendAll(Laws.all().filter(law -> TELLING.contains(law.name())))
        .appendAll(Laws.ofRoles(subject))
        .distinctBy(Law::name);
  }

  /** Whether a law is broken in some case; one of the objective itself needs none that is kept. */
  static boolean breaks(Law law, Subject subject, Seq<Trial> trials) {
    if (law.scope() == Law.Scope.OBJECTIVE) {
      Trial any = trials.headOption().getOrElse(() -> subject.draw(1, Trial.Kind.ORDINARY));
      return law.violations(subject, any).nonEmpty();
    }
    return trials.exists(trial -> law.violations(subject, trial).nonEmpty());
  }

  static DrawnMistake of(long seed) {
    RightObjective right = RightObjective.draw(seed);
    Mutant slip = Slips.draw(right.loss(), RightObjective.random(~seed));
    return of(seed, right, slip);
  }

  private static DrawnMistake of(long seed, RightObjective right, Mutant slip) {
    if (slip.loss().isLeft()) {
      return new DrawnMistake(seed, right.name(), slip, Outcome.CAUGHT, MutationScore.TYPES);
    }
    Loss wrong = slip.loss().get();
    if (!Flow.check(wrong).isEmpty()) {
      return new DrawnMistake(seed, right.name(), slip, Outcome.CAUGHT, MutationScore.FLOW);
    }
    try (Subject subject = right.subject(wrong);
        Subject original = right.subject()) {
      Seq<Trial> trials = original.trials(1, CASES).toList();
      if (Sameness.same(original, wrong, trials)) {
        return new DrawnMistake(seed, right.name(), slip, Outcome.EQUIVALENT, "");
      }
      if (isConvention(slip)) {
        return new DrawnMistake(seed, right.name(), slip, Outcome.READS_AS, CONVENTION);
      }
      Seq<Trial> plain = trials.filter(trial -> trial.kind() != Trial.Kind.EXTREME);
      Option<RightObjective> other =
          RightObjective.nearby(seed)
              .filter(nearby -> !nearby.name().equals(right.name())) // it is not what it was
              .find(nearby -> Sameness.readsAs(subject, nearby.loss(), plain));
      if (other.isDefined()) {
        return new DrawnMistake(seed, right.name(), slip, Outcome.READS_AS, other.get().name());
      }
      Seq<Trial> own = subject.trials(1, CASES).toList();
      Set<String> known = laws(original).map(Law::name).toSet();
      return laws(subject)
          .find(
              law ->
                  breaks(law, subject, own)
                      && !(known.contains(law.name()) && breaks(law, original, trials)))
          .map(law -> new DrawnMistake(seed, right.name(), slip, Outcome.CAUGHT, law.name()))
          .getOrElse(() -> new DrawnMistake(seed, right.name(), slip, Outcome.MISSED, ""));
    }
  }

  /**
   * The laws that the right objective of a seed breaks. That a parameter has no effect is true of
   * compositions in which few responses are left, or nobody is behind: it is no false alarm.
   */
  static Seq<String> falseAlarms(long seed) {
    RightObjective right = RightObjective.draw(seed);
    if (!Flow.check(right.loss()).isEmpty()) {
      return List.of("refused: " + Flow.check(right.loss()).mkString(", "));
    }
    try (Subject subject = right.subject()) {
      Seq<Trial> trials = subject.trials(1, CASES).toList();
      return laws(subject)
          .filter(law -> !law.name().equals("live-parameters"))
          .filter(law -> breaks(law, subject, trials))
          .map(Law::name);
    }
  }

  @Override
  public String toString() {
    String site = Formula.line(slip.site());
    return "%5d %-10s %-45s %-24s %s  |  at %s"
        .formatted(
            seed,
            outcome,
            slip.change(),
            by.isEmpty() ? "-" : by,
            objective,
            site.length() > 100 ? site.substring(0, 100) + "…" : site);
  }
}
