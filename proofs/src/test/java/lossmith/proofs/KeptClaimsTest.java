package lossmith.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vavr.collection.HashSet;
import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.stream.Stream;
import lossmith.proofs.law.ClaimLaws;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.ProofDomain;
import lossmith.recipes.Claim;
import lossmith.recipes.Recipe;
import lossmith.recipes.part.Composition;
import lossmith.recipes.part.Part;
import lossmith.recipes.part.Parts;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.domains.Domain;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A composition keeps the claims of its parts that are true of it. */
final class KeptClaimsTest {
  private static final int CASES = Math.max(10, Integer.getInteger("lossmith.cases", 200) / 5);

  /**
   * What is true and not kept: the mean of what is 0 at each token is 0 where there is a token, and
   * 1.5 less what is at most 1 is above 0. That a weight or a selection is 0 nowhere is asked of
   * none.
   */
  private static final Set<String> UNSHOWN =
      HashSet.of(
          "rollout-tis-normalised OnPolicy",
          "rollout-geometric-tis OnPolicy",
          "rollout-segment-tis OnPolicy",
          "length-weighted Sign");

  /** What stands where nothing else is named. */
  private static final Seq<String> PLAIN =
      List.of("reward", "group-normalised", "clip", "token-mean");

  private static Seq<String> broken(Recipe recipe, Seq<Claim> claims) {
    try (Subject subject = Subject.of(recipe)) {
      Seq<Law> laws = claims.flatMap(ClaimLaws::of);
      return Prover.prove(subject, laws, CASES, 1).findings().map(Finding::toString);
    }
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF) // the prover shrinks the batch
  @Domain(ProofDomain.class)
  void whatIsKeptIsTrue(@ForAll Recipe composition) {
    assertEquals(List.empty(), broken(composition, composition.claims()));
  }

  @TestFactory
  Stream<DynamicTest> whatIsKeptBesideOneOtherPartIsTrue() {
    return Parts.all()
        .filter(part -> part.kind() != Part.Kind.SCORE)
        .map(Part::name)
        .map(name -> DynamicTest.dynamicTest(name, () -> assertKept(name)))
        .toJavaStream();
  }

  private static void assertKept(String name) {
    Recipe recipe = Composition.of(name);
    assertEquals(List.empty(), broken(recipe, recipe.claims()));
  }

  /** What parts claim and a composition does not keep is wrong of it, but for what is listed. */
  @TestFactory
  Stream<DynamicTest> whatIsDroppedIsWrongOrCannotBeShown() {
    return Parts.all()
        .filter(part -> part.kind() != Part.Kind.SCORE)
        .toJavaStream()
        .map(
            part ->
                DynamicTest.dynamicTest(
                    part.name(), () -> assertEquals(List.empty(), unbroken(part))));
  }

  private static Seq<String> unbroken(Part<?> part) {
    Recipe recipe = Composition.of(part.name());
    Seq<Claim> dropped =
        PLAIN
            .filter(name -> Parts.named(name).get().kind() != part.kind() || !part.kind().single())
            .flatMap(name -> Parts.named(name).get().claims())
            .appendAll(part.claims())
            .filter(claim -> !recipe.claims().exists(kept -> kind(kept).equals(kind(claim))))
            .filter(claim -> !UNSHOWN.contains(part.name() + " " + kind(claim)))
            .filter(claim -> !(claim instanceof Claim.ClipRegion) || part.kind().single());
    return dropped
        .filter(claim -> broken(recipe, List.of(claim)).isEmpty())
        .map(KeptClaimsTest::kind);
  }

  private static String kind(Claim claim) {
    return claim.getClass().getSimpleName();
  }
}
