package lossmith.proofs;

import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.DomainContextBase;

/**
 * What jqwik draws for proofs: {@code @Domain(ProofDomain.class)} on a property gives it cases
 * ({@link Draw}) and objectives that nobody wrote ({@link RandomObjective}).
 */
public final class ProofDomain extends DomainContextBase {
  /** jqwik makes it. */
  public ProofDomain() {}

  /** Cases of every kind alike; smaller seeds are simpler only in that they are shorter to type. */
  @Provide
  Arbitrary<Draw> draws() {
    return Arbitraries.longs().map(Draw::new);
  }

  /** Objectives of statistics and, as often, of the whole vocabulary. */
  @Provide
  Arbitrary<RandomObjective> objectives() {
    return Arbitraries.longs()
        .map(
            seed -> {
              boolean vocabulary = Math.floorMod(seed, 2) == 0;
              RandomTerms terms = new RandomTerms(new Random(seed), vocabulary);
              return new RandomObjective(seed, terms.objective());
            });
  }
}
