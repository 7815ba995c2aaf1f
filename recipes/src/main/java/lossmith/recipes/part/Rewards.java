package lossmith.recipes.part;

import static lossmith.dsl.Axis.GROUP;
import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Over.SEQUENCES;
import static lossmith.dsl.Over.TOKENS;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.length;
import static lossmith.dsl.Terms.max;
import static lossmith.dsl.Terms.oldLogProb;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.referenceLogProb;
import static lossmith.dsl.Terms.reward;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Supplier;
import lossmith.dsl.Clip;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Group;
import lossmith.dsl.Level.Sequence;

/** What a response earned. */
final class Rewards {
  private Rewards() {}

  private static Part<Supplier<Detached<Sequence>>> part(
      String name, Supplier<Detached<Sequence>> make) {
    return Part.of(Part.Kind.REWARD, name, make);
  }

  static Part<Supplier<Detached<Sequence>>> own() {
    return part("reward", () -> reward());
  }

  static Seq<Part<Supplier<Detached<Sequence>>>> all() {
    return List.of(
        own(),
        part("reward-less-k1", Rewards::lessK1),
        part("overlong", Rewards::overlong),
        part("flawed-positive", Rewards::lessFlawed),
        part("exploration-bonus", Rewards::plusBonus),
        part("relative-length", Rewards::lessLength));
  }

  /** R − w · mean R · |y| / max |y|. */
  private static Detached<Sequence> lessLength() {
    Detached<Group> longest = max(length().max(SEQUENCES), constant(1, GROUP));
    Detached<Sequence> share = length().dividedBy(longest.per(SEQUENCE));
    Detached<Sequence> mean = reward().mean(SEQUENCES).per(SEQUENCE);
    return reward().minus(mean.times(share).scaledBy(parameter("length_weight", 0.25, 0, 1e3)));
  }

  private static Detached<Sequence> lessFlawed() {
    Detached<Sequence> flawed = given("flawed", SEQUENCE);
    return reward().minus(flawed.scaledBy(parameter("flawed_penalty", 1, 0, 1e3)));
  }

  private static Detached<Sequence> plusBonus() {
    return reward().plus(given("bonus", SEQUENCE).scaledBy(parameter("beta_bonus", 1, 0, 1e3)));
  }

  private static Detached<Sequence> lessK1() {
    Detached<Sequence> k1 = oldLogProb().minus(referenceLogProb()).sum(TOKENS);
    return reward().minus(k1.scaledBy(parameter("beta_reward", 0.05, 0, 1e3)));
  }

  /** −clip((|y| − (L_max − L_cache)) / L_cache, 0, 1). */
  private static Detached<Sequence> overlong() {
    Detached<Sequence> most = parameter("max_length", 20480, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> cache = parameter("length_cache", 4096, 1, 1e9).per(SEQUENCE);
    Detached<Sequence> beyond = length().minus(most.minus(cache)).dividedBy(cache);
    return reward().minus(beyond.clip(Clip.between(0, 1)));
  }
}
