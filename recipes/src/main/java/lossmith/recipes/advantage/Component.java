package lossmith.recipes.advantage;

import static lossmith.dsl.Axis.SEQUENCE;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.select;

import io.vavr.collection.Seq;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Sequence;

/**
 * One reward of several, such as format and accuracy, which may not apply to every response.
 *
 * @param reward a number per response
 * @param applies which responses have this reward
 * @param weight its weight in the sum
 */
public record Component(Detached<Sequence> reward, Condition<Sequence> applies, double weight) {
  /** {@return weight · reward where it applies, 0 elsewhere} */
  public Detached<Sequence> weighted() {
    return select(applies, reward.scaledBy(weight), constant(0, SEQUENCE));
  }

  /** {@return Σ_k w_k r_k over the rewards that apply} */
  public static Detached<Sequence> total(Seq<Component> components) {
    return components.map(Component::weighted).reduce(Detached::plus);
  }

  /** {@return which responses have any reward} */
  public static Condition<Sequence> any(Seq<Component> components) {
    return components.map(Component::applies).reduce(Condition::or);
  }
}
