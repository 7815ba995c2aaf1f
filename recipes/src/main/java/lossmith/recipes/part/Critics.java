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
import lossmith.recipes.Source;
import lossmith.recipes.advantage.Returns;
import lossmith.recipes.critic.ClippedValueLoss;
import lossmith.recipes.part.Regularisers.Cost;

/** How far the value head V is from what it should say; each trains the value head alone. */
final class Critics {
  private Critics() {}

  private static Part<Cost> critic(
      String name, String title, Source source, Supplier<Term<Token>> term) {
    Cost cost = new Cost(0.5, c -> term.get(), Columns.VALUE);
    return new Part<>(Part.Kind.REGULARISER, name, title, source, cost);
  }

  private static Detached<Token> target() {
    return given("return", TOKEN).as("R");
  }

  static Seq<Part<Cost>> all() {
    return List.of(
        critic(
            "value-error",
            "(V − R)², which trains the value head; needs value and return",
            new Source(
                "Proximal Policy Optimization Algorithms",
                "eq 9",
                "https://arxiv.org/abs/1707.06347"),
            () -> value().minus(target()).square()),
        critic(
            "value-error-clipped",
            "Half the larger of (V − R)² and the same with V near old_value; needs value,"
                + " old_value and return",
            new Source(
                "verl", "core_algos.compute_value_loss", "https://github.com/volcengine/verl"),
            Critics::clippedError),
        critic(
            "value-error-decoupled",
            "(V − G)² with the whole reward to go G, λ = 1 whatever λ the advantage has; a cut"
                + " counts as an end; needs value and token_reward",
            new Source(
                "VAPO: Efficient and Reliable Reinforcement Learning for Advanced Reasoning"
                    + " Tasks",
                "section 4.1, decoupled GAE",
                "https://arxiv.org/abs/2504.05118"),
            () -> value().minus(Returns.of(given(Columns.TOKEN_REWARD, TOKEN), 1)).square()),
        critic(
            "value-error-huber",
            "(V − R)²/2, continued by a straight line where |V − R| > huber_delta; needs value"
                + " and return",
            new Source(
                "Robust Estimation of a Location Parameter",
                "the loss of Huber",
                "https://doi.org/10.1214/aoms/1177703732"),
            Critics::huber),
        critic(
            "value-error-quantile",
            "|V − R|, weighted by τ where V is below R and by 1 − τ elsewhere: V is a quantile"
                + " of R; needs value and return",
            new Source(
                "Distributional Reinforcement Learning with Quantile Regression",
                "the quantile regression loss, of one quantile",
                "https://arxiv.org/abs/1710.10044"),
            () -> asymmetric("quantile", error().abs())),
        critic(
            "value-error-expectile",
            "(V − R)², weighted by τ where V is below R and by 1 − τ elsewhere; needs value and"
                + " return",
            new Source(
                "Offline Reinforcement Learning with Implicit Q-Learning",
                "eq 5",
                "https://arxiv.org/abs/2110.06169"),
            () -> asymmetric("expectile", error().square())),
        critic(
            "value-error-normalised",
            "(V − (R − shift)/scale)²/2, V a value in units that follow the returns (PopArt);"
                + " needs value and return",
            new Source(
                "Learning values across many orders of magnitude",
                "algorithm 1",
                "https://arxiv.org/abs/1602.07714"),
            Critics::normalised));
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
