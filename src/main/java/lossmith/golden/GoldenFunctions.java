package lossmith.golden;

import io.vavr.collection.LinkedHashMap;
import io.vavr.collection.Map;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

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
