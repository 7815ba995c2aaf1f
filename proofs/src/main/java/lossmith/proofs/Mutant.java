package lossmith.proofs;

import io.vavr.control.Either;
import lossmith.dsl.Loss;
import lossmith.dsl.ProblemException;

/**
 * An objective with one thing wrong.
 *
 * @param change what was changed, such as {@code min → max}
 * @param where the changed term, as it was
 * @param loss the wrong objective, or why the types refuse it
 */
public record Mutant(String change, String where, Either<ProblemException, Loss> loss) {
  @Override
  public String toString() {
    return change + " at " + where.replaceAll("\\s*\\R\\s*", ", ");
  }
}
