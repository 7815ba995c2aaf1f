package lossmith.conform;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.FieldResult;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.Total;
import lossmith.dsl.Nearest;
import lossmith.dsl.Problem;
import lossmith.dsl.ProblemException;

/**
 * A case with everything that was compared in it.
 *
 * @param subject the case
 * @param findings one per field that the case expects
 */
public record CaseResult(GoldenCase subject, Seq<FieldResult> findings) {
  /** {@return whether every field agrees} */
  public boolean passes() {
    return findings.forAll(FieldResult::holds);
  }

  /**
   * {@return the comparison of a case; a function that is not known, or that cannot be computed on
   * this case, does not agree}
   *
   * @param given the case
   * @param meaning what gives terms their numbers
   */
  public static CaseResult of(GoldenCase given, Meaning meaning) {
    Option<GoldenFunction> function = GoldenFunctions.named(given.function());
    if (function.isEmpty()) {
      String meant = Nearest.to(given.function(), GoldenFunctions.names());
      return failed(given, "the function " + given.function() + " is not known" + meant);
    }
    try {
      return of(given, function.get().outcome(given, meaning));
    } catch (ProblemException e) {
      return failed(given, e.problems().map(Problem::toString).mkString("; "));
    } catch (RuntimeException e) {
      // A defect in one function must not hide what the other cases show.
      return failed(given, "cannot be computed on these inputs: " + e.getMessage());
    }
  }

  private static CaseResult failed(GoldenCase given, String why) {
    return new CaseResult(given, List.of(FieldResult.wrong("case", why)));
  }

  private static CaseResult of(GoldenCase given, ComputedFields outcome) {
    Seq<FieldResult> loss =
        given.loss().toList().map(expected -> number("loss", outcome.loss(), expected));
    Seq<FieldResult> metrics =
        given
            .metrics()
            .toList()
            .map(
                metric ->
                    number("metrics." + metric._1, outcome.metrics().get(metric._1), metric._2));
    return new CaseResult(
        given,
        loss.appendAll(
                arrays("grads.", outcome.gradients(), LinkedHashMap.empty(), given.gradients()))
            .appendAll(metrics)
            .appendAll(arrays("outputs.", outcome.outputs(), outcome.added(), given.outputs())));
  }

  private static FieldResult number(String field, Option<Total> got, double expected) {
    return got.map(number -> FieldResult.of(field, number, expected))
        .getOrElse(() -> FieldResult.wrong(field, "is not computed"));
  }

  private static Seq<FieldResult> arrays(
      String kind,
      Map<String, NumberArray> got,
      Map<String, Double> added,
      Map<String, NumberArray> expected) {
    return expected
        .toList()
        .map(
            one ->
                got.get(one._1)
                    .map(
                        array ->
                            FieldResult.of(
                                kind + one._1, array, one._2, added.getOrElse(one._1, 0.0)))
                    .getOrElse(() -> FieldResult.wrong(kind + one._1, "is not computed")));
  }
}
