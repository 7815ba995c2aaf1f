package lossmith.proofs.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import lossmith.proofs.mutation.DrawnMistake.Outcome;
import lossmith.recipes.catalogue.Recipes;
import org.junit.jupiter.api.Test;

/**
 * Of mutants of which nobody claims or states anything most are noticed by what is presumed. {@code
 * lossmith.unclaimed} says of how many one is tried, in each recipe another; 1 is all of them,
 * which takes ten minutes.
 */
final class UnclaimedMutantsTest {
  private static final int EVERY = Integer.getInteger("lossmith.unclaimed", 60);

  /** Of a hundred or so; of all of them it is more, what is missed is peculiar to one objective. */
  private static final double SHARE = 0.75;

  @Test
  void whatIsPresumedNoticesMutants() {
    Seq<UnclaimedMutant> all =
        Recipes.all()
            .zipWithIndex()
            .toJavaParallelStream()
            .flatMap(recipe -> UnclaimedMutant.of(recipe._1, EVERY, recipe._2).toJavaStream())
            .collect(List.collector());
    all.filter(one -> one.outcome() != Outcome.CAUGHT).forEach(System.out::println);
    assertTrue(all.size() >= Recipes.all().size(), all::toString);
    assertTrue(UnclaimedMutant.share(all) >= SHARE, () -> "only " + UnclaimedMutant.share(all));
  }
}
