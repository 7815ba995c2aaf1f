package lossmith.proofs.museum;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Loss;
import lossmith.proofs.stated.Statement;
import lossmith.recipes.Claim;

/** What stops a mistake. */
public sealed interface Caught {
  /**
   * A law that the wrong objective breaks and the mended one keeps.
   *
   * @param law its name
   * @param wrong the wrong objective
   * @param mended the same without the mistake
   * @param claims what its author meant it to be
   * @param statement the same in plain numbers, where the claim is a formula
   */
  record ByLaw(String law, Loss wrong, Loss mended, Seq<Claim> claims, Option<Statement> statement)
      implements Caught {}

  /**
   * The types: the wrong program does not compile, the mended one does.
   *
   * @param wrong an expression in the words of the term language
   * @param mended the same without the mistake
   * @param message part of the compiler's error
   */
  record ByTypes(String wrong, String mended, String message) implements Caught {}

  /** {@return a mistake that a law of every objective stops} */
  static Caught law(String law, Loss wrong, Loss mended) {
    return new ByLaw(law, wrong, mended, List.empty(), Option.none());
  }

  /** {@return a mistake that the law of a claim stops} */
  static Caught claim(String law, Claim claim, Loss wrong, Loss mended) {
    return new ByLaw(law, wrong, mended, List.of(claim), Option.none());
  }

  /** {@return a mistake that shows beside the formula in plain numbers} */
  static Caught stated(Statement statement, Loss wrong, Loss mended) {
    return new ByLaw("stated", wrong, mended, List.empty(), Option.some(statement));
  }
}
