package lossmith.lab.claim;

import io.vavr.collection.List;
import io.vavr.collection.Seq;
import io.vavr.control.Option;

/**
 * A task, a size and seeds to try the claims with, as options of the command {@code train}.
 *
 * @param name of its folder
 * @param options such as {@code --steps 150}
 */
public record Plan(String name, Seq<String> options) {
  /** Two passes over a batch in four parts each, so that ratios leave the bounds of the clip. */
  private static final String ALWAYS =
      "--steps 150 --minibatches 4 --epochs 2 --evaluate-every 25 --held-out 32 --samples 64 --k 8";

  private static final Seq<String> TASKS = List.of("addition", "target", "two-ways");
  private static final String USUAL_SIZE = "usual";
  private static final Seq<String> SIZES = List.of("small", USUAL_SIZE);
  private static final int USUAL_SEEDS = 5;
  private static final int SEEDS = 10;

  private static Plan of(String task, String size, int seeds) {
    return new Plan(
        task + "-" + size,
        List.of(ALWAYS.split(" ", -1))
            .appendAll(List.of("--task", task, "--size", size, "--seeds", String.valueOf(seeds))));
  }

  /** {@return one task and one size, in less than 100 minutes on two processors} */
  public static Plan usual() {
    return of(TASKS.head(), USUAL_SIZE, USUAL_SEEDS);
  }

  /**
   * {@return three tasks in two sizes each, with more seeds}
   *
   * @param task where this one alone is asked for
   * @param size where this one alone is asked for
   */
  public static Seq<Plan> thorough(Option<String> task, Option<String> size) {
    Seq<String> sizes = size.isEmpty() ? SIZES : size.toList();
    return (task.isEmpty() ? TASKS : task.toList())
        .flatMap(one -> sizes.map(of -> of(one, of, SEEDS)));
  }
}
