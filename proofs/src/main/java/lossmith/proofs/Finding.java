package lossmith.proofs;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import java.util.regex.Pattern;
import lossmith.dsl.Columns;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/**
 * A law that an objective breaks, with the smallest case found.
 *
 * @param law the law
 * @param subject the objective's name
 * @param seed what reproduces the case
 * @param kind what sort of data
 * @param samples the case, with as few sequences as still break the law
 * @param violations where both sides differ
 * @param own the columns that were drawn for this objective alone
 * @param cause what term likely breaks it, in one sentence, if that shows
 * @param remedy what mostly mends it
 * @param folded the laws that are broken by the same cause
 */
public record Finding(
    Law law,
    String subject,
    long seed,
    Trial.Kind kind,
    Samples samples,
    Seq<Violation> violations,
    Seq<String> own,
    Option<String> cause,
    Option<String> remedy,
    Seq<String> folded) {
  private static final int SHOWN = 3;

  /** Lines that differ in these alone say the same of another place. */
  private static final Pattern DIGITS = Pattern.compile("[-\\d.E]");

  /** A finding outlives its subject, so that nothing of it may be left to compute. */
  public Finding {
    violations = violations.toList();
  }

  /** {@return this finding, with those that have its cause folded under it} */
  Finding folding(Seq<Finding> same) {
    return new Finding(
        law,
        subject,
        seed,
        kind,
        samples,
        violations,
        own,
        cause,
        remedy,
        same.map(other -> other.law().name()));
  }

  /** The smallest batch: the numbers that are read most and the objective's own, by response. */
  private String batch() {
    int[] of = samples.parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    int[] groups = samples.parents(Level.Name.SEQUENCE, Level.Name.GROUP);
    Seq<String> shown =
        List.of(Columns.REWARD, Columns.LOG_PROB, Columns.OLD_LOG_PROB)
            .appendAll(own)
            .filter(samples.columns()::contains)
            .distinct();
    return "\n  the smallest batch that breaks it, of "
        + samples.tokens()
        + " tokens (--seed "
        + seed
        + " --cases 1 draws it):"
        + List.range(0, samples.size(Level.Name.SEQUENCE))
            .map(
                s ->
                    "\n    prompt "
                        + groups[s]
                        + shown
                            .map(column -> ", " + column + " " + numbers(column, s, of))
                            .mkString())
            .mkString();
  }

  /** The numbers of a column that belong to a response. */
  private String numbers(String column, int sequence, int[] of) {
    double[] values = samples.column(column).get();
    Level.Name level = samples.level(column).get();
    return level == Level.Name.TOKEN
        ? List.range(0, of.length)
            .filter(t -> of[t] == sequence)
            .map(t -> digits(values[t]))
            .mkString("[", ", ", "]")
        : digits(values[samples.parent(Level.Name.SEQUENCE, sequence, level)]);
  }

  private static String digits(double x) {
    return String.format(java.util.Locale.ROOT, "%.4g", x);
  }

  @Override
  public String toString() {
    return subject
        + " breaks "
        + law.name()
        + ": "
        + law.statement()
        + cause.map(why -> "\n  likely because " + why).getOrElse("")
        + remedy
            .filter(what -> cause.forAll(why -> !why.contains(" write ")))
            .map(what -> "\n  to mend it: " + what)
            .getOrElse("")
        + violations
            .map(violation -> ShownNumbers.in(violation.toString()))
            .distinctBy(line -> DIGITS.matcher(line).replaceAll(""))
            .take(SHOWN)
            .map(line -> "\n  " + line)
            .mkString()
        + (law.scope() == Law.Scope.CASE ? batch() : "")
        + (folded.isEmpty() ? "" : "\n  broken by the same cause: " + folded.mkString(", "));
  }
}
