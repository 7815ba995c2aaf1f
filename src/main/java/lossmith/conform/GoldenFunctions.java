package lossmith.conform;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.conform.golden.GoldenFunction;
import lossmith.conform.golden.LogitStatistics;
import lossmith.conform.liger.LigerLosses;
import lossmith.conform.openrlhf.OpenRlhfAdvantages;
import lossmith.conform.openrlhf.OpenRlhfKl;
import lossmith.conform.openrlhf.OpenRlhfPolicyLosses;
import lossmith.conform.trl.TrlAdvantages;
import lossmith.conform.trl.TrlLosses;
import lossmith.conform.trl.TrlPreferences;
import lossmith.conform.verl.VerlActorLoss;
import lossmith.conform.verl.VerlAdvantages;
import lossmith.conform.verl.VerlPolicyLosses;
import lossmith.conform.verl.VerlRegularisers;
import lossmith.conform.verl.VerlRolloutCorrections;

/** Every function that golden cases may name, each system and kind in a file of its own. */
public final class GoldenFunctions {
  private static final Map<String, GoldenFunction> ALL =
      LinkedHashMap.<String, GoldenFunction>empty()
          .merge(VerlPolicyLosses.functions())
          .merge(VerlRolloutCorrections.functions())
          .merge(VerlActorLoss.functions())
          .merge(VerlRegularisers.functions())
          .merge(OpenRlhfKl.functions())
          .merge(OpenRlhfPolicyLosses.functions())
          .merge(LogitStatistics.functions())
          .merge(TrlLosses.functions())
          .merge(TrlPreferences.functions())
          .merge(LigerLosses.functions())
          .merge(VerlAdvantages.functions())
          .merge(TrlAdvantages.functions())
          .merge(OpenRlhfAdvantages.functions());

  private GoldenFunctions() {}

  /** {@return the names of all of them} */
  public static Seq<String> names() {
    return ALL.keySet().toList();
  }

  /** {@return the function of that name, such as {@code verl.policy_loss.vanilla}} */
  public static Option<GoldenFunction> named(String name) {
    return ALL.get(name);
  }
}
