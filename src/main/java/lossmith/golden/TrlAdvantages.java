package lossmith.golden;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import java.util.Arrays;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Over;
import lossmith.dsl.Problem;
import lossmith.recipes.advantage.Component;
import lossmith.recipes.advantage.Standardised;

/** TRL's advantages ({@code GRPOTrainer._generate_and_score_completions}) and what it logs. */
final class TrlAdvantages {
  private static final double CLOSE = 1e-8;

  private TrlAdvantages() {}

  static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("trl.advantage", GoldenFunction.of(TrlAdvantages::advantage));
  }

  private static Trial advantage(GoldenCase given) {
    NumberArray rewards = given.input("rewards_per_func");
    int rows = rewards.length(0);
    int count = rewards.length(1);
    GoldenConfig config = given.config();
    Seq<Double> set = config.numbers("reward_weights");
    Seq<Double> weights = set.isEmpty() ? List.fill(count, 1.0) : set;
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    PaddedBatch batch =
        PaddedBatch.masked(NumberArray.of(ones, rows, 1)).grouped(given.input("uid"));
    Seq<Component> components = List.empty();
    for (int k = 0; k < count; k++) {
      batch = columns(batch, rewards, k);
      components = components.append(component(k, weights.get(k)));
    }
    return logged(result(Trial.on(batch), components, config), components);
  }

  private static PaddedBatch columns(PaddedBatch batch, NumberArray rewards, int k) {
    int rows = rewards.length(0);
    int count = rewards.length(1);
    double[] value = new double[rows];
    double[] applies = new double[rows];
    for (int row = 0; row < rows; row++) {
      double reward = rewards.get(row * count + k);
      applies[row] = Double.isNaN(reward) ? 0 : 1;
      value[row] = Double.isNaN(reward) ? 0 : reward;
    }
    return batch
        .sequences("r" + k, NumberArray.of(value, rows))
        .sequences("applies" + k, NumberArray.of(applies, rows));
  }

  private static Component component(int k, double weight) {
    return new Component(
        given("r" + k, SEQUENCE), given("applies" + k, SEQUENCE).positive(), weight);
  }

  private static Trial result(Trial trial, Seq<Component> components, GoldenConfig config) {
    double epsilon = config.number("eps");
    Condition<Sequence> any = Component.any(components);
    Detached<Sequence> total = Component.total(components);
    if (config.optionalText("multi_objective_aggregation").contains("normalize_then_sum")) {
      Seq<Component> normalised =
          components.map(
              c ->
                  new Component(
                      Standardised.byGroup(c.reward(), c.applies(), epsilon),
                      c.applies(),
                      c.weight()));
      Detached<Sequence> sum = Component.total(normalised);
      return trial
          .output("advantages", Standardised.byBatch(sum, any, epsilon))
          .metric("frac_reward_zero_std", zero(ofBatch(sum, any)))
          .metric("reward", total.mean(ALL_SEQUENCES.where(any)));
    }
    String scale = config.text("scale_rewards");
    Detached<Sequence> advantage =
        switch (scale) {
          case "group" -> Standardised.byGroup(total, any, epsilon);
          case "batch" -> Standardised.byGroupAndBatch(total, any, epsilon);
          case "none" -> Standardised.centred(total, any);
          default ->
              throw Problem.of("scale_rewards", scale, "group, batch or none", "one of them")
                  .exception();
        };
    Detached<Sequence> ofGroup = total.deviation(SEQUENCES.where(any), 1).per(SEQUENCE);
    return trial
        .output("advantages", advantage)
        .metric("reward", total.mean(SEQUENCES.where(any)).per(SEQUENCE).mean(ALL_SEQUENCES))
        .metric(
            "frac_reward_zero_std", zero(scale.equals("batch") ? ofBatch(total, any) : ofGroup));
  }

  private static Detached<Sequence> ofBatch(Detached<Sequence> x, Condition<Sequence> counts) {
    return x.deviation(ALL_SEQUENCES.where(counts), 1).per(SEQUENCE);
  }

  private static Detached<lossmith.dsl.Level.Batch> zero(Detached<Sequence> std) {
    return std.atMost(constant(CLOSE, SEQUENCE)).indicator().mean(ALL_SEQUENCES);
  }

  private static Trial logged(Trial trial, Seq<Component> components) {
    Condition<Sequence> any = Component.any(components);
    Detached<Sequence> total = Component.total(components);
    Over<Sequence, lossmith.dsl.Level.Batch> scored = ALL_SEQUENCES.where(any);
    Trial all = trial.metric("reward_std", total.deviation(scored, 1));
    for (int k = 0; k < components.size(); k++) {
      Component component = components.get(k);
      var applies = ALL_SEQUENCES.where(component.applies());
      all =
          all.metric("rewards/r" + k + "/mean", component.reward().mean(applies))
              .metric("rewards/r" + k + "/std", component.reward().deviation(applies, 1));
    }
    return all;
  }
}
