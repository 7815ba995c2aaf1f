package lossmith.proofs.law;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.collection.Set;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Predicate;
import lossmith.dsl.Level;
import lossmith.dsl.data.Samples;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;
import lossmith.proofs.trial.Trial;
import lossmith.recipes.Claim;

/**
 * The laws that a role brings: what the objectives of a kind share, held by default of every loss
 * that reads as one of them.
 */
final class RoleLaws {
  private RoleLaws() {}

  /** A law of the summands that have a role, and of which roles it speaks. */
  record Presumed(Law law, Predicate<PresumedRole> speaks) {}

  /** Where the summands of one role break a law. */
  @FunctionalInterface
  interface Check {
    Seq<Violation> of(Isolated part, Trial trial, double tolerance);
  }

  /** All of them. */
  static Seq<Presumed> all() {
    return List.of(
        new Presumed(ObjectiveLaws.complete(), role -> true),
        StepLaws.size(),
        StepLaws.sampler(),
        StepLaws.weight(),
        StepLaws.reward(),
        ShapingLaws.length(),
        PullLaws.entropy(),
        PullLaws.reference(),
        PullLaws.coefficient(),
        CriticLaws.minimum(),
        CriticLaws.scaled(),
        CriticLaws.shifted(),
        PairLaws.order(),
        PairLaws.logRatio());
  }

  /** Those that speak of some part of an objective, and that it does not deviate from. */
  static Seq<Law> of(Subject subject) {
    Set<String> without = subject.deviations().map(Claim.Deviates::law).toSet();
    return speaking(subject).filter(law -> !without.contains(law.name()));
  }

  /** Those that speak of some part of an objective. */
  static Seq<Law> speaking(Subject subject) {
    return all()
        .filter(law -> subject.presumed().exists(part -> law.speaks.test(part.presumed())))
        .map(Presumed::law);
  }

  static Presumed law(
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
    return new Presumed(law, speaks);
  }

  /** What a part does at an element, in words. */
  static Violation at(Isolated part, String what, int element, Object value) {
    return new Violation.Fact(
        part.presumed().part() + ": " + what + "[" + element + "] is " + value);
  }

  /** The case with other samples. */
  static Trial with(Trial trial, Samples samples) {
    return new Trial(trial.seed(), trial.kind(), samples, trial.parameters());
  }

  /** The case with a column changed, where there is such a column. */
  static Trial changed(Trial trial, String column, DoubleUnaryOperator change) {
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

  /** Column values with one of them moved. */
  static Trial moved(Trial trial, String column, int element, double by) {
    Samples samples = trial.samples();
    double[] values = samples.column(column).get().clone();
    values[element] += by;
    return with(trial, samples.with(column, samples.level(column).get(), values));
  }

  /** The sum over the tokens of each response. */
  static double[] perResponse(Trial trial, double[] tokens) {
    int[] of = trial.samples().parents(Level.Name.TOKEN, Level.Name.SEQUENCE);
    double[] sums = new double[trial.samples().size(Level.Name.SEQUENCE)];
    for (int t = 0; t < tokens.length; t++) {
      sums[of[t]] += tokens[t];
    }
    return sums;
  }
}
