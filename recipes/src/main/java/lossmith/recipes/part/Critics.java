package lossmith.recipes.part;

import static lossmith.dsl.Axis.TOKEN;
import static lossmith.dsl.Terms.constant;
import static lossmith.dsl.Terms.given;
import static lossmith.dsl.Terms.parameter;
import static lossmith.dsl.Terms.select;
import static lossmith.dsl.Terms.value;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import java.util.function.Supplier;
import lossmith.dsl.Columns;
import lossmith.dsl.Condition;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Parameter;
import lossmith.dsl.Term;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.critic.ClippedValueLoss;
import lossmith.recipes.part.Regularisers.Cost;

/** The parts that train the value head V, and nothing else: measures of its error. */
final class Critics {
  private Critics() {}

  private static Part<Cost> critic(String name, Supplier<Term<Token>> term) {
    Cost cost = new Cost(0.5, c -> term.get(), Columns.VALUE);
    return Part.of(Part.Kind.REGULARISER, name, cost);
  }

  private static Detached<Token> target() {
    return given("return", TOKEN).as("R");
  }

  static Seq<Part<Cost>> all() {
    return List.of(
        critic("value-error", () -> value().minus(target()).square()),
        critic("value-error-clipped", Critics::clippedError),
        critic(
            "value-error-decoupled",
            () -> value().minus(Returns.of(given(Columns.TOKEN_REWARD, TOKEN), 1)).square()),
        critic("value-error-huber", Critics::huber),
        critic("value-error-quantile", () -> asymmetric("quantile", error().abs())),
        critic("value-error-expectile", () -> asymmetric("expectile", error().square())),
        critic("value-error-normalised", Critics::normalised));
  }

  private static Term<Token> error() {
    return value().minus(target());
  }

  private static Term<Token> clippedError() {
    Parameter range = parameter("value_range", 0.2, 1e-6, 1e6);
    return new ClippedValueLoss(given("old_value", TOKEN), target(), range.per(TOKEN)).perToken();
  }

  /** x·h − h²/2 with h = clip(x, −δ, δ). */
  private static Term<Token> huber() {
    Parameter delta = parameter("huber_delta", 10, 1e-6, 1e6);
    Term<Token> x = error().as("x");
    Term<Token> h = x.clipBetween(delta.per(TOKEN).negated(), delta.per(TOKEN)).as("h");
    return x.times(h).minus(h.square().scaledBy(0.5));
  }

  /** |τ − 1[V ≥ R]|·x. */
  private static Term<Token> asymmetric(String name, Term<Token> x) {
    Detached<Token> tau = parameter(name, 0.7, 1e-6, 1 - 1e-6).per(TOKEN);
    Condition<Token> below = error().stopGradient().negative();
    Detached<Token> above = constant(1, TOKEN).minus(tau);
    return x.weightedBy(select(below, tau, above).as("w"));
  }

  private static Term<Token> normalised() {
    Detached<Token> shift = parameter("value_shift", 0, -1e9, 1e9).per(TOKEN);
    Detached<Token> scale = parameter("value_scale", 1, 1e-4, 1e6).per(TOKEN);
    return value().minus(target().minus(shift).dividedBy(scale)).square().scaledBy(0.5);
  }
}
