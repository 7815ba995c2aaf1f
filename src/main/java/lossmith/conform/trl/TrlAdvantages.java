package lossmith.conform.trl;

import static lossmith.dsl.Axis.BATCH;
import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.ALL_SEQUENCES;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.count;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.groupSize;

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
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Batch;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;
import lossmith.dsl.Over;
import lossmith.dsl.Problem;
import lossmith.recipes.advantage.Component;
import lossmith.recipes.advantage.Standardised;

/** TRL's advantages ({@code GRPOTrainer._generate_and_score_completions}) and what it logs. */
public final class TrlAdvantages {
  private static final double CLOSE = 1e-8;
  private static final String SUM_FIRST = "sum_then_normalize";
  private static final String SUM_LAST = "normalize_then_sum";

  private TrlAdvantages() {}

  public static Map<String, GoldenFunction> functions() {
    return LinkedHashMap.of("trl.advantage", GoldenFunction.of(TrlAdvantages::advantage));
  }

  private static Computation advantage(GoldenCase given) {
    NumberArray rewards = given.input("rewards_per_func");
    int rows = rewards.length(0);
    int count = rewards.length(1);
    GoldenConfig config = given.config();
    Seq<Double> weights =
        config.numbers("reward_weights").isEmpty()
            ? List.fill(count, 1.0)
            : config.numbers("reward_weights", count);
    double[] ones = new double[rows];
    Arrays.fill(ones, 1);
    PaddedBatch batch =
        PaddedBatch.masked(NumberArray.of(ones, rows, 1)).grouped(given.input("uid"));
    Seq<Component> components = List.empty();
    for (int k = 0; k < count; k++) {
      batch = columns(batch, rewards, k);
      components = components.append(component(k, weights.get(k)));
    }
    return logged(result(Computation.on(batch), components, config), components);
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

  private static Computation result(
      Computation trial, Seq<Component> components, GoldenConfig config) {
    double epsilon = config.number("eps");
    Condition<Sequence> any = Component.any(components);
    Detached<Sequence> total = Component.total(components);
    String order = config.optionalText("multi_objective_aggregation").getOrElse(SUM_FIRST);
    if (!order.equals(SUM_FIRST) && !order.equals(SUM_LAST)) {
      throw unknown("multi_objective_aggregation", order, SUM_FIRST + " or " + SUM_LAST);
    }
    if (order.equals(SUM_LAST)) {
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
          .metric("frac_reward_zero_std", share(equalInBatch(sum, any)));
    }
    String scale = config.text("scale_rewards");
    Detached<Sequence> advantage =
        switch (scale) {
          case "group" -> Standardised.byGroup(total, any, epsilon);
          case "batch" -> Standardised.byGroupAndBatch(total, any, epsilon);
          case "none" -> Standardised.centred(total, any);
          default -> throw unknown("scale_rewards", scale, "group, batch or none");
        };
    Condition<Sequence> equal =
        scale.equals("batch") ? equalInBatch(total, any) : equalInGroup(total, any);
    return trial.output("advantages", advantage).metric("frac_reward_zero_std", share(equal));
  }

  private static RuntimeException unknown(String setting, String got, String expected) {
    return Problem.of(setting, got, expected, "one of them").exception();
  }

  /** Whether a response's group has std 0, which TRL has of two scored responses or more. */
  private static Condition<Sequence> equalInGroup(
      Detached<Sequence> x, Condition<Sequence> scored) {
    var over = SEQUENCES.where(scored);
    Condition<Group> several = count(over).above(constant(1, GROUP));
    Condition<Group> alone = groupSize().atMost(constant(1, GROUP));
    return zero(x.std(over, 1).per(SEQUENCE)).and(several.or(alone).per(SEQUENCE));
  }

  private static Condition<Sequence> equalInBatch(
      Detached<Sequence> x, Condition<Sequence> scored) {
    var over = ALL_SEQUENCES.where(scored);
    Condition<Batch> several = count(over).above(constant(1, BATCH));
    Condition<Batch> alone = count(ALL_SEQUENCES).atMost(constant(1, BATCH));
    return zero(x.std(over, 1).per(SEQUENCE)).and(several.or(alone).per(SEQUENCE));
  }

  private static Condition<Sequence> zero(Detached<Sequence> std) {
    return std.atMost(constant(CLOSE, SEQUENCE));
  }

  private static Detached<Batch> share(Condition<Sequence> condition) {
    return condition.indicator().mean(ALL_SEQUENCES);
  }

  private static Computation logged(Computation trial, Seq<Component> components) {
    Detached<Sequence> total = Component.total(components);
    var scored = ALL_SEQUENCES.where(Component.any(components));
    Computation all =
        trial.metric("reward", mean(total, scored)).metric("reward_std", std(total, scored));
    for (int k = 0; k < components.size(); k++) {
      Component component = components.get(k);
      var applies = ALL_SEQUENCES.where(component.applies());
      all =
          all.metric("rewards/r" + k + "/mean", mean(component.reward(), applies))
              .metric("rewards/r" + k + "/std", std(component.reward(), applies));
    }
    return all;
  }

  private static Detached<Batch> mean(Detached<Sequence> x, Over<Sequence, Batch> over) {
    return known(x.mean(over), over, 1);
  }

  private static Detached<Batch> std(Detached<Sequence> x, Over<Sequence, Batch> over) {
    return known(x.std(over, 1), over, 2);
  }

  /** TRL logs 0/0, not 0, of fewer responses than that. */
  private static Detached<Batch> known(
      Detached<Batch> x, Over<Sequence, Batch> over, int responses) {
    return x.dividedBy(count(over).atLeast(constant(responses, BATCH)).indicator());
  }
}
