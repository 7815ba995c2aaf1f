package lossmith.proofs.mutation;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.dsl.flow.Flow;
import lossmith.dsl.reference.Reference;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Scale;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * How many of a recipe's mutants are noticed, and by what.
 *
 * @param recipe the recipe's name
 * @param killed how many each law, the types or an analysis noticed first
 * @param equivalent mutants whose value and gradient are the recipe's in every case that was tried
 * @param survivors mutants that differ somewhere and that nothing noticed
 */
public record MutationScore(
    String recipe, Map<String, Integer> killed, Seq<Survivor> equivalent, Seq<Survivor> survivors) {
  /** Counted when the term cannot be written at all. */
  public static final String TYPES = "types";

  /** Mutants whose gradient would reach an undeclared input, or none. */
  public static final String FLOW = "flow";

  /** {@return how many mutants are no equivalent} */
  public int mutants() {
    return kills() + survivors.size();
  }

  /** {@return how many were noticed} */
  public int kills() {
    return killed.values().sum().intValue();
  }

  /**
   * {@return the score of a recipe}
   *
   * @param recipe the recipe
   * @param cases how many cases each law is tried on
   * @param seed the first of the seeds
   */
  public static MutationScore of(Recipe recipe, int cases, long seed) {
    return of(recipe, cases, seed, 1);
  }

  /**
   * {@return the score of a recipe on a part of its mutants}
   *
   * @param recipe the recipe
   * @param cases how many cases each law is tried on
   * @param seed the first of the seeds
   * @param every one of so many mutants is tried
   */
  public static MutationScore of(Recipe recipe, int cases, long seed, int every) {
    Loss loss = recipe.loss(Conventions.paper());
    try (Subject subject = Subject.of(recipe)) {
      Seq<Trial> trials = subject.trials(seed, cases);
      MutationScore score =
          new MutationScore(recipe.name(), LinkedHashMap.empty(), List.empty(), List.empty());
      for (Mutant mutant :
          Mutants.of(loss).zipWithIndex().filter(one -> one._2 % every == 0).map(one -> one._1)) {
        score = score.with(mutant, subject, trials);
      }
      return score;
    }
  }

  @Override
  public String toString() {
    return String.format(
            "%-20s %3d of %3d mutants noticed: %s",
            recipe, kills(), mutants(), killed.map(k -> k._1 + " " + k._2).mkString(", "))
        + lines("open", survivors)
        + lines("equivalent", equivalent);
  }

  private static String lines(String head, Seq<Survivor> survivors) {
    return survivors.map(survivor -> "\n    " + head + ": " + survivor).mkString();
  }

  private MutationScore with(Mutant mutant, Subject original, Seq<Trial> trials) {
    if (mutant.loss().isLeft()) {
      return killedBy(TYPES);
    }
    Loss loss = mutant.loss().get();
    if (!Flow.check(loss).isEmpty()) {
      return killedBy(FLOW);
    }
    try (Subject subject = original.with(loss)) {
      for (Law law : Laws.pinning(subject)) {
        Seq<Trial> on = law.scope() == Law.Scope.OBJECTIVE ? trials.take(1) : trials;
        if (on.exists(trial -> law.violations(subject, trial).nonEmpty())) {
          return killedBy(law.name());
        }
      }
      Seq<Trial> differing = trials.filter(trial -> differs(original, subject, trial));
      return differing.nonEmpty()
          ? new MutationScore(
              recipe,
              killed,
              equivalent,
              survivors.append(Survivor.open(mutant, differing, trials.size())))
          : new MutationScore(
              recipe, killed, equivalent.append(Survivor.equivalent(mutant, trials)), survivors);
    } catch (ProblemException refused) {
      return killedBy(TYPES);
    }
  }

  private MutationScore killedBy(String what) {
    return new MutationScore(recipe, killed.put(what, 1, Integer::sum), equivalent, survivors);
  }

  private static boolean differs(Subject original, Subject mutant, Trial trial) {
    BoundLoss left = original.bound(Surface.STATISTICS);
    BoundLoss right = mutant.bound(Surface.STATISTICS);
    Reference reference = new Reference(trial.samples(), trial.parameters());
    double scale = 1e-12 * (1 + Scale.of(left.value(), reference));
    if (Math.abs(reference.number(left.value()) - reference.number(right.value())) > scale) {
      return true;
    }
    return left.gradients()
        .exists(
            g -> {
              double[] mine = reference.of(g._2);
              double[] other =
                  right.gradients().get(g._1).map(reference::of).getOrElse(new double[mine.length]);
              double most = Arrays.stream(mine).map(Math::abs).max().orElse(0);
              return Violation.between("", mine, other, 1e-12 * (1 + most)).nonEmpty();
            });
  }
}
