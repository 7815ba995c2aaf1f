package lossmith.report;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.List;
import io.vavr.collection.Map;
import io.vavr.control.Option;
import lossmith.dsl.Clip;
import lossmith.dsl.Loss;
import lossmith.recipes.Conventions;
import lossmith.recipes.openrlhf.OpenRlhfLosses;
import lossmith.recipes.policy.Grpo;
import lossmith.recipes.trl.TrlBatch;
import lossmith.recipes.trl.TrlGrpo;
import lossmith.recipes.trl.TrlObjective;
import lossmith.recipes.trl.TrlRatio;
import lossmith.recipes.trl.TrlReduction;
import lossmith.recipes.verl.VerlAggregation;
import lossmith.recipes.verl.VerlLosses;
import lossmith.recipes.verl.VerlSettings;

/** GRPO's clipped surrogate as the paper prints it and as three systems compute it. */
final class GrpoInSystems {
  private GrpoInSystems() {}

  /** {@return the losses by whose they are; A is given where the system takes it from elsewhere} */
  static Map<String, Loss> grpo() {
    VerlSettings defaults = new VerlSettings(java.util.Map.of());
    Map<String, Loss> all = LinkedHashMap.of("paper", new Grpo().loss(Conventions.paper()));
    Option<Loss> verl = VerlLosses.of("vanilla", defaults);
    return verl.map(loss -> all.put("verl, vanilla with token-mean", loss))
        .getOrElse(all)
        .put(
            "OpenRLHF, PolicyLoss",
            new OpenRlhfLosses(
                    Clip.around(0.2, 0.2), Option.none(), VerlAggregation.openRlhf(true, defaults))
                .ppo(given("advantage", TOKEN).as("A"), Option.none()))
        .put(
            "TRL, GRPOTrainer with loss_type grpo",
            new TrlGrpo(
                    new TrlBatch(constant(1, TOKEN), given("advantage", SEQUENCE)),
                    TrlRatio.TOKEN,
                    new TrlObjective.Clipped(0.2, 0.2, Option.none()),
                    List.empty(),
                    Option.none(),
                    new TrlReduction.OfResponses(),
                    1,
                    Option.none())
                .loss());
  }
}
