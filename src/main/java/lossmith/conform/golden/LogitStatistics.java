package lossmith.conform.golden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Surface;

/**
 * The log-probability of the sampled token and the entropy from logits, as each system computes
 * them; the loss is their product with a cotangent, summed.
 */
public final class LogitStatistics {
  private static final String COTANGENT = "cotangent";

  private LogitStatistics() {}

  public static Map<String, GoldenFunction> functions() {
    GoldenFunction logProb = GoldenFunction.of(given -> trial(given, "log_prob", Terms.logProb()));
    GoldenFunction entropy = GoldenFunction.of(given -> trial(given, "entropy", Terms.entropy()));
    return LinkedHashMap.of(
        "verl.logprobs_from_logits",
        logProb,
        "openrlhf.log_probs_from_logits",
        logProb,
        "trl.selective_log_softmax",
        logProb,
        "trl.entropy_from_logits",
        entropy);
  }

  private static Computation trial(GoldenCase given, String name, Term<Token> statistic) {
    NumberArray cotangent = given.input(COTANGENT);
    NumberArray labels = given.has("labels") ? given.input("labels") : cotangent.scaledBy(0);
    PaddedBatch batch =
        PaddedBatch.whole(cotangent.length(0), cotangent.length(1))
            .tokens(COTANGENT, cotangent)
            .grid("logits", given.input("logits"))
            .sampled(labels);
    Term<Token> product = statistic.weightedBy(Terms.given(COTANGENT, Axis.TOKEN));
    return Computation.on(batch, Surface.LOGITS)
        .loss(Terms.minimise(product.sum(Over.ALL_TOKENS)))
        .gradient("logits", "logits")
        .output(name, statistic)
        .parameter(
            Columns.TEMPERATURE, given.config().optionalNumber("temperature").getOrElse(1.0));
  }
}
