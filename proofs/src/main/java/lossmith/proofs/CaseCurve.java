package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.function.IntConsumer;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;
import lossmith.dsl.flow.Flow;
import lossmith.proofs.law.Laws;
import lossmith.proofs.museum.Caught;
import lossmith.proofs.museum.Museum;
import lossmith.proofs.mutation.Mutants;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;

/**
 * On which case each of many wrong losses is noticed first: what a number of cases is worth.
 *
 * @param losses what the wrong losses are
 * @param wrong how many there are, those apart that no case is needed for
 * @param first for each that is noticed, the number of the case, from 1
 */
public record CaseCurve(String losses, int wrong, Seq<Integer> first) {
  /** {@return how many are noticed on so many cases} */
  public int noticed(int cases) {
    return first.count(at -> at <= cases);
  }

  /**
   * {@return the curve of the museum's exhibits that the types do not refuse}
   *
   * @param cases the most cases that each law is tried on
   * @param seed the first of the seeds
   * @param progress receives the number of exhibits done
   */
  public static CaseCurve ofMuseum(int cases, long seed, IntConsumer progress) {
    Seq<Caught.ByLaw> exhibits =
        Museum.all()
            .map(exhibit -> exhibit.caught())
            .filter(Caught.ByLaw.class::isInstance)
            .map(Caught.ByLaw.class::cast);
    Seq<Integer> first = List.empty();
    for (int i = 0; i < exhibits.size(); i++) {
      progress.accept(i);
      first = first.appendAll(ofExhibit(exhibits.get(i), cases, seed));
    }
    return new CaseCurve("museum", exhibits.size(), first);
  }

  private static Option<Integer> ofExhibit(Caught.ByLaw by, int cases, long seed) {
    try (Subject subject = new Subject("exhibit", by.wrong(), by.claims(), by.statement())) {
      Seq<Law> caught = Laws.of(subject).filter(law -> law.name().equals(by.law()));
      return first(subject, Laws.ofRoles(subject).appendAll(caught), trials(subject, seed, cases));
    } catch (ProblemException refused) {
      return Option.some(1);
    }
  }

  /**
   * {@return the curve of the mutants of a recipe that are losses, the equivalent ones among them}
   *
   * @param recipe the recipe
   * @param cases the most cases that each law is tried on
   * @param seed the first of the seeds
   */
  public static CaseCurve ofMutants(Recipe recipe, int cases, long seed) {
    Seq<Loss> mutants =
        Mutants.of(recipe.loss(Conventions.paper()))
            .flatMap(mutant -> mutant.loss().toOption())
            .filter(loss -> Flow.check(loss).isEmpty());
    try (Subject original = Subject.of(recipe)) {
      Seq<Trial> trials = trials(original, seed, cases);
      return new CaseCurve(
          recipe.name(), mutants.size(), mutants.flatMap(loss -> of(original, loss, trials)));
    }
  }

  /** The cases in the order in which they are proved, one by one as they are asked for. */
  private static Seq<Trial> trials(Subject subject, long seed, int cases) {
    return Trial.Kind.ordinaryFirst(List.range(seed, seed + cases))
        .toStream()
        .flatMap(next -> subject.attempt(next, Trial.Kind.of(next)).trial());
  }

  private static Option<Integer> of(Subject original, Loss mutant, Seq<Trial> trials) {
    try (Subject subject = original.with(mutant)) {
      Seq<Law> laws = Laws.pinning(subject).appendAll(Laws.ofRoles(subject));
      return first(subject, laws, trials);
    } catch (ProblemException refused) {
      return Option.some(1);
    }
  }

  private static Option<Integer> first(Subject subject, Seq<Law> laws, Seq<Trial> trials) {
    Seq<Law> ofCases = laws.filter(law -> law.scope() == Law.Scope.CASE);
    int at = 0;
    for (Trial trial : trials) {
      Seq<Law> asked = at == 0 ? laws : ofCases;
      at++;
      if (asked.exists(law -> law.violations(subject, trial).nonEmpty())) {
        return Option.some(at);
      }
    }
    return Option.none();
  }
}
