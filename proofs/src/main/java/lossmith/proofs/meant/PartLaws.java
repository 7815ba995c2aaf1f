package lossmith.proofs.meant;

import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import lossmith.dsl.Columns;
import lossmith.dsl.Graph;
import lossmith.dsl.Level;
import lossmith.dsl.Node;
import lossmith.dsl.data.Samples;
import lossmith.dsl.print.Formula;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;

/** What laws of the parts of an objective are made with. */
public final class PartLaws {
  private PartLaws() {}

  /** A law of what an objective is presumed to be, and of which objectives it speaks. */
  public record Presumed(Law law, Predicate<Subject> speaks) {
    /** {@return one that speaks of some part} */
    public static Presumed ofPart(Law law, Predicate<PresumedRole> speaks) {
      return new Presumed(
          law, subject -> subject.presumed().exists(part -> speaks.test(part.presumed())));
    }
  }

  /** Where the summands of one role break a law. */
  @FunctionalInterface
  public interface Check {
    /** {@return where a part breaks the law on a case} */
    Seq<Violation> of(Isolated part, Trial trial, double tolerance);
  }

  /** {@return a law of the parts of which it speaks, on cases of some kinds} */
  public static Presumed law(
      String name,
      String statement,
      String formula,
      double tolerance,
      String reason,
      Predicate<PresumedRole> speaks,
      Check check,
      Trial.Kind... kinds) {
    Law law =
        new Law(
                name,
                statement,
                formula,
                tolerance,
                reason,
                (subject, trial, allowed) ->
                    subject
                        .presumed()
                        .filter(part -> speaks.test(part.presumed()))
                        .flatMap(part -> check.of(part, trial, allowed)))
            .on(kinds);
    return Presumed.ofPart(law, speaks);
  }

  /** {@return what a part does at an element, in words} */
  public static Violation at(Isolated part, String what, int element, Object value) {
    return new Violation.Fact(
        part.presumed().part() + ": " + what + "[" + element + "] is " + value);
  }

  /** {@return the case with other samples} */
  public static Trial with(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  /** {@return the case with a column changed, where there is such a column} */
  public static Trial changed(Trial trial, String column, DoubleUnaryOperator change) {
    Samples samples = trial.samples();
    return samples
        .column(column)
        .map(
            values ->
                with(
                    trial,
                    samples.with(
                        column,
                        samples.level(column).get(),
                        Arrays.stream(values).map(change).toArray())))
        .getOrElse(trial);
  }

  /** {@return the case with one value of a column moved} */
  public static Trial moved(Trial trial, String column, int element, double by) {
    Samples samples = trial.samples();
    double[] values = samples.column(column).get().clone();
    values[element] += by;
    return with(trial, samples.with(column, samples.level(column).get(), values));
  }

  /** {@return the case with every parameter of a part at its default} */
  public static Trial usual(Isolated part, Trial trial) {
    Map<String, Double> defaults =
        Graph.parameters(List.of(part.presumed().whole()))
            .foldLeft(trial.parameters(), (all, p) -> all.put(p.name(), p.range().initial()));
    return new Trial(trial.seed(), trial.kind(), trial.samples(), defaults);
  }

  /** {@return the case in which those that sampled are the policy} */
  public static Trial onPolicy(Trial trial) {
    Samples samples = trial.samples();
    double[] logProb = samples.column(Columns.LOG_PROB).get();
    for (String other : List.of(Columns.OLD_LOG_PROB, Columns.ROLLOUT_LOG_PROB)) {
      samples = samples.with(other, Level.Name.TOKEN, logProb);
    }
    return with(trial, samples);
  }

  /** {@return the case in which every other policy is the policy itself} */
  public static Trial onePolicy(Trial trial) {
    Trial on = onPolicy(trial);
    Samples samples = on.samples();
    return samples.level(Columns.REFERENCE_LOG_PROB).contains(Level.Name.TOKEN)
        ? with(
            on,
            samples.with(
                Columns.REFERENCE_LOG_PROB,
                Level.Name.TOKEN,
                samples.column(Columns.LOG_PROB).get()))
        : on;
  }

  /** {@return the sum over the tokens of each response} */
  public static double[] perResponse(Trial trial, double[] tokens) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] sums = new double[trial.samples().size(Level.Name.SEQUENCE)];
    for (int t = 0; t < tokens.length; t++) {
      sums[of[t]] += tokens[t];
    }
    return sums;
  }

  /** {@return a term as a finding shows it, on one line} */
  public static String text(Node term) {
    return Formula.unicode(term).strip().replaceAll("\\s+", " ");
  }
}
