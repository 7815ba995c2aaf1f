package lossmith.proofs;

import io.vavr.collection.Seq;
import lossmith.dsl.data.Samples;

/**
 * A law that an objective breaks, with the smallest case found.
 *
 * @param law the law
 * @param subject the objective's name
 * @param seed what reproduces the case
 * @param kind what sort of data
 * @param samples the case, with as few sequences as still break the law
 * @param violations where both sides differ
 */
public record Finding(
    Law law,
    String subject,
    long seed,
    Trial.Kind kind,
    Samples samples,
    Seq<Violation> violations) {
  @Override
  public String toString() {
    return subject
        + " breaks "
        + law.name()
        + ": "
        + law.statement()
        + " ("
        + law.formula()
        + ")\n  seed "
        + seed
        + ", "
        + kind
        + ", "
        + samples.tokens()
        + " tokens\n  "
        + violations.take(5).mkString("\n  ");
  }
}
