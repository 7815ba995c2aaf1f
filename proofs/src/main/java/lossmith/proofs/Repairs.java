package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.flow.Flow;

/**
 * Which line of a wrong objective is wrong: the single changes after which its gradient reaches
 * what it declares, nothing is dead and every claim holds. Laws of the compiler have no repair
 * here.
 */
final class Repairs {
  private static final int CASES = 25;

  private Repairs() {}

  static Seq<Mutant> of(Subject subject, Seq<Law> broken, long seed) {
    Seq<Law> wanted = subject.pinning();
    boolean about =
        broken.exists(
            law ->
                law.scope() == Law.Scope.OBJECTIVE
                    || wanted.exists(w -> w.name().equals(law.name())));
    if (!about) {
      return List.empty();
    }
    Seq<Trial> trials = List.range(0, CASES).map(i -> subject.trial(seed + i));
    return Insertions.of(subject.loss())
        .appendAll(Mutants.of(subject.loss()))
        .filter(mutant -> mutant.loss().isRight())
        .filter(mutant -> holds(subject, mutant.loss().get(), wanted, trials))
        .take(3);
  }

  private static boolean holds(Subject subject, Loss mended, Seq<Law> wanted, Seq<Trial> trials) {
    if (!Flow.check(mended).isEmpty()) {
      return false;
    }
    try (Subject other = subject.with(mended)) {
      return wanted.forAll(
          law ->
              (law.scope() == Law.Scope.OBJECTIVE ? trials.take(1) : trials)
                  .forAll(trial -> law.violations(other, trial).isEmpty()));
    } catch (ProblemException refused) {
      return false;
    }
  }
}
