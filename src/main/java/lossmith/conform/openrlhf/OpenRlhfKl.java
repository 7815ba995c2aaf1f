package lossmith.conform.openrlhf;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.KlEstimator;

/** OpenRLHF's estimates of the KL to a reference, each clamped to ±10. */
public final class OpenRlhfKl {
  private OpenRlhfKl() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("openrlhf.approx_kl", OpenRlhfKl::estimate);
  }

  private static ComputedFields estimate(GoldenCase given, Meaning meaning) {
    PaddedBatch batch =
        PaddedBatch.masked(given.input("response_mask"))
            .tokens(Columns.LOG_PROB, given.input("log_prob"))
            .tokens(Columns.REFERENCE_LOG_PROB, given.input("ref_log_prob"));
    Term<Token> kl =
        estimator(given.config().text("kl_estimator"))
            .of(Terms.referenceLogProb(), Conventions.paper())
            .clip(Clip.between(-10, 10));
    ComputedFields loss =
        Computation.on(batch)
            .loss(Terms.minimise(kl.mean(Over.ALL_TOKENS)))
            .gradient("log_prob", Columns.LOG_PROB)
            .outcome(meaning);
    return loss.and(Computation.on(batch.whole()).output("kl", kl).outcome(meaning));
  }

  private static KlEstimator estimator(String name) {
    return switch (name) {
      case "k1" -> KlEstimator.K1;
      case "k2" -> KlEstimator.K2;
      case "k3" -> KlEstimator.K3;
      default -> throw Problem.of("kl_estimator", name, "k1, k2 or k3", "one of them").exception();
    };
  }
}
