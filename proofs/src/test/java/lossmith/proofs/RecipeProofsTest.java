package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import java.util.stream.Stream;
import lossmith.proofs.law.Laws;
import lossmith.proofs.stated.Statements;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every recipe is held to the whole battery; a recipe that is in the list cannot miss it. */
final class RecipeProofsTest {
  private static final int CASES = Integer.getInteger("lossmith.cases", 200) / 16;
  private static final long SEED = Long.getLong("lossmith.seed", 1);

  @TestFactory
  Stream<DynamicTest> everyRecipeHoldsTheBattery() {
    return Recipes.all().toJavaStream().map(r -> DynamicTest.dynamicTest(r.name(), () -> prove(r)));
  }

  @Test
  void everyRecipeIsStatedTwice() {
    assertEquals(
        List.empty(),
        Recipes.all().map(Recipe::name).filter(name -> Statements.of(name).isEmpty()));
  }

  private static void prove(Recipe recipe) {
    try (Subject subject = Subject.of(recipe)) {
      Proof proof = Prover.prove(subject, Laws.of(subject), CASES, SEED);
      assertTrue(proof.holds(), () -> "\n" + proof.findings().mkString("\n"));
    }
  }
}
