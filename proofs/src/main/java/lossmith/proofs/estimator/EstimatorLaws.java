package lossmith.proofs.estimator;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Function;
import lossmith.proofs.role.PresumedRole;
import lossmith.proofs.subject.Isolated;
import lossmith.proofs.subject.Law;
import lossmith.proofs.subject.Subject;
import lossmith.proofs.subject.Violation;

/**
 * Whatever is nearly a named advantage estimator is one: it is compared with loops over plain
 * arrays on ordinary batches, and on those where rewards are tied or equal, a response is alone,
 * has no token or no reward, and tokens do not count. What is like nothing known is left alone.
 */
public final class EstimatorLaws {
  private static final Function<PresumedRole, Seq<EstimateReading>> READ =
      role -> role.estimates().flatMap(EstimateReader::of).distinct();

  private EstimatorLaws() {}

  /** {@return the law of what is made of the rewards of responses} */
  public static Law ofResponses() {
    return law(
        "response-estimate",
        "an advantage that is nearly a named estimator of the rewards of responses is that one,"
            + " under some convention: what is subtracted is the mean that it looks like, what it"
            + " is divided by the std, and rewards that are tied, equal or alone are no exception",
        "A ≈ (R − c)/s ⇒ A = (R − c)/s",
        false);
  }

  /** {@return the law of what is made of the rewards and values of tokens} */
  public static Law ofTokens() {
    return law(
        "token-estimate",
        "an advantage that is nearly a named estimator of the rewards and values of tokens is that"
            + " one, with its own γ and λ: each reward, each value and each discount is that of"
            + " its step",
        "A ≈ Σ_(u ≥ t) (γλ)^(u − t) δ_u ⇒ A = Σ_(u ≥ t) (γλ)^(u − t) δ_u",
        true);
  }

  private static Law law(String name, String statement, String formula, boolean ofTokens) {
    return new Law(
            name,
            statement,
            formula,
            1e-9,
            "another order of summation; what keeps a std from 0 in an unnamed way, 2e-3",
            (subject, trial, tolerance) ->
                subject
                    .presumed()
                    .filter(part -> speaks(part.presumed()))
                    .flatMap(
                        part ->
                            readings(part)
                                .filter(one -> !one.named() && one.ofTokens() == ofTokens)
                                .map(
                                    one ->
                                        new Violation.Fact(
                                            part.presumed().part()
                                                + ": the advantage reads "
                                                + one.words()))))
        .once();
  }

  /** {@return whether some part is a policy gradient with an advantage} */
  public static boolean speak(Subject subject) {
    return subject.presumed().exists(part -> speaks(part.presumed()));
  }

  private static boolean speaks(PresumedRole role) {
    return role.role().policyGradient() && role.estimates().nonEmpty();
  }

  /** {@return what the advantages of a part read as, a sentence each} */
  public static Seq<String> lines(Isolated part) {
    String head = part.presumed().part() + ": advantage reads as";
    return readings(part).isEmpty() && speaks(part.presumed())
        ? List.of(head + " none of the known estimators")
        : readings(part)
            .map(
                one ->
                    one.named()
                        ? head + ": " + one.words()
                        : head.substring(0, head.length() - 2) + one.words());
  }

  private static Seq<EstimateReading> readings(Isolated part) {
    return speaks(part.presumed()) ? part.answer(READ) : List.empty();
  }
}
