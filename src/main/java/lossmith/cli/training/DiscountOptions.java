package lossmith.cli.training;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Problem;
import lossmith.lab.Trainable;
import lossmith.lab.TrainingSettings;

/** The discounts of a critic's returns: who reads them, and what is said of them. */
public final class DiscountOptions {
  /** The options that set them. */
  public static final Seq<String> NAMES = List.of("--gamma", "--gae-lambda");

  private DiscountOptions() {}

  /**
   * {@return what is wrong with discounts that were typed}
   *
   * @param objectives all that are trained
   * @param typed the options with their values
   */
  public static Seq<Problem> problems(Seq<Trainable> objectives, Seq<String> typed) {
    if (typed.isEmpty()) {
      return List.empty();
    }
    String wrote = typed.mkString(" ") + " for ";
    if (!objectives.exists(Trainable::readsCritic)) {
      return List.of(
          Problem.of(
              "discount",
              wrote + names(objectives) + ", which has no critic",
              "an objective that learns towards a critic's returns",
              "--recipe ppo-actor-critic, or no " + NAMES.mkString(" and ")));
    }
    Seq<Trainable> own = objectives.filter(Trainable::readsTokenRewards);
    return own.isEmpty()
        ? List.empty()
        : List.of(
            Problem.of(
                "discount",
                wrote + names(own) + ", whose advantage has a GAE of its own, of 1 and 0.95",
                "the same discounts in advantages and returns",
                "ppo-actor-critic, whose advantage is made of the returns, or no "
                    + NAMES.mkString(" and ")));
  }

  private static String names(Seq<Trainable> objectives) {
    return objectives.map(Trainable::name).mkString(", ");
  }

  /** {@return what a report says of them, where somebody reads them} */
  public static Option<String> told(
      Seq<Trainable> objectives, TrainingSettings.Discounting discounting) {
    return Option.when(
        objectives.exists(Trainable::readsCritic),
        () ->
            "returns of a critic by gamma "
                + discounting.gamma()
                + ", lambda "
                + discounting.lambda());
  }
}
