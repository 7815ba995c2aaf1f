package lossmith.conform.verl;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Axis;
import lossmith.dsl.Columns;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Problem;
import lossmith.dsl.Term;
import lossmith.dsl.Terms;
import lossmith.dsl.bind.Surface;
import lossmith.recipes.control.AdaptiveKl;
import lossmith.recipes.critic.ClippedValueLoss;
import lossmith.recipes.verl.VerlAggregation;
import lossmith.recipes.verl.VerlKl;
import lossmith.recipes.verl.VerlSettings;

/** verl's KL terms, entropy and value loss, and how it aggregates them. */
public final class VerlRegularisers {
  private static final String OLD_VALUE = "old_value";
  private static final String RETURN = "return";

  private VerlRegularisers() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of(
        "verl.kl_penalty",
        VerlRegularisers::kl,
        "verl.compute_rewards",
        GoldenFunction.of(VerlRegularisers::penalisedRewards),
        "verl.adaptive_kl_controller",
        (given, meaning) -> adaptiveKl(given),
        "verl.entropy_loss",
        VerlRegularisers::entropy,
        "verl.value_loss",
        GoldenFunction.of(VerlRegularisers::value),
        "verl.agg_loss",
        GoldenFunction.of(VerlRegularisers::aggregated));
  }

  private static ComputedFields kl(GoldenCase given, Meaning meaning) {
    PaddedBatch batch = VerlPolicyLosses.batch(given);
    String name = given.config().text("kl_penalty");
    Term<Token> kl =
        VerlKl.of(name, Terms.referenceLogProb()).getOrElseThrow(() -> unknown("kl_penalty", name));
    ComputedFields loss =
        Computation.on(batch)
            .loss(Terms.minimise(aggregation(given, batch).of(kl)))
            .gradient("log_prob", Columns.LOG_PROB)
            .outcome(meaning);
    return loss.and(Computation.on(batch.whole()).output("kl", kl).outcome(meaning));
  }

  private static Computation penalisedRewards(GoldenCase given) {
    NumberArray scores = given.input("token_level_scores");
    PaddedBatch batch =
        PaddedBatch.whole(scores.length(0), scores.length(1))
            .tokens(Columns.TOKEN_REWARD, scores)
            .tokens(Columns.OLD_LOG_PROB, given.input("old_log_prob"))
            .tokens(Columns.REFERENCE_LOG_PROB, given.input("ref_log_prob"));
    Detached<Token> kl =
        Terms.given(Columns.OLD_LOG_PROB, Axis.TOKEN).minus(Terms.referenceLogProb());
    return Computation.on(batch)
        .output(
            "token_level_rewards",
            Terms.given(Columns.TOKEN_REWARD, Axis.TOKEN)
                .minus(kl.scaledBy(given.config().number("kl_ratio"))));
  }

  private static ComputedFields adaptiveKl(GoldenCase given) {
    var controller =
        new AdaptiveKl(given.config().number("target_kl"), given.config().number("horizon"));
    double[] coefficients = new double[given.input("current_kl").size()];
    double coefficient = given.config().number("init_kl_coef");
    for (int i = 0; i < coefficients.length; i++) {
      double divergence = given.input("current_kl").get(i);
      coefficient = controller.next(coefficient, divergence, given.input("n_steps").get(i));
      coefficients[i] = coefficient;
    }
    return ComputedFields.NONE.output(
        "coef_after_update", NumberArray.of(coefficients, coefficients.length));
  }

  private static ComputedFields entropy(GoldenCase given, Meaning meaning) {
    NumberArray mask = given.input("response_mask");
    PaddedBatch batch =
        PaddedBatch.masked(mask).grid("logits", given.input("logits")).sampled(mask.scaledBy(0));
    Term<Batch> loss = aggregation(given, batch).of(Terms.entropy());
    ComputedFields masked =
        Computation.on(batch, Surface.LOGITS)
            .loss(Terms.minimise(loss))
            .gradient("logits", "logits")
            .outcome(meaning);
    return masked.and(
        Computation.on(batch.whole(), Surface.LOGITS)
            .output("entropy", Terms.entropy())
            .outcome(meaning));
  }

  private static Computation value(GoldenCase given) {
    PaddedBatch batch =
        PaddedBatch.masked(given.input("response_mask"))
            .tokens(Columns.VALUE, given.input("vpreds"))
            .tokens(OLD_VALUE, given.input("values"))
            .tokens(RETURN, given.input("returns"));
    var loss =
        new ClippedValueLoss(
            Terms.given(OLD_VALUE, Axis.TOKEN),
            Terms.given(RETURN, Axis.TOKEN),
            given.config().number("cliprange_value"));
    VerlAggregation aggregation = aggregation(given, batch);
    return Computation.on(batch)
        .loss(Terms.minimise(aggregation.of(loss.perToken())).training(Columns.VALUE))
        .gradient("vpreds", Columns.VALUE)
        .metric("vf_clipfrac", aggregation.mean(loss.clips().indicator()));
  }

  /** Any number per token does for the loss of a token; the value head's is one with a gradient. */
  private static Computation aggregated(GoldenCase given) {
    PaddedBatch batch =
        PaddedBatch.masked(given.input("response_mask"))
            .tokens(Columns.VALUE, given.input("loss_mat"));
    Term<Batch> loss = aggregation(given, batch).of(Terms.value());
    return Computation.on(batch)
        .loss(Terms.minimise(loss).training(Columns.VALUE))
        .gradient("loss_mat", Columns.VALUE);
  }

  private static VerlAggregation aggregation(GoldenCase given, PaddedBatch batch) {
    VerlSettings settings = VerlPolicyLosses.settings(given, batch);
    Option<String> mode = settings.text("loss_agg_mode");
    return VerlAggregation.of(settings)
        .getOrElseThrow(() -> unknown("loss_agg_mode", String.valueOf(mode.getOrNull())));
  }

  private static RuntimeException unknown(String setting, String value) {
    return Problem.of(setting, value, "a name that verl knows", "such a case").exception();
  }
}
