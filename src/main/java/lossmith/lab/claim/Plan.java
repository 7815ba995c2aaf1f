package lossmith.lab.claim;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;
import lossmith.dsl.Problem;

/**
 * A task, a size and seeds to try the claims with.
 *
 * @param task as {@code --task} names it
 * @param size as {@code --size} names it
 * @param seeds how many
 */
public record Plan(String task, String size, int seeds) {
  /** Two passes over a batch in four parts each, so that ratios leave the bounds of the clip. */
  private static final String ALWAYS =
      "--steps 150 --minibatches 4 --epochs 2 --evaluate-every 25 --held-out 32 --samples 64 --k"
          + " 8,32";

  private static final Plan USUAL = new Plan("addition", "usual", 5);

  /** More seeds, two more tasks, and a size that is smaller. */
  private static final Seq<Plan> THOROUGH =
      List.of(
          new Plan(USUAL.task, USUAL.size, 10),
          new Plan("target", USUAL.size, 5),
          new Plan("two-ways", USUAL.size, 5),
          new Plan(USUAL.task, "small", 5));

  /** {@return one task and one size, in less than 100 minutes on two processors} */
  public static Plan usual() {
    return USUAL;
  }

  /**
   * {@return the parts of the thorough trial}
   *
   * @param task where those of this one alone are asked for
   * @param size where those of this one alone are asked for
   * @throws lossmith.dsl.ProblemException where there is none
   */
  public static Seq<Plan> thorough(Option<String> task, Option<String> size) {
    Seq<Plan> asked =
        THOROUGH.filter(plan -> task.forAll(plan.task::equals) && size.forAll(plan.size::equals));
    if (asked.isEmpty()) {
      Seq<String> typed =
          task.map("--task "::concat).toList().appendAll(size.map("--size "::concat));
      throw Problem.of(
              "thorough",
              "--thorough " + typed.mkString(" "),
              "a part of it: " + THOROUGH.map(Plan::name).mkString(", "),
              "the task or size of one of them, or the same without --thorough")
          .exception();
    }
    return asked;
  }

  /** {@return what its folder is called} */
  public String name() {
    return task + "-" + size;
  }

  /** {@return what the command {@code train} is given for it} */
  public Seq<String> options() {
    return List.of(ALWAYS.split(" ", -1))
        .appendAll(List.of("--task", task, "--size", size, "--seeds", String.valueOf(seeds)));
  }
}
