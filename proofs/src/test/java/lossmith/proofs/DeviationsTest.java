package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.stream.Stream;
import lossmith.proofs.law.Laws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.recipes.Claim;
import lossmith.recipes.Conventions;
import lossmith.recipes.Recipe;
import lossmith.recipes.catalogue.Recipes;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Parts;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The catalogue keeps the laws of its roles, and what is declared to break one does break it. */
final class DeviationsTest {
  private static final int CASES = Math.max(60, Integer.getInteger("lossmith.cases", 200) / 4);
  private static final int MOST = 5;

  /** Some deviations show in few cases. */
  private static final int MANY = 800;

  private static Seq<Recipe> catalogue() {
    return Recipes.all().appendAll(Parts.all().map(part -> Composition.of(part.name())));
  }

  private static Seq<Claim.Deviates> deviations(Recipe recipe) {
    return recipe.claims().filter(Claim.Deviates.class::isInstance).map(Claim.Deviates.class::cast);
  }

  /** {@link RecipeProofsTest} holds recipes to them. */
  @TestFactory
  Stream<DynamicTest> partsKeepTheLawsOfTheirRoles() {
    return Parts.all()
        .map(part -> Composition.of(part.name()))
        .toJavaStream()
        .map(recipe -> DynamicTest.dynamicTest(recipe.name(), () -> keeps(recipe)));
  }

  private static void keeps(Recipe recipe) {
    try (Subject subject = Subject.of(recipe)) {
      Proof proof = Prover.prove(subject, Laws.ofRoles(subject), CASES, 1);
      assertEquals(List.empty(), proof.findings(), proof::toString);
    }
  }

  @TestFactory
  Stream<DynamicTest> whatIsDeclaredToDeviateDoes() {
    return catalogue()
        .filter(recipe -> deviations(recipe).nonEmpty())
        .toJavaStream()
        .map(recipe -> DynamicTest.dynamicTest(recipe.name(), () -> deviates(recipe)));
  }

  private static void deviates(Recipe recipe) {
    Seq<String> declared = deviations(recipe).map(Claim.Deviates::law);
    try (Subject subject = new Subject(recipe.name(), recipe.loss(Conventions.paper()))) {
      Seq<Law> laws = Laws.of(subject).filter(law -> declared.contains(law.name()));
      Seq<String> broken =
          Prover.prove(subject, laws, MANY, 1).findings().map(finding -> finding.law().name());
      assertTrue(broken.toSet().containsAll(declared), broken::toString);
    }
  }

  @Test
  void deviationsAreOfLawsThatThereAreAndFewOfEach() {
    Seq<String> laws = Laws.ofRoles().appendAll(Laws.all()).map(Law::name);
    Map<String, Integer> declared =
        catalogue()
            .flatMap(DeviationsTest::deviations)
            .groupBy(Claim.Deviates::law)
            .mapValues(Seq::size);
    assertEquals(List.empty(), declared.keySet().toList().removeAll(laws));
    assertFalse(declared.values().exists(n -> n > MOST), declared::toString);
  }

  @Test
  void aDeviationIsPrintedWithItsReasonAndSource() {
    try (Subject subject = Subject.of(Recipes.get("aspo"))) {
      String said = Prover.prove(subject, Laws.ofRoles(subject), 1, 1).presumption();
      assertTrue(
          said.contains("importance-weight does not hold: The ratio of tokens with a positive"),
          said);
      assertTrue(said.contains("ASPO: Asymmetric Importance Sampling"), said);
    }
  }

  /** A composition deviates as its parts do, also under other conventions than the papers'. */
  @Test
  void deviationsSurviveCompositionAndConventions() {
    Recipe recipe = Composition.of("group-centred+length-weighted+k2");
    try (Subject subject = Subject.of(recipe, Conventions.verl())) {
      assertEquals(List.of("step-size"), subject.deviations().map(Claim.Deviates::law));
    }
  }
}
