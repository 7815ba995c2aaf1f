package lossmith.proofs.mutation;

import io.vavr.control.Either;
import io.vavr.control.Option;
import java.util.function.Supplier;
import lossmith.dsl.Loss;
import lossmith.dsl.Node;
import lossmith.dsl.ProblemException;
import lossmith.dsl.print.Formula;
import lossmith.proofs.subject.Symbols;

/**
 * An objective with one thing wrong.
 *
 * @param original the objective, equal terms shared
 * @param change what was changed, such as {@code min → max}
 * @param site the changed term, as it was
 * @param other the node in its place, if the types allow it
 * @param loss the wrong objective, or why the types refuse it
 */
public record Mutant(
    Loss original,
    String change,
    Node site,
    Option<Node> other,
    Either<ProblemException, Loss> loss) {
  /** A loss with another term in the place of one of its own. */
  public static Mutant of(Loss loss, String change, Node site, Supplier<Node> other) {
    try {
      Node instead = other.get();
      Loss wrong = loss.rewritten(root -> Symbols.replaced(root, site, instead));
      return new Mutant(loss, change, site, Option.some(instead), Either.right(wrong));
    } catch (ProblemException refused) {
      return new Mutant(loss, change, site, Option.none(), Either.left(refused));
    }
  }

  @Override
  public String toString() {
    return change + " at " + Formula.line(site);
  }
}
