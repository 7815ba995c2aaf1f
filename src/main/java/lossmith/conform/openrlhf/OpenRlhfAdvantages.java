package lossmith.conform.openrlhf;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenConfig;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Clip;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Problem;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.advantage.Whitening;

/**
 * OpenRLHF's advantages ({@code experience_maker.py}): rewards of responses relative to their
 * group, at the last token in addition to −coef · KL of each token, as returns or GAE, then
 * whitened. Only {@code gae} and {@code reinforce} discount, and a coefficient below 0 counts as 0.
 * Every slot is a token, as what is whitened is not masked again.
 */
public final class OpenRlhfAdvantages {
  private static final String MASK = "response_mask";

  /** The same as a number per token, whose zeros exist: a column of the batch. */
  private static final String OWN_MASK = "token_mask";

  private static final double EPSILON = 1e-9;

  private OpenRlhfAdvantages() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("openrlhf.advantage", GoldenFunction.of(OpenRlhfAdvantages::advantage));
  }

  private static Computation advantage(GoldenCase given) {
    GoldenConfig config = given.config();
    String estimator = config.text("estimator");
    boolean values = given.has("values");
    PaddedBatch batch =
        PaddedBatch.masked(given.input(MASK))
            .whole()
            .grouped(given.input("uid"))
            .tokens(OWN_MASK, given.input(MASK))
            .tokens("kl", given.input("kl"))
            .sequences(Columns.REWARD, given.input("rewards"));
    batch = values ? batch.tokens(Columns.VALUE, given.input("values")) : batch;
    Condition<Token> acts = given(OWN_MASK, TOKEN).positive();
    Detached<Token> zero = constant(0, TOKEN);
    Detached<Token> reward = select(acts, tokenReward(config, estimator, acts), zero);
    boolean discounts = estimator.equals("gae") || estimator.equals("reinforce");
    double gamma = discounts ? config.number("gamma") : 1;
    Computation trial = Computation.on(batch);
    if (estimator.equals("gae")) {
      Detached<Token> value = select(acts, given(Columns.VALUE, TOKEN), zero);
      Detached<Token> advantage = Gae.of(reward, value, gamma, config.number("lambd"));
      return trial
          .output("advantages", whitened(advantage, acts, config))
          .output("returns", advantage.plus(value));
    }
    Detached<Token> returns = Returns.of(reward, gamma);
    boolean whitens = estimator.equals("reinforce") || estimator.equals("reinforce_baseline");
    return trial
        .output("advantages", whitens ? whitened(returns, acts, config) : returns)
        .output("returns", returns);
  }

  private static Detached<Token> whitened(
      Detached<Token> x, Condition<Token> acts, GoldenConfig config) {
    return config.flag("no_std_norm")
        ? x.minus(x.mean(lossmith.dsl.Over.ALL_TOKENS.where(acts)).per(TOKEN))
        : Whitening.biased(x, acts);
  }

  private static Detached<Token> tokenReward(
      GoldenConfig config, String estimator, Condition<Token> acts) {
    Detached<Sequence> shaped = shaped(estimator);
    Detached<Sequence> clamped =
        config.numbers("reward_clip_range").isEmpty() ? shaped : shaped.clip(range(config));
    Detached<Token> left = Returns.of(acts.indicator(), 1);
    Condition<Token> last = acts.and(left.atMost(constant(1, TOKEN)));
    Detached<Token> penalty =
        given("kl", TOKEN).scaledBy(-Math.max(config.number("init_kl_coef"), 0));
    return penalty.plus(select(last, clamped.per(TOKEN), constant(0, TOKEN)));
  }

  private static Clip range(GoldenConfig config) {
    Seq<Double> range = config.numbers("reward_clip_range", 2);
    return Clip.between(range.get(0), range.get(1));
  }

  private static Detached<Sequence> shaped(String estimator) {
    return switch (estimator) {
      case "gae", "reinforce" -> reward();
      case "rloo" -> LeaveOneOut.of(reward());
      case "reinforce_baseline", "dr_grpo" -> Centred.difference(reward());
      case "group_norm" ->
          Centred.difference(reward())
              .dividedBy(reward().std(SEQUENCES, 1).per(SEQUENCE).shiftedBy(EPSILON));
      default ->
          throw Problem.of(
                  "estimator",
                  estimator,
                  "gae, reinforce, reinforce_baseline, rloo, group_norm or dr_grpo",
                  "one of them")
              .exception();
    };
  }
}
