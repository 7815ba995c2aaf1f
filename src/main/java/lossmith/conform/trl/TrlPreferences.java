package lossmith.conform.trl;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Axis.VOCABULARY_ENTRY;
import static lossmith.dsl.Over.ALL_TOKENS;
import static lossmith.dsl.Over.VOCABULARY;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.entropy;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.logPi;
import static lossmith.dsl.Terms.ofSampled;
import static lossmith.dsl.Terms.sign;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenConfig;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Over;
import lossmith.dsl.Problem;
import lossmith.dsl.bind.BoundLoss;
import lossmith.dsl.bind.Surface;
import lossmith.recipes.preference.PairScore;
import lossmith.recipes.trl.TrlDpo;
import lossmith.recipes.trl.TrlScore;

/**
 * TRL's DPO from log-probabilities or logits: as in its batches the first half of the rows are the
 * chosen responses, the second half the rejected ones, in the same order.
 */
public final class TrlPreferences {
  private static final String RAW = "raw_logits";

  private TrlPreferences() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("trl.dpo_loss", GoldenFunction.of(TrlPreferences::dpo));
  }

  private static Computation dpo(GoldenCase given) {
    PaddedBatch batch = batch(given);
    if (!given.has("logits")) {
      return Computation.on(batch.tokens(Columns.LOG_PROB, given.input("log_prob")))
          .loss(loss(given.config()).loss())
          .gradient("log_prob", Columns.LOG_PROB);
    }
    NumberArray logits = given.input("logits");
    PaddedBatch whole =
        batch
            .grid(BoundLoss.LOGITS, logits)
            .grid(RAW, logits)
            .sampled(given.input("completion_ids"));
    Detached<Token> best = ofSampled(logPi().stopGradient().rank(VOCABULARY));
    Detached<Token> right = best.atMost(constant(0, TOKEN)).indicator();
    Detached<Token> mean = given(RAW, VOCABULARY_ENTRY).mean(VOCABULARY);
    return Computation.on(whole, Surface.LOGITS)
        .loss(loss(given.config()).loss())
        .gradient("logits", BoundLoss.LOGITS)
        .metric("entropy", entropy().stopGradient().mean(ALL_TOKENS))
        .metric("mean_token_accuracy", right.mean(chosen()))
        .metric("logits/chosen", mean.mean(chosen()))
        .metric("logits/rejected", mean.mean(ALL_TOKENS.where(sign().per(TOKEN).negative())));
  }

  private static Over<Token, Batch> chosen() {
    return ALL_TOKENS.where(sign().per(TOKEN).positive());
  }

  private static PaddedBatch batch(GoldenCase given) {
    NumberArray mask = given.input("response_mask");
    int rows = mask.length(0);
    if (rows % 2 != 0) {
      throw Problem.of(
              "shape",
              rows + " responses",
              "as many chosen ones as rejected ones",
              "the chosen responses, then the rejected ones")
          .exception();
    }
    double[] pair = new double[rows];
    double[] sign = new double[rows];
    Arrays.setAll(pair, row -> row % (rows / 2));
    Arrays.setAll(sign, row -> row < rows / 2 ? 1 : -1);
    return PaddedBatch.masked(mask)
        .grouped(NumberArray.of(pair, rows))
        .sequences(Columns.SIGN, NumberArray.of(sign, rows))
        .tokens(Columns.REFERENCE_LOG_PROB, given.input("ref_log_prob"));
  }

  private static TrlDpo loss(GoldenConfig config) {
    Seq<String> types = config.textOrTexts("loss_type");
    Seq<Double> weights =
        config.numbers("loss_weights").isEmpty()
            ? List.fill(types.size(), 1.0)
            : config.numbers("loss_weights", types.size());
    Map<String, Double> settings =
        LinkedHashMap.of(
            "beta", config.optionalNumber("beta").getOrElse(0.1),
            "label_smoothing", config.optionalNumber("label_smoothing").getOrElse(0.0),
            "tau", config.optionalNumber("discopop_tau").getOrElse(0.05));
    return new TrlDpo(
        types.zipWith(weights, TrlDpo.Weighed::new),
        score(config),
        settings,
        config.optionalNumber("ld_alpha"),
        config.flag("use_weighting"));
  }

  private static PairScore score(GoldenConfig config) {
    String divergence = config.optionalText("f_divergence_type").getOrElse("reverse_kl");
    return switch (divergence) {
      case "reverse_kl" -> TrlScore.reverse();
      case "forward_kl" -> TrlScore.forward();
      case "js_divergence" -> TrlScore.jensenShannon();
      case "alpha_divergence" ->
          TrlScore.power(config.optionalNumber("f_alpha_divergence_coef").getOrElse(0.5));
      default ->
          throw Problem.of(
                  "f_divergence_type",
                  divergence,
                  "reverse_kl, forward_kl, js_divergence or alpha_divergence",
                  "one of them")
              .exception();
    };
  }
}
