package lossmith.proofs;

import io.vavr.collection.HashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.dsl.Range;
import lossmith.dsl.data.Samples;
import lossmith.proofs.law.Laws;
import lossmith.proofs.stated.Statement;
import lossmith.proofs.subject.Narrowing;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.trial.Draw;
import lossmith.proofs.trial.ProofDomain;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;

/**
 * The battery as a suite: a test class that implements {@link #subject()} holds its loss to every
 * law on cases that jqwik draws; it prints the seed that reproduces a failure. {@code
 * jqwik.tries.default} says how many.
 */
public interface ObjectiveProperties {
  /** {@return the objective under proof} */
  Loss subject();

  /** {@return what it is meant to be beyond what is true of every objective} */
  default Seq<Claim> claims() {
    return List.empty();
  }

  /** {@return the same objective as loops over plain numbers, if there is one} */
  default Option<Statement> statement() {
    return Option.none();
  }

  /** {@return the parameters, by name, that are drawn from less than their range} */
  default Map<String, Range> ranges() {
    return HashMap.empty();
  }

  /**
   * {@return a batch that is an input of this objective, such as with other rewards, or with own
   * columns in a narrower range; where rounding decides something in each of many draws, the case
   * is left out, and jqwik tells how many were}
   *
   * @param drawn a batch as it is drawn, without the policy's statistics
   */
  default Samples batch(Samples drawn) {
    return drawn;
  }

  /** {@return whether a kind of data is an input of this objective; narrow it with a reason} */
  default boolean tries(Trial.Kind kind) {
    return true;
  }

  /** Every law of every objective, and those of the claims. */
  @Property
  @Domain(ProofDomain.class)
  default void everyLawHolds(@ForAll Draw draw) {
    Subject subject =
        Store.getOrCreate(
                getClass(),
                Lifespan.RUN,
                () ->
                    new Subject(
                        getClass().getSimpleName(),
                        subject(),
                        claims(),
                        statement(),
                        new Narrowing(ranges(), this::batch)))
            .get();
    if (tries(draw.kind())) {
      Proof proof = Prover.prove(subject, Laws.of(subject), 1, draw.seed());
      Assume.that(proof.draws().drawn() > 0); // jqwik fails where it must leave out too many
      if (!proof.holds()) {
        throw new AssertionError(proof.toString());
      }
    }
  }
}
