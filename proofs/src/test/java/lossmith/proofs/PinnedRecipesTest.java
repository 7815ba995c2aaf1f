package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.stream.Stream;
import lossmith.proofs.law.Laws;
import lossmith.proofs.law.SplitLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The laws that need no TensorFlow, on a few cases: quick enough for each mutant of the code. */
final class PinnedRecipesTest {
  private static final int CASES = 6;

  @TestFactory
  Stream<DynamicTest> everyRecipeIsWhatItIsMeantToBe() {
    return Recipes.all()
        .toJavaStream()
        .map(
            recipe ->
                DynamicTest.dynamicTest(
                    recipe.name(),
                    () -> {
                      try (Subject subject = Subject.of(recipe)) {
                        assertEquals(List.empty(), broken(subject));
                      }
                    }));
  }

  private static Seq<Violation> broken(Subject subject) {
    Seq<Law> laws = Laws.pinning(subject).append(SplitLaws.split());
    return List.range(1, CASES)
        .map(subject::trial)
        .flatMap(trial -> laws.flatMap(law -> law.violations(subject, trial)));
  }
}
