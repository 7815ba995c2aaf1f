package lossmith.proofs.museum;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.dsl.ProblemException;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** All exhibits, and whether each is still caught. */
public final class Museum {
  private Museum() {}

  /** {@return every exhibit} */
  public static Seq<Exhibit> all() {
    return DenominatorExhibits.all()
        .appendAll(DetachExhibits.all())
        .appendAll(DivergenceExhibits.all())
        .appendAll(BoundExhibits.all())
        .appendAll(AdvantageExhibits.all())
        .appendAll(ValueExhibits.all())
        .appendAll(TurnExhibits.all())
        .appendAll(PairExhibits.all())
        .appendAll(DistillationExhibits.all())
        .appendAll(ComparedExhibits.all())
        .appendAll(CompositionExhibits.all())
        .appendAll(TypeExhibits.all());
  }

  /**
   * What became of an exhibit.
   *
   * @param exhibit the exhibit
   * @param by what caught it, such as {@code law on-policy}
   * @param evidence where it shows, or what the compiler says; empty if it was not caught
   * @param mended what still catches the mended version; empty as it should be
   */
  public record Visit(Exhibit exhibit, String by, Seq<String> evidence, Seq<String> mended) {
    /** {@return whether the mistake is caught and the mended version is not} */
    public boolean caught() {
      return evidence.nonEmpty() && mended.isEmpty();
    }
  }

  /**
   * {@return what becomes of an exhibit}
   *
   * @param exhibit the exhibit
   * @param cases how many cases a law is tried on
   * @param seed the first of the seeds
   */
  public static Visit visit(Exhibit exhibit, int cases, long seed) {
    if (exhibit.caught() instanceof Caught.ByTypes types) {
      Seq<String> wrong = TypedExpression.errors(types.wrong());
      return new Visit(
          exhibit,
          "types",
          wrong.filter(message -> message.contains(types.message())),
          TypedExpression.errors(types.mended()));
    }
    Caught.ByLaw law = (Caught.ByLaw) exhibit.caught();
    return new Visit(
        exhibit,
        "law " + law.law(),
        broken(
            new Subject(exhibit.name(), law.wrong(), law.claims(), law.statement()),
            law,
            cases,
            seed),
        broken(
            new Subject(exhibit.name() + " mended", law.mended(), law.claims(), law.statement()),
            law,
            cases,
            seed));
  }

  private static Seq<String> broken(Subject made, Caught.ByLaw by, int cases, long seed) {
    try (Subject subject = made) {
      Law law =
          Laws.of(subject)
              .find(l -> l.name().equals(by.law()))
              .getOrElseThrow(() -> new IllegalStateException("no law " + by.law()));
      int tried = law.scope() == Law.Scope.OBJECTIVE ? 1 : cases;
      for (Trial trial : subject.trials(seed, tried)) {
        Seq<Violation> found = law.violations(subject, trial);
        if (found.nonEmpty()) {
          return found.take(1).map(Violation::toString);
        }
      }
      return List.empty();
    } catch (ProblemException refused) {
      return List.of(refused.getMessage());
    }
  }
}
