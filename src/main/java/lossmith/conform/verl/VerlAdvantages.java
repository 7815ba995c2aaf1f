package lossmith.conform.verl;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.position;
import static lossmith.dsl.Terms.reward;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.function.BiFunction;
import lossmith.conform.golden.Computation;
import lossmith.conform.golden.ComputedFields;
import lossmith.conform.golden.GoldenCase;
import lossmith.conform.golden.GoldenConfig;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.Meaning;
import lossmith.conform.golden.NumberArray;
import lossmith.conform.golden.PaddedBatch;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Level.Token;
import lossmith.recipes.advantage.Alone;
import lossmith.recipes.advantage.Centred;
import lossmith.recipes.advantage.Gae;
import lossmith.recipes.advantage.GpgAdvantage;
import lossmith.recipes.advantage.LeaveOneOut;
import lossmith.recipes.advantage.Opo;
import lossmith.recipes.advantage.OptimalTokenBaseline;
import lossmith.recipes.advantage.PassAtK;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.advantage.Whitening;

/** verl's advantage estimators ({@code core_algos.py}). */
public final class VerlAdvantages {
  private static final String REWARDS = "token_level_rewards";
  private static final String MASK = "response_mask";

  /** The same as a number per token, whose zeros exist: a column of the batch. */
  private static final String OWN_MASK = "token_mask";

  private static final String SLOT = "slot";
  private static final String SUM_PI_SQUARED = "old_sum_pi_squared";
  private static final String IMPORTANCE_WEIGHT = "importance_weight";

  private VerlAdvantages() {}

  public static Map<String, GoldenFunction> functions() {
    String name = "verl.advantage.";
    return LinkedHashMap.<String, GoldenFunction>empty()
        .put(name + "gae", GoldenFunction.of(VerlAdvantages::gae))
        .put(name + "grpo", outcome(VerlAdvantages::grpo))
        .put(name + "grpo_vectorized", outcome(VerlAdvantages::grpo))
        .put(name + "gdpo", GoldenFunction.of(VerlAdvantages::gdpo))
        .put(name + "grpo_passk", outcome(VerlAdvantages::passAtK))
        .put(name + "reinforce_plus_plus", GoldenFunction.of(VerlAdvantages::reinforcePlusPlus))
        .put(
            name + "reinforce_plus_plus_baseline",
            GoldenFunction.of(VerlAdvantages::reinforcePlusPlusBaseline))
        .put(name + "rloo", outcome((r, c) -> LeaveOneOut.keepingSingle(r)))
        .put(name + "rloo_vectorized", outcome((r, c) -> LeaveOneOut.of(r)))
        .put(name + "opo", outcome((r, c) -> Alone.keeps(r, Opo.of(r))))
        .put(name + "gpg", outcome(VerlAdvantages::gpg))
        .put(name + "remax", GoldenFunction.of(VerlAdvantages::reMax))
        .put(name + "optimal_token_baseline", (c, m) -> tokenBaseline(c, m, SLOT))
        .put(name + "tir_optimal_token_baseline", (c, m) -> tokenBaseline(c, m, Columns.POSITION));
  }

  /** An estimator from the reward of a whole response, which verl sums over all slots. */
  private static GoldenFunction outcome(
      BiFunction<Detached<Sequence>, GoldenConfig, Detached<Sequence>> estimator) {
    return GoldenFunction.of(
        given ->
            both(
                Computation.on(groups(given)),
                estimator.apply(reward(), given.config()).per(TOKEN)));
  }

  private static Computation both(Computation trial, Detached<Token> advantage) {
    return trial.output("advantages", advantage).output("returns", advantage);
  }

  private static PaddedBatch batch(GoldenCase given) {
    NumberArray rewards = given.input(REWARDS);
    PaddedBatch batch = PaddedBatch.masked(given.input(MASK)).tokens("token_reward", rewards);
    return batch.sequences(Columns.REWARD, rowSums(rewards));
  }

  private static PaddedBatch groups(GoldenCase given) {
    return batch(given).grouped(given.input("uid"));
  }

  private static NumberArray rowSums(NumberArray array) {
    int rows = array.length(0);
    int width = array.length(1);
    double[] sums = new double[rows];
    for (int i = 0; i < rows * width; i++) {
      sums[i / width] += array.get(i);
    }
    return NumberArray.of(sums, rows);
  }

  private static Detached<Token> tokenReward() {
    return given(Columns.TOKEN_REWARD, TOKEN);
  }

  private static Detached<Sequence> grpo(Detached<Sequence> r, GoldenConfig config) {
    Detached<Sequence> std = r.std(SEQUENCES, 1).per(SEQUENCE);
    double epsilon = config.number("epsilon");
    return config.flag("norm_adv_by_std_in_grpo")
        ? Alone.keeps(
            r.scaledBy(1 / (1 + epsilon)), Centred.difference(r).dividedBy(std.shiftedBy(epsilon)))
        : Alone.keeps(r, Centred.difference(r));
  }

  private static Detached<Sequence> passAtK(Detached<Sequence> r, GoldenConfig config) {
    return config.flag("norm_adv_by_std_in_grpo")
        ? PassAtK.normalised(r, config.number("epsilon"))
        : PassAtK.lead(r);
  }

  private static Detached<Sequence> gpg(Detached<Sequence> r, GoldenConfig config) {
    return GpgAdvantage.ofRewarded(
        r, Alone.keeps(r, Centred.difference(r)), config.number("f_norm"));
  }

  private static Computation gdpo(GoldenCase given) {
    GoldenConfig config = given.config();
    Seq<String> keys = config.texts("gdpo_reward_keys");
    Seq<Double> weights =
        config.numbers("gdpo_reward_weights").isEmpty()
            ? keys.map(key -> 1.0)
            : config.numbers("gdpo_reward_weights", keys.size());
    PaddedBatch batch = groups(given);
    for (String key : keys) {
      NumberArray scores = given.input("scores." + key);
      batch = batch.sequences(key, scores.rank() == 2 ? rowSums(scores) : scores);
    }
    Detached<Sequence> sum =
        keys.isEmpty()
            ? grpo(reward(), config)
            : keys.zip(weights)
                .map(k -> grpo(given(k._1, SEQUENCE), config).scaledBy(k._2))
                .reduce(Detached::plus);
    return both(Computation.on(batch), Whitening.unbiased(sum.per(TOKEN)));
  }

  private static Computation reinforcePlusPlus(GoldenCase given) {
    Detached<Token> returns = Returns.of(tokenReward(), given.config().number("gamma"));
    return Computation.on(batch(given))
        .output("advantages", Whitening.unbiased(returns))
        .output("returns", returns);
  }

  private static Computation reinforcePlusPlusBaseline(GoldenCase given) {
    Detached<Sequence> centred = Alone.keeps(reward(), Centred.difference(reward()));
    return both(Computation.on(groups(given)), Whitening.unbiased(centred.per(TOKEN)));
  }

  private static Computation reMax(GoldenCase given) {
    PaddedBatch batch = unmasked(given).sequences("baseline", given.input("reward_baselines"));
    Detached<Sequence> baseline = given("baseline", SEQUENCE);
    Detached<Token> masked =
        select(given(OWN_MASK, TOKEN).positive(), baseline.per(TOKEN), constant(0, TOKEN));
    return Computation.on(batch)
        .output("advantages", carried().minus(masked))
        .output("returns", carried());
  }

  /** Every slot a token: verl leaves numbers at slots that it masks. */
  private static PaddedBatch unmasked(GoldenCase given) {
    return PaddedBatch.masked(given.input(MASK))
        .whole()
        .tokens(Columns.TOKEN_REWARD, given.input(REWARDS))
        .tokens(OWN_MASK, given.input(MASK));
  }

  /** verl leaves out the rewards of masked slots. */
  private static Detached<Token> unmaskedReward() {
    return select(given(OWN_MASK, TOKEN).positive(), tokenReward(), constant(0, TOKEN));
  }

  /** The reward to go of unmasked slots, at all slots. */
  private static Detached<Token> carried() {
    return Returns.of(unmaskedReward(), 1, given(OWN_MASK, TOKEN).positive());
  }

  private static Computation gae(GoldenCase given) {
    Condition<Token> acts = given(OWN_MASK, TOKEN).positive();
    Detached<Token> value = given(Columns.VALUE, TOKEN);
    PaddedBatch batch = unmasked(given).tokens(Columns.VALUE, given.input("values"));
    GoldenConfig config = given.config();
    Detached<Token> advantage =
        Gae.of(unmaskedReward(), value, config.number("gamma"), config.number("lam"), acts);
    return Computation.on(batch)
        .output("advantages", Whitening.unbiased(advantage, acts))
        .output("returns", advantage.plus(value));
  }

  private static ComputedFields tokenBaseline(GoldenCase given, Meaning meaning, String position) {
    NumberArray mask = given.input(MASK);
    PaddedBatch batch =
        groups(given)
            .tokens(SLOT, slots(mask))
            .tokens(Columns.OLD_LOG_PROB, given.input("old_log_probs"))
            .tokens(SUM_PI_SQUARED, given.input("sum_pi_squared"));
    Detached<Token> weight = OptimalTokenBaseline.scoreNorm(given(SUM_PI_SQUARED, TOKEN));
    if (given.has("rollout_is_weights")) {
      batch = batch.tokens(IMPORTANCE_WEIGHT, given.input("rollout_is_weights"));
      weight = weight.times(given(IMPORTANCE_WEIGHT, TOKEN).square());
    }
    Detached<Token> returns = Returns.of(tokenReward(), 1);
    boolean slots = position.equals(SLOT);
    Detached<Token> at = slots ? given(SLOT, TOKEN) : position();
    Condition<Group> alone = slots ? Alone.group() : OptimalTokenBaseline.alone();
    GoldenConfig config = given.config();
    double epsilon = config.number("epsilon");
    boolean zeroTail = config.flag("handle_zero_tail");
    Detached<Token> advantage =
        OptimalTokenBaseline.of(returns, weight, at, alone, epsilon, zeroTail);
    return Computation.on(batch)
        .output("advantages", advantage)
        .outcome(meaning)
        .and(Computation.on(unmasked(given)).output("returns", carried()).outcome(meaning));
  }

  private static NumberArray slots(NumberArray mask) {
    double[] slots = new double[mask.length(0) * mask.length(1)];
    java.util.Arrays.setAll(slots, i -> i % mask.length(1));
    return NumberArray.of(slots, mask.length(0), mask.length(1));
  }
}
