package lossmith.recipes.verl;

import io.vavr.control.Option;
import lossmith.dsl.Detached;
import lossmith.dsl.Level.Token;
import lossmith.dsl.Term;
import lossmith.recipes.Conventions;
import lossmith.recipes.surrogate.KlEstimator;

/** verl's names of KL estimates. */
public final class VerlKl {
  private VerlKl() {}

  /**
   * {@return the estimate that verl calls so, if there is one; a {@code +} at the end keeps its
   * value and takes the gradient of k2}
   *
   * @param name such as {@code low_var_kl} or {@code k1+}
   * @param reference log π_ref of the sampled token
   */
  public static Option<Term<Token>> of(String name, Detached<Token> reference) {
    Conventions c = Conventions.verl();
    boolean straightThrough = name.endsWith("+");
    return estimator(straightThrough ? name.substring(0, name.length() - 1) : name)
        .map(
            estimator ->
                straightThrough
                    ? estimator.withGradientOfK2(reference, c)
                    : estimator.of(reference, c));
  }

  private static Option<KlEstimator> estimator(String name) {
    return switch (name) {
      case "kl", "k1" -> Option.some(KlEstimator.K1);
      case "abs" -> Option.some(KlEstimator.ABSOLUTE);
      case "mse", "k2" -> Option.some(KlEstimator.K2);
      case "low_var_kl", "k3" -> Option.some(KlEstimator.K3);
      default -> Option.none();
    };
  }
}
